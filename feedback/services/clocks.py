"""Setting the clocks of open assignments anew: after a change of hours or leave, and around a pause."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import QuerySet

from core.locking import locked
from feedback.calendars import Calendars, load_calendars, pauses_of
from feedback.clock import due_moments
from feedback.models import Assignment, SlaEvent
from feedback.services.sla import next_event

BATCH = 500
DUE = ("response_due_at", "decision_due_at", "next_event_at")
Taken = dict[int, list[tuple[str, str]]]


@transaction.atomic
def reset_clocks(assignments: QuerySet[Assignment], *, now: dt.datetime) -> int:
    """Recompute the due moments of open assignments from their start; gives how many.

    A clock that was already stopped keeps the moment it was judged by. Who was overdue stays so, and
    nobody becomes so: where the new moment would have passed, the old one holds.
    """
    count = last = 0
    open_rows = assignments.filter(ended_at=None).select_related("handoff__term").prefetch_related("pauses")
    while batch := list(locked(open_rows.filter(pk__gt=last))[:BATCH]):
        # Read under the locks: whoever changes other hours at the same time waits for them, or was seen.
        calendars, taken = load_calendars({row.owner_id for row in batch}), _taken(batch)
        for row in batch:
            _set_due(row, calendars, taken.get(row.pk, ()), now=now)
        Assignment.objects.bulk_update(batch, DUE)
        count, last = count + len(batch), batch[-1].pk
    return count


def reset_clock(assignment: Assignment, *, now: dt.datetime) -> None:
    """As ``reset_clocks``, for one whose handoff is locked; ``assignment`` gets its new moments too."""
    row = locked(Assignment.objects.filter(pk=assignment.pk)).get()
    row.handoff = assignment.handoff
    _set_due(row, load_calendars([row.owner_id]), _taken([row]).get(row.pk, ()), now=now)
    row.save(update_fields=DUE)
    for name in DUE:
        setattr(assignment, name, getattr(row, name))


def _set_due(
    row: Assignment, calendars: Calendars, taken: Iterable[tuple[str, str]], *, now: dt.datetime
) -> None:
    moments = due_moments(
        term=row.handoff.term,
        calendar=calendars.of(row.owner_id),
        start=row.assigned_at,
        pauses=[pause.span for pause in pauses_of(row)],
    )
    if row.responded_at is None and min(row.response_due_at, moments.response.at) > now:
        row.response_due_at = moments.response.at
    if row.decided_at is None and min(row.decision_due_at, moments.decision.at) > now:
        row.decision_due_at = moments.decision.at
    row.next_event_at = next_event(row, calendars, taken) if row.ended_at is None else None


def _taken(batch: Sequence[Assignment]) -> Taken:
    """The steps of the ladder that were taken, by assignment."""
    taken: Taken = defaultdict(list)
    rows = SlaEvent.objects.filter(assignment__in=batch).values_list("assignment_id", "clock", "step")
    for pk, clock, step in rows:
        taken[pk].append((clock, step))
    return taken
