"""The tables of the follow-up page as plain rows, for files: every figure in full."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from feedback.reports.dashboard import Dashboard, Line, Middle
from feedback.reports.heat import WEEKDAYS
from feedback.reports.now import Now
from feedback.reports.sla import Compliance

Row = Sequence[object]


@dataclass(frozen=True, slots=True)
class Table:
    """Named columns and their rows; durations are in minutes, shares in per cent, None is unknown."""

    columns: Sequence[str]
    rows: Sequence[Row]


KEPT = ("due", "in time", "missed", "in time %")
DELAYS = tuple(
    f"{delay}: {what}"
    for delay in ("until assigned", "until response", "until decision")
    for what in ("leads", "median minutes", "90th percentile minutes")
)


def parts(figures: Dashboard) -> Table:
    """Each part of the split, and all."""
    lines = [*figures.lines, figures.all]
    rows = [[line.name, *_kept(line.kept), *_delays(line)] for line in lines]
    return Table([figures.asked.split.label, *KEPT, *DELAYS], rows)


def weeks(figures: Dashboard) -> Table:
    """Each part of the split in each week."""
    lines = [*figures.lines, figures.all]
    rows = [
        [week.monday.isoformat(), line.name, *_kept(kept)]
        for place, week in enumerate(figures.weeks)
        for line in lines
        if (kept := line.weeks[place]).due
    ]
    return Table(["week of", figures.asked.split.label, *KEPT], rows)


def delays(figures: Dashboard) -> Table:
    """The delays of each grade beside what was promised."""
    rows = [
        [each.grade, *_delays(each.line), each.response_target, each.decision_target]
        for each in figures.by_grade
    ]
    return Table(["Grade", *DELAYS, "response promised in", "decision promised in"], rows)


def hours(figures: Dashboard) -> Table:
    """Each hour of the week in which anything was assigned."""
    rows = [
        [WEEKDAYS[weekday], f"{hour:02}:00", slot.assigned, *_kept(slot.kept)]
        for (weekday, hour), slot in sorted(figures.slots.items())
    ]
    return Table(["weekday", "hour", "assigned", *KEPT], rows)


def flow(figures: Dashboard) -> Table:
    """What came in and was decided in each week."""
    rows = [[each.week.monday.isoformat(), each.assigned, each.decided] for each in figures.flow]
    return Table(["week of", "assigned", "decided"], rows)


def steps(figures: Dashboard) -> Table:
    """The steps of the ladder."""
    return Table(["clock", "step", "taken"], [[each.clock, each.step, each.count] for each in figures.steps])


def reps(now: Now) -> Table:
    """What each rep has open now."""
    rows = [
        [desk.name, desk.open.undecided, desk.open.at_risk, desk.open.breached, desk.open.never_touched]
        for desk in now.desks
    ]
    return Table(["rep", "undecided", "at risk", "overdue", "never touched"], rows)


OF_PERIOD: dict[str, Callable[[Dashboard], Table]] = {
    each.__name__: each for each in (parts, weeks, delays, hours, flow, steps)
}
"""The tables of a period, by the name in a file's address."""
REPS = "reps"


def _kept(kept: Compliance) -> tuple[object, ...]:
    return kept.due, kept.met, kept.missed, kept.percent


def _delays(line: Line) -> list[object]:
    found: list[object] = []
    for middle in (line.system, line.human, line.decision):
        found += _middle(middle)
    return found


def _middle(middle: Middle) -> tuple[object, ...]:
    return middle.count, middle.median, middle.p90
