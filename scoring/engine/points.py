"""From weights to points: what one criterion on activities makes of them, and all of a dimension."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from alignment.models import Dimension
from alignment.spec import CriterionSpec, VersionSpec
from scoring.engine.dialect import greatest, least
from scoring.engine.text import Sql, glue


@dataclass(frozen=True, slots=True)
class Total:
    """The points that criteria on activities give a dimension, added up in the pass over the activities.

    ``can_stop``: they all fade, so that a lead whose decay stands still has another number.
    """

    name: str
    dimension: Dimension
    criteria: tuple[CriterionSpec, ...]
    can_stop: bool


def totals_of(spec: VersionSpec, rank: int) -> Iterator[Total]:
    """The totals of a version, under names that go by its ``rank`` in the statement."""
    for dimension in Dimension:
        on_activities = [each for each in spec.criteria_of(dimension) if each.activity is not None]
        for can_stop in (True, False):
            own = tuple(each for each in on_activities if fades(each) == can_stop)
            if own:
                yield Total(f"t{rank}_{dimension}_{'aged' if can_stop else 'ever'}", dimension, own, can_stop)


def range_of(criteria: Iterable[CriterionSpec]) -> tuple[float, float]:
    """The least and the most points that ``criteria`` give together, before the cap of their dimension."""
    low = high = 0.0
    for each in criteria:
        has_no_end = each.activity is not None and each.is_per_occurrence
        size = (math.inf if each.cap is None else each.cap) if has_no_end else abs(each.points)
        low, high = (low, high + size) if each.points > 0 else (low - size, high)
    return low, high


def fades(criterion: CriterionSpec) -> bool:
    """Whether what it counts is worth less, or nothing, after a while."""
    return criterion.decay.horizon is not None


def capped(criterion: CriterionSpec, weight: Sql | str) -> Sql:
    """The points for a sum of weights (thousandths), cut by size to the criterion's own cap."""
    points = rounded(criterion, weight)
    if criterion.cap is None:
        return points
    return (
        least(points, str(criterion.cap)) if criterion.points > 0 else greatest(points, str(-criterion.cap))
    )


def rounded(criterion: CriterionSpec, weight: Sql | str) -> Sql:
    """Whole points, halves away from zero; the weight is never negative."""
    size = "(({points} * {weight} + 500) / 1000)"
    whole = size if criterion.points >= 0 else f"(-{size})"
    return glue(whole, points=str(abs(criterion.points)), weight=weight)
