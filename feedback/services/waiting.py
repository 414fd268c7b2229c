"""The clock of the pool: it runs while a lead waits for an owner; the managers hear when it ran out."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from core.locking import locked
from feedback.business_time import Calendar
from feedback.calendars import load_calendars
from feedback.clock import due
from feedback.models import Handoff, PoolOverdue
from feedback.services.managers import sales_managers
from feedback.services.notices import Notice, Post, notify, post

BATCH = 200
POOL_CLOCK = ("pooled_at", "pool_due_at", "pool_event_at")
"""The columns that ``enter_pool`` and ``leave_pool`` set; the caller saves them."""
BODY = (
    "Nobody owns it yet, and the time that its agreement allows for a first contact is over. Assign it by "
    "hand, raise somebody’s capacity or change the rules."
)


def enter_pool(handoffs: Iterable[Handoff], *, calendar: Calendar, now: datetime) -> None:
    """Start the clock of handoffs, each with its ``term``, that wait from now on.

    They are due in the time that the term allows for a response, in the working time of ``calendar``: the
    default one, for a pool has no owner.
    """
    for row in handoffs:
        term = row.term
        due_at = due(calendar, now, amount=term.response_amount, unit=term.response_unit).at
        row.pooled_at, row.pool_due_at, row.pool_event_at = now, due_at, due_at


def leave_pool(handoffs: Iterable[Handoff]) -> None:
    """Stop the clock: they have an owner, or are closed."""
    for row in handoffs:
        row.pooled_at = row.pool_due_at = row.pool_event_at = None


def sweep_pool(*, now: datetime) -> int:
    """Tell of the leads that are overdue in the pool; gives how many.

    Each is told of once a wait, those of a sweep and a team in one notice. Batches, locks and cost as in
    ``feedback.services.sla.sweep``. One that fell below the gate is passed over until it is ready again.
    """
    told = 0
    while batch := _sweep_batch(now):
        told += batch
    return told


@transaction.atomic
def _sweep_batch(now: datetime) -> int:
    due_now = Handoff.objects.filter(pool_event_at__lte=now, not_ready_since=None)
    rows = locked(due_now.select_related("lead", "team"), skip_locked=True).order_by("pool_event_at")
    batch = list(rows[:BATCH])
    if not batch:
        return 0
    PoolOverdue.objects.bulk_create(
        PoolOverdue(handoff=row, pooled_at=row.pooled_at, due_at=row.pool_due_at, at=now)
        for row in batch
        if row.pooled_at is not None and row.pool_due_at is not None
    )
    Handoff.objects.filter(pk__in=[row.pk for row in batch]).update(pool_event_at=None)
    _tell(batch, now)
    return len(batch)


def _tell(batch: Sequence[Handoff], now: datetime) -> None:
    """One notice a team and manager, and one post for its channels."""
    managers, by_team = sales_managers(), defaultdict(list)
    for row in batch:
        by_team[row.team_id].append(row)
    notices, posts = [], []
    for team, rows in by_team.items():
        key, text, path = _key(rows[0]), _words(rows), _path(rows)
        body = BODY if len(rows) == 1 else ""
        notices += [
            Notice(person, f"{key}:{person}", text, path, body)
            for person in managers.get(team) or managers[None]
        ]
        posts.append(Post(team, key, text, path))
    notify(notices, now=now)
    post(posts, now=now)


def _key(row: Handoff) -> str:
    since = int(row.pooled_at.timestamp()) if row.pooled_at else 0
    return f"pool:{row.pk}:{since}"


def _words(rows: Sequence[Handoff]) -> str:
    team = rows[0].team
    where = f"in the pool of {team}" if team else "in the pool"
    if len(rows) == 1:
        return f"{rows[0].lead}, grade {rows[0].grade}, waits too long {where}"
    return f"{len(rows):,} leads wait too long {where}"


def _path(rows: Sequence[Handoff]) -> str:
    return reverse("leads:lead", args=[rows[0].lead_id]) if len(rows) == 1 else reverse("feedback:pool")


@transaction.atomic
def start_missing(*, now: datetime) -> int:
    """Start the clocks of what waits without one, as before there were any; gives how many."""
    rows = locked(_waiting().filter(pooled_at=None).select_related("term"), skip_locked=True)
    found = list(rows[: 10 * BATCH])
    enter_pool(found, calendar=load_calendars().default, now=now)
    Handoff.objects.bulk_update(found, POOL_CLOCK, batch_size=BATCH)
    return len(found)


def reset_pool_clocks(*, now: datetime) -> int:
    """Set the clocks anew after the default calendar changed; gives how many.

    What is overdue already stays so: a new calendar neither makes nor heals it. Needs a transaction.
    """
    calendar = load_calendars().default
    rows = list(locked(_waiting().filter(pool_due_at__gt=now).select_related("term")))
    for row in rows:
        if row.pooled_at is not None:
            enter_pool([row], calendar=calendar, now=row.pooled_at)
            if row.pool_due_at and row.pool_due_at <= now:
                row.pool_due_at = row.pool_event_at = now
    Handoff.objects.bulk_update(rows, POOL_CLOCK, batch_size=BATCH)
    return len(rows)


def _waiting() -> QuerySet[Handoff]:
    return Handoff.objects.filter(state=Handoff.State.WAITING)
