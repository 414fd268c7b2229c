"""What every act on a handoff begins with: its rows locked, its state read again, or the reason why not."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.display import moment
from core.errors import Conflict
from core.locking import locked
from feedback.models import Assignment, Handoff
from feedback.querysets import standing
from leads.models import Lead, Stage
from users.models import User

State = Handoff.State
GONE = {
    Stage.CUSTOMER: "became a customer",
    Stage.LOST: "was lost",
    Stage.DISQUALIFIED: "was disqualified",
}
"""``querysets.ENDS`` in words; a lead that gets there elsewhere is withdrawn."""

WORKED = (State.ASSIGNED, State.ACCEPTED, State.QUALIFIED)
"""Somebody has the lead."""


UNDO_FOR = timedelta(seconds=15)
"""How long something can be taken back: the ten seconds that the page offers it, and five for the way."""


@dataclass(frozen=True, slots=True)
class Work:
    """An open assignment under lock."""

    handoff: Handoff
    assignment: Assignment
    lead: Lead


def lock_open(assignment: Assignment, *, by: User, now: datetime) -> Work:
    """Lock the handoff and read the assignment again; Conflict if it was closed or given to somebody else,
    or if the lead got to an end elsewhere just now or was deleted.

    ``assignment`` may be stale: a page that was open for an hour. Needs a transaction.
    """
    rows = Handoff.objects.filter(pk=assignment.handoff_id).select_related("lead__company", "term")
    handoff = locked(rows).first()
    if handoff is None:
        raise Conflict("This lead was deleted meanwhile, with all that belongs to it: nothing is left to do.")
    fresh = Assignment.objects.select_related("owner").get(pk=assignment.pk)
    fresh.handoff = handoff
    if handoff.state in WORKED and handoff.lead.stage in GONE:
        raise Conflict(gone_elsewhere(handoff, now=now))
    if handoff.state not in WORKED:
        raise Conflict(_what_closed_it(handoff, by=by, now=now))
    if fresh.ended_at is not None:
        raise Conflict(_who_has_it(handoff, now=now))
    return Work(handoff, fresh, handoff.lead)


def lock_undecided(assignment: Assignment, *, by: User, now: datetime) -> Work:
    """As ``lock_open``; Conflict as well if it was accepted before, which says by whom and when."""
    work = lock_open(assignment, by=by, now=now)
    if work.handoff.state != State.ASSIGNED:
        raise Conflict(_what_closed_it(work.handoff, by=by, now=now))
    return work


def lock_unqualified(assignment: Assignment, *, by: User, now: datetime) -> Work:
    """As ``lock_open``; Conflict as well if the lead is qualified already."""
    work = lock_open(assignment, by=by, now=now)
    if work.handoff.state == State.QUALIFIED:
        raise Conflict(f"{work.lead} is qualified already: say that it was lost, or recycle it.")
    return work


def gone_elsewhere(handoff: Handoff, *, now: datetime) -> str:
    """``Rita became a customer on Mon 23 Nov, 11:40, outside the queue: nothing is left to decide.``"""
    lead = handoff.lead
    why = handoff.withdrawn_why or GONE.get(Stage(lead.stage), "was moved")
    at = moment(handoff.closed_at or lead.stage_at, now=now)
    return f"{lead} {why} on {at}, outside the queue: nothing is left to decide."


def _what_closed_it(handoff: Handoff, *, by: User, now: datetime) -> str:
    if handoff.state == State.WITHDRAWN:
        return gone_elsewhere(handoff, now=now)
    if handoff.state == State.WAITING:
        return f"{handoff.lead} is back in the pool. Claim it there to work it."
    if handoff.state in (State.QUALIFIED, State.WON, State.LOST):
        return f"{handoff.lead} is already {handoff.get_state_display().lower()}."
    decision = standing(handoff.decisions.select_related("by")).order_by("-pk").first()
    word = handoff.get_state_display().lower()
    if decision is None:
        return f"{handoff.lead} is already {word}."
    who = "you" if decision.by_id == by.pk else str(decision.by)
    return f"{handoff.lead} was already {word} by {who} on {moment(decision.at, now=now)}."


def _who_has_it(handoff: Handoff, *, now: datetime) -> str:
    current = Assignment.objects.filter(handoff=handoff, ended_at=None).select_related("owner").first()
    if current is None:
        return f"{handoff.lead} is no longer with you. Reload the page to see where it went."
    return f"{handoff.lead} was given to {current.owner} on {moment(current.assigned_at, now=now)}."
