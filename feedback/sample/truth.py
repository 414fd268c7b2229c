"""The hidden truth: on what it really depends whether sales accepts a lead and whether it buys.

No screen and no criterion knows these numbers; they are what the teams could learn from their
rejections. They are log-odds and add up. The first definition gets four things wrong:

- **Webinars.** It gives up to 8 points for attending, and attending counts as a need. In truth those who
  attend come to listen: acceptance is far lower than without.
- **The source "Partner list".** It reads like a recommendation and gets those points. It is a bought list.
- **Banks and insurances.** They stand among the industries we know; in truth they hardly ever buy.
- **Titles with "manager".** They count as having a say; most of them haven't.

And one thing it doesn't see: small online retailers. Below 50 people they get no points for size and none
for industry, yet they decide in a week. What it gets right: whoever asks for a demo, a quote or a trial
means it, customers' referrals are good, and people who decide are worth a call.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from feedback.sample.persons import Persona


@dataclass(frozen=True, slots=True)
class Effect:
    """A true factor: what it adds to the odds of acceptance and of winning, and the reason it gives."""

    name: str
    holds: Callable[[Persona], bool]
    accept: float
    win: float
    reasons: tuple[str, ...] = ()


class Odds(NamedTuple):
    """What speaks for and against a person, in log-odds."""

    accept: float
    win: float


ACCEPT_BASE = 0.55
QUALIFY_BASE = 0.35
WIN_BASE = -0.25

EFFECTS = (
    Effect("webinar", lambda p: p.has_attended, -1.5, -0.6, ("no_need", "no_need", "not_now")),
    Effect("bought list", lambda p: p.source == "Partner list", -1.9, -0.8, ("cant_be_reached", "other")),
    Effect(
        "bank or insurance",
        lambda p: p.industry in ("Banking", "Insurance"),
        -1.4,
        -1.5,
        ("wrong_market", "wrong_market", "has_solution"),
    ),
    Effect("manager by title", lambda p: p.rank == "manager", -0.8, -0.3, ("no_authority",)),
    Effect("no company mail", lambda p: p.has_free_mail, -0.5, -0.2, ("too_small", "no_budget")),
    Effect("small online retailer", lambda p: p.is_small_retailer, 1.9, 1.1),
    Effect("asked to see it", lambda p: p.has_asked, 1.2, 0.5),
    Effect("customer referral", lambda p: p.source == "Customer referral", 1.3, 0.7),
    Effect("decides", lambda p: p.rank == "decider", 0.4, 0.3),
)
USUAL = ("no_budget", "no_budget", "not_now", "not_now", "has_solution", "no_need", "too_small", "other",
         "cant_be_reached")  # fmt: skip


def accepts(person: Persona, rng: Random, *, strictness: float = 0.0) -> bool:
    """Whether sales takes the lead; ``strictness`` is the rep's own, in log-odds."""
    return rng.random() < _chance(ACCEPT_BASE - strictness + _odds(person).accept)


def qualifies(person: Persona, rng: Random) -> bool:
    """Whether an accepted lead turns out to be an opportunity."""
    return rng.random() < _chance(QUALIFY_BASE + _odds(person).win / 2)


def wins(person: Persona, rng: Random) -> bool:
    """Whether an opportunity buys."""
    return rng.random() < _chance(WIN_BASE + _odds(person).win)


def reason(person: Persona, rng: Random) -> str:
    """The key of the reason to reject: mostly what really speaks against the lead."""
    against = [effect for effect in EFFECTS if effect.reasons and effect.holds(person)]
    if against and rng.random() < 0.8:
        effect = rng.choices(against, weights=[-each.accept for each in against])[0]
        return rng.choice(effect.reasons)
    return rng.choice(USUAL)


def _odds(person: Persona) -> Odds:
    held = [effect for effect in EFFECTS if effect.holds(person)]
    return Odds(sum(each.accept for each in held), sum(each.win for each in held))


def _chance(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))
