"""How long a lead waits in the pool, in the working time of the default calendar."""

from dataclasses import dataclass
from datetime import datetime

from feedback.calendars import Calendars
from feedback.clock import working_minutes
from feedback.models import Handoff


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait in the pool: working minutes since it began, and until it is due (below 0: overdue)."""

    since: datetime
    due_at: datetime
    minutes: int
    left: int


def wait_of(handoff: Handoff, calendars: Calendars, *, now: datetime) -> Wait | None:
    """The wait of a handoff that is in the pool; None for others and where no clock runs."""
    since, due_at = handoff.pooled_at, handoff.pool_due_at
    if handoff.state != Handoff.State.WAITING or since is None or due_at is None:
        return None
    calendar = calendars.default
    if now <= due_at:
        left = working_minutes(calendar, now, due_at)
    else:  # overdue by less than a working minute is overdue all the same
        left = min(-working_minutes(calendar, due_at, now), -1)
    return Wait(since, due_at, working_minutes(calendar, since, now), left)
