"""What a criterion may say: the values of one as its editor gives them, and what is wrong with them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from alignment.decay import NO_DECAY, parse_decay
from alignment.models import Criterion, Dimension
from alignment.spec import read_condition
from core.display import MINUS
from core.errors import Problem, problems_of
from rules.fields import Use
from rules.tree import parse

LABEL_LENGTH = 160
MOST_POINTS = 100
MOST_IN_ALL = 1_000
ONLY_OF_ACTIVITIES: dict[str, Any] = {
    "activity": None,
    "per": Criterion.Per.ONCE.value,
    "cap": None,
    "daily_cap": None,
    "decay": None,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionValues:
    """All that a criterion says, besides its key, place and switch; ``models.Criterion`` has the shapes.

    Exactly one of ``condition`` and ``activity`` is given; with a condition the values from ``per`` on
    have no meaning and are dropped. Nothing is checked before ``criterion_problems``.
    """

    label: str
    dimension: str
    points: int
    condition: Any = None
    activity: Any = None
    per: str = Criterion.Per.ONCE.value
    cap: int | None = None
    daily_cap: int | None = None
    decay: Any = None

    def columns(self) -> dict[str, Any]:
        """The columns as they are stored; the same for the same meaning, so that a repeat is no edit."""
        columns = {name: getattr(self, name) for name in self.__slots__} | {"label": self.label.strip()}
        if self.activity is None:
            return columns | ONLY_OF_ACTIVITIES
        decay = parse_decay(self.decay)
        return columns | {"decay": None if decay == NO_DECAY else decay.as_data()}


def values_of(row: Criterion) -> CriterionValues:
    """What ``row`` says now."""
    return CriterionValues(**{name: getattr(row, name) for name in CriterionValues.__slots__})


def criterion_problems(values: CriterionValues) -> tuple[Problem, ...]:
    """Everything that can't be saved; each names its value: ``points``, ``condition.all[0].value``,
    ``activity.kind``, ``decay.days``."""
    return tuple(_problems(values))


def _problems(values: CriterionValues) -> Iterator[Problem]:
    if wrong := label_problem(values.label):
        yield Problem(wrong, "label")
    if values.dimension not in Dimension.values:
        yield Problem("Choose one of the six dimensions.", "dimension")
    if wrong := points_problem(values.points):
        yield Problem(wrong, "points")
    if (values.condition is None) == (values.activity is None):
        yield Problem("Say either a condition or an activity.", "condition")
    elif values.activity is None:
        yield from problems_of(partial(read_condition, values.condition), "condition")
    else:
        yield from _activity_problems(values)


def _activity_problems(values: CriterionValues) -> Iterator[Problem]:
    yield from problems_of(partial(parse, {"activity": values.activity}, use=Use.CRITERION))
    if values.per not in Criterion.Per.values:
        yield Problem("Choose whether it counts once or each time.", "per")
    for name in ("cap", "daily_cap"):
        value = getattr(values, name)
        if value is not None and not _is_whole(value, 1, MOST_IN_ALL):
            yield Problem(f"Give a whole number from 1 to {MOST_IN_ALL:,}, or leave it empty.", name)
    yield from problems_of(partial(parse_decay, values.decay), "decay")


def label_problem(value: object) -> str:
    """What is wrong with the name of a part; empty if nothing is."""
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        return "Give it a name."
    return "" if len(value.strip()) <= LABEL_LENGTH else f"At most {LABEL_LENGTH} characters."


def points_problem(value: object) -> str:
    """What is wrong with the points of a criterion; empty if nothing is."""
    if _is_whole(value, -MOST_POINTS, MOST_POINTS):
        return ""
    return f"Give a whole number from {MINUS}{MOST_POINTS} to {MOST_POINTS}."


def _is_whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
