"""The rows of a builder as its templates need them: every input with its name, options and problem."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rules.builder import inputs
from rules.builder.activity import ActivityView, draw_activity
from rules.builder.inputs import Input
from rules.builder.items import ACTIVITY, ALL, ANY, Group, Item, Path, Row
from rules.builder.language import Language
from rules.builder.options import Option, choice_options, options
from rules.builder.posting import name_of
from rules.fields import Field
from rules.operators import OPERATORS, Arity
from rules.tree import MAX_DEPTH

GONE = "No longer there"
DID = "Activities"
ACTIVITY_LABEL = "Activity"
SUGGESTED = (Input.TEXT, Input.LINES, Input.CHOICE, Input.CHECKS)
PATTERNS = "* is any text: *director* contains it, vp* begins with it; without * it is the whole text."
MATCHES = ((ALL, "all of these"), (ANY, "any of these"))


@dataclass(frozen=True, slots=True)
class InputView:
    """One input of a value; ``kind`` decides how it looks."""

    id: str
    name: str
    kind: Input
    label: str
    value: str = ""
    unit: str = ""
    options: tuple[Option, ...] = ()
    problem: str = ""
    suggest: str = ""

    @property
    def rows(self) -> int:
        """How many lines a text of lines shows."""
        return min(max(2, self.value.count("\n") + 1), 8)

    @property
    def is_date(self) -> bool:
        """Whether a calendar can show it: anything else typed stays readable as text."""
        return not self.value or bool(inputs.is_day(self.value))


@dataclass(frozen=True, slots=True)
class RowView:
    """One condition; ``stem`` begins its ids."""

    path: str
    stem: str
    number: str
    nots: tuple[Option, ...]
    not_name: str
    field_name: str
    field_groups: tuple[tuple[str, tuple[Option, ...]], ...]
    field_problem: str
    op_name: str
    ops: tuple[Option, ...]
    op_problem: str
    values: tuple[InputView, ...]
    help: str
    activity: ActivityView | None
    is_group: bool = False


@dataclass(frozen=True, slots=True)
class GroupView:
    """All or any of the children; ``can_nest`` says whether a group inside would still be read."""

    path: str
    stem: str
    number: str
    nots: tuple[Option, ...]
    not_name: str
    match_name: str
    matches: tuple[Option, ...]
    match_problem: str
    children: "tuple[RowView | GroupView, ...]"
    can_add: bool
    can_nest: bool
    empty_words: str
    is_group: bool = True
    is_root: bool = False


@dataclass(frozen=True)
class Drawing:
    """Draws the items of one builder; ``problems`` are by the id of their input."""

    prefix: str
    language: Language
    problems: Mapping[str, str]
    fields: dict[str, Field] = field(default_factory=dict)

    def draw(self, root: Group) -> GroupView:
        """The outermost group with everything in it."""
        return self._group(root, (), 1 + root.nots, _root_nots(root.nots))

    def _item(self, item: Item, path: Path, above: Group, level: int) -> "RowView | GroupView":
        nots = _nots(item.nots, above.match, path[-1] == 0)
        if isinstance(item, Group):
            return self._group(item, path, level + 1 + item.nots, nots)
        return self._row(item, path, nots)

    def _group(self, group: Group, path: Path, level: int, nots: tuple[Option, ...]) -> GroupView:
        children = [
            self._item(child, (*path, place), group, level) for place, child in enumerate(group.children)
        ]
        name = name_of(self.prefix, path, "match")
        return GroupView(
            path="-".join(map(str, path)),
            stem=self._stem(path),
            number=_number(path),
            nots=nots,
            not_name=name_of(self.prefix, path, "not"),
            match_name=name,
            matches=options(MATCHES, (group.match,)),
            match_problem=self.problems.get(name, ""),
            children=tuple(children),
            can_add=level < MAX_DEPTH,
            can_nest=level + 1 < MAX_DEPTH,
            empty_words="Always: every lead." if group.match == ALL else "Never: no lead.",
            is_root=not path,
        )

    def _row(self, row: Row, path: Path, nots: tuple[Option, ...]) -> RowView:
        field_name, op_name = name_of(self.prefix, path, "field"), name_of(self.prefix, path, "op")
        asked = self.language.field(row.field)
        is_activity = row.field == ACTIVITY
        return RowView(
            path="-".join(map(str, path)),
            stem=self._stem(path),
            number=_number(path),
            nots=nots,
            not_name=name_of(self.prefix, path, "not"),
            field_name=field_name,
            field_groups=self._field_groups(row.field),
            field_problem=self.problems.get(field_name, ""),
            op_name=op_name,
            ops=() if is_activity or not row.field else _operator_options(row, asked),
            op_problem=self.problems.get(op_name, ""),
            values=() if is_activity else tuple(self._values(row, path, asked)),
            help=PATTERNS if row.op == "matches_any" else asked.help if asked else "",
            activity=self._activity(row, path) if is_activity else None,
        )

    def _field_groups(self, chosen: str) -> tuple[tuple[str, tuple[Option, ...]], ...]:
        groups = {
            name: [Option(each.key, each.label, each.key == chosen) for each in fields]
            for name, fields in self.language.groups
        }
        words = " ".join(kind.plural for kind in self.language.kinds.all())
        did = Option(ACTIVITY, ACTIVITY_LABEL, chosen == ACTIVITY, words=words)
        groups.setdefault(DID, []).insert(0, did)
        if chosen and chosen != ACTIVITY and chosen not in self.language.fields:
            groups[GONE] = [Option(chosen, f"“{chosen}”", True)]
        return tuple((name, tuple(each)) for name, each in groups.items())

    def _values(self, row: Row, path: Path, asked: Field | None) -> Iterable[InputView]:
        operator = OPERATORS[asked.type].get(row.op) if asked else None
        if asked is None or operator is None:
            yield from self._unread(row, path)
            return
        kind = inputs.input_of(asked, operator)
        if kind is Input.NONE:
            return
        labels = ("From", "To") if operator.arity is Arity.PAIR else ("Value",)
        name = name_of(self.prefix, path, "value")
        for place, label in enumerate(labels):
            at = name if not place else f"{name}-2"
            yield InputView(
                id=at,
                name=name,
                kind=kind,
                label=f"{label}: {asked.label} {operator.label}",
                value=row.value[place] if place < len(row.value) else "",
                unit=self._unit(kind, asked),
                options=choice_options(kind, asked, row.value),
                problem=self.problems.get(at, ""),
                suggest=asked.key if kind in SUGGESTED else "",
            )

    def _unit(self, kind: Input, asked: Field) -> str:
        if kind is Input.DAYS:
            return "days"
        return self.language.unit(asked) if kind is Input.NUMBER else ""

    def _unread(self, row: Row, path: Path) -> Iterable[InputView]:
        name = name_of(self.prefix, path, "value")
        for place, value in enumerate(row.value):
            at = name if not place else f"{name}-{place + 1}"
            yield InputView(id=at, name=name, kind=Input.TEXT, label="Value", value=value)

    def _activity(self, row: Row, path: Path) -> ActivityView:
        return draw_activity(self._stem(path), row, self.language.kinds, self.problems)

    def _stem(self, path: Path) -> str:
        return "-".join((self.prefix, *map(str, path)))


def _operator_options(row: Row, asked: Field | None) -> tuple[Option, ...]:
    known = OPERATORS[asked.type] if asked else {}
    shown = [(operator.key, inputs.label_of(operator)) for operator in known.values()]
    labels = {operator.key: operator.label for table in OPERATORS.values() for operator in table.values()}
    if row.op and row.op not in known:
        shown.insert(0, (row.op, f"“{labels.get(row.op, row.op)}”"))
    return options(shown if row.op else [("", "Choose …"), *shown], (row.op,))


def _nots(nots: int, match: str, is_first: bool) -> tuple[Option, ...]:
    word = "where" if is_first else "and" if match == ALL else "or"
    return _not_options(nots, word, f"{word} not")


def _root_nots(nots: int) -> tuple[Option, ...]:
    return _not_options(nots, "meets", "doesn’t meet")


def _not_options(nots: int, plain: str, negated: str) -> tuple[Option, ...]:
    known = [("0", plain), ("1", negated)]
    more = [(str(nots), negated + " not" * (nots - 1))] if nots > 1 else []
    return options([*known, *more], (str(nots),))


def _number(path: Path) -> str:
    return ".".join(str(place + 1) for place in path)
