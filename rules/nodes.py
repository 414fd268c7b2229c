"""The tree of a condition as plain values. No ORM here: a tree can be stored, compared and hashed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

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


def to_data(node: Node) -> dict[str, Any]:
    """``node`` as JSON-like data in the one canonical form."""
    match node:
        case All(children):
            return {"all": [to_data(child) for child in children]}
        case Any_(children):
            return {"any": [to_data(child) for child in children]}
        case Not(child):
            return {"not": to_data(child)}
        case Comparison(field, op, value):
            return {"field": field, "op": op} | ({} if value is None else {"value": _plain(value)})
        case ActivityCount(match, at_least, within_days):
            kind = match.kinds[0] if len(match.kinds) == 1 else list(match.kinds)
            detail = {} if match.detail is None else {"detail": match.detail}
            window = {} if within_days is None else {"within_days": within_days}
            return {"activity": {"kind": kind, **detail}, "at_least": at_least, **window}


def fields_in(node: Node) -> tuple[str, ...]:
    """The keys of the fields that ``node`` asks for, each once, in order."""
    return tuple(dict.fromkeys(leaf.field for leaf in leaves_in(node) if isinstance(leaf, Comparison)))


def leaves_in(node: Node) -> Iterator[Comparison | ActivityCount]:
    """Every question that ``node`` asks, in order, without what joins them."""
    match node:
        case All(children) | Any_(children):
            for child in children:
                yield from leaves_in(child)
        case Not(child):
            yield from leaves_in(child)
        case Comparison() | ActivityCount():
            yield node


def _plain(value: Value) -> object:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value
