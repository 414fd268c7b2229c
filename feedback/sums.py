"""The sum that led to a due moment, in words: ``Assigned Fri 20 Nov, 16:40 + 4 working hours = …``."""

import datetime as dt
import zoneinfo
from collections import Counter, defaultdict
from collections.abc import Iterable

from django.utils import timezone

from alignment.words import amount_in_words
from core.display import day, duration, listed
from feedback.business_time import Due, Skipped
from feedback.calendars import Calendars, pauses_of
from feedback.clock import due_moments
from feedback.models import Assignment, SlaEvent

NOT_WORKED = "not worked"
LEAVE = "leave "


def sum_of(row: Assignment, clock: SlaEvent.Clock, calendars: Calendars, *, now: dt.datetime) -> str:
    """How the due moment of a clock came about, for the viewer; times are those of the owner's zone.

    ``handoff.term`` and ``pauses`` should be at hand.
    """
    term, calendar = row.handoff.term, calendars.of(row.owner_id)
    pauses = [pause.span for pause in pauses_of(row)]
    moments = due_moments(term=term, calendar=calendar, start=row.assigned_at, pauses=pauses)
    if clock == SlaEvent.Clock.RESPONSE:
        due, stored_at = moments.response, row.response_due_at
        amount = amount_in_words(term.response_amount, term.response_unit)
    else:
        due, stored_at = moments.decision, row.decision_due_at
        amount = amount_in_words(term.decision_amount, term.decision_unit)
    viewer, today = timezone.get_current_timezone_name(), now.astimezone(calendar.zone).date()
    said = (
        due_in_words(due, amount=amount, zone=calendar.zone, today=today)
        if due.at == stored_at
        else f"Due {_moment(stored_at, calendar.zone, today)} by the hours that counted before they changed: "
        "a change neither makes nor heals a breach"
    )
    return said if str(calendar.zone) == viewer else f"{said}; in the owner’s time zone, {calendar.zone}"


def due_in_words(due: Due, *, amount: str, zone: zoneinfo.ZoneInfo, today: dt.date) -> str:
    """``Assigned Fri 20 Nov, 16:40 + 4 working hours = Mon 23 Nov, 11:40; Saturday and Sunday don't count``.

    ``amount`` is the term in words; the year is named where it isn't that of ``today``.
    """
    said = f"Assigned {_moment(due.start, zone, today)}"
    if due.counted_from - due.start >= dt.timedelta(minutes=1):
        said += f", counted from {_moment(due.counted_from, zone, today)}"
    said += f" + {amount}"
    if due.paused:
        said += f" + {duration(due.paused.total_seconds() / 60)} of working time paused"
    said += f" = {_moment(due.at, zone, today)}"
    skipped = skipped_in_words(due.skipped, today=today)
    return f"{said}; {skipped}" if skipped else said


def skipped_in_words(skipped: Iterable[Skipped], *, today: dt.date) -> str:
    """``Saturday and Sunday don’t count``, ``Christmas Day (Fri 25 Dec) doesn’t count``; "" for none."""
    days: dict[str, list[dt.date]] = defaultdict(list)
    for each in skipped:
        days[each.why].append(each.day)
    idle = Counter(f"{each:%A}" for each in days.pop(NOT_WORKED, []))
    parts = [f"{name}s" if count > 1 else name for name, count in idle.items()]
    parts += [_named(why, found, today) for why, found in days.items()]
    if not parts:
        return ""
    counts = [*idle.values(), *(1 if why.startswith(LEAVE) else len(found) for why, found in days.items())]
    return f"{listed(parts)} {'doesn’t' if counts == [1] else 'don’t'} count"


def _named(why: str, days: list[dt.date], today: dt.date) -> str:
    """``Christmas Day (Fri 25 Dec)``; leave says its end itself."""
    return why if why.startswith(LEAVE) else f"{why} ({', '.join(day(each, today=today) for each in days)})"


def _moment(at: dt.datetime, zone: zoneinfo.ZoneInfo, today: dt.date) -> str:
    """``Fri 20 Nov, 16:40`` in ``zone``."""
    local = at.astimezone(zone)
    return f"{day(local.date(), today=today)}, {local:%H:%M}"
