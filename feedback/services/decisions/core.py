"""What all decisions share: how things stood before, the clock that stops, the row that is written."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model

from core import audit
from core.errors import Invalid, Problem
from feedback.calendars import load_calendars
from feedback.clock import working_minutes
from feedback.models import Decision, Handoff
from feedback.services.pausing import end_pause
from feedback.services.working import Work
from leads.models import Lead
from leads.services import move_stage, resume_decay, set_owner
from scoring.facts import facts_of
from scoring.querysets import live_scores
from users.models import User

KEPT = {
    "handoff": (
        "state",
        "accepted_at",
        "closed_at",
        "held_until",
        "team_id",
        "closed_grade",
        "closed_total",
    ),
    "assignment": ("decided_at", "decision_minutes", "callback_at", "ended_at", "returned_at"),
    "lead": ("stage", "nurture_until", "decay_stopped_at", "owner_id", "team_id"),
}
"""What a decision may change, by the row that has it."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a decision is made on: the lead's facts, and how everything stood; read before it changes any."""

    facts: dict[str, Any]
    before: dict[str, dict[str, Any]]


def basis(work: Work, *, now: datetime) -> Basis:
    """The basis of a decision made now."""
    rows: dict[str, Model] = {"handoff": work.handoff, "assignment": work.assignment, "lead": work.lead}
    before = {name: {field: getattr(rows[name], field) for field in fields} for name, fields in KEPT.items()}
    return Basis(facts_of([work.lead.pk], now=now)[work.lead.pk], before)


def stop_decision_clock(work: Work, now: datetime) -> None:
    """The decision is made now, unless it was before; a pause and a plan to call back are over."""
    end_pause(work.assignment, now=now)
    if work.assignment.decided_at is None:
        calendar = load_calendars([work.assignment.owner_id]).clock(work.assignment)
        minutes = max(working_minutes(calendar, work.assignment.assigned_at, now), 0)
        work.assignment.decided_at, work.assignment.decision_minutes = now, minutes
    work.assignment.callback_at = None
    work.assignment.save(update_fields=["decided_at", "decision_minutes", "callback_at"])


def end_assignment(work: Work, now: datetime) -> None:
    """The owner has nothing left to do: both clocks stop."""
    work.assignment.ended_at, work.assignment.next_event_at = now, None
    work.assignment.save(update_fields=["ended_at", "next_event_at"])


def close(work: Work, state: Handoff.State, now: datetime) -> None:
    """The episode ends in ``state``, with the score that was decided on."""
    stop_decision_clock(work, now)
    end_assignment(work, now)
    work.handoff.state, work.handoff.closed_at = state, now
    score = live_scores().filter(lead_id=work.lead.pk).first()
    if score is not None:
        work.handoff.closed_grade, work.handoff.closed_total = score.grade or "", score.total
    work.handoff.save(update_fields=["state", "closed_at", "closed_grade", "closed_total"])


def let_go(
    lead: Lead, *, to: str, cause: str, until: date | None = None, by: User | None, now: datetime
) -> None:
    """Sales lets go of the lead: it moves to a stage, rests ``until`` then, ages again and is nobody's."""
    move_stage(lead=lead, to=to, cause=cause, by=by, now=now)
    Lead.objects.filter(pk=lead.pk).update(nurture_until=until)
    resume_decay(lead, at=now)
    set_owner(leads=[lead], owner=None, team=lead.team, by=by, now=now)


def record(
    work: Work, kind: Decision.Kind, basis: Basis, *, by: User, now: datetime, **fields: Any
) -> Decision:
    """Write the decision with its audit row."""
    decision = Decision.objects.create(
        handoff=work.handoff,
        kind=kind,
        by=by,
        at=now,
        version_id=work.handoff.version_id,
        facts=basis.facts,
        before=basis.before,
        **fields,
    )
    reason = fields.get("reason")
    detail = {"decision": decision.pk, "reason": reason.key if reason else None}
    audit.record(actor=by, action=f"handoff.{ACTIONS[kind]}", target=work.handoff, detail=detail)
    return decision


ACTIONS = {
    Decision.Kind.ACCEPT: "accepted",
    Decision.Kind.REJECT: "rejected",
    Decision.Kind.RECYCLE: "recycled",
    Decision.Kind.RETURN: "returned",
    Decision.Kind.DUPLICATE: "duplicate",
    Decision.Kind.DISQUALIFY: "disqualified",
    Decision.Kind.UNDO: "undone",
}
"""What the audit log calls each kind."""


def invalid(message: str, where: str) -> Invalid:
    """An error at one field."""
    return Invalid(message, problems=(Problem(message, where),))
