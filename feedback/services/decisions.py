"""What a rep decides about a handoff: accept it, or reject it with an agreed reason."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from alignment.models import Reason
from core import audit
from core.errors import Invalid, Problem
from feedback.calendars import load_calendars
from feedback.clock import working_minutes
from feedback.models import Assignment, Decision, Handoff
from feedback.services.working import Work, lock_undecided
from feedback.texts import checked_text
from leads.models import Lead, Stage
from leads.services import move_stage, resume_decay, set_owner, stop_decay
from scoring.facts import facts_of
from users.models import Organisation, User


@transaction.atomic
def accept(*, assignment: Assignment, by: User, now: datetime) -> Decision:
    """The rep takes the lead on. Stops the decision clock; the response clock runs until a first contact.

    The lead becomes *accepted* and its engagement stops decaying. Conflict if it was decided before, by
    whomever, or isn't theirs any more: then nothing is written.
    """
    work = lock_undecided(assignment, by=by, now=now)
    facts = _facts(work, now)
    _stop_decision_clock(work, now)
    work.assignment.save(update_fields=["decided_at", "decision_minutes", "callback_at"])
    work.handoff.state, work.handoff.accepted_at = Handoff.State.ACCEPTED, now
    work.handoff.save(update_fields=["state", "accepted_at"])
    move_stage(lead=work.lead, to=Stage.ACCEPTED, cause="accepted", by=by, now=now)
    stop_decay(work.lead, at=now)
    return _record(work, Decision.Kind.ACCEPT, facts=facts, by=by, now=now)


@transaction.atomic
def reject(
    *, assignment: Assignment, reason_id: int | None, text: str = "", by: User, now: datetime
) -> Decision:
    """The rep gives the lead back, with a reason that the handoff's version lists.

    Stops both clocks and ends the episode: the lead rests in nurture for the cool-off, without an owner,
    and comes again only if it becomes sales-ready anew. Invalid without a reason, with another version's,
    or without text where the reason asks for it; Conflict as for ``accept``.
    """
    work = lock_undecided(assignment, by=by, now=now)
    text = checked_text(text, limit=1000, where="text")
    reason = _reason(work.handoff, reason_id, text)
    facts = _facts(work, now)
    _stop_decision_clock(work, now)
    work.assignment.ended_at, work.assignment.next_event_at = now, None
    work.assignment.save(
        update_fields=["decided_at", "decision_minutes", "callback_at", "ended_at", "next_event_at"]
    )
    work.handoff.state, work.handoff.closed_at = Handoff.State.REJECTED, now
    work.handoff.save(update_fields=["state", "closed_at"])
    _rest(work.lead, by=by, now=now)
    return _record(work, Decision.Kind.REJECT, facts=facts, reason=reason, text=text, by=by, now=now)


def _rest(lead: Lead, *, by: User, now: datetime) -> None:
    until = now.astimezone(Organisation.current().tz).date() + timedelta(days=settings.COOL_OFF_DAYS)
    move_stage(lead=lead, to=Stage.NURTURE, cause="rejected", by=by, now=now)
    Lead.objects.filter(pk=lead.pk).update(nurture_until=until)
    resume_decay(lead, at=now)
    set_owner(leads=[lead], owner=None, team=lead.team, by=by, now=now)


def _stop_decision_clock(work: Work, now: datetime) -> None:
    calendar = load_calendars().of(work.assignment.owner_id)
    work.assignment.decided_at = now
    work.assignment.decision_minutes = max(working_minutes(calendar, work.assignment.assigned_at, now), 0)
    work.assignment.callback_at = None


def _reason(handoff: Handoff, reason_id: int | None, text: str) -> Reason:
    if reason_id is None:
        raise _invalid("Choose a reason: it tells marketing what to change.", "reason")
    reasons = {reason.pk: reason for reason in Reason.objects.filter(version=handoff.version_id)}
    if reason_id not in reasons:
        raise _invalid("Choose one of the reasons listed for this lead.", "reason")
    reason = reasons[reason_id]
    if reason.needs_text and not text:
        raise _invalid(f"“{reason.label}” needs a few words: say what was wrong.", "text")
    return reason


def _invalid(message: str, where: str) -> Invalid:
    return Invalid(message, problems=(Problem(message, where),))


def _facts(work: Work, now: datetime) -> dict[str, Any]:
    """What the decision is made on, read before it moves the lead."""
    return facts_of([work.lead.pk], now=now)[work.lead.pk]


def _record(work: Work, kind: str, *, by: User, now: datetime, **fields: Any) -> Decision:
    decision = Decision.objects.create(
        handoff=work.handoff,
        kind=kind,
        by=by,
        at=now,
        version_id=work.handoff.version_id,
        **fields,
    )
    reason = fields.get("reason")
    audit.record(
        actor=by,
        action=f"handoff.{kind}ed",
        target=work.handoff,
        detail={"decision": decision.pk, "reason": reason.key if reason else None},
    )
    return decision
