"""What a rep does until the decision: log an attempt to reach the lead or take one back, plan a call back."""

from datetime import datetime, timedelta

from django.db import transaction

from core import audit
from core.errors import Conflict, Invalid, Problem
from feedback.calendars import load_calendars
from feedback.clock import working_minutes
from feedback.models import Assignment, Attempt
from feedback.services.pausing import end_pause, take_up_again
from feedback.services.working import UNDO_FOR, Work, lock_open
from feedback.texts import checked_text
from leads.models import Lead
from users.models import User

LONGEST_CALLBACK = timedelta(days=366)


@transaction.atomic
def log_attempt(
    *, assignment: Assignment, kind: str, result: str = "", note: str = "", by: User, now: datetime
) -> Attempt:
    """Write that somebody tried to reach the lead; the first call, mail or meeting stops the response clock.

    It also ends a pause; a bare note does neither. Invalid for a call to a lead that asked not to be called
    and for a mail to one that unsubscribed; Conflict if the handoff was closed or given away. A repeat is a
    second attempt.
    """
    work = lock_open(assignment, by=by, now=now)
    _check_kind(kind, result)
    _check_allowed(work.lead, kind)
    note = checked_text(note, limit=1000, where="note")
    if kind == Attempt.Kind.NOTE and not note:
        raise _invalid("Write the note first.", "note")
    if kind in Attempt.RESPONSES:
        end_pause(work.assignment, now=now)
    if kind in Attempt.RESPONSES and work.assignment.responded_at is None:
        _stop_response_clock(work, now)
    attempt = Attempt.objects.create(
        handoff=work.handoff,
        assignment=work.assignment,
        by=by,
        kind=kind,
        result="" if kind == Attempt.Kind.NOTE else result,
        note=note,
        at=now,
        happened_at=now,
    )
    detail = {"attempt": attempt.pk, "kind": kind}
    audit.record(actor=by, action="handoff.attempt_logged", target=work.handoff, detail=detail)
    return attempt


@transaction.atomic
def take_back(*, attempt: Attempt, by: User, now: datetime) -> Assignment:
    """Remove an attempt that was logged by mistake; a clock and a pause that it stopped go on.

    Conflict, and nothing changes, if it is too late, it was taken back before, or the lead was decided,
    given away or tried again since.
    """
    work = lock_open(attempt.assignment, by=by, now=now)
    if why := _in_the_way(attempt, work, now):
        raise Conflict(why)
    detail = {"attempt": attempt.pk, "kind": attempt.kind, "result": attempt.result}
    Attempt.objects.filter(pk=attempt.pk).delete()
    if attempt.kind in Attempt.RESPONSES:
        if work.assignment.responded_at == attempt.at:
            work.assignment.responded_at = work.assignment.response_minutes = None
            work.assignment.save(update_fields=["responded_at", "response_minutes"])
        take_up_again(work.assignment, ended_at=attempt.at, now=now)
    audit.record(actor=by, action="handoff.attempt_taken_back", target=work.handoff, detail=detail)
    return work.assignment


@transaction.atomic
def set_callback(*, assignment: Assignment, at: datetime | None, by: User, now: datetime) -> Assignment:
    """Plan a call back at a moment to come, at most a year ahead; None takes the plan away.

    It moves the lead in the queue and stops no clock. Invalid for a moment that has passed.
    """
    work = lock_open(assignment, by=by, now=now)
    if at is not None and at <= now:
        raise _invalid("This moment has passed. Choose one that is still to come.", "at")
    if at is not None and at > now + LONGEST_CALLBACK:
        raise _invalid("Choose a moment within a year.", "at")
    work.assignment.callback_at = at
    work.assignment.save(update_fields=["callback_at"])
    action = "handoff.callback_set" if at else "handoff.callback_removed"
    audit.record(actor=by, action=action, target=work.handoff, detail={"assignment": work.assignment.pk})
    return work.assignment


def _in_the_way(attempt: Attempt, work: Work, now: datetime) -> str:
    """Why an attempt stays as it was logged; "" if it can be taken back."""
    logged = Attempt.objects.filter(handoff=work.handoff)
    if not logged.filter(pk=attempt.pk).exists():
        return f"That was taken back before: nothing of it is left on {work.lead}."
    if now > attempt.at + UNDO_FOR:
        return f"It is too late to take that back: it stays on the timeline of {work.lead}."
    decided = work.handoff.decisions.filter(at__gte=attempt.at)
    if logged.filter(pk__gt=attempt.pk).exists() or decided.exists():
        return f"Somebody has gone on with {work.lead} since. What was logged stays."
    return ""


def _check_kind(kind: str, result: str) -> None:
    if kind not in Attempt.Kind.values:
        raise _invalid("Choose call, e-mail, meeting or note.", "kind")
    if result and result not in Attempt.Result.values:
        raise _invalid("Choose one of the results.", "result")


def _check_allowed(lead: Lead, kind: str) -> None:
    if kind == Attempt.Kind.CALL and lead.do_not_call:
        raise _invalid(f"{lead} asked not to be called. Write an e-mail or meet them instead.", "kind")
    if kind == Attempt.Kind.EMAIL and lead.is_unsubscribed:
        raise _invalid(f"{lead} unsubscribed from e-mail. Call or meet them instead.", "kind")


def _stop_response_clock(work: Work, now: datetime) -> None:
    calendar = load_calendars([work.assignment.owner_id]).clock(work.assignment)
    work.assignment.responded_at = now
    work.assignment.response_minutes = max(working_minutes(calendar, work.assignment.assigned_at, now), 0)
    work.assignment.save(update_fields=["responded_at", "response_minutes"])


def _invalid(message: str, where: str) -> Invalid:
    return Invalid(message, problems=(Problem(message, where),))
