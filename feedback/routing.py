"""Who gets a lead: the owner of its company, else the rep with the fewest open leads.

``Roster`` is pure: it is read once for a batch and counts each assignment that it gives out, so a
batch is dealt as fairly as single leads are.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db.models import Count, OuterRef, QuerySet, Subquery

from feedback.models import Assignment, Handoff
from leads.models import Lead
from users.models import Role, User

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Rep:
    """A rep who takes new leads: how many are undecided, and when the last one came."""

    id: int
    name: str
    team_id: int
    open: int = 0
    last_at: datetime = NEVER


@dataclass(frozen=True, slots=True)
class Choice:
    """The owner that was chosen and why, as it is stored."""

    rep: Rep
    why: str


class Roster:
    """The active reps who are not away, with their room for more; ``company_owners`` maps a company
    to the rep who already works a lead of it."""

    def __init__(self, reps: Iterable[Rep], *, capacity: int, company_owners: dict[int, int]) -> None:
        self.reps = {rep.id: rep for rep in reps}
        self.capacity = capacity
        self.company_owners = company_owners

    def teams(self) -> set[int]:
        """The teams in which anybody takes leads."""
        return {rep.team_id for rep in self.reps.values()}

    def room(self) -> Counter[int]:
        """How many more leads each team can take."""
        room: Counter[int] = Counter()
        for rep in self.reps.values():
            room[rep.team_id] += max(self.capacity - rep.open, 0)
        return room

    def choose(
        self,
        *,
        company_id: int | None,
        team_id: int | None,
        now: datetime,
        barred: Collection[int] = (),
    ) -> Choice | None:
        """Take the next owner and count the lead for them; None where nobody has room.

        ``team_id`` keeps the choice in a team that has reps; the owner of the company may be in any. None
        of the ``barred`` is chosen.
        """
        choice = self._owner_of(company_id, barred) or self._next_in_turn(team_id, barred)
        if choice is not None:
            choice.rep.open += 1
            choice.rep.last_at = now
        return choice

    def _owner_of(self, company_id: int | None, barred: Collection[int]) -> Choice | None:
        owner_id = self.company_owners.get(company_id) if company_id is not None else None
        rep = self.reps.get(owner_id) if owner_id is not None else None
        if rep is None or rep.id in barred or rep.open >= self.capacity:
            return None
        return Choice(rep, f"{rep.name} already works a lead of the same company.")

    def _next_in_turn(self, team_id: int | None, barred: Collection[int]) -> Choice | None:
        within = team_id if team_id in self.teams() else None
        free = [
            rep
            for rep in self.reps.values()
            if rep.open < self.capacity and rep.id not in barred and (within is None or rep.team_id == within)
        ]
        if not free:
            return None
        rep = min(free, key=lambda each: (each.open, each.last_at, each.id))
        return Choice(rep, f"In turn: {rep.name} had the fewest undecided leads ({rep.open}).")


def load_roster(company_ids: Iterable[int | None]) -> Roster:
    """Read the reps who take leads now, and who owns leads of these companies (3 queries)."""
    latest = Assignment.objects.filter(owner=OuterRef("pk")).order_by("-assigned_at")
    rows = available_reps().annotate(last_at=Subquery(latest.values("assigned_at")[:1]))
    undecided = Assignment.objects.filter(ended_at=None, decided_at=None).order_by().values_list("owner_id")
    loads = dict(undecided.annotate(count=Count("pk")))
    reps = [
        Rep(row.pk, row.name, row.team_id or 0, loads.get(row.pk, 0), row.last_at or NEVER) for row in rows
    ]
    return Roster(reps, capacity=settings.HANDOFF_CAPACITY, company_owners=_company_owners(company_ids))


def available_reps() -> QuerySet[User]:
    """Reps who can be given leads: active and not away."""
    return User.objects.filter(role=Role.REP, is_active=True).exclude(rep_settings__is_away=True)


def _company_owners(company_ids: Iterable[int | None]) -> dict[int, int]:
    wanted = {company for company in company_ids if company is not None}
    rows = Lead.objects.filter(company__in=wanted, owner__isnull=False).order_by("stage_at", "pk")
    return {
        company: owner for company, owner in rows.values_list("company_id", "owner_id") if company and owner
    }


def pool_of(team_sizes: dict[int, int], waiting: Counter[int | None]) -> int | None:
    """The team in whose pool the next lead waits: the one with the fewest waiting a rep."""
    if not team_sizes:
        return None
    return min(team_sizes, key=lambda team: (waiting[team] / team_sizes[team], team))


def waiting_by_team() -> Counter[int | None]:
    """How many leads wait in each team's pool."""
    rows = Handoff.objects.filter(state=Handoff.State.WAITING).order_by().values_list("team_id")
    return Counter(dict(rows.annotate(count=Count("pk"))))
