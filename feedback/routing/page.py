"""The page of routing as a view-model: the rules with their leads, the reps with load, absence and ramp."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from core.display import day as day_words
from feedback.models import Assignment, Leave, RepSettings
from feedback.routing.reps import active_reps, company_day, load_reps
from feedback.routing.roster import Rep
from feedback.routing.rules import ReadRule, Rules
from feedback.services.assigning import WORKED
from users.models import Role, User


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule as it stands in the list; ``leads`` None: not counted."""

    rule: ReadRule
    leads: int | None
    is_first: bool
    is_last: bool

    @property
    def key(self) -> str:
        """Its id in names of the page."""
        return str(self.rule.row.pk)


@dataclass(frozen=True, slots=True)
class RepLine:
    """A rep with what they hold and what may come: ``absences`` of today and the next one, ``limits`` (a ramp
    among them), in words."""

    rep: Rep
    user: User
    accepted: int
    absences: Sequence[str]
    limits: Sequence[str]

    @property
    def calendar(self) -> str:
        """The rep's own calendar, else the one of their team; "" where the default counts."""
        own = getattr(self.user, "rep_settings", None)
        if own is not None and own.calendar is not None:
            return str(own.calendar)
        hours = getattr(self.user.team, "hours", None)
        return f"{hours.calendar}, as the team" if hours is not None else ""

    @property
    def scale(self) -> int:
        """How long the bar is: the capacity, or more where more is held."""
        return max(self.rep.capacity, self.rep.open, 1)

    @property
    def filled(self) -> int:
        """How much of it is filled."""
        return self.rep.open

    @property
    def is_full(self) -> bool:
        return not self.rep.away and self.rep.open >= self.rep.capacity


@dataclass(frozen=True, slots=True)
class Leftover:
    """Somebody who takes no leads any more and still has some."""

    user: User
    count: int


def rule_lines(rules: Rules, counts: Counter[int | None] | None) -> list[RuleLine]:
    """The rules in their order, those that are switched off too."""
    last = len(rules.all) - 1
    return [
        RuleLine(
            rule, None if counts is None or not rule.is_at_work else counts[rule.row.pk], at == 0, at == last
        )
        for at, rule in enumerate(rules.all)
    ]


def rep_lines(*, now: dt.datetime) -> list[RepLine]:
    """All active reps by team and name; the queries don't grow with them."""
    today = company_day(now)
    users = {
        row.pk: row for row in active_reps().select_related("team__hours__calendar", "rep_settings__calendar")
    }
    accepted = _accepted(users)
    leaves = {row.rep_id: row for row in Leave.objects.filter(starts__gt=today).order_by("-starts")}
    lines = [
        RepLine(
            rep,
            users[rep.id],
            accepted[rep.id],
            _absences(rep, leaves.get(rep.id), today),
            _limits(rep, users[rep.id], today),
        )
        for rep in load_reps(now=now)
        if rep.id in users
    ]
    return sorted(lines, key=lambda line: (str(line.user.team or ""), line.rep.name, line.rep.id))


def leftovers() -> list[Leftover]:
    """Who can't sign in any more, or is no rep now, and has open leads."""
    holds = Q(assignments__ended_at=None, assignments__handoff__state__in=WORKED)
    rows = User.objects.exclude(role=Role.REP, is_active=True).filter(holds)
    rows = rows.annotate(held=Count("assignments", filter=holds)).order_by("name")
    return [Leftover(row, row.held) for row in rows]


def _accepted(users: dict[int, User]) -> Counter[int]:
    rows = Assignment.objects.filter(ended_at=None, decided_at__isnull=False, owner__in=users)
    counts = rows.order_by().values_list("owner_id").annotate(count=Count("pk"))
    return Counter(dict(counts))


def _absences(rep: Rep, leave: Leave | None, today: dt.date) -> list[str]:
    absences = [rep.away] if rep.away else []
    if leave is not None:
        starts, ends = (day_words(each, today=today) for each in (leave.starts, leave.ends))
        absences.append(f"leave from {starts} to {ends}")
    return absences


def _limits(rep: Rep, user: User, today: dt.date) -> list[str]:
    own = getattr(user, "rep_settings", None) or RepSettings()
    limits = []
    if rep.full > rep.capacity and own.ramp_from and own.ramp_weeks:
        whole = own.ramp_from + dt.timedelta(days=7 * own.ramp_weeks - 1)
        limits.append(f"ramp: {rep.capacity} of {rep.full}, all on {day_words(whole, today=today)}")
    if rep.per_day is not None:
        limits.append(f"{rep.today} of {rep.per_day} today")
    if rep.per_week is not None:
        limits.append(f"{rep.this_week} of {rep.per_week} this week")
    return limits
