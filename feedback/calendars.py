"""Working calendars as the clock uses them: rows of the database turned into pure calendars."""

import datetime as dt
import functools
import zoneinfo
from collections import defaultdict
from dataclasses import dataclass

import holidays

from feedback.business_time import Calendar, Interval
from feedback.models import RepSettings, WorkingCalendar
from leads import countries
from users.models import Organisation

OFFICE_HOURS: tuple[Interval, ...] = ((dt.time(9), dt.time(12)), (dt.time(13), dt.time(18)))
"""Monday to Friday, until somebody sets up a calendar."""


@dataclass(slots=True)
class Calendars:
    """All calendars and who works by which, read once for a request or a task (4 queries)."""

    by_id: dict[int, Calendar]
    default: Calendar
    of_user: dict[int, int]

    def of(self, user_id: int) -> Calendar:
        """The calendar by which a person works."""
        return self.by_id.get(self.of_user.get(user_id, 0), self.default)


def load_calendars() -> Calendars:
    """Read all calendars; without any, office hours in the company's zone."""
    rows = WorkingCalendar.objects.prefetch_related("intervals", "days_off")
    by_id = {row.pk: as_calendar(row) for row in rows}
    default = next((by_id[row.pk] for row in rows if row.is_default), None)
    of_user = RepSettings.objects.filter(calendar__isnull=False).values_list("user_id", "calendar_id")
    return Calendars(
        by_id=by_id,
        default=default or office_hours(Organisation.current().tz),
        of_user={user: calendar for user, calendar in of_user if calendar is not None},
    )


def as_calendar(row: WorkingCalendar) -> Calendar:
    """The pure calendar of a row; its intervals and days off should be prefetched."""
    week: dict[int, list[Interval]] = defaultdict(list)
    for interval in row.intervals.all():
        week[interval.weekday].append((interval.starts, interval.ends))
    days_off = {off.day: off.label for off in row.days_off.all()}
    return Calendar(
        zone=zoneinfo.ZoneInfo(row.zone),
        week={weekday: tuple(sorted(intervals)) for weekday, intervals in week.items()},
        day_off=lambda day: days_off.get(day) or public_holiday(row.country, row.region, day),
    )


def office_hours(zone: zoneinfo.ZoneInfo) -> Calendar:
    """Monday to Friday, 9 to 12 and 13 to 18, without holidays."""
    return Calendar(zone=zone, week=dict.fromkeys(range(5), OFFICE_HOURS), day_off=lambda day: "")


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
