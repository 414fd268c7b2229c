"""Leads whose clock somebody paused: some stand still now, one went on early."""

import datetime as dt
from collections import Counter

from feedback.models import Assignment
from feedback.querysets import undecided
from feedback.sample.plan import Plan
from feedback.services.pausing import pause, resume, why_not
from users.models import Organisation

SILENT = "Out of office until then, says the automatic reply"
REASONS = (
    "At a trade fair this week, asked to talk afterwards",
    "On a site visit abroad, decides when back",
    "Waits for the budget round on that day",
)
MOST, WAITS, FEW = 3, 2, 2
DAY = dt.timedelta(days=1)


def pause_some(plan: Plan) -> None:
    """Pause one lead of each of a few reps; the terms of grade B allow it."""
    owners: set[int] = set()
    left = Counter(undecided(plan.now).values_list("owner_id", flat=True))
    rows = undecided(plan.now).filter(handoff__term__may_pause=True, callback_at=None)
    for row in rows.select_related("owner", "handoff__term", "handoff__lead").order_by("owner_id", "-pk"):
        if row.owner_id in owners or left[row.owner_id] < FEW or why_not(row, now=plan.now):
            continue
        if len(owners) == MOST:
            _went_on(row, plan)
            break
        _pause(row, plan.now, REASONS[len(owners)] if row.responded_at else SILENT)
        owners.add(row.owner_id)


def _pause(row: Assignment, now: dt.datetime, reason: str) -> None:
    pause(assignment=row, until=_morning(now), reason=reason, by=row.owner, now=now)


def _went_on(row: Assignment, plan: Plan) -> None:
    """It was paused as it came; the lead was back sooner than the automatic reply said."""
    at = row.assigned_at + dt.timedelta(minutes=10)
    if at < plan.now < _morning(at) and not why_not(row, now=at):
        _pause(row, at, SILENT)
        resume(assignment=row, by=row.owner, now=at + (plan.now - at) / 2)


def _morning(now: dt.datetime) -> dt.datetime:
    """Nine o'clock of the first weekday at least two days ahead."""
    day = now.date() + WAITS * DAY
    while day.weekday() > 4:
        day += DAY
    return dt.datetime.combine(day, dt.time(9), tzinfo=Organisation.current().tz)
