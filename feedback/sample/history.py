"""The months since the definition went live, played in the order of time.

Several times a day what happened since comes in, is judged and handed over, as workers would do it; in
between reps do what they planned. Each step gets the moment it happens at, so nothing is decided
before it was assigned and nothing lies ahead of now.
"""

import datetime as dt
import gc
from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Generic, TypeVar

from core.services import settle_outbox
from feedback.models import Assignment, Decision, Handoff
from feedback.sample.bulk import import_deeds, import_persons
from feedback.sample.people import House, go_live
from feedback.sample.persons import Deed, Persona
from feedback.sample.plan import Plan
from feedback.sample.reps import Desks
from feedback.services.handoffs import open_wanted
from feedback.services.notices import mark_read
from feedback.services.rejections import mark_seen
from feedback.services.sla import sweep
from feedback.services.waiting import sweep_pool
from leads.facts import AnswerFacts
from leads.models import Lead
from leads.models.bant import AnswerSource
from leads.services import record_answer
from scoring.distribution.counting import count_day
from scoring.services import judge_marked, refresh
from users.models import User

CHUNK = 1_000
DAY = dt.timedelta(days=1)
FINENESS = (
    (10 * DAY, ((7, 15), (9, 40), (12, 20), (14, 50))),
    (50 * DAY, ((7, 40), (12, 50))),
    (1000 * DAY, ((8, 40),)),
)
"""Up to which age of a day news comes in at which hours: the last days are what the queues show."""
HANDLING = dt.timedelta(minutes=2)
MONDAY, FRIDAY, SATURDAY = 0, 4, 5
T = TypeVar("T")


class Line(Generic[T]):
    """Things that wait for their moment (seconds since 1970), taken in the order of time."""

    def __init__(self, things: Iterable[tuple[int, T]]) -> None:
        self.things = sorted(things, key=lambda pair: pair[0])
        self.place = 0

    def until(self, now: dt.datetime) -> list[tuple[int, T]]:
        """Those whose moment has come since the last call."""
        start, limit = self.place, now.timestamp()
        while self.place < len(self.things) and self.things[self.place][0] <= limit:
            self.place += 1
        return self.things[start : self.place]


class History:
    """Plays a plan with its persons."""

    def __init__(self, plan: Plan, house: House, persons: list[Persona], say: Callable[[str], None]) -> None:
        self.plan, self.house, self.say = plan, house, say
        self.rng = Random(plan.seed + 1)  # noqa: S311 - made-up data
        self.ids: dict[int, int] = {}
        self.persons: Line[Persona] = Line((each.born, each) for each in persons)
        self.deeds: Line[tuple[Persona, Deed]] = Line(
            (deed.at, (each, deed)) for each in persons for deed in each.deeds
        )
        self.answers: Line[tuple[Persona, AnswerFacts]] = Line(
            (at, (each, answer)) for each in persons for at, answer in each.answers
        )
        self.desks = Desks(plan, house)

    def run(self) -> None:
        """From the first import until now."""
        plan = self.plan
        self.say("Leads and activities from before the start ...")
        self._take_in(plan.live_at, is_marked=False)
        go_live(plan, plan.live_at, self.say)
        gc.freeze()  # thousands of persons that stay: no use in looking through them again and again
        weeks = 0
        for tick in self._ticks():
            if (tick - plan.live_at).days // 28 > weeks:
                weeks = (tick - plan.live_at).days // 28
                self.say(f"Sales at work, until {tick:%d %B %Y} ...")
            self._play_until(tick)
            self._tick(tick)
        self._play_until(plan.now)
        while judge_marked(now=plan.now):
            pass
        open_wanted(now=plan.now)
        settle_outbox(now=plan.now)

    def _ticks(self) -> Iterator[dt.datetime]:
        """The moments at which news comes in; the last one is just before now."""
        day = self.plan.live_at.replace(hour=0)
        while day <= self.plan.now:
            hours = next(hours for age, hours in FINENESS if self.plan.now - day < age)
            for hour, minute in hours if day.weekday() < SATURDAY else hours[1:2]:
                tick = day + dt.timedelta(hours=hour, minutes=minute + self.rng.randrange(25))
                if self.plan.live_at < tick < self.plan.now - 2 * HANDLING:
                    yield tick
            day += DAY
        yield self.plan.now - HANDLING

    def _tick(self, now: dt.datetime) -> None:
        self._take_in(now, is_marked=True)
        if now.weekday() == MONDAY:
            refresh(now=now)
            count_day(now=now)
        while judge_marked(now=now):
            pass
        open_wanted(now=min(now + HANDLING, self.plan.now))
        self.desks.welcome()
        self._read(now)

    def _play_until(self, until: dt.datetime) -> None:
        """What reps planned to do by then; the clocks are watched before each step."""
        for at, act in self.desks.due(until):
            _watch(at)
            act(at)
        _watch(until)

    def _take_in(self, now: dt.datetime, *, is_marked: bool) -> None:
        by = self.house.marketer
        persons = [person for _, person in self.persons.until(now)]
        for batch in _chunks(persons):
            ids = import_persons(batch, by=by, now=now, is_marked=is_marked)
            for person, pk in zip(batch, ids, strict=True):
                self.ids[person.number] = pk
                self.desks.know(pk, person)
        for done in _chunks(self.deeds.until(now)):
            facts = ((self.ids[person.number], deed) for _, (person, deed) in done)
            import_deeds(facts, by=by, now=now, is_marked=is_marked)
        for at, (person, answer) in self.answers.until(now):
            self._declare(self.ids[person.number], answer, dt.datetime.fromtimestamp(at, dt.UTC))

    def _declare(self, lead_id: int, answer: AnswerFacts, at: dt.datetime) -> None:
        lead = Lead.objects.get(pk=lead_id)
        record_answer(lead=lead, answer=answer, by=None, now=at, source=AnswerSource.SELF)

    def _read(self, now: dt.datetime) -> None:
        """On Fridays marketing reads the rejections of the week, and everybody their notices."""
        if now.weekday() != FRIDAY or now.hour < 12 or self.plan.now - now < 2 * DAY:
            return
        unseen = Decision.objects.filter(kind=Decision.Kind.REJECT, seen_at=None, at__lt=now - 3 * DAY)
        mark_seen(decision_ids=unseen.values_list("pk", flat=True), by=self.house.marketer, now=now)
        for user in User.objects.all():
            mark_read(user=user, now=now)


def _chunks(things: list[T]) -> Iterator[list[T]]:
    for start in range(0, len(things), CHUNK):
        yield things[start : start + CHUNK]


def _watch(now: dt.datetime) -> None:
    """Sweep if anything is due; to look first is quicker than to lock nothing thousands of times."""
    if Assignment.objects.filter(next_event_at__lte=now).exists():
        sweep(now=now)
    if Handoff.objects.filter(pool_event_at__lte=now).exists():
        sweep_pool(now=now)
