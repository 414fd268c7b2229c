"""Changing working calendars and who works by which; open clocks are set anew in the same breath."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from core import audit
from core.errors import Invalid, Problem
from core.locking import locked
from feedback.business_time import Interval, NoWorkingTime, add_working_days
from feedback.calendars import as_calendar, known_holidays
from feedback.models import Assignment, CalendarDay, CalendarInterval, RepSettings, TeamHours, WorkingCalendar
from feedback.services.clocks import reset_clocks
from feedback.services.waiting import reset_pool_clocks
from users.models import Team, User
from users.services.checks import as_invalid

LONGEST_TERM = 99
"""In working days: so much must be possible by every calendar."""


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

    The first calendar becomes the default. Raises Invalid if no hour is worked, or so few days that a term
    would never be due, if the name is taken or the library knows no holidays of the country or region.
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
    _check_worked(row, now)
    reset = reset_clocks(_of_calendar(row), now=now)
    if row.is_default:
        reset += reset_pool_clocks(now=now)
    action = "calendar_changed" if calendar else "calendar_created"
    audit.record(actor=by, action=action, target=row, detail={"clocks_reset": reset})
    return row


@transaction.atomic
def set_team_hours(*, team: Team, calendar: WorkingCalendar | None, by: User, now: dt.datetime) -> None:
    """Give a team a calendar, or the default one again (None), and set the clocks of its reps anew.

    Reps with a calendar of their own keep it. A repeat changes nothing.
    """
    locked(Team.objects.filter(pk=team.pk)).get()
    before = TeamHours.objects.filter(team=team).first()
    if (before.calendar_id if before else None) == (calendar.pk if calendar else None):
        return
    if calendar is None:
        TeamHours.objects.filter(team=team).delete()
    else:
        TeamHours.objects.update_or_create(team=team, defaults={"calendar": calendar})
    reset = reset_clocks(_of_owners(User.objects.filter(_has_none(), team=team)), now=now)
    detail = {"calendar": calendar.pk if calendar else None, "clocks_reset": reset}
    audit.record(actor=by, action="team_hours_changed", target=team, detail=detail)


def _has_none() -> Q:
    """Who has no calendar of their own."""
    return ~Q(pk__in=RepSettings.objects.filter(calendar__isnull=False).values("user_id"))


def _of_owners(people: QuerySet[User]) -> QuerySet[Assignment]:
    return Assignment.objects.filter(owner__in=people.values("pk"))


def _of_calendar(calendar: WorkingCalendar) -> QuerySet[Assignment]:
    """The assignments of those who work by it: their own, their team's, or the default."""
    own = Q(pk__in=RepSettings.objects.filter(calendar=calendar).values("user_id"))
    teams = TeamHours.objects.filter(calendar=calendar).values("team_id")
    found = own | (_has_none() & Q(team__in=teams))
    if calendar.is_default:
        found |= _by_default()
    return _of_owners(User.objects.filter(found))


def by_default() -> QuerySet[Assignment]:
    """The assignments of those for whom neither they themselves nor their team were given a calendar."""
    return _of_owners(User.objects.filter(_by_default()))


def _by_default() -> Q:
    return _has_none() & (Q(team=None) | ~Q(team__in=TeamHours.objects.values("team_id")))


def _check_worked(row: WorkingCalendar, now: dt.datetime) -> None:
    """Raise Invalid if days off leave so little that the longest term would never be due."""
    try:
        # Read anew: what was fetched along with the row is what it said before.
        add_working_days(as_calendar(WorkingCalendar.objects.get(pk=row.pk)), now, LONGEST_TERM)
    except NoWorkingTime as error:
        message = "The days off leave next to no working day. Take some of them out."
        raise Invalid(message, problems=(Problem(message, where="days_off"),)) from error


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
