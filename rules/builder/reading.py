"""Between the items of a builder and the data of a condition, with each problem at its input."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from core.errors import Problem
from rules.builder import inputs
from rules.builder.inputs import Input
from rules.builder.items import ACTIVITY, ALL, ANY, Group, Item, Path, Row, is_lone, walk
from rules.builder.language import Language
from rules.errors import RuleError
from rules.nodes import Node
from rules.operators import Arity

PLACE = re.compile(r"(?P<part>[a-z_.]+)(?:\[(?P<index>[0-9]+)\])?")
INPUTS = {
    "activity": "kinds",
    "activity.kind": "kinds",
    "activity.detail": "detail",
    "at_least": "times",
    "within_days": "window",
}
BLANK_FIELD = "Choose what to ask."
BLANK_OPERATOR = "Choose how to compare it."
BLANK_VALUE = "Fill this in."
BLANK_CHOICE = "Choose one."
BLANK_CHOICES = "Choose at least one."
BLANKS = {Input.CHECKS: BLANK_CHOICES, Input.CHOICE: BLANK_CHOICE, Input.YES_NO: BLANK_CHOICE}


class Unfinished(Problem):
    """Something nobody has typed yet: said when one saves, not while one is still writing."""


def items_of(data: object, language: Language) -> Group:
    """The rows of a condition's data; what isn't there any more (a field, a choice) is kept as it was.

    None is a new builder with one blank row. RuleError if ``data`` hasn't the shape of a condition.
    """
    if data is None:
        return Group(children=(Row(),), is_bare=True)
    item = _item(data, language, 0)
    is_root = isinstance(item, Group)
    return item if is_root else Group(children=(item,), is_bare=True)  # type: ignore[return-value]  # just asked


def data_of(root: Group, language: Language) -> dict[str, Any]:
    """The data of the whole condition, unreadable values as the texts they are."""
    if is_lone(root):
        return _wrapped(_data(root.children[0], language), root.nots)
    return _data(root, language)


def problems_of(row: Row, language: Language) -> list[Problem]:
    """What keeps ``row`` from being a condition; ``where`` names the input: ``value`` or ``value-2``."""
    if found := list(_unfinished(row, language)):
        return found
    try:
        language.parse(_bare(row, language))
    except RuleError as error:
        return [_located(problem, row, language) for problem in error.problems]
    return []


def node_of(row: Row, language: Language) -> Node | None:
    """The condition of ``row`` alone, without its “not”; None if it can't be read (yet)."""
    try:
        return language.parse(_bare(row, language))
    except RuleError:
        return None


def rows_of(root: Group) -> Iterator[tuple[Path, Row]]:
    """Each row with its path."""
    return ((path, item) for path, item in walk(root) if isinstance(item, Row))


def input_kind(row: Row, language: Language) -> Input:
    """What the value of ``row`` is given by."""
    field = language.field(row.field)
    operator = inputs.operators_of(field).get(row.op) if field else None
    return inputs.input_of(field, operator) if field and operator else Input.TEXT


def _item(data: object, language: Language, nots: int) -> Item:
    if not isinstance(data, Mapping):
        raise RuleError(Problem("The condition can't be shown: it isn't an object."))
    if "not" in data:
        return _item(data["not"], language, nots + 1)
    for match in (ALL, ANY):
        if isinstance(children := data.get(match), list | tuple):
            return Group(match, tuple(_item(child, language, 0) for child in children), nots)
    if isinstance(asked := data.get("activity"), Mapping):
        return _activity(data, asked, nots)
    if "field" not in data:
        raise RuleError(Problem("The condition can't be shown: a part has no field."))
    row = Row(field=str(data["field"]), op=str(data.get("op", "")), nots=nots)
    return _with_value(row, data.get("value"), language)


def _with_value(row: Row, value: object, language: Language) -> Row:
    texts = inputs.typed(input_kind(row, language), value)
    return Row(field=row.field, op=row.op, value=texts, nots=row.nots)


def _activity(data: Mapping[str, Any], asked: Mapping[str, Any], nots: int) -> Row:
    kind = asked.get("kind", ())
    detail = asked.get("detail")
    return Row(
        field=ACTIVITY,
        kinds=(kind,) if isinstance(kind, str) else tuple(map(str, kind)),
        detail="" if detail is None else inputs.one_typed(detail),
        times=inputs.one_typed(data.get("at_least", 1)),
        window=inputs.one_typed(data["within_days"]) if "within_days" in data else "",
        nots=nots,
    )


def _data(item: Item, language: Language) -> dict[str, Any]:
    if isinstance(item, Row):
        return _wrapped(_bare(item, language), item.nots)
    return _wrapped({item.match: [_data(child, language) for child in item.children]}, item.nots)


def _wrapped(data: dict[str, Any], nots: int) -> dict[str, Any]:
    for _ in range(nots):
        data = {"not": data}
    return data


def _bare(row: Row, language: Language) -> dict[str, Any]:
    if row.field == ACTIVITY:
        return _activity_data(row)
    data: dict[str, Any] = {"field": row.field, "op": row.op}
    field = language.field(row.field)
    operator = inputs.operators_of(field).get(row.op) if field else None
    if field is None or operator is None or operator.arity is Arity.NONE:
        return data
    return data | {"value": inputs.read(inputs.input_of(field, operator), operator.arity, row.value)}


def _activity_data(row: Row) -> dict[str, Any]:
    match: dict[str, Any] = {"kind": row.kinds[0] if len(row.kinds) == 1 else list(row.kinds)}
    if row.detail.strip():
        match["detail"] = inputs.read_text(row.detail)
    times = inputs.read_number(row.times) if row.times.strip() else 1
    window = {"within_days": inputs.read_number(row.window)} if row.window.strip() else {}
    return {"activity": match, "at_least": times, **window}


def _unfinished(row: Row, language: Language) -> Iterable[Problem]:
    if row.field == ACTIVITY:
        return [] if row.kinds else [Unfinished(BLANK_CHOICES, "kinds")]
    if not row.field:
        return [Unfinished(BLANK_FIELD, "field")]
    if not row.op:
        return [Unfinished(BLANK_OPERATOR, "op")]
    return _blank_values(row, language)


def _blank_values(row: Row, language: Language) -> list[Problem]:
    field = language.field(row.field)
    operator = inputs.operators_of(field).get(row.op) if field else None
    if not field or not operator or operator.arity is Arity.NONE:
        return []
    kind = inputs.input_of(field, operator)
    value = inputs.read(kind, operator.arity, row.value)
    if operator.arity is Arity.PAIR and isinstance(value, list):
        names = ("value", "value-2")
        return [
            Unfinished(BLANK_VALUE, name) for name, each in zip(names, value, strict=True) if each is None
        ]
    if value not in (None, []):
        return []
    return [Unfinished(BLANKS.get(kind, BLANK_VALUE), "value")]


def _located(problem: Problem, row: Row, language: Language) -> Problem:
    place = PLACE.fullmatch(problem.where)
    part, index = (place["part"], place["index"]) if place else ("field", None)
    name = INPUTS.get(part, part) if part in INPUTS or part in ("op", "value") else "field"
    if index is not None and name == "value":
        kind = input_kind(row, language)
        if kind is Input.LINES:
            return Problem(f"Line {int(index) + 1}: {problem.message}", name)
        if kind is not Input.CHECKS:
            return Problem(problem.message, "value-2" if index == "1" else name)
    return Problem(problem.message, name)
