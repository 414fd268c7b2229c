"""A document, checked: every problem is located, unknown keys are refused, a later schema is too."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from alignment.decay import parse_decay
from alignment.document.parts import Part, refuse_twins
from alignment.document.writing import SCHEMA
from alignment.matrix import read_matrix
from alignment.models import Commitment, Criterion, Dimension, Grade, SlaTerm
from alignment.models.content import shipped_ladder
from alignment.spec import read_condition
from core.errors import Invalid, Problem
from leads.models import BantDimension, BantLevel
from rules.fields import Use
from rules.tree import parse
from rules.values import shown

MOST_PROBLEMS = 30
FLOORS = ("A", "B", "C")
LEVELS = {"partial": BantLevel.PARTIAL, "met": BantLevel.MET}
TIMES = re.compile(r"([0-9]{1,5}) (minute|hour|day)s?")
TOLD = ("owner", "manager")
DUE = 100

Columns = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document that was read: columns of the version, and of the rows of each part in their order.

    ``name`` and ``reason`` are those of a file, empty where it has none; they aren't content.
    ``version`` lacks ``position`` where the document doesn't say it.
    """

    name: str = ""
    reason: str = ""
    version: Columns
    dimensions: tuple[Columns, ...]
    criteria: tuple[Columns, ...] = ()
    disqualifiers: tuple[Columns, ...] = ()
    reasons: tuple[Columns, ...] = ()
    terms: tuple[Columns, ...] = ()
    commitments: tuple[Columns, ...] = ()


def read_document(data: object, *, checks_conditions: bool = True) -> Document:
    """``data`` as a document, good enough for a draft; Invalid has every problem with its path.

    ``checks_conditions`` False takes trees, activities and decay as they are: undo writes back what a
    draft said, also where a field is gone since.
    """
    problems: list[Problem] = []
    top = Part(data, "", problems)
    if top.is_readable and _has_schema(top):
        document = _Reader(top, checks_conditions).read()
        if not problems:
            return document
    shown_ones = problems[:MOST_PROBLEMS]
    first = shown_ones[0]
    where = f"{first.where}: " if first.where else ""
    raise Invalid(
        f"This definition can't be read. {where}{first.message}",
        problems=tuple(shown_ones),
    )


def _has_schema(top: Part) -> bool:
    """Whether this is a definition that this release can read; nothing else is said of it otherwise."""
    number = top.get("bantam_definition")
    if number == SCHEMA and not isinstance(number, bool):
        return True
    if isinstance(number, int) and not isinstance(number, bool) and number > SCHEMA:
        top.say(
            f"It was written by a later release (schema {number}); this one reads schema {SCHEMA}. "
            "Update Bantam, or export it again from this release.",
            "bantam_definition",
        )
    elif not top.problems:
        top.say(f"A definition begins with “bantam_definition: {SCHEMA}”.", "bantam_definition")
    return False


class _Reader:
    """Reads the parts of one document."""

    def __init__(self, top: Part, checks_conditions: bool) -> None:
        self.top, self.checks = top, checks_conditions

    def read(self) -> Document:
        top = self.top
        document = Document(
            name=top.text("name", 80),
            reason=top.text("reason", 2_000),
            version=self._version(),
            dimensions=self._dimensions(),
            criteria=self._named("criteria", "criterion", self._criterion),
            disqualifiers=self._named("disqualifiers", "disqualifier", self._disqualifier),
            reasons=self._named("reasons", "reason", self._reason),
            terms=self._terms(),
            commitments=self._commitments(),
        )
        top.close()
        return document

    def _version(self) -> Columns:
        top = self.top
        position = top.whole("position", 1, 10_000)
        matrix = top.get("matrix")
        if matrix is not None and self.checks:
            top.check("matrix", read_matrix)
        return {
            "scope": self._tree(top, "scope", Use.SCOPE),
            "matrix": matrix,
            **self._floors(has_matrix=matrix is not None),
            **self._gate(),
            **({} if position is None else {"position": position}),
        }

    def _floors(self, *, has_matrix: bool) -> Columns:
        part = self.top.part("grades", needed=not has_matrix)
        if part is None:
            return {}
        floors = {f"floor_{grade.lower()}": part.whole(grade, 1, 100, needed=True) for grade in FLOORS}
        part.close()
        known = [floor for floor in floors.values() if floor is not None]
        if any(lower >= higher for higher, lower in pairwise(known)):
            part.say("Each grade must begin below the one before it.")
        return floors

    def _gate(self) -> Columns:
        part = self.top.part("sales_ready", needed=True)
        if part is None:
            return {}
        level = part.choice("bant_level", LEVELS) or "partial"
        gate = {
            "gate_grade": part.choice("grade", Grade.values, needed=True),
            "gate_bant_count": part.whole("bant_count", 0, 4, needed=True),
            "gate_bant_level": LEVELS[level],
            "gate_must_have": self._tree(part, "must_have"),
        }
        part.close()
        return gate

    def _dimensions(self) -> tuple[Columns, ...]:
        part = self.top.part("dimensions", needed=True)
        if part is None:
            return ()
        rows = tuple(self._dimension(part, each) for each in Dimension)
        part.close()
        return rows

    def _dimension(self, dimensions: Part, dimension: Dimension) -> Columns:
        part = dimensions.part(dimension.value)
        row: Columns = {"dimension": dimension, "cap": 0}
        if part is not None:
            row["cap"] = part.whole("cap", 0, 100, needed=True)
            if dimension in BantDimension.values or not self.checks:
                row["partial_when"] = self._tree(part, "partial_when")
                row["met_when"] = self._tree(part, "met_when")
            part.close()
        return row

    def _named(self, key: str, what: str, read: Callable[[Part], Columns]) -> tuple[Columns, ...]:
        """Parts with a key and a label, in their order; each key once."""
        parts = self.top.parts(key)
        rows = [
            {"key": part.key(), "label": part.text("label", 160, needed=True)} | read(part) for part in parts
        ]
        for part in parts:
            part.close()
        refuse_twins(((part, row["key"]) for part, row in zip(parts, rows, strict=True) if row["key"]), what)
        return tuple(row | {"position": place} for place, row in enumerate(rows))

    def _criterion(self, part: Part) -> Columns:
        row = {
            "dimension": part.choice("dimension", Dimension.values, needed=True),
            "points": part.whole("points", -100, 100, needed=True),
            "is_on": part.yes_or_no("is_on", True),
            "condition": self._tree(part, "condition"),
            "activity": self._activity(part),
        }
        if (row["condition"] is None) == (row["activity"] is None) and part.is_readable:
            part.say("Needs either a “condition” or an “activity”.")
        return row | self._counting(part, counts=row["activity"] is not None)

    def _counting(self, part: Part, *, counts: bool) -> Columns:
        """What bounds and ages the occurrences of an activity."""
        row = {
            "per": part.choice("per", Criterion.Per.values) or Criterion.Per.ONCE.value,
            "cap": part.whole("cap", 0, 1_000),
            "daily_cap": part.whole("daily_cap", 0, 1_000),
            "decay": part.get("decay"),
        }
        if row["decay"] is not None and self.checks:
            part.check("decay", parse_decay)
        if self.checks and not counts:
            for key in ("per", "cap", "daily_cap", "decay"):
                if key in part.data:
                    part.say(f"“{key}” has a meaning beside an “activity” only.", key)
        return row

    def _disqualifier(self, part: Part) -> Columns:
        return {"condition": self._tree(part, "condition", needed=True)}

    def _reason(self, part: Part) -> Columns:
        return {
            "dimension": part.choice("dimension", Dimension.values),
            "criterion_key": part.text("criterion", 60),
            "suggestion": part.text("suggestion", 200),
            "suggested_points": part.whole("suggested_points", -100, 100),
            "needs_text": part.yes_or_no("needs_text", False),
        }

    def _terms(self) -> tuple[Columns, ...]:
        parts = self.top.parts("terms")
        rows = [self._term(part) for part in parts]
        names = [(row["grade"], row["source"]) for row in rows]
        refuse_twins(zip(parts, names, strict=True), "term")
        return tuple(rows)

    def _term(self, part: Part) -> Columns:
        row: Columns = {
            "grade": part.choice("grade", Grade.values, needed=True),
            "source": part.text("source", 120),
            "is_handed_over": part.yes_or_no("handed_over", True),
        }
        if row["is_handed_over"]:
            row |= _times(part, "response") | _times(part, "decision")
            row |= {"may_pause": part.yes_or_no("may_pause", False), "ladder": _ladder(part)}
        part.close()
        return row

    def _commitments(self) -> tuple[Columns, ...]:
        parts = self.top.parts("commitments")
        rows = [_commitment(part) for part in parts]
        names = [(row["kind"], row["grade"]) for row in rows]
        refuse_twins(zip(parts, names, strict=True), "commitment")
        return tuple(rows)

    def _tree(self, part: Part, key: str, use: Use = Use.CRITERION, *, needed: bool = False) -> Any:
        data = part.get(key, needed=needed)
        if data is not None and self.checks:
            part.check(key, lambda tree: read_condition(tree, use))
        return data

    def _activity(self, part: Part) -> Any:
        data = part.get("activity")
        if data is not None and self.checks:
            # What a criterion counts has the same shape as inside a condition, so its paths fit too.
            part.check("activity", lambda match: parse({"activity": match}, use=Use.CRITERION), inside="")
        return data


def _times(part: Part, key: str) -> Columns:
    """Columns of ``1 hour`` or ``5 days``; working time."""
    value = part.get(key, needed=True)
    found = TIMES.fullmatch(value) if isinstance(value, str) else None
    if found is None or not 1 <= int(found[1]) <= 10_000:
        if value is not None:
            part.say(
                f"Needs working time such as “1 hour”, “90 minutes” or “5 days”, not {shown(value)}.", key
            )
        return {}
    return {f"{key}_amount": int(found[1]), f"{key}_unit": SlaTerm.Unit(f"{found[2]}s").value}


def _ladder(term: Part) -> list[Columns]:
    if "ladder" not in term.data:
        term.known.append("ladder")
        return shipped_ladder()
    parts = term.parts("ladder")
    steps = []
    for part in parts:
        step = {
            "step": part.text("step", 20, needed=True),
            "percent": part.whole("percent", 1, 1_000, needed=True),
        }
        takes = part.yes_or_no("takes", False)
        percent = step["percent"]
        if takes and isinstance(percent, int) and percent < DUE:
            part.say("Nobody loses a lead before it is due, at 100 percent.", "takes")
        steps.append({**step, "tell": _told(part)} | ({"takes": True} if takes else {}))
        part.close()
    refuse_twins(zip(parts, [step["step"] for step in steps], strict=True), "step")
    return steps


def _told(part: Part) -> list[str]:
    told = part.get("tell", needed=True)
    if isinstance(told, list) and told and all(each in TOLD for each in told) and len(set(told)) == len(told):
        return list(told)
    if told is not None:
        part.say("Takes a list of “owner”, “manager” or both.", "tell")
    return []


def _commitment(part: Part) -> Columns:
    row: Columns = {
        "kind": part.choice("kind", Commitment.Kind.values, needed=True),
        "grade": part.choice("grade", Grade.values),
    }
    is_counted = row["kind"] == Commitment.Kind.LEADS
    row["amount"] = part.whole("amount", 0, 1_000_000 if is_counted else 100, needed=True)
    if row["grade"] and not is_counted:
        part.say("Only “leads” can be promised by grade.", "grade")
    part.close()
    return row
