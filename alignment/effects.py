"""What a criterion that is being typed means: its sentence, the leads it matches, what is left with age."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from alignment.criteria import CriterionValues
from alignment.decay import FULL, Decay, DecayKind, parse_decay
from alignment.forms.criterion import activity_data
from alignment.models import Criterion, Dimension
from alignment.words import criterion_in_words
from core.display import MINUS, signed
from core.errors import ApplicationError
from core.text import capital
from leads.counting import count_matching
from rules.builder import ActivityChoice, BuilderState
from rules.nodes import ActivityMatch, Node

AGES = (0, 7, 14, 30, 60, 90)
DRAWN = 91  # days
UNREAD = "…"


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of the points after ``days``, in per cent and in points."""

    days: int
    percent: int
    points: str


@dataclass(frozen=True, slots=True)
class Fading:
    """A decay: its words, the table of what is left, and the per cent of each day from 0 to 90."""

    words: str
    table: list[Left]
    daily: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Effect:
    """The sentence and the points, how many leads match in words, and the decay of an activity."""

    sentence: str
    points: str
    counted: str = ""
    fading: Fading | None = None


def effect_of(values: CriterionValues, what: BuilderState | ActivityChoice, *, now: datetime) -> Effect:
    """What ``values`` say together with ``what`` counts, as far as they can be read.

    A few queries, where there is something to count.
    """
    points = signed(values.points)
    if isinstance(what, BuilderState):
        return Effect(capital(what.sentence), points, _counted(what.readable(), now))
    try:
        match = replace(what).match()  # of a copy: nobody asked yet for what is missing
        decay = parse_decay(values.decay)
    except ApplicationError:
        return Effect(UNREAD, points)
    row = Criterion(**replace(values, activity=activity_data(match)).columns())
    return Effect(criterion_in_words(row), points, _counted(match, now), _fading(decay, values.points))


def differences(mine: CriterionValues, theirs: CriterionValues) -> list[tuple[str, str, str]]:
    """(what, as typed here, as saved meanwhile) of all that isn't the same in both."""
    here, there = _said(mine), _said(theirs)
    return [(name, here[name], there[name]) for name in here if here[name] != there[name]]


def _said(values: CriterionValues) -> dict[str, str]:
    return {
        "Name": values.label,
        "Dimension": Dimension(values.dimension).label,
        "Points": signed(values.points),
        "Counts when": criterion_in_words(Criterion(**values.columns())),
    }


def _fading(decay: Decay, points: int) -> Fading:
    table = [
        Left(age, round(decay.weight(age) * 100 / FULL), _worth(decay.weight(age) * points)) for age in AGES
    ]
    if decay.kind is DecayKind.NONE:
        return Fading("In full, however old it is.", table)
    daily = [round(decay.weight(age) * 100 / FULL) for age in range(DRAWN)]
    return Fading(f"{capital(decay.in_words())}.", table, daily)


def _worth(thousandths: int) -> str:
    """Points with one decimal, as only the sum of a dimension is rounded."""
    text = f"{abs(thousandths) / FULL:.1f}".removesuffix(".0")
    return f"{MINUS}{text}" if thousandths < 0 and text != "0" else text


def _counted(what: Node | ActivityMatch | None, now: datetime) -> str:
    return "" if what is None else str(count_matching(what, now=now))
