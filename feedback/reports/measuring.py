"""What is counted of follow-up, straight from the rows: a few grouped passes for any number of weeks.

Everything is counted by week, so that weeks can be kept and put together (``kept_weeks``); ``by_team`` counts
it by the owner's team besides, else all stands under no team and no owner is looked up.
"""

import datetime as dt
import zoneinfo
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Count, F, IntegerField, Max, QuerySet, Value

from feedback.models import Assignment, SlaEvent
from feedback.reports import sla
from feedback.reports.sla import Clock, Compliance
from feedback.reports.splits import Key, Split
from feedback.reports.values import QuarterOf, ValuesOf, unpacked
from feedback.reports.weeks import Week, place_among, quarter_start, within

Team = int | None
TEAM = "owner__team_id"
CLOCKS = tuple(Clock)


Piece = tuple[Sequence[int] | Counter[int] | str, ...]
"""Values of the three delays: each as they came from the database, counted, or as ``values.packed`` text."""


class Delays:
    """The three delays in whole minutes, put together only once they are asked for.

    ``system`` is elapsed time from sales-ready to the first assignment; ``human`` and ``decision`` are
    working time from assignment to response and to decision.
    """

    def __init__(self, *pieces: Piece) -> None:
        self.pieces = list(pieces)
        self._found: dict[int, Counter[int]] = {}

    def add(self, other: "Delays") -> None:
        """Take in what another part has."""
        self.pieces += other.pieces
        self._found.clear()

    def joined(self) -> "Delays":
        """The same, put together already."""
        return Delays((self.system, self.human, self.decision))

    @property
    def system(self) -> Counter[int]:
        """How often each value occurs."""
        return self._joined(0)

    @property
    def human(self) -> Counter[int]:
        """How often each value occurs."""
        return self._joined(1)

    @property
    def decision(self) -> Counter[int]:
        """How often each value occurs."""
        return self._joined(2)

    def _joined(self, place: int) -> Counter[int]:
        if place not in self._found:
            found: Counter[int] = Counter()
            for piece in self.pieces:
                values = piece[place]
                found.update(unpacked(values) if isinstance(values, str) else values)
            self._found[place] = found
        return self._found[place]


@dataclass(frozen=True, slots=True)
class Slot:
    """What was assigned in an hour of a week, and how the clocks of it were kept."""

    assigned: int
    kept: Compliance

    def __add__(self, other: "Slot") -> "Slot":
        return Slot(self.assigned + other.assigned, self.kept + other.kept)


DueCells = dict[tuple[dt.date, Key, Team], Compliance]
DelayCells = dict[tuple[Key, str, Team], Piece]
SlotCells = dict[tuple[dt.date, int, int, Team], Slot]
Decided = dict[tuple[dt.date, Team], int]
Steps = dict[tuple[dt.date, str, str, Team], int]


def due_cells(
    rows: QuerySet[Assignment],
    weeks: Sequence[Week],
    *,
    split: Split,
    clock: str,
    now: dt.datetime,
    by_team: bool = False,
) -> DueCells:
    """Compliance of the clocks due in each week, by part. One query."""
    if not weeks:
        return {}
    at = sla.due_at(clock)
    due = rows.filter(within(at, weeks)).annotate(week=place_among(at, weeks))
    counted = _grouped(due, "week", key=F(split.column), team=_team(by_team), **sla.counts(clock, now))
    return {
        (weeks[row["week"]].monday, row["key"], row["team"]): Compliance(row["due"], row["in_time"])
        for row in counted
        if row["due"]
    }


def delay_cells(
    rows: QuerySet[Assignment], weeks: Sequence[Week], *, split: Split, by_team: bool = False
) -> tuple[DelayCells, dict[str, str]]:
    """The delays of what was assigned in the weeks, by part and grade; and, if split by source, how each
    folded one is written. One query.

    The system's is that of first assignments; a decision made before the owner got the lead has none.
    """
    if not weeks:
        return {}, {}
    assigned = rows.filter(within("assigned_at", weeks))
    columns = {
        "system": ValuesOf("system_minutes"),
        "human": ValuesOf("response_minutes"),
        "decision": ValuesOf("decision_minutes"),
    }
    written = {"written": Max("source")} if split is Split.SOURCE else {}
    found = _grouped(assigned, key=F(split.column), of=F("grade"), team=_team(by_team), **columns, **written)
    cells, sources = {}, {}
    for row in found:
        cells[row["key"], row["of"], row["team"]] = tuple(row[name] for name in columns)
        if written:
            sources[row["key"]] = row["written"]
    return cells, sources


def slot_cells(
    rows: QuerySet[Assignment],
    weeks: Sequence[Week],
    *,
    clock: str,
    now: dt.datetime,
    zone: zoneinfo.ZoneInfo,
    by_team: bool = False,
) -> SlotCells:
    """What was assigned in each hour of ``zone``, by week, weekday (0: Monday) and hour. One query."""
    if not weeks:
        return {}
    assigned = rows.filter(within("assigned_at", weeks)).annotate(quarter=QuarterOf("assigned_at"))
    counts = sla.counts(clock, now)
    cells: defaultdict[tuple[dt.date, int, int, Team], Slot] = defaultdict(lambda: Slot(0, Compliance(0, 0)))
    for row in _grouped(assigned, "quarter", team=_team(by_team), assigned=Count("pk"), **counts):
        local = quarter_start(row["quarter"], zone)
        monday = local.date() - dt.timedelta(days=local.weekday())
        kept = Compliance(row["due"], row["in_time"])
        cells[monday, local.weekday(), local.hour, row["team"]] += Slot(row["assigned"], kept)
    return dict(cells)


def decided_cells(rows: QuerySet[Assignment], weeks: Sequence[Week], *, by_team: bool = False) -> Decided:
    """How many decisions owners made in each week. One query."""
    if not weeks:
        return {}
    decided = rows.filter(within("decided_at", weeks), decided_at__gte=F("assigned_at"))
    found = _grouped(
        decided.annotate(week=place_among("decided_at", weeks)),
        "week",
        team=_team(by_team),
        decisions=Count("pk"),
    )
    return {(weeks[row["week"]].monday, row["team"]): row["decisions"] for row in found}


def step_cells(events: QuerySet[SlaEvent], weeks: Sequence[Week], *, by_team: bool = False) -> Steps:
    """How many steps of the ladder were taken in each week, by clock and step. One query."""
    if not weeks:
        return {}
    taken = events.filter(within("at", weeks)).annotate(week=place_among("at", weeks))
    team = _team(by_team, "assignment__")
    found = _grouped(taken, "week", "clock", "step", team=team, taken=Count("pk"))
    return {
        (weeks[row["week"]].monday, row["clock"], row["step"], row["team"]): row["taken"] for row in found
    }


def _team(by_team: bool, prefix: str = "") -> F | Value:
    return F(f"{prefix}{TEAM}") if by_team else Value(None, IntegerField())


def _grouped(rows: QuerySet[Any], *columns: str, **figures: Any) -> Iterable[dict[str, Any]]:
    """``figures`` of each group; those that are plain columns make the groups too."""
    plain = {name: each for name, each in figures.items() if isinstance(each, F | Value)}
    sums = {name: each for name, each in figures.items() if name not in plain}
    found = rows.order_by().values(*columns, **plain).annotate(**sums)
    return cast("Iterable[dict[str, Any]]", found)
