"""Which inputs an operator has, and the way between what is typed in them and JSON values.

What can't be read stays the text it was, for the operator to refuse with its own words.
"""

import json
import re
from collections.abc import Iterable
from enum import StrEnum

from rules import values
from rules.fields import Field, FieldType
from rules.operators import OPERATORS, Arity, Operator
from rules.query import NUMBER

GROUPED = re.compile(r"-?[0-9]{1,3}([, '\u00a0\u202f\u2019][0-9]{3})+(\.[0-9]+)?")
SEPARATORS = re.compile(r"[, '\u00a0\u202f\u2019]")
LINE_ENDS = re.compile(r"\r\n|\r|\n")
TRUE, FALSE = "true", "false"
FIRST_OPERATOR = {
    FieldType.TEXT: "contains",
    FieldType.NUMBER: "gte",
    FieldType.MONEY: "gte",
    FieldType.DATE: "within_next_days",
    FieldType.MOMENT: "within_last_days",
    FieldType.BOOLEAN: "is",
    FieldType.CHOICE: "in",
    FieldType.LEVEL: "at_least",
}

RELATIVE = {
    "within_next_days": "is within the next",
    "within_last_days": "was within the last",
    "more_than_days_ago": "was longer ago than",
    "more_than_days_ahead": "is further ahead than",
}


class Input(StrEnum):
    """How a value is given."""

    NONE = "none"
    TEXT = "text"
    LINES = "lines"
    NUMBER = "number"
    DAYS = "days"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHECKS = "checks"


BY_CHECK: dict[values.Check, Input] = {
    values.number: Input.NUMBER,
    values.days: Input.DAYS,
    values.day: Input.DATE,
    values.boolean: Input.YES_NO,
}


def operators_of(field: Field) -> dict[str, Operator]:
    """The operators of a field by key, in order."""
    return dict(OPERATORS[field.type])


def label_of(operator: Operator) -> str:
    """Its words in the select; those of relative dates end before “days”, which is the unit of the input."""
    return RELATIVE.get(operator.key, operator.label)


def input_of(field: Field, operator: Operator) -> Input:
    """What a value of ``operator`` is given by; twice, if it takes a pair."""
    if operator.check is None:
        return Input.NONE
    is_list = operator.arity is Arity.MANY
    if operator.check is values.choice and not field.open_choices:
        return Input.CHECKS if is_list else Input.CHOICE
    return BY_CHECK.get(operator.check, Input.LINES if is_list else Input.TEXT)


def typed(kind: Input, value: object) -> tuple[str, ...]:
    """The texts of the inputs that stand for a JSON value: ``read`` gives an equal one."""
    parts = value if isinstance(value, list | tuple) else [] if value is None else [value]
    if kind is Input.LINES:
        return ("\n".join(map(one_typed, parts)),) if parts else ()
    if kind in (Input.CHECKS, Input.CHOICE):
        return tuple(str(part) for part in parts)
    return tuple(one_typed(part) for part in parts)


def one_typed(value: object) -> str:
    """A number with its thousands apart, a text as it is, or in quotes where an input would change it."""
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, int):
        return f"{value:,}"
    if not isinstance(value, str):
        return str(value)
    plain = value == value.strip() and value[:1] != '"' and value != ""
    return value if plain and not LINE_ENDS.search(value) else json.dumps(value, ensure_ascii=False)


def read(kind: Input, arity: Arity, texts: Iterable[str]) -> object:
    """The JSON value that was typed; a blank input is None, and blank lines are left out."""
    texts = list(texts)
    if kind is Input.LINES:
        return [read_text(line) for text in texts for line in LINE_ENDS.split(text) if line.strip()]
    if kind is Input.CHECKS:
        return texts
    parts = [read_one(kind, text) for text in texts]
    if arity is Arity.PAIR:
        return [*parts, None, None][:2]
    return parts[0] if parts else None


def read_one(kind: Input, text: str) -> object:
    """One value; None for a blank one."""
    if kind is Input.CHOICE:
        return text or None
    if not text.strip():
        return None
    if kind is Input.YES_NO:
        return {TRUE: True, FALSE: False}.get(text.strip(), text)
    if kind in (Input.NUMBER, Input.DAYS):
        return read_number(text)
    return text.strip() if kind is Input.DATE else read_text(text)


def read_number(text: str) -> int | float | str:
    """``1,200`` and ``1 200`` are 1200; what is no number stays text."""
    bare = text.strip().replace("\N{MINUS SIGN}", "-")
    bare = SEPARATORS.sub("", bare) if GROUPED.fullmatch(bare) else bare
    if not NUMBER.fullmatch(bare):
        return text.strip()
    return int(bare) if bare.lstrip("-").isdigit() else float(bare)


def read_text(text: str) -> str:
    """A text without the space around it; ``"…"`` keeps its space and its line ends."""
    bare = text.strip()
    if len(bare) > 1 and bare[0] == bare[-1] == '"':
        try:
            quoted = json.loads(bare)
        except ValueError:
            return bare
        return quoted if isinstance(quoted, str) else bare
    return bare


def is_day(text: str) -> bool:
    """Whether an input of dates can show ``text``."""
    return values.ISO_DAY.fullmatch(text) is not None
