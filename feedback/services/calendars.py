"""Changing working calendars and who works by which; open clocks are set anew in the same breath."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from core import audit
from core.errors import Invalid, Problem
from core.locking import locked
from feedback.business_time import Interval
from feedback.calendars import known_holidays, load_calendars
from feedback.clock import due_moments
from feedback.models import Assignment, CalendarDay, CalendarInterval, RepSettings, SlaEvent, WorkingCalendar
from feedback.services.sla import next_event
from feedback.services.waiting import reset_pool_clocks
from users.models import User
from users.services.checks import as_invalid

BATCH = 500


@dataclass(frozen=True, slots=True)
class CalendarContent:
    """What a calendar says: ``week`` maps a weekday (0 = Monday) to its intervals."""

    name: str
    zone: str
    country: str
    region: str
    week: Mapping[int, Sequence[Interval]]
    days_off: Mapping[dt.date, str]


@transaction.atomic
def save_calendar(
    *, calendar: WorkingCalendar | None, content: CalendarContent, by: User, now: dt.datetime
) -> WorkingCalendar:
    """Create (``calendar`` None) or replace a calendar and recompute the clocks of those who work by it.

    The first calendar becomes the default. Raises Invalid if no hour is worked, the name is taken or the
    library knows no holidays of the country or region.
    """
    _check(content)
    row = calendar or WorkingCalendar(is_default=not WorkingCalendar.objects.exists())
    row.name, row.zone, row.country, row.region = content.name, content.zone, content.country, content.region
    try:
        row.full_clean(exclude=["is_default"])
    except ValidationError as error:
        raise as_invalid(error) from error
    row.save()
    row.intervals.all().delete()
    row.days_off.all().delete()
    CalendarInterval.objects.bulk_create(
        CalendarInterval(calendar=row, weekday=weekday, starts=starts, ends=ends)
        for weekday, intervals in content.week.items()
        for starts, ends in intervals
    )
    CalendarDay.objects.bulk_create(
        CalendarDay(calendar=row, day=day, label=label[:80]) for day, label in content.days_off.items()
    )
    reset = reset_clocks(_of_calendar(row), now=now)
    if row.is_default:
        reset += reset_pool_clocks(now=now)
    action = "calendar_changed" if calendar else "calendar_created"
    audit.record(actor=by, action=action, target=row, detail={"clocks_reset": reset})
    return row


def reset_clocks(assignments: QuerySet[Assignment], *, now: dt.datetime) -> int:
    """Recompute the due moments of open assignments from their start; gives how many.

    A clock that was already stopped keeps the moment it was judged by, and so does one that was
    already overdue: a new calendar neither makes nor heals a breach.
    """
    calendars, count = load_calendars(), 0
    last = 0
    while batch := list(
        locked(assignments.filter(ended_at=None, pk__gt=last).select_related("handoff__term"))[:BATCH]
    ):
        taken = _taken(batch)
        for row in batch:
            moments = due_moments(
                term=row.handoff.term, calendar=calendars.of(row.owner_id), start=row.assigned_at
            )
            if row.responded_at is None and row.response_due_at > now:
                row.response_due_at = moments.response.at
            if row.decided_at is None and row.decision_due_at > now:
                row.decision_due_at = moments.decision.at
            row.next_event_at = next_event(row, calendars, taken.get(row.pk, ()))
        Assignment.objects.bulk_update(batch, ["response_due_at", "decision_due_at", "next_event_at"])
        count, last = count + len(batch), batch[-1].pk
    return count


def _taken(batch: list[Assignment]) -> dict[int, list[tuple[str, str]]]:
    taken: dict[int, list[tuple[str, str]]] = {}
    for pk, clock, step in SlaEvent.objects.filter(assignment__in=batch).values_list(
        "assignment_id", "clock", "step"
    ):
        taken.setdefault(pk, []).append((clock, step))
    return taken


def _of_calendar(calendar: WorkingCalendar) -> QuerySet[Assignment]:
    own = RepSettings.objects.filter(calendar=calendar).values("user_id")
    if not calendar.is_default:
        return Assignment.objects.filter(owner__in=own)
    others = RepSettings.objects.exclude(calendar=calendar).filter(calendar__isnull=False).values("user_id")
    return Assignment.objects.exclude(owner__in=others)


def _check(content: CalendarContent) -> None:
    if not any(content.week.values()):
        raise Invalid(
            "A calendar needs working hours on at least one day.",
            problems=(Problem("Write hours for at least one day.", where="monday"),),
        )
    if content.country and not known_holidays(content.country, content.region):
        what = f"{content.country} {content.region}".strip()
        message = f"No public holidays are known for {what}. Leave the region empty, or correct it."
        raise Invalid(message, problems=(Problem(message, where="region"),))
