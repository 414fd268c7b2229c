"""What persons did: so many activities in all, more by those who want it, most around their peak."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice
from random import Random

from feedback.sample import vocab
from feedback.sample.campaigns import running
from feedback.sample.persons import DAY, Crowd, Deed, Persona
from leads.facts import AnswerFacts
from leads.models import BantDimension, BantLevel

EAGERNESS = {"cold": 0.35, "warm": 1.0, "hot": 2.4}
ASK_SHARE = 0.5
BURST = 12 * DAY
Kind = tuple[str, Sequence[str]]

PAGES: Kind = ("page_view", vocab.OTHER_PAGES)
PRODUCT: Kind = ("page_view", vocab.PRODUCT_PAGES)
PRICES: Kind = ("page_view", vocab.PRICE_PAGES)
GUIDE: Kind = ("download", vocab.GUIDES)
CLICK: Kind = ("email_click", vocab.MAILS)
OPEN: Kind = ("email_open", vocab.MAILS)
CHAT: Kind = ("chat", ("Chat on the website",))
CALL: Kind = ("call", ("Call to the hotline",))
REPLY: Kind = ("email_reply", vocab.MAILS)
CONTACT: Kind = ("form", ("Contact form", "Newsletter sign-up"))
WEBINAR: Kind = ("webinar", vocab.WEBINARS)
STAND: Kind = ("event", ("Our stand at the trade fair",))
USUAL: dict[str, tuple[tuple[Kind, float], ...]] = {
    "cold": ((PAGES, 6), (OPEN, 5), (CLICK, 1.2), (PRODUCT, 0.5), (GUIDE, 0.15), (CONTACT, 0.1)),
    "warm": ((PAGES, 5), (OPEN, 4), (CLICK, 2), (PRODUCT, 1.2), (PRICES, 0.35), (GUIDE, 0.5), (CONTACT, 0.2)),
    "hot": (
        (PAGES, 2),
        (PRODUCT, 4),
        (PRICES, 2),
        (GUIDE, 0.9),
        (CLICK, 1.4),
        (OPEN, 1.2),
        (CHAT, 0.25),
        (CALL, 0.15),
        (REPLY, 0.2),
        (CONTACT, 0.3),
    ),
}


def crowds(crowd: Crowd, *, size: int) -> Iterator[list[Persona]]:
    """All persons with their deeds, at most ``size`` at a time; the deeds sum up to the plan's number."""
    persons, done, given = crowd.persons(), 0, 0
    while batch := list(islice(persons, size)):
        done += len(batch)
        wanted = round(crowd.plan.activities * done / crowd.plan.leads) - given
        _act(crowd, batch, wanted)
        given += wanted
        yield batch


def _act(crowd: Crowd, persons: list[Persona], wanted: int) -> None:
    weights = [EAGERNESS[each.heat] * crowd.rng.lognormvariate(0, 0.5) for each in persons]
    each_weight = wanted / sum(weights)
    owed, given = 0.0, 0
    for person, weight in zip(persons, weights, strict=True):
        owed += weight * each_weight
        count = round(owed) - given
        given += count
        _Life(crowd, person).live(count)


class _Life:
    """The deeds of one person."""

    def __init__(self, crowd: Crowd, person: Persona) -> None:
        self.crowd, self.person, self.rng = crowd, person, crowd.rng
        kinds = USUAL[person.heat] + _by_source(person)
        self.kinds = [kind for kind, _ in kinds]
        self.weights = [weight for _, weight in kinds]

    def live(self, count: int) -> None:
        person, rng = self.person, self.rng
        if count and person.heat == "hot" and rng.random() < ASK_SHARE:
            self._ask()
            count -= 1
        for _ in range(count):
            kind, details = rng.choices(self.kinds, self.weights)[0]
            self._do(self._when(), kind, rng.choice(details))
        person.deeds.sort(key=lambda deed: deed.at)

    def _when(self) -> int:
        earliest = max(self.person.born, self.crowd.start)
        peak = self.person.peak
        has_peaked = self.person.heat != "cold" and peak <= self.crowd.now
        if has_peaked and self.rng.random() < 0.75:
            return self.crowd.moment(max(earliest, peak - BURST), max(peak, earliest))
        return self.crowd.moment(earliest, self.crowd.now)

    def _do(self, at: int, kind: str, detail: str) -> None:
        campaign = ""
        if kind in ("webinar", "event"):
            source = "Webinar" if kind == "webinar" else "Trade fair"
            campaign = running(self.crowd.runs, source, dt.datetime.fromtimestamp(at, dt.UTC).date())
        self.person.deeds.append(Deed(at, kind, detail, campaign))

    def _ask(self) -> None:
        """Ask for a demo, a quote or a trial; the form has two questions, which one in three answers."""
        kind, detail = self.rng.choice(vocab.ASKS)
        at = max(self.person.peak, self.person.born, self.crowd.start)
        self._do(at, kind, detail)
        if self.rng.random() < 0.35:
            self.person.answers += [(at, answer) for answer in _declared(at, self.rng)]


def _by_source(person: Persona) -> tuple[tuple[Kind, float], ...]:
    if person.source == "Webinar":
        return ((WEBINAR, 3.0),)
    if person.source == "Trade fair":
        return ((STAND, 1.2), (WEBINAR, 0.1))
    return ((WEBINAR, 0.35 if person.heat == "hot" else 0.15),)


def _declared(at: int, rng: Random) -> list[AnswerFacts]:
    today = dt.datetime.fromtimestamp(at, dt.UTC).date()
    months = rng.choice((1, 2, 3, 6, 9))
    when = AnswerFacts(
        dimension=BantDimension.TIMEFRAME,
        level=BantLevel.MET if months <= 3 else BantLevel.PARTIAL,
        purchase_on=today + dt.timedelta(days=30 * months),
        evidence="Chosen in the form.",
    )
    amount = rng.choice((8_000, 15_000, 25_000, 40_000))
    budget = AnswerFacts(
        dimension=BantDimension.BUDGET,
        level=BantLevel.PARTIAL,
        amount=Decimal(amount),
        evidence="Chosen in the form.",
    )
    return [when, budget] if rng.random() < 0.6 else [when]
