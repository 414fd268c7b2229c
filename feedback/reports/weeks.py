"""Weeks as reports count them: from Monday to Monday in a zone, or the seven days before a moment."""

import datetime as dt
import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Case, IntegerField, Q, Value, When

WEEKS = 12
"""The period that a report shows unless told otherwise."""
QUARTER = 900
"""Seconds. Every zone's days begin at a whole quarter of an hour, so a week is made of whole quarters."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From ``start`` up to but not including ``end``."""

    start: dt.datetime
    end: dt.datetime


@dataclass(frozen=True, slots=True, order=True)
class Week(Span):
    """The week that begins on ``monday``."""

    monday: dt.date

    @property
    def label(self) -> str:
        """``23 Nov``."""
        return f"{self.monday.day} {self.monday:%b}"


def weeks_until(now: dt.datetime, count: int, zone: zoneinfo.ZoneInfo) -> list[Week]:
    """The last ``count`` weeks, the oldest first, this one as the last of them and whole."""
    monday = monday_of(now, zone)
    return [week_of(monday - dt.timedelta(weeks=back), zone) for back in range(count - 1, -1, -1)]


def weeks_before(now: dt.datetime, count: int) -> list[Span]:
    """The last ``count`` times seven days of 24 hours up to ``now``, the oldest first.

    For figures that are compared: a week that has just begun would always look worse than one that is over.
    """
    return [Span(*ends) for ends in pairwise(now - dt.timedelta(weeks=back) for back in range(count, -1, -1))]


def week_of(monday: dt.date, zone: zoneinfo.ZoneInfo) -> Week:
    """The week that begins on ``monday`` in ``zone``."""
    return Week(start_of(monday, zone), start_of(monday + dt.timedelta(weeks=1), zone), monday)


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


def within(column: str, weeks: Iterable[Span]) -> Q:
    """The column's moment lies in one of ``weeks``; those that follow each other are asked for as one."""
    joined: list[Span] = []
    for week in sorted(weeks, key=lambda week: week.start):
        if joined and joined[-1].end == week.start:
            joined[-1] = Span(joined[-1].start, week.end)
        else:
            joined.append(week)
    found = Q()
    for span in joined:
        found |= Q(**{f"{column}__gte": span.start, f"{column}__lt": span.end})
    return found


def place_among(column: str, weeks: Sequence[Span]) -> Case:
    """The place among ``weeks``, which are in order, of the one that the column's moment lies in.

    Comparing with their ends takes a fraction of the time of working out a local week for every row.
    """
    whens = [When(**{f"{column}__lt": week.end}, then=Value(place)) for place, week in enumerate(weeks)]
    return Case(*whens, output_field=IntegerField())


def quarter_start(quarter: int, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """When a quarter of an hour, counted from 1970, begins; in ``zone``."""
    return dt.datetime.fromtimestamp(quarter * QUARTER, zone)
