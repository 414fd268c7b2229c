"""SLA figures. Each names its formula; the glossary repeats it in the user's words.

An assignment counts in the period in which its clock was *due*. It is met when the clock was stopped
by then, missed when it was stopped later or is open and overdue. Left out are those not yet due and
those taken away before they were due (a wrong owner's). A pause moves the due moment, so what is paused
is not yet due; delays leave pauses out.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncWeek

from alignment.models import Grade
from feedback.models import Assignment, SlaEvent
from feedback.querysets import paused

Clock = SlaEvent.Clock


@dataclass(frozen=True, slots=True)
class Compliance:
    """How many clocks were due, and how many of them were met."""

    due: int
    met: int

    @property
    def missed(self) -> int:
        return self.due - self.met

    @property
    def ratio(self) -> float | None:
        """Met of due, 0 to 1; None when nothing was due."""
        return self.met / self.due if self.due else None

    @property
    def percent(self) -> float | None:
        """Met of due in per cent with one decimal; None when nothing was due."""
        return None if self.ratio is None else round(100 * self.ratio, 1)


@dataclass(frozen=True, slots=True)
class RepFigures:
    """A rep's line: compliance in the period, what is open now, and mean delays of the period.

    ``system`` is wall-clock time from sales-ready to assigned; ``human`` and ``decision`` are the
    working minutes from assignment to response and to decision.
    """

    owner_id: int
    name: str
    compliance: Compliance
    open: int
    at_risk: int
    breached: int
    never_touched: int
    system: dt.timedelta | None
    human: float | None
    decision: float | None

    @property
    def system_minutes(self) -> float | None:
        return None if self.system is None else self.system.total_seconds() / 60


def due_at(clock: str) -> str:
    """The column with the due moment of a clock."""
    return "response_due_at" if clock == Clock.RESPONSE else "decision_due_at"


def met(clock: str) -> Q:
    """The clock was stopped by its due moment; a rejection in time answers both clocks.

    Who takes over an accepted lead has no decision left to make: it was decided before.
    """
    if clock == Clock.DECISION:
        return Q(decided_at__lte=F("decision_due_at"), decided_at__gte=F("assigned_at"))
    rejected = Q(ended_at__isnull=False, decided_at__lte=F("response_due_at"))
    return Q(responded_at__lte=F("response_due_at")) | rejected


def counted(clock: str, now: dt.datetime) -> Q:
    """The clock is met or its due moment has passed while the owner still had the lead."""
    at = due_at(clock)
    kept = Q(ended_at=None) | Q(ended_at__gt=F(at)) | Q(decided_at__gte=F("assigned_at"))
    had_to = Q(decided_at=None) | Q(decided_at__gte=F("assigned_at")) if clock == Clock.DECISION else Q()
    return met(clock) | (Q(**{f"{at}__lte": now}) & kept & had_to)


def running(clock: str) -> Q:
    """The clock still runs."""
    stopped_at = "responded_at" if clock == Clock.RESPONSE else "decided_at"
    return Q(ended_at=None, **{stopped_at: None})


def breached(now: dt.datetime) -> Q:
    """A clock runs past its due moment; never unknown, so it may be negated."""
    return (running(Clock.RESPONSE) & Q(response_due_at__lt=now)) | (
        running(Clock.DECISION) & Q(decision_due_at__lt=now)
    )


def at_risk(now: dt.datetime) -> Q:
    """The sweep flagged a running clock as at risk, none is overdue and the clocks aren't paused."""

    def flagged(clock: str) -> Q:
        event = SlaEvent.objects.filter(assignment=OuterRef("pk"), clock=clock, step="at_risk")
        return running(clock) & Q(Exists(event))

    return (flagged(Clock.RESPONSE) | flagged(Clock.DECISION)) & ~breached(now) & ~paused(now)


def never_touched() -> Q:
    """Open, and no call, mail or meeting of the owner's since it was assigned."""
    return Q(ended_at=None, responded_at=None)


def missed(clock: str, now: dt.datetime) -> Q:
    """The clock counts and was not stopped in time."""
    return counted(clock, now) & ~met(clock)


def compliance(
    assignments: QuerySet[Assignment], *, clock: str, start: dt.datetime, end: dt.datetime, now: dt.datetime
) -> Compliance:
    """Compliance of the clocks that were due from ``start`` up to but not including ``end``."""
    figures = due_between(assignments, clock, start, end).aggregate(**counts(clock, now))
    return Compliance(due=figures["due"], met=figures["in_time"])


def compliance_by_week(
    assignments: QuerySet[Assignment],
    *,
    clock: str,
    start: dt.datetime,
    end: dt.datetime,
    now: dt.datetime,
    zone: dt.tzinfo,
) -> dict[tuple[dt.date, str], Compliance]:
    """Compliance by (Monday of the week in ``zone``, grade); weeks without any are absent."""
    due = due_between(assignments, clock, start, end).annotate(week=TruncWeek(due_at(clock), tzinfo=zone))
    return {
        (row["week"].astimezone(zone).date(), row["handoff__grade"]): Compliance(row["due"], row["in_time"])
        for row in _grouped(due, "week", "handoff__grade", **counts(clock, now))
    }


def compliance_by_grade(
    assignments: QuerySet[Assignment], *, clock: str, start: dt.datetime, end: dt.datetime, now: dt.datetime
) -> dict[str, Compliance]:
    """Compliance by grade, every grade present."""
    due = due_between(assignments, clock, start, end)
    rows = _grouped(due, "handoff__grade", **counts(clock, now))
    found = {row["handoff__grade"]: Compliance(row["due"], row["in_time"]) for row in rows}
    return {grade: found.get(grade, Compliance(0, 0)) for grade in Grade.values}


def open_counts(assignments: QuerySet[Assignment], *, now: dt.datetime) -> dict[str, int]:
    """What is open now: ``open``, ``at_risk``, ``breached`` and ``never_touched``."""
    return assignments.filter(ended_at=None).aggregate(**_open_counts(now))


def by_rep(
    assignments: QuerySet[Assignment], *, clock: str, start: dt.datetime, end: dt.datetime, now: dt.datetime
) -> list[RepFigures]:
    """A line for each owner with something open or due in the period, the most overdue first."""
    period = _by_owner(due_between(assignments, clock, start, end), counts(clock, now))
    assigned = assignments.filter(assigned_at__gte=start, assigned_at__lt=end)
    delays = _by_owner(assigned, _delays())
    current = _by_owner(assignments.filter(ended_at=None), _open_counts(now))
    owners = {**period, **delays, **current}
    lines = [
        _line(
            owner,
            name,
            period.get((owner, name), {}),
            delays.get((owner, name), {}),
            current.get((owner, name), {}),
        )
        for owner, name in owners
    ]
    return sorted(lines, key=lambda line: (-line.breached, -line.at_risk, line.name))


def _line(
    owner: int, name: str, period: Mapping[str, Any], delays: Mapping[str, Any], current: Mapping[str, Any]
) -> RepFigures:
    return RepFigures(
        owner_id=owner,
        name=name,
        compliance=Compliance(period.get("due", 0), period.get("in_time", 0)),
        open=current.get("open", 0),
        at_risk=current.get("at_risk", 0),
        breached=current.get("breached", 0),
        never_touched=current.get("never_touched", 0),
        system=delays.get("system"),
        human=delays.get("human"),
        decision=delays.get("decision"),
    )


def _by_owner(
    assignments: QuerySet[Assignment], aggregates: Mapping[str, Any]
) -> dict[tuple[int, str], dict[str, Any]]:
    rows = _grouped(assignments, "owner_id", "owner__name", **aggregates)
    return {(row["owner_id"], row["owner__name"]): row for row in rows}


def _grouped(assignments: QuerySet[Assignment], *columns: str, **aggregates: Any) -> list[dict[str, Any]]:
    return list(
        cast("Iterable[dict[str, Any]]", assignments.values(*columns).annotate(**aggregates).order_by())
    )


def due_between(
    assignments: QuerySet[Assignment], clock: str, start: dt.datetime, end: dt.datetime
) -> QuerySet[Assignment]:
    """The assignments whose clock was due from ``start`` up to but not including ``end``."""
    at = due_at(clock)
    return assignments.filter(**{f"{at}__gte": start, f"{at}__lt": end})


def counts(clock: str, now: dt.datetime) -> dict[str, Count]:
    """How many clocks count (``due``) and how many of them were met (``in_time``), to aggregate."""
    return {"due": Count("pk", filter=counted(clock, now)), "in_time": Count("pk", filter=met(clock))}


def _open_counts(now: dt.datetime) -> dict[str, Count]:
    return {
        "open": Count("pk"),
        "at_risk": Count("pk", filter=at_risk(now)),
        "breached": Count("pk", filter=breached(now)),
        "never_touched": Count("pk", filter=never_touched()),
    }


def _delays() -> dict[str, Avg]:
    first = Q(assigned_at=F("handoff__first_assigned_at"))
    return {
        "system": Avg(F("assigned_at") - F("handoff__ready_at"), filter=first),
        "human": Avg("response_minutes"),
        "decision": Avg("decision_minutes"),
    }
