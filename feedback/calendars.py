"""Working calendars as the clock uses them: rows of the database turned into pure calendars.

Somebody works by their own calendar, else by their team's, else by the default one; company holidays and
their leave are days off in each.
"""

import datetime as dt
import functools
import zoneinfo
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import holidays
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from feedback.business_time import Calendar, Interval
from feedback.models import Assignment, CompanyHoliday, Leave, Pause, WorkingCalendar
from leads import countries
from users.models import Organisation, User

Days = tuple[dt.date, dt.date]
OFFICE_HOURS: tuple[Interval, ...] = ((dt.time(9), dt.time(12)), (dt.time(13), dt.time(18)))
"""Monday to Friday, until somebody sets up a calendar."""


@dataclass(slots=True)
class Calendars:
    """All calendars, who works by which and who is on leave, read once for a request or a task."""

    by_id: dict[int, Calendar]
    default: Calendar
    of_user: dict[int, int]
    leaves: Mapping[int, Sequence[Days]] = field(default_factory=dict)
    _own: dict[int, Calendar] = field(default_factory=dict)

    def of(self, user_id: int) -> Calendar:
        """The calendar by which a person works, without the days of their leave."""
        if (known := self._own.get(user_id)) is None:
            known = self._own[user_id] = self._of(user_id)
        return known

    def clock(self, row: Assignment) -> Calendar:
        """The calendar of the clocks of an assignment: its owner's, in which pauses aren't worked.

        One query more for each row whose ``pauses`` weren't prefetched.
        """
        return self.of(row.owner_id).without([pause.span for pause in pauses_of(row)])

    def _of(self, user_id: int) -> Calendar:
        calendar = self.by_id.get(self.of_user.get(user_id, 0), self.default)
        leaves = self.leaves.get(user_id, ())
        if not leaves:
            return calendar
        return replace(calendar, day_off=lambda day: _leave(leaves, day) or calendar.day_off(day))


def load_calendars(owners: Collection[int] | None = None) -> Calendars:
    """Read all calendars (6 queries); without any, office hours in the company's zone.

    With ``owners`` given, only they are asked for: the others seem to work by the default one.
    """
    rows = WorkingCalendar.objects.prefetch_related("intervals", "days_off")
    company = dict(CompanyHoliday.objects.values_list("day", "label"))
    by_id = {row.pk: as_calendar(row, company) for row in rows}
    default = next((by_id[row.pk] for row in rows if row.is_default), None)
    people, leaves = User.objects.all(), Leave.objects.all()
    if owners is not None:
        people, leaves = people.filter(pk__in=owners), leaves.filter(rep__in=owners)
    return Calendars(
        by_id=by_id,
        default=default or office_hours(Organisation.current().tz, company),
        of_user=_chosen(people),
        leaves=_by_rep(leaves),
    )


def pauses_of(row: Assignment) -> list[Pause]:
    """The pauses of an assignment in their order; none of one that isn't written yet."""
    return list(row.pauses.all()) if row.pk is not None else []


def _chosen(people: QuerySet[User]) -> dict[int, int]:
    """The calendar that each person, or else their team, was given."""
    chosen = Coalesce("rep_settings__calendar_id", "team__hours__calendar_id")
    rows = people.order_by().annotate(chosen=chosen).filter(chosen__isnull=False)
    return dict(rows.values_list("pk", "chosen"))


def _by_rep(leaves: QuerySet[Leave]) -> dict[int, list[Days]]:
    found: dict[int, list[Days]] = defaultdict(list)
    for rep, starts, ends in leaves.values_list("rep_id", "starts", "ends"):
        found[rep].append((starts, ends))
    return found


def _leave(leaves: Sequence[Days], day: dt.date) -> str:
    """``leave until 4 Dec``, if the day is one of those."""
    last = next((ends for starts, ends in leaves if starts <= day <= ends), None)
    return f"leave until {last.day} {last:%b}" if last else ""


def as_calendar(row: WorkingCalendar, company: Mapping[dt.date, str] | None = None) -> Calendar:
    """The pure calendar of a row, whose intervals and days off should be prefetched; ``company`` are the
    holidays of everybody."""
    week: dict[int, list[Interval]] = defaultdict(list)
    for interval in row.intervals.all():
        week[interval.weekday].append((interval.starts, interval.ends))
    days_off = {**(company or {}), **{off.day: off.label for off in row.days_off.all()}}
    return Calendar(
        zone=zoneinfo.ZoneInfo(row.zone),
        week={weekday: tuple(sorted(intervals)) for weekday, intervals in week.items()},
        day_off=lambda day: days_off.get(day) or public_holiday(row.country, row.region, day),
    )


def office_hours(zone: zoneinfo.ZoneInfo, company: Mapping[dt.date, str] | None = None) -> Calendar:
    """Monday to Friday, 9 to 12 and 13 to 18, without holidays other than the ``company``'s."""
    off = company or {}
    return Calendar(
        zone=zone, week=dict.fromkeys(range(5), OFFICE_HOURS), day_off=lambda day: off.get(day, "")
    )


def public_holiday(country: str, region: str, day: dt.date) -> str:
    """The name of the public holiday on ``day`` in a country (and region), else ""."""
    if not country:
        return ""
    return _holidays(country, region, day.year).get(day, "")


def holiday_countries() -> list[tuple[str, str]]:
    """The countries whose public holidays are known, as (code, English name), by name."""
    supported = holidays.list_supported_countries()
    return [(code, name) for code, name in countries.choices() if code in supported]


def known_holidays(country: str, region: str) -> bool:
    """Whether the library knows the public holidays of a country (and region)."""
    regions = holidays.list_supported_countries().get(country)
    return regions is not None and (not region or region in regions)


@functools.lru_cache(maxsize=256)
def _holidays(country: str, region: str, year: int) -> dict[dt.date, str]:
    try:
        return dict(holidays.country_holidays(country, subdiv=region or None, years=year))
    except NotImplementedError:  # a country or region the library doesn't know has no holidays
        return {}
