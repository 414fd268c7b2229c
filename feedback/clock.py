"""The SLA clock of an assignment: due moments, the ladder's moments and how it stands now. Pure.

There are two clocks. *Response* runs from assignment to the first genuine response, *decision* from
assignment to accept or reject. Both count the working time of the owner's calendar; a pause stops both.
Where ``calendar`` is said to be the clock's (``Calendars.clock``), pauses are no working time of it.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from alignment.models import SlaTerm
from feedback.business_time import (
    Calendar,
    Due,
    Span,
    add_working_days,
    add_working_time,
    put_off,
    working_time_between,
)
from feedback.models import Assignment, SlaEvent

AT_RISK_PERCENT = 75


class Standing(StrEnum):
    """How a clock stands."""

    MET = "met"
    PAUSED = "paused"
    RUNNING = "running"
    AT_RISK = "at_risk"
    BREACHED = "breached"


@dataclass(frozen=True, slots=True)
class DueMoments:
    """When an assignment is due, with the sum behind each moment."""

    response: Due
    decision: Due


@dataclass(frozen=True, slots=True)
class LadderStep:
    """A step of the ladder at its moment; ``tell`` lists "owner" and "manager", and one that ``takes``
    gives an undecided lead to somebody else."""

    clock: SlaEvent.Clock
    step: str
    at: dt.datetime
    due_at: dt.datetime
    tell: tuple[str, ...]
    takes: bool


def due(calendar: Calendar, start: dt.datetime, *, amount: int, unit: str) -> Due:
    """The moment ``amount`` working minutes, hours or days (``SlaTerm.Unit``) after ``start``."""
    if unit == SlaTerm.Unit.DAYS:
        return add_working_days(calendar, start, amount)
    minutes = amount * (60 if unit == SlaTerm.Unit.HOURS else 1)
    return add_working_time(calendar, start, dt.timedelta(minutes=minutes))


def due_moments(
    *, term: SlaTerm, calendar: Calendar, start: dt.datetime, pauses: Sequence[Span] = ()
) -> DueMoments:
    """Both due moments under ``term`` for an owner who works by ``calendar``, after ``pauses``."""
    response = due(calendar, start, amount=term.response_amount, unit=term.response_unit)
    decision = due(calendar, start, amount=term.decision_amount, unit=term.decision_unit)
    return DueMoments(put_off(calendar, response, pauses), put_off(calendar, decision, pauses))


def moment_at_percent(
    calendar: Calendar, start: dt.datetime, due_at: dt.datetime, percent: int
) -> dt.datetime:
    """When ``percent`` of the working time from ``start`` to ``due_at`` is used; 100 is the due moment.

    ``calendar`` is the clock's.
    """
    if percent == 100:
        return due_at
    used = working_time_between(calendar, start, due_at) * percent / 100
    return add_working_time(calendar, start, used).at


def ladder(assignment: Assignment, term: SlaTerm, calendar: Calendar) -> list[LadderStep]:
    """All steps of the clocks that still run, earliest first, past ones included; by the clock's calendar."""
    return sorted(_steps(assignment, term, calendar), key=lambda step: step.at)


def standing(
    *,
    start: dt.datetime,
    due_at: dt.datetime,
    met_at: dt.datetime | None,
    calendar: Calendar,
    now: dt.datetime,
    is_paused: bool = False,
) -> Standing:
    """How a clock stands at ``now``: met in time, breached, at risk from 75 % of its time, or running.

    ``calendar`` is the clock's. One that is paused is not at risk; a breach from before stays one.
    """
    if met_at is not None:
        return Standing.MET if met_at <= due_at else Standing.BREACHED
    if now > due_at:
        return Standing.BREACHED
    if is_paused:
        return Standing.PAUSED
    at_risk_from = moment_at_percent(calendar, start, due_at, AT_RISK_PERCENT)
    return Standing.AT_RISK if now >= at_risk_from else Standing.RUNNING


def _steps(assignment: Assignment, term: SlaTerm, calendar: Calendar) -> Iterator[LadderStep]:
    for clock, due_at in running_clocks(assignment):
        for entry in term.ladder:
            yield LadderStep(
                clock=clock,
                step=entry["step"],
                at=moment_at_percent(calendar, assignment.assigned_at, due_at, entry["percent"]),
                due_at=due_at,
                tell=tuple(entry["tell"]),
                takes=entry.get("takes", False),
            )


def running_clocks(assignment: Assignment) -> list[tuple[SlaEvent.Clock, dt.datetime]]:
    """The clocks that nothing has stopped, with their due moments.

    A response stops one, an acceptance the other; a rejection or a new owner ends the assignment
    and so stops both.
    """
    if assignment.ended_at is not None:
        return []
    clocks = []
    if assignment.responded_at is None:
        clocks.append((SlaEvent.Clock.RESPONSE, assignment.response_due_at))
    if assignment.decided_at is None:
        clocks.append((SlaEvent.Clock.DECISION, assignment.decision_due_at))
    return clocks


def working_minutes(calendar: Calendar, start: dt.datetime, end: dt.datetime) -> int:
    """Whole working minutes from ``start`` to ``end``, as an assignment stores its delays."""
    return int(working_time_between(calendar, start, end).total_seconds() // 60)
