"""What ends an episode without a sale: rejected, recycled, a duplicate, or never to come again."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from alignment.models import Reason
from feedback.models import Assignment, Decision, Handoff
from feedback.services.decisions.core import basis, close, invalid, let_go, record
from feedback.services.working import lock_open, lock_undecided, lock_unqualified
from feedback.texts import checked_text
from leads.models import Lead, Stage
from users.models import Organisation, User

LONGEST_REST = timedelta(days=3 * 366)


@transaction.atomic
def reject(
    *, assignment: Assignment, reason_id: int | None, text: str = "", by: User, now: datetime
) -> Decision:
    """The rep gives the lead back, with a reason that the handoff's version lists.

    Stops both clocks and ends the episode: the lead rests in nurture for the cool-off, without an owner,
    and comes again only if it becomes sales-ready anew. Invalid without a reason, with another version's,
    or without text where the reason asks for it; Conflict if it was decided before or isn't theirs any more.
    """
    work = lock_undecided(assignment, by=by, now=now)
    text = checked_text(text, limit=1000, where="text")
    reason = _reason(work.handoff, reason_id, text)
    stood = basis(work, now=now)
    close(work, Handoff.State.REJECTED, now)
    until = _today(now) + timedelta(days=settings.COOL_OFF_DAYS)
    let_go(work.lead, to=Stage.NURTURE, cause="rejected", until=until, by=by, now=now)
    return record(work, Decision.Kind.REJECT, stood, reason=reason, text=text, by=by, now=now)


@transaction.atomic
def recycle(
    *, assignment: Assignment, until: date | None, text: str = "", by: User, now: datetime
) -> Decision:
    """Not now: the lead goes back to marketing until a day, also one that was accepted or is qualified.

    From then on it comes again as its next cycle, if it is sales-ready. Invalid without a day to come
    (in the company's zone, at most three years ahead); Conflict if the handoff is closed or given away.
    """
    work = lock_open(assignment, by=by, now=now)
    text = checked_text(text, limit=1000, where="text")
    if until is None or until <= _today(now):
        raise invalid("Choose a day that is still to come.", "until")
    if until > _today(now) + LONGEST_REST:
        raise invalid("Choose a day within three years.", "until")
    stood = basis(work, now=now)
    close(work, Handoff.State.RECYCLED, now)
    let_go(work.lead, to=Stage.NURTURE, cause="recycled", until=until, by=by, now=now)
    return record(work, Decision.Kind.RECYCLE, stood, until=until, text=text, by=by, now=now)


@transaction.atomic
def disqualify(
    *, assignment: Assignment, reason_id: int | None, text: str = "", by: User, now: datetime
) -> Decision:
    """The lead will never buy: it isn't handed over again, whatever it does. Errors as for ``reject``;
    one that was accepted may be disqualified too."""
    work = lock_unqualified(assignment, by=by, now=now)
    text = checked_text(text, limit=1000, where="text")
    reason = _reason(work.handoff, reason_id, text)
    stood = basis(work, now=now)
    close(work, Handoff.State.DISQUALIFIED, now)
    let_go(work.lead, to=Stage.DISQUALIFIED, cause="disqualified", by=by, now=now)
    return record(work, Decision.Kind.DISQUALIFY, stood, reason=reason, text=text, by=by, now=now)


@transaction.atomic
def duplicate(*, assignment: Assignment, twin: Lead | None, by: User, now: datetime) -> Decision:
    """The lead is ``twin`` once more: it isn't handed over again, and the twin goes its own way.

    Invalid without a twin, with the lead itself and with one that is a duplicate of this one; Conflict if
    the handoff was closed, given away or qualified.
    """
    work = lock_unqualified(assignment, by=by, now=now)
    if twin is None or twin.pk == work.lead.pk:
        raise invalid("Choose the other lead, the one to keep.", "twin")
    doubled = Decision.objects.filter(
        kind=Decision.Kind.DUPLICATE, handoff__lead=twin, twin=work.lead, undone_by=None
    )
    if doubled.exists():
        raise invalid(f"{twin} was marked as a duplicate of this lead. Keep one of the two.", "twin")
    stood = basis(work, now=now)
    close(work, Handoff.State.DUPLICATE, now)
    let_go(work.lead, to=Stage.DISQUALIFIED, cause="duplicate", by=by, now=now)
    return record(work, Decision.Kind.DUPLICATE, stood, twin=twin, by=by, now=now)


def _reason(handoff: Handoff, reason_id: int | None, text: str) -> Reason:
    if reason_id is None:
        raise invalid("Choose a reason: it tells marketing what to change.", "reason")
    reasons = {reason.pk: reason for reason in Reason.objects.filter(version=handoff.version_id)}
    if reason_id not in reasons:
        raise invalid("Choose one of the reasons listed for this lead.", "reason")
    reason = reasons[reason_id]
    if reason.needs_text and not text:
        raise invalid(f"“{reason.label}” needs a few words: say what was wrong.", "text")
    return reason


def _today(now: datetime) -> date:
    return now.astimezone(Organisation.current().tz).date()
