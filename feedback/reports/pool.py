"""The pool in figures: how many leads wait, how many too long, and since when."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet

from feedback.models import Handoff
from feedback.querysets import pool_overdue


@dataclass(frozen=True, slots=True)
class PoolFigures:
    """``waiting`` leads have no owner now, ``overdue`` of them longer than their agreement allows; the oldest
    wait began at ``oldest_since`` (None: nothing waits)."""

    waiting: int
    overdue: int
    oldest_since: datetime | None


def pool_figures(handoffs: QuerySet[Handoff], *, now: datetime) -> PoolFigures:
    """What waits now, of the given handoffs (1 query). Those that fell below the gate count as waiting, but
    aren't overdue: they are handed over only if they are sales-ready again."""
    found = handoffs.filter(state=Handoff.State.WAITING).aggregate(
        waiting=Count("pk"), overdue=Count("pk", filter=pool_overdue(now)), oldest=Min("pooled_at")
    )
    return PoolFigures(found["waiting"], found["overdue"], found["oldest"])
