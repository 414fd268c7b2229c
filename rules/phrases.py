"""How values read: the part of a sentence that follows the field's name."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from rules.fields import Field
from rules.lookups import ANY_TEXT

Phrase = Callable[[Any, Field], str]
Show = Callable[[Any, Field], str]
MAX_SHOWN = 12


def show_text(value: str, _field: Field) -> str:
    """“director”"""
    return f"“{value}”"


def show_number(value: float, field: Field) -> str:
    """5,000,000 EUR"""
    number = f"{value:,}"
    return f"{number} {field.unit}" if field.unit else number


def show_date(value: date, _field: Field) -> str:
    """30 November 2026"""
    return f"{value.day} {value:%B} {value.year}"


def show_days(value: int, _field: Field | None = None) -> str:
    """30 days"""
    return "1 day" if value == 1 else f"{value:,} days"


def show_yes(value: bool, _field: Field) -> str:
    """yes"""
    return "yes" if value else "no"


def show_choice(value: str, field: Field) -> str:
    """The choice's label, or the value itself where none is known (any more)."""
    return dict(field.options()).get(value, f"“{value}”")


def alternatives(parts: Sequence[str], joint: str = "or") -> str:
    """ "a", "a or b", "a, b or c"; a long list says how many more there are."""
    if len(parts) > MAX_SHOWN:
        parts = [*parts[: MAX_SHOWN - 1], f"{len(parts) - MAX_SHOWN + 1:,} more"]
    head, last = parts[:-1], parts[-1]
    return f"{', '.join(head)} {joint} {last}" if head else last


def phrase(template: str, show: Show | None = None) -> Phrase:
    """``template`` with each value shown: ``{}`` is the one value, both of a pair, or all of a list."""

    def words(value: Any, field: Field) -> str:
        if show is None:
            return template
        if not isinstance(value, tuple):
            return template.format(show(value, field))
        parts = [show(each, field) for each in value]
        return template.format(alternatives(parts)) if template.count("{}") == 1 else template.format(*parts)

    return words


def phrase_of_patterns(patterns: tuple[str, ...], _field: Field | None = None) -> str:
    """contains “director” or “VP”; starts with “Head of”"""
    verbs: dict[str, list[str]] = {}
    for pattern in patterns:
        verb, text = _pattern_verb(pattern)
        verbs.setdefault(verb, []).append(f"“{text}”")
    return " or ".join(f"{verb} {alternatives(texts)}" for verb, texts in verbs.items())


def _pattern_verb(pattern: str) -> tuple[str, str]:
    text = pattern.strip(ANY_TEXT)
    if ANY_TEXT in text:
        return "is like", pattern
    opens, closes = pattern.startswith(ANY_TEXT), pattern.endswith(ANY_TEXT)
    if opens and closes:
        return "contains", text
    return ("ends with" if opens else "starts with" if closes else "is"), text
