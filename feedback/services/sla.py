"""The sweep over the SLA clocks: each step of the ladder is taken exactly once, on fresh facts."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from core import audit
from core.locking import locked
from feedback.calendars import Calendars, load_calendars
from feedback.clock import LadderStep, ladder
from feedback.models import Assignment, Handoff, SlaEvent
from feedback.services.managers import sales_managers
from feedback.services.notices import Notice, Post, notify, post
from feedback.services.waiting import POOL_CLOCK, enter_pool
from leads.services import set_owner

BATCH = 200


@dataclass(slots=True)
class Sweeping:
    """A batch of the sweep: what it goes by, and what it found to write."""

    now: datetime
    calendars: Calendars
    managers: dict[int | None, list[int]]
    done: dict[int, set[tuple[str, str]]]
    events: list[SlaEvent] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)

    @classmethod
    def of(cls, batch: list[Assignment], now: datetime) -> "Sweeping":
        """The batch with calendars, managers and the steps that were taken before."""
        calendars = load_calendars({row.owner_id for row in batch})
        return cls(now, calendars, sales_managers(), _steps_taken(batch))

    def left(self, assignment: Assignment) -> list[LadderStep]:
        """The steps of its running clocks that weren't taken, earliest first."""
        return steps_left(assignment, self.calendars, self.done[assignment.pk])

    def take(self, assignment: Assignment, left: list[LadderStep], *, count: int) -> None:
        """Note so many of what is ``left`` as taken, tell the last of each clock, and when to look again."""
        steps, later = left[:count], left[count:]
        self.events += [
            SlaEvent(assignment=assignment, clock=step.clock, step=step.step, due_at=step.due_at, at=self.now)
            for step in steps
        ]
        # After an outage several steps of a clock are due at once: only the last is worth telling.
        for step in {step.clock: step for step in steps}.values():
            self.notices += _notices(assignment, step, self.managers)
            self.posts += _posts(assignment, step)
        assignment.next_event_at = later[0].at if later else None
        self.assignments.append(assignment)

    def write(self) -> None:
        """Write it all."""
        SlaEvent.objects.bulk_create(self.events)
        Assignment.objects.bulk_update(self.assignments, ["next_event_at"])
        notify(self.notices, now=self.now)
        post(self.posts, now=self.now)


def sweep(*, now: datetime) -> int:
    """Take every ladder step that is due at ``now``; gives how many were taken.

    Works in batches of its own transactions, so that two sweeps at once share the work and a crash
    loses one batch, which the next sweep takes. Its cost depends on what is due alone.
    """
    taken, passed = 0, set[int]()
    while (batch := _sweep_batch(now, passed)) is not None:
        taken += batch
    return taken + sum(take_away(pk, now=now) for pk in sorted(passed))


def next_event(
    assignment: Assignment, calendars: Calendars, taken: Iterable[tuple[str, str]]
) -> datetime | None:
    """When the sweep must look again: the first step not in ``taken`` ((clock, step) pairs), or None."""
    left = steps_left(assignment, calendars, set(taken))
    return left[0].at if left else None


def steps_left(
    assignment: Assignment, calendars: Calendars, taken: Container[tuple[str, str]]
) -> list[LadderStep]:
    """The steps of its running clocks that aren't among ``taken``, earliest first."""
    steps = ladder(assignment, assignment.handoff.term, calendars.clock(assignment))
    return [step for step in steps if (step.clock, step.step) not in taken]


@transaction.atomic
def _sweep_batch(now: datetime, passed: set[int]) -> int | None:
    """One batch; None when nothing was due. The rows are locked before their facts are read.

    Whoever is to lose the lead is ``passed`` over: that locks the handoff first, as every act on it does.
    """
    due = Assignment.objects.filter(next_event_at__lte=now).exclude(pk__in=passed)
    due = due.select_related("owner", "handoff__term", "handoff__lead").prefetch_related("pauses")
    rows = locked(due, skip_locked=True)
    batch = list(rows.order_by("next_event_at")[:BATCH])
    if not batch:
        return None
    sweeping = Sweeping.of(batch, now)
    for assignment in batch:
        left = sweeping.left(assignment)
        count = _due(left, now)
        if _is_undecided(assignment) and any(step.takes for step in left[:count]):
            passed.add(assignment.pk)
        else:
            sweeping.take(assignment, left, count=count)
    sweeping.write()
    return len(sweeping.events)


@transaction.atomic
def take_away(pk: int, *, now: datetime) -> int:
    """Take the steps that are due for an assignment, up to the one by which its owner loses the lead.

    The lead goes back to the pool and is dealt to anybody but them. The facts are read again under the
    lock of the handoff: nothing happens, and 0 is given, if it was decided or given away meanwhile, or if
    somebody acts on it now, whom the next sweep comes after.
    """
    handoffs = Handoff.objects.filter(assignments=pk, state=Handoff.State.ASSIGNED)
    handoff = locked(handoffs, skip_locked=True).select_related("term", "lead__team").first()
    if handoff is None:
        return 0
    row = Assignment.objects.select_related("owner").filter(pk=pk, ended_at=None, handoff=handoff).first()
    if row is None:
        return 0
    row.handoff = handoff
    sweeping = Sweeping.of([row], now)
    left = sweeping.left(row)
    last = next((place for place, step in enumerate(left) if step.takes and step.at <= now), None)
    if last is None:
        return 0
    sweeping.take(row, left, count=last + 1)
    sweeping.events[-1].took = True
    row.ended_at, row.next_event_at, row.callback_at = now, None, None
    row.save(update_fields=["ended_at", "callback_at"])
    sweeping.write()
    handoff.state = Handoff.State.WAITING
    enter_pool([handoff], calendar=sweeping.calendars.default, now=now)
    handoff.save(update_fields=["state", *POOL_CLOCK])
    set_owner(leads=[handoff.lead], owner=None, team=handoff.lead.team, by=None, now=now)
    audit.record(actor=None, action="handoff.taken_away", target=handoff, detail={"assignment": row.pk})
    return len(sweeping.events)


def _due(left: list[LadderStep], now: datetime) -> int:
    return bisect_right(left, now, key=lambda step: step.at)


def _is_undecided(assignment: Assignment) -> bool:
    return assignment.handoff.state == Handoff.State.ASSIGNED


def _notices(assignment: Assignment, step: LadderStep, managers: dict[int | None, list[int]]) -> list[Notice]:
    people = {assignment.owner_id} if "owner" in step.tell else set()
    if "manager" in step.tell:
        people |= set(managers.get(assignment.handoff.team_id) or managers[None])
    return [
        Notice(
            user_id=person,
            key=f"sla:{assignment.pk}:{step.clock}:{step.step}:{person}",
            text=_words(assignment, step, is_own=person == assignment.owner_id),
            path=reverse("leads:lead", args=[assignment.handoff.lead_id]),
        )
        for person in sorted(people)
    ]


def _posts(assignment: Assignment, step: LadderStep) -> list[Post]:
    """What managers are told, the channels of the team hear too."""
    if "manager" not in step.tell:
        return []
    key = f"sla:{assignment.pk}:{step.clock}:{step.step}"
    path = reverse("leads:lead", args=[assignment.handoff.lead_id])
    return [Post(assignment.handoff.team_id, key, _words(assignment, step, is_own=False), path)]


def _words(assignment: Assignment, step: LadderStep, *, is_own: bool) -> str:
    """Whose promise it is must be said to everybody but its owner."""
    what = "first response" if step.clock == SlaEvent.Clock.RESPONSE else "decision"
    what += "" if is_own else f" by {assignment.owner}"
    lead = assignment.handoff.lead
    if step.at >= step.due_at:
        ends = ", so somebody else gets it" if step.takes and _is_undecided(assignment) else ""
        return f"{lead}: the {what} is overdue{ends}"
    return f"{lead}: the {what} is due soon"


def _steps_taken(batch: list[Assignment]) -> dict[int, set[tuple[str, str]]]:
    taken: dict[int, set[tuple[str, str]]] = defaultdict(set)
    rows = SlaEvent.objects.filter(assignment__in=batch).values_list("assignment_id", "clock", "step")
    for assignment_id, clock, step in rows:
        taken[assignment_id].add((clock, step))
    return taken
