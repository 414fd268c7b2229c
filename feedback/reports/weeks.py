"""Weeks of the company's zone, from Monday to Monday, as reports count them."""

import datetime as dt
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass

WEEKS = 12
"""The period that a report shows unless told otherwise."""
QUARTER = 900
"""Seconds. Every zone's days begin at a whole quarter of an hour, so a week is made of whole quarters."""


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """The week from ``monday``; it goes from ``start`` up to but not including ``end``."""

    monday: dt.date
    start: dt.datetime
    end: dt.datetime

    @property
    def label(self) -> str:
        """``23 Nov``."""
        return f"{self.monday.day} {self.monday:%b}"


def weeks_until(now: dt.datetime, count: int, zone: zoneinfo.ZoneInfo) -> list[Week]:
    """The last ``count`` weeks, the oldest first, this one as the last of them and whole."""
    monday = monday_of(now, zone)
    return [week_of(monday - dt.timedelta(weeks=back), zone) for back in range(count - 1, -1, -1)]


def week_of(monday: dt.date, zone: zoneinfo.ZoneInfo) -> Week:
    """The week that begins on ``monday`` in ``zone``."""
    return Week(monday, start_of(monday, zone), start_of(monday + dt.timedelta(weeks=1), zone))


def last_weeks(weeks: int, now: dt.datetime, zone: zoneinfo.ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    """From when to when the last ``weeks`` weeks go, this one as the last of them and whole."""
    monday = monday_of(now, zone)
    first, end = monday - dt.timedelta(weeks=weeks - 1), monday + dt.timedelta(weeks=1)
    return start_of(first, zone), start_of(end, zone)


def monday_of(now: dt.datetime, zone: zoneinfo.ZoneInfo) -> dt.date:
    """The Monday of this week in ``zone``."""
    today = now.astimezone(zone).date()
    return today - dt.timedelta(days=today.weekday())


def start_of(day: dt.date, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """Midnight at the start of ``day`` in ``zone``."""
    return dt.datetime.combine(day, dt.time(), tzinfo=zone)


def spans(weeks: Iterable[Week]) -> list[tuple[dt.datetime, dt.datetime]]:
    """The weeks as few stretches of time: those that follow each other are one."""
    found: list[tuple[dt.datetime, dt.datetime]] = []
    for week in sorted(weeks):
        if found and found[-1][1] == week.start:
            found[-1] = (found[-1][0], week.end)
        else:
            found.append((week.start, week.end))
    return found


def quarter_start(quarter: int, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """When a quarter of an hour, counted from 1970, begins; in ``zone``."""
    return dt.datetime.fromtimestamp(quarter * QUARTER, zone)
