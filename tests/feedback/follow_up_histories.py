"""Random histories of sales for the tests of the follow-up figures, and changes made to them afterwards."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from django.db import models

from alignment.models import SlaTerm, Version
from feedback.models import Assignment, Handoff, SlaEvent
from leads.models import Lead
from tests.alignment.factories import make_draft
from tests.factories import TeamFactory, UserFactory
from tests.feedback.world import NOW
from users.models import Role, User

SOURCES = ("", "Web", "web", "Trade fair", "=2+3")
WEEKS_BACK = 15  # more than the page shows, over the night in which the clocks go back
MINUTE = timedelta(minutes=1)


class History:
    """A sales team and what became of its leads, the same for the same seed."""

    def __init__(self, seed: int, leads: int = 60) -> None:
        self.dice = Random(seed)  # noqa: S311 - made-up data
        north, south = TeamFactory(), TeamFactory()
        self.owners = [UserFactory(team=team) for team in (north, north, south)]
        self.owners.append(UserFactory(role=Role.SALES_MANAGER))
        self.terms = [term for _ in range(2) for term in self._terms()]
        for number in range(leads):
            self._lead(number)

    def _terms(self) -> list[SlaTerm]:
        draft = make_draft()
        Version.objects.filter(pk=draft.pk).update(status=Version.Status.ACTIVE)
        return list(SlaTerm.objects.filter(version=draft, grade__in=("A", "B")))

    def moment(self) -> datetime:
        """Any moment of the last weeks, sometimes on the edge of an hour or a week."""
        at = NOW - timedelta(seconds=self.dice.randrange(WEEKS_BACK * 7 * 86_400))
        if self.dice.random() < 0.2:
            at = at.replace(minute=0, second=0)
        if self.dice.random() < 0.1:
            at = at.replace(hour=23) - timedelta(days=at.weekday() + 1)  # a Monday begins, in Berlin
        return min(at, NOW)

    def _lead(self, number: int) -> None:
        dice = self.dice
        lead = Lead.objects.create(name=f"Lead {number}", source=dice.choice(SOURCES))
        term, at = dice.choice(self.terms), self.moment()
        handoff = Handoff.objects.create(
            lead=lead,
            cycle=1,
            version=term.version,
            term=term,
            grade=term.grade,
            total=50,
            facts={},
            ready_at=at - timedelta(seconds=dice.randrange(9_000)),
            first_assigned_at=at,
            state=Handoff.State.ASSIGNED,
        )
        first = self._assignment(handoff, at, None)
        if dice.random() < 0.4 and first.ended_at is None:
            taken = min(NOW, at + dice.randrange(5_000) * MINUTE)
            Assignment.objects.filter(pk=first.pk).update(ended_at=taken)
            accepted = first.decided_at if first.decided_at and first.decided_at <= taken else None
            self._assignment(handoff, taken, accepted)

    def _assignment(self, handoff: Handoff, at: datetime, accepted_at: datetime | None) -> Assignment:
        dice = self.dice
        response_due = at + dice.choice((60, 90, 1440)) * MINUTE
        decision_due = at + dice.choice((45, 2880, 7200)) * MINUTE
        responded = self._later(at, response_due)
        decided = accepted_at or self._later(at, decision_due)
        is_own = decided is not None and accepted_at is None
        ended = None
        if is_own and dice.random() < 0.4:
            ended = decided  # rejected
        elif decided is not None and dice.random() < 0.2:
            ended = min(NOW, decided + dice.randrange(900) * MINUTE)  # lost after a while
        row = Assignment.objects.create(
            handoff=handoff,
            owner=dice.choice(self.owners),
            why="By chance.",
            grade=handoff.grade,
            version=handoff.version,
            source=handoff.lead.source,
            system_minutes=(at - handoff.ready_at) // MINUTE if at == handoff.first_assigned_at else None,
            assigned_at=at,
            ended_at=ended,
            response_due_at=response_due,
            decision_due_at=decision_due,
            responded_at=responded,
            decided_at=decided,
            response_minutes=dice.randrange(400) if responded else None,
            decision_minutes=dice.randrange(4_000) if is_own else None,
        )
        self._events(row)
        return row

    def _later(self, at: datetime, due: datetime) -> datetime | None:
        """None, or a moment up to now: before it is due, on the dot, or after."""
        chance = self.dice.random()
        if chance < 0.25:
            return None
        span = int((due - at).total_seconds())
        found = due if chance < 0.35 else at + timedelta(seconds=self.dice.randrange(2 * span))
        return found if found <= NOW else None

    def _events(self, row: Assignment) -> None:
        for clock in SlaEvent.Clock:
            for step in self.dice.sample(("at_risk", "breach", "told"), self.dice.randrange(3)):
                at = min(NOW, row.assigned_at + self.dice.randrange(3_000) * MINUTE)
                SlaEvent.objects.create(assignment=row, clock=clock, step=step, due_at=at, at=at)

    def change(self, what: str = "") -> None:
        """Change one thing that figures are made of: ``what``, or anything."""
        row = self.dice.choice(list(Assignment.objects.order_by("pk")))
        changes: dict[str, Callable[[], object]] = {
            "answered": lambda: _update(row, responded_at=self.moment(), response_minutes=7),
            "decided": lambda: _update(row, decided_at=self.moment(), decision_minutes=11),
            "owner": lambda: _update(row, owner=self.dice.choice(self.owners)),
            "due": lambda: _update(row, response_due_at=self.moment()),
            "minutes": lambda: _update(row, decision_minutes=self.dice.randrange(4_000)),
            "gone": row.delete,
            "new": lambda: self._lead(Lead.objects.count()),
            "system": lambda: _update(row, system_minutes=self.dice.randrange(90)),
            "team": lambda: _update(self.owners[0], team=self.owners[2].team),
            "step": lambda: SlaEvent.objects.filter(assignment=row).delete(),
        }
        changes[what or self.dice.choice(sorted(changes))]()


def _update(row: models.Model, **fields: object) -> None:
    """Change columns of a row by nothing but an UPDATE."""
    type(row)._default_manager.filter(pk=row.pk).update(**fields)


def teams_of(people: list[User]) -> list[int | None]:
    """The teams that figures can be asked of, and None for all."""
    return [None, *sorted({person.team_id for person in people if person.team_id})]
