"""The figures of follow-up worked out once more: one row at a time, in plain Python, slowly.

It shares no code with the product: every formula is written again from the glossary.
"""

import statistics
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.text import fold
from feedback.models import Assignment, SlaEvent

PARTS: dict[str, Callable[[Assignment], Any]] = {
    "grade": lambda row: row.handoff.grade,
    "source": lambda row: fold(row.handoff.lead.source),
    "team": lambda row: row.owner.team_id,
    "rep": lambda row: row.owner_id,
    "version": lambda row: row.handoff.version_id,
}
Pair = tuple[int, int]


@dataclass
class Reference:
    """All figures of the last ``weeks`` weeks, of one clock, split by one thing, of all teams or one."""

    clock: str
    split: str
    weeks: int
    team: int | None
    now: datetime
    zone: ZoneInfo
    parts: dict[Any, list[Pair]] = field(default_factory=dict)
    delays: dict[Any, dict[str, list[int]]] = field(default_factory=dict)
    grades: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    slots: dict[tuple[int, int], tuple[int, int, int]] = field(default_factory=dict)
    assigned: list[int] = field(default_factory=list)
    decided: list[int] = field(default_factory=list)
    steps: dict[tuple[str, str], int] = field(default_factory=dict)
    desks: dict[int, tuple[int, int, int, int]] = field(default_factory=dict)
    coming: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        rows = Assignment.objects.select_related("handoff__lead", "owner").prefetch_related("events")
        self.rows = [row for row in rows if self.team in (None, row.owner.team_id)]
        monday = self.now.astimezone(self.zone).date()
        monday -= timedelta(days=monday.weekday())
        self.mondays = [monday - timedelta(weeks=back) for back in range(self.weeks - 1, -1, -1)]
        self._compliance()
        self._delays()
        self._slots()
        self._flow()
        self._steps()
        self._now()

    def place(self, at: datetime | None) -> int | None:
        """Which of the weeks a moment lies in."""
        if at is None:
            return None
        day: date = at.astimezone(self.zone).date()
        monday = day - timedelta(days=day.weekday())
        return self.mondays.index(monday) if monday in self.mondays else None

    def due_at(self, row: Assignment) -> datetime:
        return row.response_due_at if self.clock == "response" else row.decision_due_at

    def is_met(self, row: Assignment) -> bool:
        due = self.due_at(row)
        if self.clock == "decision":
            return row.decided_at is not None and row.assigned_at <= row.decided_at <= due
        rejected = row.decided_at is not None and row.ended_at == row.decided_at and row.decided_at <= due
        return rejected or (row.responded_at is not None and row.responded_at <= due)

    def counts(self, row: Assignment) -> bool:
        if self.is_met(row):
            return True
        due = self.due_at(row)
        if due > self.now:
            return False
        decided_before = row.decided_at is not None and row.decided_at < row.assigned_at
        if self.clock == "decision" and decided_before:
            return False
        decided_by_owner = row.decided_at is not None and not decided_before
        taken_away = row.ended_at is not None and row.ended_at <= due and not decided_by_owner
        return not taken_away

    def _compliance(self) -> None:
        counted: dict[Any, dict[int, list[bool]]] = defaultdict(lambda: defaultdict(list))
        for row in self.rows:
            week = self.place(self.due_at(row))
            if week is not None and self.counts(row):
                counted[PARTS[self.split](row)][week].append(self.is_met(row))
        self.parts = {
            key: [(len(found[week]), sum(found[week])) for week in range(self.weeks)]
            for key, found in counted.items()
        }

    def _delays(self) -> None:
        parts: dict[Any, dict[str, list[int]]] = defaultdict(
            lambda: {"system": [], "human": [], "decision": []}
        )
        grades: dict[str, dict[str, list[int]]] = defaultdict(
            lambda: {"system": [], "human": [], "decision": []}
        )
        for row in self.rows:
            if self.place(row.assigned_at) is None:
                continue
            for found in (parts[PARTS[self.split](row)], grades[row.handoff.grade]):
                if row.system_minutes is not None:
                    found["system"].append(row.system_minutes)
                if row.response_minutes is not None:
                    found["human"].append(row.response_minutes)
                if row.decision_minutes is not None:
                    found["decision"].append(row.decision_minutes)
        self.delays, self.grades = dict(parts), dict(grades)

    def _slots(self) -> None:
        for row in self.rows:
            if self.place(row.assigned_at) is None:
                continue
            local = row.assigned_at.astimezone(self.zone)
            assigned, due, met = self.slots.get((local.weekday(), local.hour), (0, 0, 0))
            found = (assigned + 1, due + self.counts(row), met + self.is_met(row))
            self.slots[local.weekday(), local.hour] = found

    def _flow(self) -> None:
        assigned = [self.place(row.assigned_at) for row in self.rows]
        decided = [
            self.place(row.decided_at)
            for row in self.rows
            if row.decided_at is not None and row.decided_at >= row.assigned_at
        ]
        self.assigned = [assigned.count(week) for week in range(self.weeks)]
        self.decided = [decided.count(week) for week in range(self.weeks)]

    def _steps(self) -> None:
        for row in self.rows:
            for event in row.events.all():
                if self.place(event.at) is not None:
                    key = (event.clock, event.step)
                    self.steps[key] = self.steps.get(key, 0) + 1

    def _now(self) -> None:
        self.coming = [0, 0, 0, 0]
        for row in self.rows:
            running = _running(row)
            if not running:
                continue
            late = any(due < self.now for due in running.values())
            flagged = {event.clock for event in row.events.all() if event.step == "at_risk"}
            mine = (
                row.decided_at is None,
                bool(flagged & running.keys()) and not late,
                late,
                row.responded_at is None,
            )
            before = self.desks.get(row.owner_id, (0, 0, 0, 0))
            self.desks[row.owner_id] = tuple(a + b for a, b in zip(before, mine, strict=True))  # type: ignore[assignment]
            self._band(min(running.values()))

    def _band(self, due: datetime) -> None:
        hours = (due - self.now) / timedelta(hours=1)
        for place, (low, high) in enumerate(((0, 1), (1, 4), (4, 8), (8, 24))):
            self.coming[place] += low <= hours < high


def _running(row: Assignment) -> dict[str, datetime]:
    if row.ended_at is not None:
        return {}
    clocks = {}
    if row.responded_at is None:
        clocks[str(SlaEvent.Clock.RESPONSE)] = row.response_due_at
    if row.decided_at is None:
        clocks[str(SlaEvent.Clock.DECISION)] = row.decision_due_at
    return clocks


def median(found: list[int]) -> float | None:
    """The middle, or the mean of the two in the middle."""
    return float(statistics.median(found)) if found else None


def p90(found: list[int]) -> float | None:
    """The 90th percentile, between two values where it falls so."""
    if len(found) < 2:
        return float(found[0]) if found else None
    return statistics.quantiles(found, n=10, method="inclusive")[8]
