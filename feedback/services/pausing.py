"""Stopping the clocks of a lead for a while, where the terms allow it, and letting them go on."""

from datetime import datetime, timedelta

from django.db import transaction

from core import audit
from core.display import moment
from core.errors import Conflict, Invalid, NotAllowed, Problem
from core.locking import locked
from feedback.business_time import Calendar, add_working_days, add_working_time, working_time_between
from feedback.calendars import load_calendars
from feedback.clock import running_clocks
from feedback.models import Assignment, Pause
from feedback.services.clocks import reset_clock
from feedback.services.working import lock_open
from feedback.texts import checked_text
from users.models import User

MOST_DAYS = 10
"""So many working days the clocks of an assignment may stand still, all its pauses together."""
REASON = 200


@transaction.atomic
def pause(*, assignment: Assignment, until: datetime | None, reason: str, by: User, now: datetime) -> Pause:
    """Stop both clocks of a lead until a moment; the due moments move by the working time of the pause.

    NotAllowed where the terms of its grade don't allow it. Invalid without a reason or a moment to come,
    for one that is too far (``MOST_DAYS``) and for one before which nothing is worked anyway. Conflict if
    nothing runs any more, something is overdue or it is paused already, so a repeat changes nothing.
    """
    work = lock_open(assignment, by=by, now=now)
    row = locked(Assignment.objects.filter(pk=work.assignment.pk)).prefetch_related("pauses").get()
    row.handoff = work.handoff
    if why := why_not(row, now=now):
        raise NotAllowed(why) if not row.handoff.term.may_pause else Conflict(why)
    reason = checked_text(reason, limit=REASON, where="reason")
    if not reason:
        raise _invalid("Say in a few words why: it stands on the lead's timeline.", "reason")
    calendar = load_calendars([row.owner_id]).of(row.owner_id)
    until = _checked(until, row, calendar, now)
    _close_past(row)
    made = Pause.objects.create(assignment=row, starts_at=now, until=until, reason=reason, by=by)
    reset_clock(work.assignment, now=now)
    detail = {"pause": made.pk, "assignment": row.pk, "until": until.isoformat()}
    audit.record(actor=by, action="handoff.paused", target=work.handoff, detail=detail)
    return made


@transaction.atomic
def resume(*, assignment: Assignment, by: User, now: datetime) -> Assignment:
    """Let the clocks go on before the pause is over; the due moments move back by what is left of it.

    Conflict if it isn't paused (any more), so a repeat changes nothing.
    """
    work = lock_open(assignment, by=by, now=now)
    ended = end_pause(work.assignment, now=now)
    if ended is None:
        raise Conflict(f"{work.lead} isn't paused: its clocks run on already.")
    detail = {"pause": ended.pk, "assignment": work.assignment.pk}
    audit.record(actor=by, action="handoff.resumed", target=work.handoff, detail=detail)
    return work.assignment


def end_pause(assignment: Assignment, *, now: datetime) -> Pause | None:
    """End the pause that runs, if any, because somebody acts on the lead. Its handoff must be locked."""
    running = Pause.objects.filter(assignment=assignment, ended_at=None, until__gt=now).first()
    if running is not None:
        running.ended_at = max(now, running.starts_at)  # the server's clock may have been set back
        running.save(update_fields=["ended_at"])
        reset_clock(assignment, now=now)
    return running


def take_up_again(assignment: Assignment, *, ended_at: datetime, now: datetime) -> None:
    """Set the clocks as if a decision at ``ended_at``, which was undone, hadn't ended a pause."""
    Pause.objects.filter(assignment=assignment, ended_at=ended_at).update(ended_at=None)
    reset_clock(assignment, now=now)


def why_not(row: Assignment, *, now: datetime) -> str:
    """Why the clocks of an open assignment can't be paused; "" if they can."""
    lead, grade = row.handoff.lead, row.handoff.grade
    if not row.handoff.term.may_pause:
        return f"The agreement lets nobody pause the clock of grade {grade}. Plan a call back instead."
    if not (running := running_clocks(row)):
        return f"Nothing of {lead} is due any more, so there is nothing to pause."
    if any(pause.runs(now) for pause in row.pauses.all()):
        return f"{lead} is paused already. End that pause first."
    if any(due_at < now for _, due_at in running):
        return f"{lead} is overdue already, and a pause heals nothing. Answer it first."
    return ""


def latest(row: Assignment, calendar: Calendar, *, now: datetime) -> datetime | None:
    """Until when a pause that begins now may last, by the owner's ``calendar``; None if all is used up."""
    whole = working_time_between(calendar, now, add_working_days(calendar, now, MOST_DAYS).at)
    used = sum((working_time_between(calendar, *pause.span) for pause in row.pauses.all()), timedelta(0))
    return add_working_time(calendar, now, whole - used).at if whole > used else None


def _checked(until: datetime | None, row: Assignment, calendar: Calendar, now: datetime) -> datetime:
    if until is None or until <= now:
        raise _invalid("Choose a moment that is still to come.", "until")
    most = latest(row, calendar, now=now)
    if most is None:
        raise Conflict(f"{row.handoff.lead} was paused for {MOST_DAYS} working days: more is not allowed.")
    if until > most:
        said = f"At most {MOST_DAYS} working days in all: {moment(most, now=now)} at the latest."
        raise _invalid(said, "until")
    if not working_time_between(calendar, now, until):
        raise _invalid("The clock doesn't run before then anyway. Choose a later moment.", "until")
    return until


def _close_past(row: Assignment) -> None:
    """Write of pauses whose time came by itself that it did, which makes room for the next."""
    for past in row.pauses.all():
        if past.ended_at is None:
            past.ended_at = past.until
            past.save(update_fields=["ended_at"])


def _invalid(message: str, where: str) -> Invalid:
    return Invalid(message, problems=(Problem(message, where),))
