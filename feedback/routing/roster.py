"""Whose turn it is: who has room, who comes first, and what is said of the others. Pure, no database.

A roster is read once for a batch and counts each lead that it deals, so that a batch is dealt as fairly as
single leads are.

- *Round robin*: whoever had the rule's last lead longest ago. Among reps who have room all along, any span
  of its leads is shared to within one.
- *Weighted*: the quota method of Balinski and Young on credits, which are whole numbers. Each lead adds a
  rep's weight to their credit and takes the sum of the weights from whoever gets it; among those above
  zero the one comes first whose next lead is due soonest. From the first lead on nobody is ever a whole
  lead away from their share. Who has no room gains no credit, so nobody is flooded on coming back.
- *Least loaded*: whoever has the smallest part of their capacity filled.

Among equals, whoever works just now comes first.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import nsmallest

from feedback.models import RoutingRule

Way = RoutingRule.Way
DEALT = {
    Way.ROUND_ROBIN: "in turn (round robin)",
    Way.WEIGHTED: "in turn by weight",
    Way.LEAST_LOADED: "to the least loaded rep",
}
"""How each way reads in a sentence."""
NEVER = datetime.min.replace(tzinfo=UTC)
MOST_LISTED = 20
"""So many of those who were looked at are named; the others are counted."""


@dataclass(slots=True)
class Rep:
    """A rep, what they hold and what they may get.

    ``capacity`` is of undecided leads as it is now, ``full`` what it will be once a new starter has grown
    into it. ``away`` says until when no leads come, "" if they do.
    """

    id: int
    name: str
    team_id: int
    capacity: int
    open: int = 0
    last_at: datetime = NEVER
    full: int = 0
    per_day: int | None = None
    today: int = 0
    per_week: int | None = None
    this_week: int = 0
    weight: int = 1
    works_now: bool = True
    away: str = ""

    @property
    def room(self) -> int:
        """How many more leads may come now."""
        limits = [self.capacity - self.open]
        limits += [self.per_day - self.today] if self.per_day is not None else []
        limits += [self.per_week - self.this_week] if self.per_week is not None else []
        return 0 if self.away else max(min(limits), 0)

    @property
    def passed_over(self) -> str:
        """Why no lead comes now: ``at capacity 25 of 25``; "" if one may."""
        if self.away:
            return self.away
        if self.open >= self.capacity:
            if self.full > self.capacity:
                return f"ramp: {self.open} of {self.capacity} for now, {self.full} later"
            return f"at capacity {self.open} of {self.capacity}"
        if self.per_day is not None and self.today >= self.per_day:
            return f"had {self.today} of {self.per_day} for today"
        if self.per_week is not None and self.this_week >= self.per_week:
            return f"had {self.this_week} of {self.per_week} for this week"
        return ""

    @property
    def load(self) -> float:
        """The part of the capacity that is filled."""
        return self.open / max(self.capacity, 1)


@dataclass(slots=True)
class Turn:
    """A rep's place among the leads of one rule, as ``RoutingTurn`` stores it."""

    place: int = 0
    credit: int = 0


@dataclass(frozen=True, slots=True)
class Route:
    """How a lead is dealt: as its rule says, or as leads are that no rule matches."""

    rule_id: int | None = None
    name: str = ""
    team_id: int | None = None
    team: str = ""
    way: str = Way.LEAST_LOADED
    is_owner_first: bool = True


DEFAULT = Route()


@dataclass(frozen=True, slots=True)
class Deal:
    """A lead to be dealt. ``within`` is the team in whose pool it waits, if any.

    ``former`` had it before and comes last; those ``barred`` don't get it at all, for the reason given.
    ``is_decided``: it was accepted, so that it takes no place among the undecided and only those who are away
    are passed over.
    """

    route: Route = DEFAULT
    company_id: int | None = None
    within: int | None = None
    former: int | None = None
    barred: Mapping[int, str] = field(default_factory=dict)
    is_decided: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """Who gets the lead (None: nobody has room) and why, in a sentence; who else was looked at and what is
    said of each, at most ``MOST_LISTED``, and how many ``more``."""

    rep: Rep | None
    why: str
    route: Route
    looked: list[tuple[str, str]] = field(default_factory=list)
    more: int = 0


class Roster:
    """The active reps with their room for more. ``company_owners`` maps a company to the rep who already
    works a lead of it, ``turns`` (rule, rep) to their place; ``changed`` are those that a deal moved."""

    def __init__(
        self,
        reps: Iterable[Rep],
        *,
        company_owners: Mapping[int, int] | None = None,
        turns: Mapping[tuple[int, int], Turn] | None = None,
    ) -> None:
        self.reps = {rep.id: rep for rep in reps}
        self.company_owners = dict(company_owners or {})
        self.turns = dict(turns or {})
        self.changed: dict[tuple[int, int], Turn] = {}

    def taking(self) -> list[Rep]:
        """Those who aren't away."""
        return [rep for rep in self.reps.values() if not rep.away]

    def teams(self) -> set[int]:
        """The teams in which anybody takes leads."""
        return {rep.team_id for rep in self.taking()}

    def room(self) -> Counter[int]:
        """How many more leads each team can take."""
        room: Counter[int] = Counter()
        for rep in self.taking():
            room[rep.team_id] += rep.room
        return room

    def choose(self, deal: Deal, *, now: datetime) -> Choice:
        """Take the next owner and count the lead for them."""
        asked = self._asked(deal)
        free = [rep for rep in asked if not _refusal(rep, deal)]
        owner = self._company_owner(deal)
        if owner is not None and not _refusal(owner, deal):
            why = f"{owner.name} already works a lead of the same company."
            return self._dealt(owner, why, deal, asked, now)
        others = [rep for rep in free if rep.id != deal.former] or free
        passed = [owner, *asked] if owner is not None else asked
        if not others:
            return _choice(None, _nobody(asked), deal, passed)
        rep, why = self._next(others, deal.route)
        return self._dealt(rep, why, deal, passed, now)

    def _asked(self, deal: Deal) -> list[Rep]:
        """Whoever may get it by their team: the rule's, else the pool's if anybody there takes leads."""
        team = deal.route.team_id
        if team is None and deal.within in self.teams():
            team = deal.within
        return [rep for rep in self.reps.values() if team is None or rep.team_id == team]

    def _company_owner(self, deal: Deal) -> Rep | None:
        if not deal.route.is_owner_first or deal.company_id is None:
            return None
        owner = self.reps.get(self.company_owners.get(deal.company_id, 0))
        return None if owner is None or owner.id == deal.former else owner

    def _next(self, reps: list[Rep], route: Route) -> tuple[Rep, str]:
        if route.rule_id is not None and route.way == Way.ROUND_ROBIN:
            return self._in_turn(reps, route.rule_id)
        if route.rule_id is not None and route.way == Way.WEIGHTED:
            return self._by_weight(reps, route.rule_id)
        rep = min(reps, key=_by_load)
        return rep, f"{rep.name} was the least loaded, with {rep.open} of {rep.capacity} leads undecided."

    def _in_turn(self, reps: list[Rep], rule: int) -> tuple[Rep, str]:
        rep = min(reps, key=lambda each: (self._turn(rule, each).place, not each.works_now, each.id))
        last = max(turn.place for (of, _), turn in self.turns.items() if of == rule)
        self._move(rule, rep).place = last + 1
        return rep, f"it was {_possessive(rep.name)} turn."

    def _by_weight(self, reps: list[Rep], rule: int) -> tuple[Rep, str]:
        total = sum(rep.weight for rep in reps)
        for each in reps:
            self._move(rule, each).credit += each.weight
        owed = [each for each in reps if self._turn(rule, each).credit > 0] or reps

        def due(each: Rep) -> tuple[float, bool, int]:
            return (total - self._turn(rule, each).credit) / each.weight, not each.works_now, each.id

        rep = min(owed, key=due)
        self._turn(rule, rep).credit -= total
        return rep, f"it was {_possessive(rep.name)} turn by weight ({rep.weight} of {total})."

    def _turn(self, rule: int, rep: Rep) -> Turn:
        return self.turns.setdefault((rule, rep.id), Turn())

    def _move(self, rule: int, rep: Rep) -> Turn:
        turn = self.changed[rule, rep.id] = self._turn(rule, rep)
        return turn

    def _dealt(self, rep: Rep, why: str, deal: Deal, asked: list[Rep], now: datetime) -> Choice:
        choice = _choice(rep, why, deal, asked)
        rep.open += 1
        rep.today += 1
        rep.this_week += 1
        rep.last_at = now
        if deal.company_id is not None:
            self.company_owners[deal.company_id] = rep.id  # colleagues later in the batch follow
        return choice


def _by_load(rep: Rep) -> tuple[float, bool, datetime, int]:
    return rep.load, not rep.works_now, rep.last_at, rep.id


def _refusal(rep: Rep, deal: Deal) -> str:
    """Why this lead doesn't go to ``rep``; "" if it may."""
    if rep.id in deal.barred:
        return deal.barred[rep.id]
    return rep.away if deal.is_decided else rep.passed_over


def _choice(rep: Rep | None, why: str, deal: Deal, asked: list[Rep]) -> Choice:
    """What is said of everybody who was asked: whoever had room first, then the others by name."""

    def said(each: Rep) -> str:
        had_it = "had it before" if each.id == deal.former else ""
        return _refusal(each, deal) or had_it or LATER[Way(deal.route.way)](each)

    others = {each.id: each for each in asked if rep is None or each.id != rep.id}.values()
    listed = nsmallest(MOST_LISTED, others, key=lambda each: (bool(_refusal(each, deal)), each.name, each.id))
    looked = [(each.name, said(each)) for each in listed]
    sentence = f"Rule “{deal.route.name}”: {why}" if deal.route.rule_id else why
    return Choice(rep, sentence, deal.route, looked, len(others) - len(looked))


LATER: Mapping[Way, Callable[[Rep], str]] = {
    Way.ROUND_ROBIN: lambda rep: "comes later in turn",
    Way.WEIGHTED: lambda rep: f"comes later by weight ({rep.weight})",
    Way.LEAST_LOADED: lambda rep: f"{rep.open} of {rep.capacity} undecided",
}


def _nobody(asked: list[Rep]) -> str:
    if not asked:
        return "no rep is in the team."
    return "nobody takes leads now." if all(rep.away for rep in asked) else "nobody has room."


def _possessive(name: str) -> str:
    return f"{name}’" if name.endswith("s") else f"{name}’s"
