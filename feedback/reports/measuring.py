"""What is counted of follow-up, straight from the rows: a few grouped passes for any number of weeks.

Everything is counted by week and by the owner's team, so that weeks can be kept and put together
(``kept_weeks``) and a team be looked at alone.
"""

import datetime as dt
import zoneinfo
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django.db.models import Case, Count, F, IntegerField, Max, Q, QuerySet, Value, When

from feedback.models import Assignment, SlaEvent
from feedback.reports import sla
from feedback.reports.sla import Clock, Compliance
from feedback.reports.splits import Key, Split
from feedback.reports.values import QuarterOf, Values, ValuesOf, values
from feedback.reports.weeks import Week, quarter_start, spans

Team = int | None
TEAM = "owner__team_id"
CLOCKS = tuple(Clock)


@dataclass(slots=True)
class Delays:
    """The three delays in whole minutes, each value as often as it occurred and in no order.

    ``system`` is elapsed time from sales-ready to the first assignment; ``human`` and ``decision`` are
    working time from assignment to response and to decision.
    """

    system: Values = field(default_factory=values)
    human: Values = field(default_factory=values)
    decision: Values = field(default_factory=values)

    def add(self, other: "Delays") -> None:
        """Take in what another part has."""
        self.system.extend(other.system)
        self.human.extend(other.human)
        self.decision.extend(other.decision)


@dataclass(frozen=True, slots=True)
class Slot:
    """What was assigned in an hour of a week, and how the clocks of it were kept."""

    assigned: int
    kept: Compliance

    def __add__(self, other: "Slot") -> "Slot":
        return Slot(self.assigned + other.assigned, self.kept + other.kept)


DueCells = dict[tuple[dt.date, Key, Team], Compliance]
DelayCells = dict[tuple[Key, str, Team], Delays]
SlotCells = dict[tuple[dt.date, int, int, Team], Slot]
Decided = dict[tuple[dt.date, Team], int]
Steps = dict[tuple[dt.date, str, str, Team], int]


def due_cells(
    rows: QuerySet[Assignment], weeks: Sequence[Week], *, split: Split, clock: str, now: dt.datetime
) -> DueCells:
    """Compliance of the clocks due in each week, by part and team. One query."""
    if not weeks:
        return {}
    at = sla.due_at(clock)
    due = rows.filter(_within(at, weeks)).annotate(week=_week(at, weeks))
    counted = _grouped(due, "week", key=F(split.column), team=F(TEAM), **sla.counts(clock, now))
    return {
        (weeks[row["week"]].monday, row["key"], row["team"]): Compliance(row["due"], row["in_time"])
        for row in counted
        if row["due"]
    }


def delay_cells(rows: QuerySet[Assignment], weeks: Sequence[Week], *, split: Split) -> DelayCells:
    """The delays of what was assigned in the weeks, by part, grade and team. One query.

    The system's is that of first assignments; a decision made before the owner got the lead has none.
    """
    if not weeks:
        return {}
    assigned = rows.filter(_within("assigned_at", weeks))
    columns = {
        "system": ValuesOf("system_minutes"),
        "human": ValuesOf("response_minutes"),
        "decision": ValuesOf("decision_minutes"),
    }
    found = _grouped(assigned, key=F(split.column), of=F("grade"), team=F(TEAM), **columns)
    return {
        (row["key"], row["of"], row["team"]): Delays(*(values(row[name]) for name in columns))
        for row in found
    }


def slot_cells(
    rows: QuerySet[Assignment],
    weeks: Sequence[Week],
    *,
    clock: str,
    now: dt.datetime,
    zone: zoneinfo.ZoneInfo,
) -> SlotCells:
    """What was assigned in each hour of ``zone``, by week, weekday (0: Monday), hour and team. One query."""
    if not weeks:
        return {}
    assigned = rows.filter(_within("assigned_at", weeks)).annotate(quarter=QuarterOf("assigned_at"))
    counts = sla.counts(clock, now)
    cells: defaultdict[tuple[dt.date, int, int, Team], Slot] = defaultdict(lambda: Slot(0, Compliance(0, 0)))
    for row in _grouped(assigned, "quarter", team=F(TEAM), assigned=Count("pk"), **counts):
        local = quarter_start(row["quarter"], zone)
        monday = local.date() - dt.timedelta(days=local.weekday())
        kept = Compliance(row["due"], row["in_time"])
        cells[monday, local.weekday(), local.hour, row["team"]] += Slot(row["assigned"], kept)
    return dict(cells)


def decided_cells(rows: QuerySet[Assignment], weeks: Sequence[Week]) -> Decided:
    """How many decisions owners made in each week, by team. One query."""
    if not weeks:
        return {}
    decided = rows.filter(_within("decided_at", weeks), decided_at__gte=F("assigned_at"))
    found = _grouped(
        decided.annotate(week=_week("decided_at", weeks)), "week", team=F(TEAM), decisions=Count("pk")
    )
    return {(weeks[row["week"]].monday, row["team"]): row["decisions"] for row in found}


def step_cells(events: QuerySet[SlaEvent], weeks: Sequence[Week], *, by_team: bool = True) -> Steps:
    """How many steps of the ladder were taken in each week, by clock, step and team. One query.

    Without ``by_team`` all stand under no team: then no assignment is looked up.
    """
    if not weeks:
        return {}
    taken = events.filter(_within("at", weeks)).annotate(week=_week("at", weeks))
    team = F(f"assignment__{TEAM}") if by_team else Value(None, IntegerField())
    found = _grouped(taken, "week", "clock", "step", team=team, taken=Count("pk"))
    return {
        (weeks[row["week"]].monday, row["clock"], row["step"], row["team"]): row["taken"] for row in found
    }


def sources_of(rows: QuerySet[Assignment], weeks: Sequence[Week]) -> dict[str, str]:
    """How each folded source of what was assigned or due in the weeks is written. One query."""
    if not weeks:
        return {}
    due = [_within(each, weeks) for each in ("assigned_at", "response_due_at", "decision_due_at")]
    found = _grouped(rows.filter(due[0] | due[1] | due[2]), key=F(Split.SOURCE.column), name=Max("source"))
    return {row["key"]: row["name"] for row in found}


def _within(column: str, weeks: Iterable[Week]) -> Q:
    """The column's moment lies in one of the weeks."""
    found = Q()
    for start, end in spans(weeks):
        found |= Q(**{f"{column}__gte": start, f"{column}__lt": end})
    return found


def _week(column: str, weeks: Sequence[Week]) -> Case:
    """The place among ``weeks``, which are in order, of the one that the column's moment lies in.

    Comparing with their ends takes a fraction of the time of working out a local week for every row.
    """
    whens = [When(**{f"{column}__lt": week.end}, then=Value(place)) for place, week in enumerate(weeks)]
    return Case(*whens, output_field=IntegerField())


def _grouped(rows: QuerySet[Any], *columns: str, **figures: Any) -> Iterable[dict[str, Any]]:
    """``figures`` of each group; those that are plain columns make the groups too."""
    plain = {name: each for name, each in figures.items() if isinstance(each, F | Value)}
    sums = {name: each for name, each in figures.items() if name not in plain}
    found = rows.order_by().values(*columns, **plain).annotate(**sums)
    return cast("Iterable[dict[str, Any]]", found)
