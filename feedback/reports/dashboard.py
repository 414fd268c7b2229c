"""The figures of follow-up over a period: do we keep our promise, and where not?"""

import datetime as dt
import zoneinfo
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import QuerySet

from alignment.models import Grade, SlaTerm, Version
from alignment.words import amount_in_words
from feedback.models import Assignment, SlaEvent
from feedback.reports import kept_weeks, measuring
from feedback.reports.kept_weeks import Counts, delays_of
from feedback.reports.measuring import Delays, Slot
from feedback.reports.sla import Clock, Compliance
from feedback.reports.splits import Key, Split, names_of
from feedback.reports.values import percentiles
from feedback.reports.weeks import WEEKS, Week, weeks_until

NONE = Compliance(0, 0)
PLOTTED = 5
"""Parts with a line of their own in the plot: those with the most that was due."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader wants to see: so many weeks, split by one thing, of all teams or one.

    The weeks go up to and with the one of ``until``, which is now unless told otherwise.
    """

    clock: str = Clock.RESPONSE
    split: Split = Split.GRADE
    weeks: int = WEEKS
    team_id: int | None = None
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Middle:
    """A delay in figures: of how many, the median and the 90th percentile in minutes."""

    count: int
    median: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class Line:
    """One part, or all of it: compliance in the period and by week, and the three delays."""

    key: Key
    name: str
    kept: Compliance
    weeks: tuple[Compliance, ...]
    delays: Delays

    @property
    def system(self) -> Middle:
        """From sales-ready to the first assignment, elapsed."""
        return _middle(self.delays.system)

    @property
    def human(self) -> Middle:
        """From assignment to response, in working time."""
        return _middle(self.delays.human)

    @property
    def decision(self) -> Middle:
        """From assignment to decision, in working time."""
        return _middle(self.delays.decision)

    @property
    def trend(self) -> list[float | None]:
        """Compliance of each week in per cent, for a sparkline."""
        return [week.percent for week in self.weeks]


@dataclass(frozen=True, slots=True)
class GradeDelays:
    """The delays of a grade beside what was promised, in words; "" where nothing is."""

    grade: str
    line: Line
    response_target: str
    decision_target: str


@dataclass(frozen=True, slots=True)
class Flow:
    """What came in and what was decided in a week."""

    week: Week
    assigned: int
    decided: int


@dataclass(frozen=True, slots=True)
class Taken:
    """How often a step of the ladder was taken."""

    clock: str
    step: str
    count: int


class Dashboard:
    """The figures of one period, worked out of what was counted."""

    def __init__(
        self, asked: Asked, weeks: Sequence[Week], counts: Counts, targets: Iterable[SlaTerm]
    ) -> None:
        self.asked, self.weeks, self.counts = asked, weeks, counts
        self.targets = list(targets)

    @cached_property
    def lines(self) -> list[Line]:
        """A line for each part with anything due or assigned: grades in order, others by what was due."""
        due: dict[Key, dict[dt.date, Compliance]] = defaultdict(lambda: defaultdict(lambda: NONE))
        for (monday, key, _), kept in self.counts.due.items():
            due[key][monday] += kept
        delays: Mapping[Key, Delays] = self.counts.delays
        if self.asked.split is Split.GRADE:
            delays = dict(self.counts.grades.items())  # the same, put together once for the page
        keys = {*due, *delays}
        names = names_of(self.asked.split, keys, self.counts.sources)
        lines = [self._line(key, names[key], due[key], delays.get(key, Delays())) for key in keys]
        if self.asked.split is Split.GRADE:
            return sorted(lines, key=lambda line: line.name)
        return sorted(lines, key=lambda line: (-line.kept.due, line.name, str(line.key)))

    @cached_property
    def all(self) -> Line:
        """Everything together."""
        due: dict[dt.date, Compliance] = defaultdict(lambda: NONE)
        for (monday, _, _), kept in self.counts.due.items():
            due[monday] += kept
        grades = self.counts.grades.values()
        delays = Delays(*((each.system, each.human, each.decision) for each in grades))
        return self._line(None, "All", due, delays)

    @cached_property
    def by_grade(self) -> list[GradeDelays]:
        """The delays of each grade that was handed over, with what the versions in force promise for it."""
        delays = self.counts.grades
        return [
            GradeDelays(
                grade,
                self._line(grade, grade, {}, delays[grade]),
                self._target(grade, "response"),
                self._target(grade, "decision"),
            )
            for grade in Grade.values
            if grade in delays
        ]

    @cached_property
    def slots(self) -> dict[tuple[int, int], Slot]:
        """What was assigned in each hour of the week (0 is Monday), and how its clocks were kept."""
        found: dict[tuple[int, int], Slot] = defaultdict(lambda: Slot(0, NONE))
        for (_, weekday, hour, _), slot in self.counts.slots.items():
            found[weekday, hour] += slot
        return dict(found)

    @cached_property
    def flow(self) -> list[Flow]:
        """What came in and was decided in each week."""
        assigned: Counter[dt.date] = Counter()
        for (monday, *_), slot in self.counts.slots.items():
            assigned[monday] += slot.assigned
        decided: Counter[dt.date] = Counter()
        for (monday, _), count in self.counts.decided.items():
            decided[monday] += count
        return [Flow(week, assigned[week.monday], decided[week.monday]) for week in self.weeks]

    @cached_property
    def steps(self) -> list[Taken]:
        """The steps of the ladder that were taken, by clock, the most frequent first."""
        taken: Counter[tuple[str, str]] = Counter()
        for (_, clock, step, _), count in self.counts.steps.items():
            taken[clock, step] += count
        ordered = sorted(taken.items(), key=lambda item: (item[0][0] != Clock.RESPONSE, -item[1], item[0][1]))
        return [Taken(*key, count) for key, count in ordered]

    @property
    def plotted(self) -> list[Line]:
        """The parts that have a line of their own in the plot."""
        busiest = sorted(self.lines, key=lambda line: -line.kept.due)[:PLOTTED]
        return [line for line in self.lines if line in busiest and line.kept.due]

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all happened in the period."""
        counts = self.counts
        return not (counts.due or counts.slots or any(counts.decided.values()) or counts.steps)

    def _line(self, key: Key, name: str, due: dict[dt.date, Compliance], delays: Delays) -> Line:
        weeks = tuple(due.get(week.monday, NONE) for week in self.weeks)
        return Line(key, name, sum(weeks, NONE), weeks, delays)

    def _target(self, grade: str, clock: str) -> str:
        """``1 working hour``; several where versions or sources differ."""
        terms = [term for term in self.targets if term.grade == grade]
        amounts = {(getattr(each, f"{clock}_amount"), getattr(each, f"{clock}_unit")) for each in terms}
        order = list(SlaTerm.Unit)
        ordered = sorted(amounts, key=lambda amount: (order.index(amount[1]), amount[0]))
        return " or ".join(amount_in_words(*amount) for amount in ordered)


def build(
    rows: QuerySet[Assignment], asked: Asked, *, keeps: bool, now: dt.datetime, zone: zoneinfo.ZoneInfo
) -> Dashboard:
    """The figures of ``rows``, in a fixed number of queries however many there are.

    ``keeps`` says that ``rows`` are all there are, so that weeks which were counted before may stand in for
    counting them again; the figures are the same.
    """
    weeks = weeks_until(asked.until or now, asked.weeks, zone)
    kept, mondays = _kept(weeks, asked, zone) if keeps else _none()
    rest = [week for week in weeks if week.monday not in mondays]
    found = kept_weeks.nothing()
    found.add(kept)
    found.add(_counted(rows, asked, rest, now=now, zone=zone))
    terms = SlaTerm.objects.filter(version__status=Version.Status.ACTIVE, is_handed_over=True)
    return Dashboard(asked, weeks, found, terms)


def weekly(
    rows: QuerySet[Assignment], asked: Asked, *, keeps: bool, now: dt.datetime, zone: zoneinfo.ZoneInfo
) -> tuple[Compliance, ...]:
    """Compliance of each week alone, in three queries at most; the arguments as for ``build``."""
    weeks = weeks_until(asked.until or now, asked.weeks, zone)
    kept, mondays = _kept(weeks, asked, zone, with_delays=False) if keeps else _none()
    rest = [week for week in weeks if week.monday not in mondays]
    if asked.team_id is not None:
        rows = rows.filter(owner__team=asked.team_id)
    due = measuring.due_cells(rows, rest, split=Split.TEAM, clock=asked.clock, now=now)
    found = replace(kept_weeks.nothing(), due=kept.due | due)
    return Dashboard(asked, weeks, found, ()).all.weeks


def _kept(
    weeks: Sequence[Week], asked: Asked, zone: zoneinfo.ZoneInfo, *, with_delays: bool = True
) -> tuple[Counts, set[dt.date]]:
    wanted = kept_weeks.Wanted(asked.split, asked.clock, asked.team_id, with_delays)
    return kept_weeks.read(weeks, zone.key, wanted)


def _none() -> tuple[Counts, set[dt.date]]:
    return kept_weeks.nothing(), set()


def _counted(
    rows: QuerySet[Assignment],
    asked: Asked,
    weeks: Sequence[Week],
    *,
    now: dt.datetime,
    zone: zoneinfo.ZoneInfo,
) -> Counts:
    events = SlaEvent.objects.all()
    if asked.team_id is not None:
        rows = rows.filter(owner__team=asked.team_id)
        events = events.filter(assignment__owner__team=asked.team_id)
    cells, sources = measuring.delay_cells(rows, weeks, split=asked.split)
    delays, grades = delays_of(cells)
    return Counts(
        due=measuring.due_cells(rows, weeks, split=asked.split, clock=asked.clock, now=now),
        delays=delays,
        grades=grades,
        slots=measuring.slot_cells(rows, weeks, clock=asked.clock, now=now, zone=zone),
        decided=measuring.decided_cells(rows, weeks),
        steps=measuring.step_cells(events, weeks),
        sources=sources,
    )


def _middle(values: Counter[int]) -> Middle:
    return Middle(values.total(), *(percentiles(values, 50, 90) or (None, None)))
