"""What feedback shows on a lead's page: how its handoff stands, and what sales did, in the timeline."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from core.display import moment, money
from core.hooks import TimelineEntry
from feedback.access import ROUTING_READERS, may_work, visible_handoffs
from feedback.calendars import load_calendars
from feedback.coming_back import why_back
from feedback.delays import delays_of
from feedback.models import Assignment, Attempt, Decision, Handoff, Outcome, Pause, PoolOverdue, SlaEvent
from feedback.querysets import let_go
from feedback.queue import MOST_EARLIER, clock_of
from feedback.sums import sum_of
from feedback.waits import wait_of
from feedback.why import brief_of, trace_of_owner
from feedback.words import cycle_words
from leads.models import Lead
from users.access import person

ATTEMPT_ICONS = {
    Attempt.Kind.CALL: "phone",
    Attempt.Kind.EMAIL: "mail",
    Attempt.Kind.MEETING: "calendar",
    Attempt.Kind.NOTE: "note",
}
DECISION_ICONS = {
    Decision.Kind.ACCEPT: "check-circle",
    Decision.Kind.REJECT: "ban",
    Decision.Kind.RECYCLE: "refresh",
    Decision.Kind.RETURN: "routing",
    Decision.Kind.DUPLICATE: "copy",
    Decision.Kind.DISQUALIFY: "ban",
    Decision.Kind.UNDO: "undo",
}


def panel(request: HttpRequest, lead: Lead) -> dict[str, Any]:
    """The latest handoff the viewer may see, its owner, what is due and whether the viewer works it."""
    viewer = person(request)
    handoff = visible_handoffs(viewer).filter(lead=lead).select_related("team").order_by("-cycle").first()
    if handoff is None:
        return {"handoff": None}
    rows = Assignment.objects.filter(handoff=handoff, ended_at=None).select_related("owner", "handoff__term")
    row = rows.prefetch_related("pauses").first()
    now = timezone.now()
    calendars = load_calendars([row.owner_id] if row is not None else [])
    clock = clock_of(row, calendars, now=now) if row is not None else None
    is_mine = row is not None and may_work(viewer, row)
    return {
        "trace": trace_of_owner(row) if row is not None else None,
        "brief": brief_of(row, now=now) if row is not None and is_mine else None,
        "may_try": viewer.role in ROUTING_READERS and handoff.state == Handoff.State.WAITING,
        "handoff": handoff,
        "assignment": row,
        "clock": clock,
        "sum": sum_of(row, clock.kind, calendars, now=now) if row is not None and clock is not None else "",
        "cycle": cycle_words(handoff.cycle),
        "delays": delays_of(handoff, now=now),
        "wait": wait_of(handoff, calendars, now=now),
        "why_back": why_back(handoff, now=now),
        "earlier": list(let_go(handoff)[:MOST_EARLIER])
        if handoff.first_assigned_at or handoff.cycle > 1
        else [],
        "may_work": is_mine,
    }


def entries(lead: Lead, limit: int) -> Iterable[TimelineEntry]:
    """What sales did with the lead, newest first: at most ``limit`` of each kind (7 queries)."""
    found = [*_handoffs(lead, limit), *_assignments(lead, limit), *_attempts(lead, limit)]
    found += [*_decisions(lead, limit), *_outcomes(lead, limit), *_steps(lead, limit)]
    found += [*_waits(lead, limit), *_pauses(lead, limit)]
    return sorted(found, key=lambda entry: entry.at, reverse=True)


def _handoffs(lead: Lead, limit: int) -> list[TimelineEntry]:
    rows = list(Handoff.objects.filter(lead=lead).select_related("version")[:limit])
    found = [
        TimelineEntry(
            at=row.ready_at,
            kind="flag",
            title="Sales-ready" + (f", {cycle_words(row.cycle)}" if row.cycle > 1 else ""),
            detail=f"Grade {row.grade} with {row.total} points under {row.version}"
            + (". It changed enough to end its rest." if row.back_before else ""),
        )
        for row in rows
    ]
    return found + [
        TimelineEntry(row.closed_at, "ban", "Withdrawn from sales", detail=f"The lead {row.withdrawn_why}.")
        for row in rows
        if row.state == Handoff.State.WITHDRAWN and row.closed_at is not None
    ]


def _waits(lead: Lead, limit: int) -> list[TimelineEntry]:
    """Where it waited too long in the pool."""
    rows = PoolOverdue.objects.filter(handoff__lead=lead).order_by("-at", "-pk")[:limit]
    return [
        TimelineEntry(
            row.due_at, "alert", "Overdue in the pool", detail="Nobody had taken it in the time allowed."
        )
        for row in rows
    ]


def _assignments(lead: Lead, limit: int) -> list[TimelineEntry]:
    rows = Assignment.objects.filter(handoff__lead=lead).select_related("owner")[:limit]
    return [
        TimelineEntry(row.assigned_at, "routing", f"Assigned to {row.owner}", detail=row.why) for row in rows
    ]


def _attempts(lead: Lead, limit: int) -> list[TimelineEntry]:
    rows = Attempt.objects.filter(handoff__lead=lead).select_related("by")[:limit]
    return [
        TimelineEntry(
            at=row.at,
            kind=ATTEMPT_ICONS[Attempt.Kind(row.kind)],
            title=": ".join(
                part for part in (row.get_kind_display(), row.get_result_display().lower()) if part
            ),
            detail=row.note,
            who=str(row.by),
        )
        for row in rows
    ]


def _decisions(lead: Lead, limit: int) -> list[TimelineEntry]:
    rows = Decision.objects.filter(handoff__lead=lead).select_related("by", "reason", "twin", "undoes")[
        :limit
    ]
    return [
        TimelineEntry(
            at=row.at,
            kind=DECISION_ICONS[Decision.Kind(row.kind)],
            title=row.in_words,
            detail=row.text,
            who=str(row.by),
        )
        for row in rows
    ]


def _steps(lead: Lead, limit: int) -> list[TimelineEntry]:
    """The steps of the ladder, the newest first."""
    rows = SlaEvent.objects.filter(assignment__handoff__lead=lead).select_related("assignment__owner")
    return [
        TimelineEntry(
            row.at, "alert" if row.is_late else "clock", row.in_words, who=str(row.assignment.owner)
        )
        for row in rows.order_by("-at", "-pk")[:limit]
    ]


def _pauses(lead: Lead, limit: int) -> Iterator[TimelineEntry]:
    """Pauses, and that one was ended before its time; who ended it stands beside it."""
    rows = Pause.objects.filter(assignment__handoff__lead=lead).select_related("by")
    for row in rows.order_by("-starts_at", "-pk")[:limit]:
        until = f"Clock paused until {moment(row.until, now=row.starts_at)}"
        yield TimelineEntry(row.starts_at, "pause", until, detail=row.reason, who=str(row.by))
        if row.ended_at is not None and row.ended_at < row.until:
            yield TimelineEntry(
                row.ended_at, "clock", "The clock goes on", detail="The pause was ended early."
            )


def _outcomes(lead: Lead, limit: int) -> list[TimelineEntry]:
    rows = Outcome.objects.filter(handoff__lead=lead).select_related("by")[:limit]
    return [
        TimelineEntry(
            at=row.at,
            kind="star",
            title=row.get_kind_display()
            + (f": {money(row.amount, row.currency)}" if row.amount is not None else ""),
            detail=row.text,
            who=str(row.by),
        )
        for row in rows
    ]
