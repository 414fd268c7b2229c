"""When a mail goes out, by its reader's wishes: at once, once a day, or after the quiet hours."""

import datetime as dt
import zoneinfo
from typing import Protocol

DAILY, NEVER = "daily", "never"


class Wishes(Protocol):
    """What a person wishes; ``feedback.models.NoticeSettings`` says what each means."""

    mail: str
    daily_at: dt.time
    quiet_from: dt.time | None
    quiet_until: dt.time | None


def send_after(wishes: Wishes | None, at: dt.datetime, zone: zoneinfo.ZoneInfo) -> dt.datetime | None:
    """The first moment from ``at`` on at which the mail may go; None for never.

    An hour that the clock skips in spring ends where it would have; one that comes twice counts once.
    """
    if wishes is None:
        return at
    if wishes.mail == NEVER:
        return None
    local = at.astimezone(zone)
    if wishes.mail == DAILY:
        return _next(local, wishes.daily_at)
    starts, ends = wishes.quiet_from, wishes.quiet_until
    if starts is None or ends is None or not _is_between(local.time(), starts, ends):
        return at
    return _next(local, ends)


def _is_between(time: dt.time, starts: dt.time, ends: dt.time) -> bool:
    if starts < ends:
        return starts <= time < ends
    return time >= starts or time < ends


def _next(local: dt.datetime, time: dt.time) -> dt.datetime:
    """The next moment at which a clock in this zone shows ``time``."""
    day = local.date() if local.time() < time else local.date() + dt.timedelta(days=1)
    return dt.datetime.combine(day, time, tzinfo=local.tzinfo).astimezone(dt.UTC)
