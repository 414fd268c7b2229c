"""The pool in figures: how many leads wait, how many too long, and since when."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from feedback.models import Handoff, PoolOverdue
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


def overdue_between(handoffs: QuerySet[Handoff], start: datetime, end: datetime) -> int:
    """How many waits in the pool were too long and due from ``start`` up to but not including ``end``; a lead
    that came back to the pool may count again."""
    rows = PoolOverdue.objects.filter(Q(handoff__in=handoffs), due_at__gte=start, due_at__lt=end)
    return rows.count()
