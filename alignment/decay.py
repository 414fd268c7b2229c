"""How activities lose weight with age: a table of whole numbers by whole days, the same on both databases.

A weight is in thousandths: 1000 counts in full, 0 not at all. Age is counted in days of the company's
zone; what happened today is 0 days old.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from core.errors import Invalid, Problem

FULL = 1000
LEAST = 10  # one per cent: below it a weight is not worth the rows that must be read for it
LONGEST = 730  # days; what is older counts nothing under any decay that ends


class DecayKind(StrEnum):
    """The five ways to age."""

    NONE = "none"
    WINDOW = "window"
    LINEAR = "linear"
    STEP = "step"
    HALF_LIFE = "half_life"


@dataclass(frozen=True, slots=True)
class Decay:
    """One way to age; ``days`` is what its kind counts in, ``keep`` the per cent left after a step.

    - *none*: in full for ever.
    - *window*: in full up to and including ``days``, then nothing.
    - *linear*: falls evenly, to nothing at ``days``.
    - *step*: after every ``days``, ``keep`` per cent of what was left.
    - *half_life*: half after every ``days``.
    """

    kind: DecayKind = DecayKind.NONE
    days: int = 0
    keep: int = 0

    @property
    def horizon(self) -> int | None:
        """The last age in days that still counts; None if every age does."""
        return None if self.kind is DecayKind.NONE else len(self.weights()) - 1

    def weights(self) -> tuple[int, ...]:
        """The weight at each age from 0 to ``horizon``, never rising, all of them above 0.

        Exact sums of whole numbers: each weight is rounded half up on its own. *Step* and *half_life*
        end where less than one per cent is left or after 730 days. *none* is ``(1000,)``: it holds
        for every age, as ``weight`` knows.
        """
        return _weights(self)

    def weight(self, age: int) -> int:
        """The weight at ``age`` days; an age below 0 (a clock that runs ahead) counts as 0."""
        table = self.weights()
        if self.kind is DecayKind.NONE:
            return FULL
        return table[max(age, 0)] if age < len(table) else 0

    def as_data(self) -> dict[str, Any]:
        """The JSON that ``parse_decay`` reads back to an equal value."""
        data: dict[str, Any] = {"kind": self.kind.value}
        if self.kind is not DecayKind.NONE:
            data["days"] = self.days
        if self.kind is DecayKind.STEP:
            data["keep"] = self.keep
        return data

    def in_words(self) -> str:
        """``halves every 14 days``; empty if nothing fades."""
        match self.kind:
            case DecayKind.NONE:
                return ""
            case DecayKind.WINDOW:
                return f"counts for {_days(self.days)}"
            case DecayKind.LINEAR:
                return f"fades evenly to nothing over {_days(self.days)}"
            case DecayKind.STEP:
                return f"{self.keep} % is kept after every {_days(self.days)}"
            case DecayKind.HALF_LIFE:
                return f"halves every {_days(self.days)}"


NO_DECAY = Decay()


def parse_decay(raw: object) -> Decay:
    """The decay that a version stores; null is none. Invalid names the part that is wrong."""
    if raw is None:
        return NO_DECAY
    if not isinstance(raw, Mapping):
        raise _wrong("kind", "must be one of none, window, linear, step and half_life")
    try:
        kind = DecayKind(raw.get("kind", ""))
    except (ValueError, TypeError):
        raise _wrong("kind", "must be one of none, window, linear, step and half_life") from None
    wanted = {"kind"} | ({"days"} if kind is not DecayKind.NONE else set())
    wanted |= {"keep"} if kind is DecayKind.STEP else set()
    for extra in sorted(map(str, set(raw) - wanted)):
        raise _wrong(extra[:40], f"has no meaning for the decay “{kind.value}”")
    days = _whole(raw, "days", 1, LONGEST) if "days" in wanted else 0
    keep = _whole(raw, "keep", 1, 99) if "keep" in wanted else 0
    return Decay(kind, days, keep)


@lru_cache(maxsize=256)
def _weights(decay: Decay) -> tuple[int, ...]:
    days = decay.days
    match decay.kind:
        case DecayKind.NONE:
            return (FULL,)
        case DecayKind.WINDOW:
            return (FULL,) * (days + 1)
        case DecayKind.LINEAR:
            table = tuple(_half_up(FULL * (days - age), days) for age in range(days))
            return tuple(weight for weight in table if weight > 0)
        case DecayKind.STEP:
            return _steps(days, decay.keep)
        case DecayKind.HALF_LIFE:
            return _halving(days)


def _steps(days: int, keep: int) -> tuple[int, ...]:
    table: list[int] = []
    step = 0
    while len(table) <= LONGEST and (weight := _half_up(FULL * keep**step, 100**step)) >= LEAST:
        table += [weight] * days
        step += 1
    return tuple(table[: LONGEST + 1])


def _halving(days: int) -> tuple[int, ...]:
    """1000 · 2^(-age/days), rounded half up without a float.

    The weight w is the largest with w - 1/2 <= 1000 · 2^(-age/days); both sides to the power of
    ``days`` are whole numbers, and as w only falls with age one walk down finds all of them.
    """
    table: list[int] = []
    weight, limit = FULL, (2 * FULL) ** days
    for age in range(LONGEST + 1):
        while (2 * weight - 1) ** days << age > limit:
            weight -= 1
        if weight < LEAST:
            break
        table.append(weight)
    return tuple(table)


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def _whole(raw: Mapping[str, Any], name: str, least: int, most: int) -> int:
    value = raw.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise _wrong(name, f"must be a whole number from {least} to {most}")
    return value


def _wrong(where: str, what: str) -> Invalid:
    return Invalid(f"Decay: “{where}” {what}.", problems=(Problem(f"{what[0].upper()}{what[1:]}.", where),))


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
