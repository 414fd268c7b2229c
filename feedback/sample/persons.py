"""The people behind the leads: who they are, how much they want it and what a source says of them."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from random import Random

from core.text import fold
from feedback.sample import vocab
from feedback.sample.campaigns import Runs, running
from feedback.sample.companies import Company, companies
from feedback.sample.plan import Plan
from leads.facts import AnswerFacts, LeadFacts

DAY = 86_400
HEATS = ("cold", "warm", "hot")
HEAT_WEIGHTS = (60, 26, 14)
RANKS = ("decider", "manager", "staff", "junior")
RANK_WEIGHTS = {"cold": (14, 22, 48, 16), "warm": (28, 32, 32, 8), "hot": (48, 37, 14, 1)}
TITLES = {
    "decider": vocab.DECIDERS,
    "manager": vocab.MANAGERS,
    "staff": vocab.STAFF,
    "junior": vocab.JUNIORS,
}
LATE = 8 * DAY
LATE_SHARE = 0.2
LATE_LEADS = 40
"""Of those who want it, this share or number want it just now: the reps' queues are full today."""
RIPENING = 60 * DAY
OLD_SHARE = 0.25
"""Of all leads, those who were known before the half year that is told."""
DUPLICATES = 0.03


@dataclass(frozen=True, slots=True)
class Deed:
    """Something a person did, at seconds since 1970."""

    at: int
    kind: str
    detail: str
    campaign: str = ""


@dataclass
class Persona:
    """A person; ``peak`` is when they want it most, in seconds since 1970; it may be still to come."""

    number: int
    first: str
    last: str
    company: Company
    rank: str
    heat: str
    source: str
    born: int
    peak: int
    facts: LeadFacts
    deeds: list[Deed] = field(default_factory=list)
    answers: list[tuple[int, AnswerFacts]] = field(default_factory=list)

    @property
    def industry(self) -> str:
        return self.company.industry

    @property
    def has_free_mail(self) -> bool:
        return (self.facts.email or "").endswith(vocab.FREE_MAIL)

    @property
    def is_small_retailer(self) -> bool:
        return self.industry == "Online retail" and self.company.employees < 50

    @cached_property
    def has_attended(self) -> bool:
        return any(deed.kind == "webinar" for deed in self.deeds)

    @cached_property
    def has_asked(self) -> bool:
        return any((deed.kind, deed.detail) in vocab.ASKS for deed in self.deeds)


class Crowd:
    """Makes the persons of a plan one after the other, company by company, without keeping them."""

    def __init__(self, plan: Plan, runs: Runs) -> None:
        self.plan, self.runs = plan, runs
        self.rng = Random(plan.seed)  # noqa: S311 - made-up data
        self.now, self.start = int(plan.now.timestamp()), int(plan.start.timestamp())
        self.first_peak = int(plan.live_at.timestamp()) - 10 * DAY
        hot = max(1.0, plan.leads * HEAT_WEIGHTS[2] / 100)
        self.late = min(0.7, max(LATE_SHARE, LATE_LEADS / hot))

    def persons(self) -> Iterator[Persona]:
        """As many as planned; their deeds are still to come."""
        return islice(self._endless(), self.plan.leads)

    def _endless(self) -> Iterator[Persona]:
        number = 0
        for company in companies(self.rng):
            taken: set[tuple[str, str]] = set()
            for _ in range(company.seats):
                person = self._person(number, company, taken)
                yield person
                number += 1
                if self.rng.random() < DUPLICATES:
                    yield self._double(number, person)
                    number += 1

    def _person(self, number: int, company: Company, taken: set[tuple[str, str]]) -> Persona:
        rng = self.rng
        first, last = _name(company.country, taken, rng)
        heat = rng.choices(HEATS, HEAT_WEIGHTS)[0]
        rank = rng.choices(RANKS, RANK_WEIGHTS[heat])[0]
        source = rng.choices([name for name, _ in vocab.SOURCES], [share for _, share in vocab.SOURCES])[0]
        peak, born = self._times(heat)
        facts = self._facts(number, company, (first, last), rank, source, born)
        return Persona(number, first, last, company, rank, heat, source, born, peak, facts)

    def _times(self, heat: str) -> tuple[int, int]:
        """The peak of interest, and when the lead was first known: up to ``RIPENING`` before it.

        As many leads become known every week, so the peak of some is still to come. Who is hot has had
        it: sales needs something to do.
        """
        rng = self.rng
        is_old = rng.random() < OLD_SHARE
        if heat != "hot":
            born = self._long_ago() if is_old else self.moment(self.start, self.now)
            return max(born, self.start) + int(rng.uniform(0, RIPENING)), born
        is_late = rng.random() < self.late
        peak = self.moment(self.now - LATE if is_late else self.first_peak, self.now)
        return peak, self._long_ago() if is_old else self.moment(max(self.start, peak - RIPENING), peak)

    def _long_ago(self) -> int:
        return self.moment(self.start - 365 * DAY, self.start)

    def moment(self, low: int, high: int) -> int:
        """A moment in between, mostly on a weekday and in the daytime."""
        rng = self.rng
        plain = int(rng.uniform(low, high))
        day = plain // DAY
        if (day + 3) % 7 >= 5 and rng.random() < 0.8:
            day -= 2
        shifted = day * DAY + int(rng.triangular(5, 21, 10) * 3600)
        return shifted if low <= shifted <= high else plain

    def _facts(
        self, number: int, company: Company, name: tuple[str, str], rank: str, source: str, born: int
    ) -> LeadFacts:
        rng = self.rng
        is_free = rng.random() < (0.35 if company.employees < 15 else 0.13)
        created = dt.datetime.fromtimestamp(born, dt.UTC)
        has_company = rng.random() < (0.6 if is_free else 0.97)
        return LeadFacts(
            name=" ".join(name) if rng.random() < 0.97 else None,
            email=_email(number, name, company, is_free=is_free),
            phone=_phone(company.country, rng) if rng.random() < 0.6 else None,
            title=rng.choice(TITLES[rank]) if rng.random() < 0.87 else None,
            country=company.country.code if rng.random() < 0.9 else None,
            city=company.city if rng.random() < 0.5 else None,
            language=company.country.language if rng.random() < 0.7 else None,
            source=source or None,
            do_not_call=rng.random() < 0.04 or None,
            is_unsubscribed=rng.random() < 0.05 or None,
            created_at=created,
            campaign=running(self.runs, source, created.date()),
            company=company.facts if has_company else None,
            external_ids=(("crm", f"C-{number + 1:07d}"),),
            extra={"Consent": "double opt-in"} if rng.random() < 0.3 else {},
        )

    def _double(self, number: int, person: Persona) -> Persona:
        """The same person a second time, as forms make them: other spelling, other address."""
        plain = fold(f"{person.first} {person.last}").title()
        name = plain if self.rng.random() < 0.6 else f"{person.first[0]}. {person.last}"
        names = (person.first, person.last)
        facts = replace(
            person.facts,
            name=name,
            email=_email(number, names, person.company, is_free=True),
            phone=None,
            external_ids=(("crm", f"C-{number + 1:07d}"),),
        )
        return replace(person, number=number, heat="cold", facts=facts, deeds=[], answers=[])


def _name(country: vocab.Country, taken: set[tuple[str, str]], rng: Random) -> tuple[str, str]:
    """A name that nobody in the company has yet; people move, so one in eight is from elsewhere."""
    while True:
        origin = rng.choice(vocab.COUNTRIES) if rng.random() < 0.12 else country
        name = rng.choice(origin.firsts), rng.choice(origin.lasts)
        key = fold(name[0]), fold(name[1])
        if key not in taken:
            taken.add(key)
            return name


def _email(number: int, name: tuple[str, str], company: Company, *, is_free: bool) -> str:
    local = ".".join(fold(part).replace(" ", "").replace("ł", "l").replace("ø", "o") for part in name)
    if is_free:
        return f"{local}.{number % 9_973}{number // 9_973 or ''}@{vocab.FREE_MAIL[number % 2]}"
    return f"{local}@{company.domain}"


def _phone(country: vocab.Country, rng: Random) -> str | None:
    if not country.phones:
        return None
    return "".join(str(rng.randrange(10)) if char == "#" else char for char in rng.choice(country.phones))
