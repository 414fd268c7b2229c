"""What no part can hold: each check returns a message for people, empty if the value fits."""

from collections.abc import Collection, Iterator
from functools import partial

from alignment.spec import read_condition
from core.errors import Problem, problems_of
from rules.fields import Use

POINTS = 100


def whole(value: object, least: int, most: int) -> str:
    """A whole number from ``least`` to ``most``; True and False are none."""
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return ""
    return f"Give a whole number from {least:,} to {most:,}.".replace("-", "−")


def line(value: object, most: int, *, empty: str = "") -> str:
    """One line of text of at most ``most`` characters; ``empty`` is what to say of none."""
    if not isinstance(value, str) or "\0" in value:
        return "Give it in letters."
    if not value.strip():
        return empty
    return "" if len(value) <= most else f"At most {most} characters; this has {len(value):,}."


def one_of(value: object, choices: Collection[object], what: str) -> str:
    """One of ``choices``, which ``what`` names: ``a grade from A to D``."""
    return "" if isinstance(value, (str, int)) and value in choices else f"Choose {what}."


def condition(where: str, data: object, use: Use = Use.CRITERION) -> Iterator[Problem]:
    """A condition tree or None; its problems are located below ``where``."""
    return problems_of(partial(read_condition, data, use), where)


def located(*found: tuple[str, str]) -> Iterator[Problem]:
    """Problems of (field, message) pairs; an empty message is none."""
    for where, message in found:
        if message:
            yield Problem(message, where)
