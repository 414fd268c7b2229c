"""Reading the values of a condition: JSON in, typed values out, or a message for the person who wrote it.

Nothing here shows a value it hasn't found to be short and plain: a tree may come from a stranger.
"""

import difflib
import math
import re
from collections.abc import Callable
from datetime import date

from core.text import fold
from rules.errors import BadValueError
from rules.fields import Field
from rules.lookups import ANY_TEXT
from rules.nodes import Scalar

MAX_TEXT = 500
MAX_WILDCARDS = 10
MAX_NUMBER = 10**15
MAX_DAYS = 36_500
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)

Check = Callable[[object, Field], Scalar]


def shown(raw: object) -> str:
    """``raw`` for a message: short values as they are, anything else by its kind."""
    if raw is None:
        return "nothing"
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, str):
        return f"“{printable(raw[:40])}{'…' if len(raw) > 40 else ''}”"
    if isinstance(raw, float) or (isinstance(raw, int) and abs(raw) < 10**20):
        return str(raw)
    kinds: dict[type, str] = {int: "a huge number", list: "a list", tuple: "a list", dict: "an object"}
    return kinds.get(type(raw), "something else")


def printable(text: str) -> str:
    """``text`` without what can't be stored or sent: control characters and halves of characters."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def plain_text(raw: object) -> str:
    """Text that a database can hold, at most 500 characters."""
    if not isinstance(raw, str):
        raise BadValueError(f"needs a text, not {shown(raw)}")
    if len(raw) > MAX_TEXT:
        raise BadValueError(f"takes at most {MAX_TEXT} characters; this has {len(raw):,}")
    if any(char == "\0" or "\ud800" <= char <= "\udfff" for char in raw):
        raise BadValueError("has characters that can't be stored")
    return raw


def text(raw: object, _field: Field) -> str:
    """Text to compare; something must be left of it once case and accents are gone."""
    value = plain_text(raw)
    if not fold(value):
        raise BadValueError("needs a text that isn't empty; ask “is unknown” for leads without one")
    return value


def pattern(raw: object, _field: Field) -> str:
    """Text in which ``*`` stands for any text."""
    return pattern_text(raw)


def pattern_text(raw: object) -> str:
    """``pattern`` without a field: the detail of an activity."""
    value = plain_text(raw)
    folded = fold(value)
    if not folded.replace(ANY_TEXT, "").strip():
        raise BadValueError("needs a letter or digit besides “*”; ask “is known” for any text at all")
    if folded.count(ANY_TEXT) > MAX_WILDCARDS:
        raise BadValueError(f"takes at most {MAX_WILDCARDS} “*”")
    return value


def number(raw: object, field: Field) -> int | float:
    """A number up to a quadrillion either way; whole numbers stay whole, so 200.0 is 200."""
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise BadValueError(f"needs a number, not {shown(raw)}")
    if isinstance(raw, float) and not math.isfinite(raw):
        raise BadValueError("needs a number that is finite")
    if abs(raw) > MAX_NUMBER:
        raise BadValueError(f"needs a number between -{MAX_NUMBER:,} and {MAX_NUMBER:,}")
    return int(raw) if raw == int(raw) else raw


def day(raw: object, _field: Field) -> date:
    """A date as "2026-11-30"."""
    if not isinstance(raw, str) or not ISO_DAY.fullmatch(raw):
        raise BadValueError(f"needs a date such as “2026-11-30”, not {shown(raw)}")
    try:
        value = date.fromisoformat(raw)
    except ValueError:
        raise BadValueError(f"needs a date such as “2026-11-30”, not {shown(raw)}") from None
    if not FIRST_DAY <= value <= LAST_DAY:
        raise BadValueError(f"needs a date between {FIRST_DAY} and {LAST_DAY}")
    return value


def days(raw: object, _field: Field) -> int:
    """A whole number of days, none to a hundred years."""
    return whole(raw, 0, MAX_DAYS, "days")


def whole(raw: object, least: int, most: int, unit: str) -> int:
    """A whole number from ``least`` to ``most``; 30.0 is 30."""
    if not isinstance(raw, int | float) or isinstance(raw, bool):
        raise BadValueError(f"needs a whole number of {unit}, not {shown(raw)}")
    if least <= raw <= most and raw == int(raw):
        return int(raw)
    raise BadValueError(f"needs a whole number of {unit} from {least} to {most:,}, not {shown(raw)}")


def boolean(raw: object, _field: Field) -> bool:
    """True or false, nothing that resembles them."""
    if not isinstance(raw, bool):
        raise BadValueError(f"needs true or false, not {shown(raw)}")
    return raw


def choice(raw: object, field: Field) -> str:
    """One of the field's choices by its stored value; any text where the choices are suggestions."""
    value = plain_text(raw)
    keys = [key for key, _label in field.options()]
    if value in keys or (field.open_choices and value.strip()):
        return value
    near = difflib.get_close_matches(value, keys, n=1)
    some = ", ".join(keys[:8]) + (" …" if len(keys) > 8 else "")
    hint = f"Did you mean “{near[0]}”?" if near else f"Choose one of: {some or 'there are none yet'}."
    raise BadValueError(f"has no choice {shown(raw)}. {hint}")
