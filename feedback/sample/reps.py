"""What reps do with the leads they get: call, ask, put off, decide, sell; each in their own way."""

import datetime as dt
import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from alignment.models import Grade, Reason
from feedback.business_time import add_working_time, working_time_between
from feedback.calendars import load_calendars
from feedback.models import Assignment, Attempt, Handoff
from feedback.sample import truth, ways, words
from feedback.sample.people import Habit, House
from feedback.sample.persons import Persona
from feedback.sample.plan import Plan
from feedback.services.assigning import reassign
from feedback.services.attempts import log_attempt, set_callback
from feedback.services.decisions import accept
from feedback.services.outcomes import lose, qualify, win
from leads.facts import AnswerFacts
from leads.models import BantDimension, BantLevel, Lead
from leads.services import record_answer
from users.models import User

Act = Callable[[dt.datetime], None]
KIND, RESULT = Attempt.Kind, Attempt.Result
HURRY = {Grade.A: 1.3, Grade.B: 0.85}
"""An hour is soon over: more of the time allowed is used for A than for B."""
LATELY = dt.timedelta(days=7)
KEPT_OPEN, KEPT_EVER = 7, 4
"""In the last days nobody decides the last so many, those that are due any less: no queue is empty."""
DAY = dt.timedelta(days=1)


@dataclass(slots=True)
class Case:
    """A lead on somebody's desk."""

    assignment: Assignment
    lead: Lead
    person: Persona
    rep: User
    habit: Habit
    rng: Random
    ways: Random
    turn: int
    is_decided: bool = False
    is_gone: bool = False
    is_touched: bool = False


class Desks:
    """All reps with what they have on their desks and what they plan to do, in the order of time."""

    def __init__(self, plan: Plan, house: House) -> None:
        self.plan, self.house = plan, house
        self.persons: dict[int, Persona] = {}
        self.known: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        self.calendars = load_calendars()
        self.undecided: Counter[int] = Counter()
        self.turns: Counter[int] = Counter()
        self.planned: list[tuple[dt.datetime, int, Act]] = []
        self.reasons: dict[int, dict[str, int]] = {}
        self.count = 0
        self.last = 0

    def know(self, pk: int, person: Persona) -> None:
        """A person became a lead."""
        self.persons[pk] = person
        self.known[_identity(person)].append(pk)

    def twin_of(self, case: Case) -> Lead | None:
        """The other lead that the same person is; the last that became known is kept."""
        last = self.known[_identity(case.person)][-1]
        return None if last == case.lead.pk else Lead.objects.get(pk=last)

    def welcome(self) -> None:
        """Put new assignments on the desks, with a plan for each."""
        rows = Assignment.objects.filter(pk__gt=self.last, ended_at=None).select_related(
            "handoff__lead", "owner"
        )
        for row in rows.order_by("pk"):
            self.last = row.pk
            habit = self.house.habits[row.owner_id]
            lead = row.handoff.lead
            person = self.persons[lead.pk]
            self.turns[person.number] += 1
            # Of its own and without ids of rows, so that no lead changes what becomes of another.
            turn = self.turns[person.number]
            rng, dice = (
                Random(f"{self.plan.seed}/{person.number}/{turn}{of}")  # noqa: S311
                for of in ("", "/ways")
            )
            case = Case(row, lead, person, row.owner, habit, rng, dice, turn)
            self.undecided[row.owner_id] += 1
            self._begin(case)

    def due(self, until: dt.datetime) -> Iterator[tuple[dt.datetime, Act]]:
        """What is planned up to ``until``; doing it may plan more."""
        while self.planned and self.planned[0][0] <= until:
            at, _, act = heapq.heappop(self.planned)
            yield at, act

    def plan_at(self, at: dt.datetime, act: Act) -> None:
        self.count += 1
        heapq.heappush(self.planned, (at, self.count, act))

    def _begin(self, case: Case) -> None:
        row, rng, pace = (
            case.assignment,
            case.rng,
            case.habit.pace * HURRY[Grade(case.assignment.handoff.grade)],
        )
        forgets = rng.random() < case.habit.forgets
        respond = rng.uniform(3, 7) if forgets else rng.lognormvariate(math.log(0.45 * pace), 0.55)
        decide = (
            rng.uniform(1.1, 2.2) if forgets else rng.lognormvariate(math.log(0.5 * case.habit.pace), 0.5)
        )
        first = self._at_share(row, row.response_due_at, respond)
        decision = max(self._at_share(row, row.decision_due_at, decide), self._later(row, first, 20))
        if not (forgets and rng.random() < 0.5):
            self.plan_at(first, lambda at: self._attempt(case, at))
            self.plan_at(self._between(row, first, decision, rng), lambda at: self._again(case, at))
        self.plan_at(decision, lambda at: self._decide(case, at))
        if (close := ways.elsewhere(self, case)) is not None:
            self.plan_at(self._between(row, first, decision, case.ways), close)
        self.plan_at(self._at_share(row, row.decision_due_at, 1.5), lambda at: self._rescue(case, at))

    def _at_share(self, row: Assignment, due_at: dt.datetime, share: float) -> dt.datetime:
        """The working moment at which ``share`` of the time allowed is used."""
        calendar = self.calendars.of(row.owner_id)
        allowed = working_time_between(calendar, row.assigned_at, due_at)
        return add_working_time(calendar, row.assigned_at, allowed * share).at

    def _later(self, row: Assignment, at: dt.datetime, minutes: float) -> dt.datetime:
        """So many working minutes later."""
        return add_working_time(self.calendars.of(row.owner_id), at, dt.timedelta(minutes=minutes)).at

    def _between(self, row: Assignment, first: dt.datetime, last: dt.datetime, rng: Random) -> dt.datetime:
        worked = working_time_between(self.calendars.of(row.owner_id), first, last)
        return self._later(row, first, worked.total_seconds() / 60 * rng.uniform(0.3, 0.8))

    # Reaching the lead.

    def _attempt(self, case: Case, at: dt.datetime) -> None:
        if case.is_gone:
            return
        lead = Lead.objects.get(pk=case.lead.pk)
        kind, result = _how(lead, case.person, case.rng)
        has_answered = kind == KIND.EMAIL and result == RESULT.REACHED
        note = self.say(case, case.rng.choice(words.NOTES["answered" if has_answered else result]))
        log_attempt(assignment=case.assignment, kind=kind, result=result, note=note, by=case.rep, now=at)
        case.is_touched = True
        if result == RESULT.REACHED:
            self._ask(case, at)
        elif case.rng.random() < 0.45 and not case.is_decided:
            self._call_back(case, at)

    def _again(self, case: Case, at: dt.datetime) -> None:
        if case.is_decided or case.is_gone or case.rng.random() < 0.45:
            return
        if case.rng.random() < 0.12:
            note = case.rng.choice(words.NOTES["note"])
            log_attempt(assignment=case.assignment, kind=KIND.NOTE, note=note, by=case.rep, now=at)
        else:
            self._attempt(case, at)

    def _call_back(self, case: Case, at: dt.datetime) -> None:
        back = self._later(case.assignment, at, case.rng.randrange(90, 900, 15))
        back -= dt.timedelta(minutes=back.minute % 15, seconds=back.second, microseconds=back.microsecond)
        if back > at:
            set_callback(assignment=case.assignment, at=back, by=case.rep, now=at)
            self.plan_at(
                self._later(case.assignment, back, case.rng.randrange(30)),
                lambda then: self._again(case, then),
            )

    def _ask(self, case: Case, at: dt.datetime) -> None:
        """What the lead said of one or two of the four questions."""
        for dimension in case.rng.sample(list(BantDimension), case.rng.choice((0, 1, 1, 2))):
            record_answer(lead=case.lead, answer=_answer(case, dimension, at), by=case.rep, now=at)

    # Deciding.

    def _decide(self, case: Case, at: dt.datetime) -> None:
        if case.is_decided or case.is_gone:
            return
        if self.plan.now - at < LATELY and self._waits(case, at):
            self.plan_at(self._later(case.assignment, at, 240), lambda then: self._decide(case, then))
            return
        case.is_decided = True
        self.undecided[case.rep.pk] -= 1
        if ways.let_go(self, case, at):
            return
        if truth.accepts(case.person, case.rng, strictness=case.habit.strictness):
            accept(assignment=case.assignment, by=case.rep, now=at)
            self._pursue(case, at)
        else:
            ways.refuse(self, case, at)

    def _waits(self, case: Case, at: dt.datetime) -> bool:
        """Whether the rep leaves it for later: soon due or not, a few always stay."""
        left = self.undecided[case.rep.pk]
        return left <= KEPT_EVER or (left <= KEPT_OPEN and at + DAY < case.assignment.decision_due_at)

    def reason(self, handoff: Handoff, key: str) -> int:
        if handoff.version_id not in self.reasons:
            rows = Reason.objects.filter(version=handoff.version_id)
            self.reasons[handoff.version_id] = dict(rows.values_list("key", "pk"))
        return self.reasons[handoff.version_id][key]

    def _rescue(self, case: Case, at: dt.datetime) -> None:
        """The sales manager gives what nobody touched to the quickest colleague of the team."""
        if case.is_decided or case.is_gone or case.is_touched or self.plan.now - at < 2 * DAY:
            return
        team = [pk for pk, habit in self.house.habits.items() if habit.team == case.habit.team]
        to = min(team, key=lambda pk: self.house.habits[pk].pace)
        if to == case.rep.pk:
            return
        case.is_gone = True
        self.undecided[case.rep.pk] -= 1
        reassign(
            handoff_ids=[case.assignment.handoff_id], to=self.house.reps[to], by=self.house.sales, now=at
        )
        self.welcome()

    # Selling.

    def _pursue(self, case: Case, at: dt.datetime) -> None:
        rng = case.rng
        if rng.random() < 0.6:
            meeting = self._later(case.assignment, at + rng.uniform(1, 6) * DAY, rng.randrange(400))
            self.plan_at(meeting, lambda then: self._meet(case, then))
        verdict = self._later(case.assignment, at + rng.uniform(4, 18) * DAY, rng.randrange(400))
        if truth.qualifies(case.person, rng):
            self.plan_at(verdict, lambda then: self._qualify(case, then))
        elif rng.random() < 0.6:
            self.plan_at(verdict, lambda then: self._lose(case, then))
        else:
            self.plan_at(verdict, lambda then: ways.idle(self, case, then))

    def _meet(self, case: Case, at: dt.datetime) -> None:
        if case.is_gone:
            return
        note = self.say(case, case.rng.choice(words.NOTES["reached"]))
        log_attempt(
            assignment=case.assignment,
            kind=KIND.MEETING,
            result=RESULT.REACHED,
            note=note,
            by=case.rep,
            now=at,
        )

    def _qualify(self, case: Case, at: dt.datetime) -> None:
        if case.is_gone:
            return
        qualify(assignment=case.assignment, by=case.rep, now=at)
        end = self._later(case.assignment, at + case.rng.uniform(7, 40) * DAY, case.rng.randrange(400))
        closing = self._win if truth.wins(case.person, case.rng) else self._lose
        self.plan_at(end, lambda then: closing(case, then))

    def _win(self, case: Case, at: dt.datetime) -> None:
        if case.is_gone:
            return
        case.is_gone = True
        size = 4_000 + 60 * min(case.person.company.employees, 1_500) * case.rng.uniform(0.5, 1.5)
        amount = Decimal(round(size, -2))
        win(assignment=case.assignment, amount=amount, currency="EUR", by=case.rep, now=at)

    def _lose(self, case: Case, at: dt.datetime) -> None:
        if case.is_gone:
            return
        case.is_gone = True
        lose(assignment=case.assignment, text=case.rng.choice(words.LOST), by=case.rep, now=at)

    def say(self, case: Case, text: str) -> str:
        person = case.person
        return text.format(
            first=person.first,
            company=person.company.name,
            city=person.company.city,
            industry=person.industry.lower(),
        )


def _identity(person: Persona) -> tuple[str, str, str]:
    return person.company.name, person.first, person.last


def _how(lead: Lead, person: Persona, rng: Random) -> tuple[str, str]:
    """The kind of an attempt and how it went; wishes not to be called or mailed are obeyed."""
    may_call, may_mail = bool(lead.phone) and not lead.do_not_call, not lead.is_unsubscribed
    if may_call and (rng.random() < 0.7 or not may_mail):
        bad = 30 if person.source == "Partner list" else 4
        results = (RESULT.REACHED, RESULT.NO_ANSWER, RESULT.MESSAGE, RESULT.WRONG)
        return KIND.CALL, rng.choices(results, (48, 28, 20, bad))[0]
    if may_mail:
        return KIND.EMAIL, rng.choices((RESULT.SENT, RESULT.REACHED, RESULT.WRONG), (70, 25, 5))[0]
    return KIND.MEETING, RESULT.REACHED


def _answer(case: Case, dimension: BantDimension, at: dt.datetime) -> AnswerFacts:
    rng = case.rng
    weights = (1, 4, 5) if case.person.has_asked else (4, 4, 2)
    if dimension == BantDimension.AUTHORITY:
        weights = {"decider": (0, 3, 7), "manager": (4, 5, 1)}.get(case.person.rank, (6, 3, 1))
    level = rng.choices(list(BantLevel), weights)[0]
    answer = AnswerFacts(dimension=dimension, level=level)
    if level != BantLevel.UNMET:
        answer.evidence = rng.choice(words.EVIDENCE[dimension])
    if dimension == BantDimension.BUDGET and level == BantLevel.MET:
        answer.amount = Decimal(rng.choice((6_000, 12_000, 20_000, 35_000, 60_000)))
    if dimension == BantDimension.TIMEFRAME and level != BantLevel.UNMET:
        answer.purchase_on = at.date() + dt.timedelta(days=rng.randrange(20, 160))
    if dimension == BantDimension.AUTHORITY:
        answer.text = case.lead.title
    return answer
