"""The tree of a condition as plain values. No ORM here: a tree can be stored, compared and hashed."""

from dataclasses import dataclass
from datetime import date

Scalar = str | int | float | bool | date
Value = Scalar | tuple[Scalar, ...] | None


@dataclass(frozen=True, slots=True)
class All:
    """Every child holds; without children it holds for every lead."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Any_:  # noqa: N801 - the contract's name: typing.Any stays free
    """At least one child holds; without children it holds for no lead."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The child doesn't hold. As every condition is true or false, this is exact, also for unknowns."""

    child: "Node"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field, one operator of its type, and the value the operator wants (None if it wants none)."""

    field: str
    op: str
    value: Value = None


@dataclass(frozen=True, slots=True)
class ActivityMatch:
    """Which activities: one of ``kinds`` and, if given, a detail like the pattern (``*`` is any text)."""

    kinds: tuple[str, ...]
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class ActivityCount:
    """At least so many matching activities up to now, if given not older than ``within_days`` days."""

    match: ActivityMatch
    at_least: int = 1
    within_days: int | None = None


Node = All | Any_ | Not | Comparison | ActivityCount
