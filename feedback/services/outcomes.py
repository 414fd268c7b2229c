"""What came of an accepted lead: qualified, won or lost; of a customer: retained or churned."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core import audit
from core.errors import Conflict, Invalid, Problem
from core.locking import locked
from feedback.models import Assignment, Handoff, Outcome
from feedback.services.working import Work, lock_open
from feedback.texts import checked_amount, checked_currency, checked_text
from leads.models import Stage
from leads.money import convert
from leads.services import move_stage, resume_decay
from scoring.facts import facts_of
from users.models import User

Kind = Outcome.Kind
STAGES = {
    Kind.QUALIFIED: (Stage.QUALIFIED,),
    Kind.WON: (Stage.QUALIFIED, Stage.CUSTOMER),
    Kind.LOST: (Stage.LOST,),
}
"""The stages an outcome leads through: whoever buys was qualified on the way."""


@transaction.atomic
def qualify(*, assignment: Assignment, by: User, now: datetime) -> Outcome:
    """The lead is a real opportunity. Conflict if it isn't accepted, or was qualified before."""
    work = _lock(assignment, by=by, now=now)
    if work.handoff.state == Handoff.State.QUALIFIED:
        raise Conflict(f"{work.lead} is already qualified.")
    return _record(work, Kind.QUALIFIED, by=by, now=now)


@transaction.atomic
def win(*, assignment: Assignment, amount: object, currency: str, by: User, now: datetime) -> Outcome:
    """The lead bought for ``amount`` of ``currency``. Ends the work on it. Invalid for a bad amount."""
    work = _lock(assignment, by=by, now=now)
    value, code = checked_amount(amount), checked_currency(currency)
    money = {"amount": value, "currency": code, "amount_reporting": convert(value, code)}
    return _record(work, Kind.WON, by=by, now=now, **money)


@transaction.atomic
def lose(*, assignment: Assignment, text: str, by: User, now: datetime) -> Outcome:
    """The lead did not buy; ``text`` says why. Ends the work on it. Invalid without a text."""
    work = _lock(assignment, by=by, now=now)
    reason = checked_text(text, limit=500, where="reason")
    if not reason:
        message = "Say in a few words why it was lost."
        raise Invalid(message, problems=(Problem(message, "text"),))
    outcome = _record(work, Kind.LOST, by=by, now=now, text=reason)
    resume_decay(work.lead, at=now)
    return outcome


@transaction.atomic
def retain(*, assignment: Assignment, text: str = "", by: User, now: datetime) -> Outcome:
    """The customer stayed: renewed, or bought again. May be told again later; Conflict as for ``churn``."""
    work = _lock_customer(assignment)
    return _note(work, Kind.RETAINED, text=checked_text(text, limit=500, where="text"), by=by, now=now)


@transaction.atomic
def churn(*, assignment: Assignment, text: str, by: User, now: datetime) -> Outcome:
    """The customer left; ``text`` says why. The lead is lost, and comes again only if it is sales-ready anew.

    Invalid without a text; Conflict if it was never won, or they left before.
    """
    work = _lock_customer(assignment)
    reason = checked_text(text, limit=500, where="text")
    if not reason:
        message = "Say in a few words why they left."
        raise Invalid(message, problems=(Problem(message, "text"),))
    outcome = _note(work, Kind.CHURNED, text=reason, by=by, now=now)
    move_stage(lead=work.lead, to=Stage.LOST, cause=Kind.CHURNED.value, by=by, now=now)
    resume_decay(work.lead, at=now)
    return outcome


def _lock_customer(assignment: Assignment) -> Work:
    rows = Handoff.objects.filter(pk=assignment.handoff_id).select_related("lead__company", "term")
    handoff = locked(rows).get()
    if handoff.state != Handoff.State.WON:
        raise Conflict(
            f"{handoff.lead} is no customer of this episode: it is {handoff.get_state_display().lower()}."
        )
    if handoff.outcomes.filter(kind=Kind.CHURNED).exists():
        raise Conflict(f"{handoff.lead} left before: that stays on record.")
    return Work(handoff, assignment, handoff.lead)


def _lock(assignment: Assignment, *, by: User, now: datetime) -> Work:
    work = lock_open(assignment, by=by, now=now)
    if work.handoff.state == Handoff.State.ASSIGNED:
        raise Conflict(f"Accept {work.lead} first; what came of it is told afterwards.")
    return work


def _record(work: Work, kind: Outcome.Kind, *, by: User, now: datetime, **fields: Any) -> Outcome:
    outcome = _note(work, kind, by=by, now=now, **fields)
    work.handoff.state = Handoff.State(kind.value)
    work.handoff.closed_at = work.handoff.closed_at or now
    work.handoff.save(update_fields=["state", "closed_at"])
    if kind != Kind.QUALIFIED:
        Assignment.objects.filter(pk=work.assignment.pk).update(ended_at=now, next_event_at=None)
    for stage in STAGES[kind]:
        move_stage(lead=work.lead, to=stage, cause=kind.value, by=by, now=now)
    return outcome


def _note(work: Work, kind: Outcome.Kind, *, by: User, now: datetime, **fields: Any) -> Outcome:
    """The row itself, with its audit row."""
    outcome = Outcome.objects.create(
        handoff=work.handoff,
        kind=kind,
        by=by,
        at=now,
        version_id=work.handoff.version_id,
        facts=facts_of([work.lead.pk], now=now)[work.lead.pk],
        **fields,
    )
    audit.record(
        actor=by, action=f"handoff.{kind.value}", target=work.handoff, detail={"outcome": outcome.pk}
    )
    return outcome
