"""Values of custom fields: checked, read from a cell of a file, and shown. Pure functions."""

import math
import re
from datetime import date, tzinfo
from decimal import Decimal
from typing import Any, Final

from core.display import number as shown_number
from core.text import fold
from leads import cleaning
from leads.cleaning import UnusableError
from leads.custom.definitions import Definition
from leads.imports import values as cells
from rules.fields import FieldType
from rules.values import FIRST_DAY, ISO_DAY, LAST_DAY, MAX_NUMBER, MAX_TEXT

MAX_FOLDED: Final = 400
NUMBER: Final = re.compile(r"[+-]?\d[\d.,'’\s\xa0]*(e[+-]?\d{1,3})?|[+-]?[.,]\d+", re.IGNORECASE)
NEITHER: Final = "is neither true nor false"


def checked(definition: Definition, value: object) -> Any:
    """``value`` as it is stored under ``definition``; None and "" are None, which clears.

    UnusableError says what the field takes instead.
    """
    if value is None or value == "":
        return None
    match definition.type:
        case FieldType.NUMBER:
            return _number(value)
        case FieldType.DATE:
            return _date(value)
        case FieldType.BOOLEAN:
            if not isinstance(value, bool):
                raise UnusableError(NEITHER)
            return value
        case FieldType.CHOICE:
            return _choice(definition, _text(value))
    return _text(value) or None


def read(definition: Definition, cell: str, zone: tzinfo, order: str) -> Any:
    """What a cell of a file says, typed; ``order`` as for ``imports.values.moment``."""
    match definition.type:
        case FieldType.NUMBER:
            return _number(_figure(cell, definition.unit))
        case FieldType.DATE:
            return _date(cells.moment(cell, zone, order).astimezone(zone).date())
        case FieldType.BOOLEAN:
            return cells.flag(cell)
    return checked(definition, cell)


def shown(definition: Definition, value: Any) -> str:
    """A stored value for people; "" for one of another type than the field has."""
    if value is None:
        return ""
    is_boolean = isinstance(value, bool)
    match definition.type:
        case FieldType.NUMBER:
            is_number = isinstance(value, int | float) and not is_boolean
            return f"{shown_number(value)} {definition.unit}".strip() if is_number else ""
        case FieldType.BOOLEAN:
            return ("Yes" if value else "No") if is_boolean else ""
        case FieldType.DATE:
            day = _day(value)
            return f"{day.day} {day:%b %Y}" if day else ""
    return value if isinstance(value, str) else ""


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise UnusableError("is no text")
    return cleaning.text(value, MAX_TEXT)


def _number(value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise UnusableError("is no number")
    is_finite = not isinstance(value, float) or math.isfinite(value)
    if not is_finite or not -MAX_NUMBER <= value <= MAX_NUMBER:
        raise UnusableError(f"is no number between -{MAX_NUMBER:,} and {MAX_NUMBER:,}")
    return int(value) if value == int(value) else float(value)


def _figure(cell: str, unit: str) -> Decimal:
    text = cell.strip()
    if unit and fold(text).endswith(fold(unit)):
        text = text[: -len(unit)].rstrip()
    if not NUMBER.fullmatch(text):
        raise UnusableError("is no number")
    return cells.number(text)


def _date(value: object) -> str:
    day = value if isinstance(value, date) else _day(value)
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        raise UnusableError("is no date; write it like 2026-11-30")
    return day.isoformat()


def _day(value: object) -> date | None:
    if not isinstance(value, str) or not ISO_DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _choice(definition: Definition, text: str) -> str:
    wanted = fold(text)
    if found := next((each for each in definition.choices if fold(each) == wanted), None):
        return found
    some = ", ".join(definition.choices[:8]) + (" …" if len(definition.choices) > 8 else "")
    raise UnusableError(f"is no choice of “{definition.label}”; there are: {some}")
