"""SLA figures. Each names its formula; the glossary repeats it in the user's words.

An assignment counts in the period in which its clock was *due*. It is met when the clock was stopped
by then, missed when it was stopped later or is open and overdue. Left out are those not yet due and
those taken away before they were due (a wrong owner's). A pause moves the due moment, so what is paused
is not yet due; delays leave pauses out.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan

from feedback.models import Assignment, SlaEvent
from feedback.querysets import paused

Clock = SlaEvent.Clock


@dataclass(frozen=True, slots=True)
class Compliance:
    """How many clocks were due, and how many of them were met."""

    due: int
    met: int

    def __add__(self, other: "Compliance") -> "Compliance":
        return Compliance(self.due + other.due, self.met + other.met)

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


def due_at(clock: str) -> str:
    """The column with the due moment of a clock."""
    return "response_due_at" if clock == Clock.RESPONSE else "decision_due_at"


def met(clock: str) -> Q:
    """The clock was stopped by its due moment; a rejection in time answers both clocks.

    A rejection ends the assignment at once; what ends one later, such as a lost deal, answers nothing.

    Who takes over an accepted lead has no decision left to make: it was decided before.
    """
    if clock == Clock.DECISION:
        return Q(decided_at__lte=F("decision_due_at"), decided_at__gte=F("assigned_at"))
    rejected = Q(ended_at=F("decided_at"), decided_at__lte=F("response_due_at"))
    return Q(responded_at__lte=F("response_due_at")) | rejected


def counted(clock: str, now: dt.datetime) -> Q:
    """The clock is met or its due moment has passed while the owner still had the lead.

    Who returned it as somebody else's owed nothing, however late they did.
    """
    at = due_at(clock)
    kept = Q(ended_at=None) | Q(ended_at__gt=F(at)) | Q(decided_at__gte=F("assigned_at"))
    had_to = Q(decided_at=None) | Q(decided_at__gte=F("assigned_at")) if clock == Clock.DECISION else Q()
    return met(clock) | (Q(**{f"{at}__lte": now}, returned_at=None) & kept & had_to)


def running(clock: str) -> Q:
    """The clock still runs."""
    stopped_at = "responded_at" if clock == Clock.RESPONSE else "decided_at"
    return Q(ended_at=None, **{stopped_at: None})


def watched() -> Q:
    """Any clock runs: what is at risk, overdue, undecided or never touched is among these."""
    return Q(ended_at=None) & (Q(responded_at=None) | Q(decided_at=None))


def due_within(start: dt.datetime, end: dt.datetime) -> Q:
    """The first of the clocks that run is due from ``start`` up to but not including ``end``."""
    first = Q(responded_at=None, response_due_at__gte=start, response_due_at__lt=end) & (
        ~Q(decided_at=None) | Q(decision_due_at__gte=start)
    )
    second = Q(decided_at=None, decision_due_at__gte=start, decision_due_at__lt=end) & (
        ~Q(responded_at=None) | Q(response_due_at__gte=start)
    )
    return first | second


def undecided() -> Q:
    """Open and without accept or reject."""
    return Q(ended_at=None, decided_at=None)


def breached(now: dt.datetime) -> Q:
    """A clock runs past its due moment; never unknown, so it may be negated."""
    return (running(Clock.RESPONSE) & Q(response_due_at__lt=now)) | (
        running(Clock.DECISION) & Q(decision_due_at__lt=now)
    )


def at_risk(now: dt.datetime) -> Q:
    """The sweep flagged a running clock as at risk, none is overdue and the clocks aren't paused."""

    def flagged(clock: str) -> Q:
        event = SlaEvent.objects.filter(assignment=OuterRef("pk"), clock=clock, step="at_risk").order_by()
        # As a value, not as EXISTS, for which PostgreSQL may read every event there ever was.
        return running(clock) & Q(GreaterThan(Coalesce(Subquery(event.values("pk")[:1]), 0), 0))

    is_flagged = flagged(Clock.RESPONSE) | flagged(Clock.DECISION)
    return ~breached(now) & is_flagged & ~paused(now)


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


def due_between(
    assignments: QuerySet[Assignment], clock: str, start: dt.datetime, end: dt.datetime
) -> QuerySet[Assignment]:
    """The assignments whose clock was due from ``start`` up to but not including ``end``."""
    at = due_at(clock)
    return assignments.filter(**{f"{at}__gte": start, f"{at}__lt": end})


def counts(clock: str, now: dt.datetime) -> dict[str, Count]:
    """How many clocks count (``due``) and how many of them were met (``in_time``), to aggregate."""
    return {"due": Count("pk", filter=counted(clock, now)), "in_time": Count("pk", filter=met(clock))}
