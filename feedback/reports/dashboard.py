"""The SLA page's figures in one value: do we keep our promise, and where not?"""

import datetime as dt
import zoneinfo
from dataclasses import dataclass

from django.db.models import QuerySet

from alignment.models import Grade
from feedback.models import Assignment
from feedback.reports import sla
from feedback.reports.sla import Compliance, RepFigures

WEEKS = 12
RECENT_WEEKS = 4
"""Over how many weeks, this one included, grades and reps are compared."""


@dataclass(frozen=True, slots=True)
class WeekLine:
    """Compliance in the week from ``monday``: overall and by grade."""

    monday: dt.date
    overall: Compliance
    by_grade: dict[str, Compliance]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What the SLA page shows for one clock. ``weeks`` runs from the oldest to this week.

    ``target`` is the share in per cent that both sides agreed on, None where there is no one number.
    """

    clock: str
    target: int | None
    open: dict[str, int]
    weeks: list[WeekLine]
    by_grade: dict[str, Compliance]
    by_rep: list[RepFigures]

    @property
    def this_week(self) -> Compliance:
        return self.weeks[-1].overall

    @property
    def last_week(self) -> Compliance:
        return self.weeks[-2].overall

    @property
    def trend(self) -> list[float | None]:
        """Compliance of each week in per cent, for a sparkline."""
        return [week.overall.percent for week in self.weeks]

    @property
    def tone(self) -> str:
        """Whether this week keeps the target: "good", "warn" (within ten points), "bad" or ""."""
        percent = self.this_week.percent
        if percent is None or self.target is None:
            return ""
        if percent >= self.target:
            return "good"
        return "warn" if percent >= self.target - 10 else "bad"

    @property
    def grades(self) -> list[str]:
        """The grades that were handed over in these weeks, best first."""
        return [grade for grade in Grade.values if any(grade in week.by_grade for week in self.weeks)]

    @property
    def plot(self) -> list[list[object]]:
        """Rows of week, overall and each of ``grades``, in per cent with one decimal."""
        return [self._plot_row(week) for week in self.weeks]

    def _plot_row(self, week: WeekLine) -> list[object]:
        lines = [week.overall, *(week.by_grade.get(grade, Compliance(0, 0)) for grade in self.grades)]
        return [f"{week.monday.day} {week.monday:%b}", *(line.percent for line in lines)]


def build(
    assignments: QuerySet[Assignment],
    *,
    clock: str,
    now: dt.datetime,
    zone: zoneinfo.ZoneInfo,
    target: int | None = None,
) -> Dashboard:
    """The dashboard of the given assignments in 6 queries, however many there are."""
    start, end = last_weeks(WEEKS, now, zone)
    recent, _ = last_weeks(RECENT_WEEKS, now, zone)
    first = start.date()
    cells = sla.compliance_by_week(assignments, clock=clock, start=start, end=end, now=now, zone=zone)
    return Dashboard(
        clock=clock,
        target=target,
        open=sla.open_counts(assignments, now=now),
        weeks=[_week(first + dt.timedelta(weeks=number), cells) for number in range(WEEKS)],
        by_grade=sla.compliance_by_grade(assignments, clock=clock, start=recent, end=end, now=now),
        by_rep=sla.by_rep(assignments, clock=clock, start=recent, end=end, now=now),
    )


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


def _week(monday: dt.date, cells: dict[tuple[dt.date, str], Compliance]) -> WeekLine:
    by_grade = {grade: figures for (week, grade), figures in cells.items() if week == monday}
    overall = Compliance(
        due=sum(figures.due for figures in by_grade.values()),
        met=sum(figures.met for figures in by_grade.values()),
    )
    return WeekLine(monday, overall, by_grade)
