"""A sweep that is killed, comes late and sees the clock jump, and a slow model of what it owes."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from alignment.models import SlaTerm
from core.errors import Conflict, Invalid
from core.models import OutboxMessage
from feedback.calendars import load_calendars
from feedback.clock import ladder
from feedback.models import Assignment, Handoff, Notification, SlaEvent
from feedback.services import attempts, decisions, pausing, sla
from feedback.services.assigning import reassign
from tests.alignment.factories import make_draft
from tests.factories import UserFactory, north
from tests.feedback.world import NOW, active_version, assigned
from tests.feedback.world import sweep as deal
from users.models import Role

LEADS, TURNS = 5, 24
LONGEST = timedelta(days=40)
TOLD = ["owner", "manager"]
LADDERS: list[list[dict[str, Any]]] = [
    [
        {"step": "at_risk", "percent": 75, "tell": ["owner"]},
        {"step": "breached", "percent": 100, "tell": TOLD},
    ],
    [{"step": "breached", "percent": 100, "tell": TOLD}, {"step": "after_300", "percent": 300, "tell": TOLD}],
    [
        {"step": "at_risk", "percent": 50, "tell": ["owner"]},
        {"step": "breached", "percent": 100, "tell": TOLD},
        {"step": "after_200", "percent": 200, "tell": TOLD, "takes": True},
        {"step": "after_400", "percent": 400, "tell": TOLD},
    ],
]
Step = tuple[int, str, str]


class Killed(BaseException):
    """The process was killed: nothing may catch it on the way."""


@contextmanager
def killed_at(statement: int) -> Iterator[None]:
    """Kill what runs inside at its so many-th statement; what wasn't committed is gone."""
    left = statement

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0:
            raise Killed
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(count):
            yield
    except Killed:
        pass


class Run:
    """One random run; ``owed`` are the steps that must have been taken by now, each once."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - a repeatable test
        self.now = NOW
        self.owed: set[Step] = set()
        active_version()
        self.reps = [UserFactory(name=name) for name in ("Ana", "Ben", "Cleo")]
        self.manager = UserFactory(role=Role.SALES_MANAGER, team=north())
        terms = [
            SlaTerm.objects.create(
                version=make_draft(), grade="A", source=f"Fair {number}", ladder=each, may_pause=True
            )
            for number, each in enumerate(LADDERS)
        ]
        for number in range(LEADS):
            row = assigned(self.reps[number % len(self.reps)], at=self.now)
            Handoff.objects.filter(pk=row.handoff_id).update(term=terms[number % len(terms)])
            Assignment.objects.filter(pk=row.pk).update(next_event_at=self.now)  # of the new term: look soon

    def turn(self) -> None:
        """Time goes on, and something happens."""
        self.now += timedelta(minutes=self.rng.choice([1, 7, 30, 90, 400, 3_000]))
        happens = self.rng.choice(
            [self._sweep, self._sweep, self._killed, self._killed, self._act, self._act]
        )
        happens()

    def end(self) -> None:
        """The last sweep, long after everything was due."""
        self.now += LONGEST
        self._sweep()

    def _sweep(self) -> None:
        """A sweep whose clock may be behind by some minutes."""
        now = self.now - timedelta(minutes=self.rng.choice([0, 0, 0, 20]))
        due = self._due(now)
        sla.sweep(now=now)
        self.owed |= due
        assert taken() == self.owed, (taken() - self.owed, self.owed - taken(), now)
        deal(self.now)

    def _killed(self) -> None:
        due = self._due(self.now)
        with killed_at(self.rng.randrange(1, 40)):
            sla.sweep(now=self.now)
        assert self.owed <= taken() <= self.owed | due
        self.owed = taken()

    def _act(self) -> None:
        rows = list(Assignment.objects.filter(ended_at=None).select_related("owner", "handoff"))
        if not rows:
            return
        row = self.rng.choice(rows)
        try:
            self._do(row)
        except (Conflict, Invalid):  # overdue or paused already, or nothing is worked until then
            return

    def _do(self, row: Assignment) -> None:
        match self.rng.randrange(6):
            case 0:
                attempts.log_attempt(assignment=row, kind="call", by=row.owner, now=self.now)
            case 1:
                decisions.accept(assignment=row, by=row.owner, now=self.now)
            case 2:
                decisions.give_back(assignment=row, text="Not mine.", by=row.owner, now=self.now)
            case 3:
                until = self.now + timedelta(hours=self.rng.choice([3, 30, 100]))
                pausing.pause(assignment=row, until=until, reason="Away", by=row.owner, now=self.now)
            case 4:
                pausing.resume(assignment=row, by=row.owner, now=self.now)
            case _:
                to = self.rng.choice(self.reps)
                reassign(handoff_ids=[row.handoff_id], to=to, by=self.manager, now=self.now)

    def _due(self, now: datetime) -> set[Step]:
        """The steps that a sweep takes now: of clocks that run, not taken, up to a loss of the lead."""
        found: set[Step] = set()
        calendars = load_calendars()
        for row in Assignment.objects.filter(ended_at=None).select_related("handoff__term"):
            is_undecided = row.handoff.state == Handoff.State.ASSIGNED
            for step in ladder(row, row.handoff.term, calendars.clock(row)):
                key = (row.pk, step.clock.value, step.step)
                if step.at > now or key in self.owed:
                    continue
                found.add(key)
                if step.takes and is_undecided:
                    break
        return found


def taken() -> set[Step]:
    """The steps on record; none is there twice."""
    rows = list(SlaEvent.objects.values_list("assignment_id", "clock", "step"))
    assert len(rows) == len(set(rows))
    return set(rows)


def told_twice() -> list[str]:
    """The occasions of which somebody was told more than once; their keys name step and person."""
    keys = list(Notification.objects.filter(key__startswith="sla:").values_list("key", flat=True))
    mails = list(OutboxMessage.objects.filter(key__startswith="notice:sla:").values_list("key", flat=True))
    assert {f"notice:{key}" for key in keys} == set(mails)
    return sorted({key for key in (*keys, *mails) if (*keys, *mails).count(key) > 1})
