"""Why a lead has its owner, and what the owner before leaves them: read from what happened."""

from dataclasses import dataclass
from datetime import datetime

from core.display import moment
from feedback.models import Assignment, AssignmentTrace, Attempt
from feedback.routing.trace import Trace, by_hand, read_trace
from users.models import User

MOST_COUNTED = 50
NOUNS = {
    Attempt.Kind.CALL: ("call", "calls"),
    Attempt.Kind.EMAIL: ("e-mail", "e-mails"),
    Attempt.Kind.MEETING: ("meeting", "meetings"),
    Attempt.Kind.NOTE: ("note", "notes"),
}


@dataclass(frozen=True, slots=True)
class Brief:
    """A note for whoever has the lead now: who had it until when, what happened, what was promised."""

    before: User
    until: datetime
    happened: str
    note: str
    promised: str


def trace_of_owner(row: Assignment) -> Trace:
    """Why this owner; of an assignment from before traces were kept its sentence alone (1 query)."""
    found = AssignmentTrace.objects.filter(assignment=row).values_list("detail", flat=True).first()
    return read_trace(found or by_hand(row.why))


def brief_of(row: Assignment, *, now: datetime) -> Brief | None:
    """What the owner before leaves to one who has not reached the lead yet; None if nobody else had it in
    this episode (2 queries at most)."""
    if row.ended_at is not None or row.responded_at is not None:
        return None
    earlier = Assignment.objects.filter(handoff=row.handoff_id, pk__lt=row.pk).exclude(owner=row.owner_id)
    last = earlier.select_related("owner").order_by("-pk").first()
    if last is None or last.ended_at is None:
        return None
    attempts = Attempt.objects.filter(handoff=row.handoff_id, at__lte=row.assigned_at).select_related("by")
    known = list(attempts.order_by("-at", "-pk")[:MOST_COUNTED])
    return Brief(
        before=last.owner,
        until=last.ended_at,
        happened=_happened(known, last, now),
        note=next((each.note for each in known if each.note), ""),
        promised=_promised(last, now),
    )


def _happened(attempts: list[Attempt], last: Assignment, now: datetime) -> str:
    """``2 calls and 1 e-mail; last on Mon 23 Nov, 11:40: call by Ana, no answer.``"""
    accepted = f" {last.owner} accepted it on {moment(last.decided_at, now=now)}." if last.decided_at else ""
    if not attempts:
        return f"Nobody had tried to reach them.{accepted}"
    counts = [(sum(each.kind == kind for each in attempts), words) for kind, words in NOUNS.items()]
    tried = ", ".join(f"{count} {words[count > 1]}" for count, words in counts if count)
    newest = attempts[0]
    result = f", {newest.get_result_display().lower()}" if newest.result else ""
    kind = NOUNS[Attempt.Kind(newest.kind)][0]
    return f"{tried}; the last on {moment(newest.at, now=now)}: {kind} by {newest.by}{result}.{accepted}"


def _promised(last: Assignment, now: datetime) -> str:
    if last.callback_at is None:
        return "No call back was planned."
    when = moment(last.callback_at, now=now)
    if last.callback_at <= now:
        return f"{last.owner} meant to call back on {when}; that has passed."
    return f"{last.owner} planned to call back on {when}."
