"""The pool in figures: how many leads wait, how many too long, and since when."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from feedback.models import Handoff
from feedback.querysets import pool_overdue


@dataclass(frozen=True, slots=True)
class PoolFigures:
    """``waiting`` sales-ready leads have no owner, ``overdue`` of them longer than their agreement allows.

    The oldest wait began at ``oldest_since`` (None: nothing waits). ``fallen`` have no owner either, but are
    no longer sales-ready: they are handed over only if they become so again.
    """

    waiting: int
    overdue: int
    oldest_since: datetime | None
    fallen: int


def pool_figures(handoffs: QuerySet[Handoff], *, now: datetime) -> PoolFigures:
    """What waits now, of the given handoffs (1 query)."""
    is_ready = Q(not_ready_since=None)
    found = handoffs.filter(state=Handoff.State.WAITING).aggregate(
        waiting=Count("pk", filter=is_ready),
        overdue=Count("pk", filter=pool_overdue(now)),
        oldest_since=Min("pooled_at", filter=is_ready),
        fallen=Count("pk", filter=~is_ready),
    )
    return PoolFigures(**found)
