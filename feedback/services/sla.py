"""The sweep over the SLA clocks: each step of the ladder is taken exactly once, on fresh facts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from core.locking import locked
from feedback.calendars import Calendars, load_calendars
from feedback.clock import LadderStep, ladder
from feedback.models import Assignment, SlaEvent
from feedback.services.notices import Notice, notify
from users.models import Role, User

BATCH = 200


@dataclass(slots=True)
class Taken:
    """What a batch of the sweep found to write."""

    events: list[SlaEvent] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)


def sweep(*, now: datetime) -> int:
    """Take every ladder step that is due at ``now``; gives how many were taken.

    Works in batches of its own transactions, so that two sweeps at once share the work and a crash
    loses one batch, which the next sweep takes. Its cost depends on what is due alone.
    """
    taken = 0
    while (batch := _sweep_batch(now)) is not None:
        taken += batch
    return taken


def next_event(
    assignment: Assignment, calendars: Calendars, taken: Iterable[tuple[str, str]]
) -> datetime | None:
    """When the sweep must look again: the first step not in ``taken`` ((clock, step) pairs), or None."""
    done = set(taken)
    steps = ladder(assignment, assignment.handoff.term, calendars.of(assignment.owner_id))
    return next((step.at for step in steps if (step.clock, step.step) not in done), None)


@transaction.atomic
def _sweep_batch(now: datetime) -> int | None:
    """One batch; None when nothing was due. The rows are locked before their facts are read."""
    due = Assignment.objects.filter(next_event_at__lte=now).select_related("handoff__term", "handoff__lead")
    batch = list(locked(due, skip_locked=True).order_by("next_event_at")[:BATCH])
    if not batch:
        return None
    calendars, managers, done = load_calendars(), _managers(), _steps_taken(batch)
    taken = Taken()
    for assignment in batch:
        _take_steps(assignment, calendars, managers, done[assignment.pk], now=now, taken=taken)
    SlaEvent.objects.bulk_create(taken.events)
    Assignment.objects.bulk_update(taken.assignments, ["next_event_at"])
    notify(taken.notices, now=now)
    return len(taken.events)


def _take_steps(
    assignment: Assignment,
    calendars: Calendars,
    managers: dict[int | None, list[int]],
    done: set[tuple[str, str]],
    *,
    now: datetime,
    taken: Taken,
) -> None:
    steps = ladder(assignment, assignment.handoff.term, calendars.of(assignment.owner_id))
    due = [step for step in steps if step.at <= now and (step.clock, step.step) not in done]
    for step in due:
        taken.events.append(
            SlaEvent(assignment=assignment, clock=step.clock, step=step.step, due_at=step.due_at, at=now)
        )
    # After an outage several steps of a clock are due at once: only the last is worth telling.
    for step in {step.clock: step for step in due}.values():
        taken.notices += _notices(assignment, step, managers)
    assignment.next_event_at = next_event(
        assignment, calendars, done | {(step.clock, step.step) for step in due}
    )
    taken.assignments.append(assignment)


def _notices(assignment: Assignment, step: LadderStep, managers: dict[int | None, list[int]]) -> list[Notice]:
    people = {assignment.owner_id} if "owner" in step.tell else set()
    if "manager" in step.tell:
        people |= set(managers.get(assignment.handoff.team_id) or managers[None])
    return [
        Notice(
            user_id=person,
            key=f"sla:{assignment.pk}:{step.clock}:{step.step}:{person}",
            text=_words(assignment, step),
            path=reverse("leads:lead", args=[assignment.handoff.lead_id]),
        )
        for person in sorted(people)
    ]


def _words(assignment: Assignment, step: LadderStep) -> str:
    what = "first response" if step.clock == SlaEvent.Clock.RESPONSE else "decision"
    lead = assignment.handoff.lead
    if step.at >= step.due_at:
        return f"{lead}: the {what} is overdue"
    return f"{lead}: the {what} is due soon"


def _steps_taken(batch: list[Assignment]) -> dict[int, set[tuple[str, str]]]:
    taken: dict[int, set[tuple[str, str]]] = defaultdict(set)
    rows = SlaEvent.objects.filter(assignment__in=batch).values_list("assignment_id", "clock", "step")
    for assignment_id, clock, step in rows:
        taken[assignment_id].add((clock, step))
    return taken


def _managers() -> dict[int | None, list[int]]:
    """The sales managers of each team, and of all teams under None."""
    managers: dict[int | None, list[int]] = {None: []}
    people = User.objects.filter(role=Role.SALES_MANAGER, is_active=True).values_list("pk", "team_id")
    for person, team in people:
        managers[None].append(person)
        if team is not None:
            managers.setdefault(team, []).append(person)
    return managers
