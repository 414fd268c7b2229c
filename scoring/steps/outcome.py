"""What a lead would be after a step, and what is said to whoever asks for steps."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from alignment.models import Dimension
from scoring.engine.running import Judged
from scoring.models import Gate
from scoring.steps.parts import Answer, Fact, Part, Parts


class Effort(IntEnum):
    """How much a step takes, the least first."""

    ASK = 1
    LOOK_UP = 2
    ASK_AGAIN = 3
    INVITE = 4
    TWO = 5


class State(StrEnum):
    """Why there are steps, or none."""

    STEPS = "steps"
    NEAREST = "nearest"
    DONE = "done"
    NONE = "none"
    BY_HAND = "by_hand"
    DISQUALIFIED = "disqualified"
    OUTSIDE = "outside"
    NO_VERSION = "no_version"


@dataclass(frozen=True, slots=True)
class Gain:
    """What a dimension gives more, or less, after its cap."""

    dimension: str
    label: str
    points: int


@dataclass(frozen=True, slots=True)
class Step:
    """One or two parts, tried by the engine: from ``before`` to ``after``. ``text`` says it in words."""

    parts: Parts
    before: Judged
    after: Judged
    text: str = ""

    @property
    def effort(self) -> Effort:
        """What it takes."""
        return effort_of(self.parts[0]) if len(self.parts) == 1 else Effort.TWO

    @property
    def rank(self) -> tuple[object, ...]:
        """What comes first: little effort, little asked of the lead, a good result, many points."""
        efforts = [effort_of(part) for part in self.parts]
        demand = sum(part.demand[0] for part in self.parts), sum(part.demand[1] for part in self.parts)
        return self.effort, sum(efforts), demand, self.result, -self.points

    @property
    def points(self) -> int:
        """How many points more in all."""
        return self.after.total - self.before.total

    @property
    def gains(self) -> list[Gain]:
        """Where the points are."""
        moved = ((each, getattr(self.after, each) - getattr(self.before, each)) for each in Dimension)
        return [Gain(each.value, str(each.label), points) for each, points in moved if points]

    @property
    def makes_grade(self) -> str:
        """The better grade, empty if it stays."""
        return self.after.grade or "" if self.after.grade != self.before.grade else ""

    @property
    def makes_ready(self) -> bool:
        """Whether the lead becomes sales-ready by it."""
        return self.after.is_ready and not self.before.is_ready

    @property
    def lifts(self) -> bool:
        """Whether grade or readiness are better."""
        return bool(self.makes_grade) or self.makes_ready

    @property
    def is_no_worse(self) -> bool:
        """Whether nothing is worse: grade, readiness, total."""
        old, new = self.before, self.after
        is_ready = new.is_ready or not old.is_ready
        return is_ready and new.total >= old.total and _place(new) <= _place(old)

    @property
    def goes_on(self) -> bool:
        """Whether it lifts the lead, or brings points or more of the gate, though perhaps not enough."""
        return self.is_no_worse and (self.lifts or self.points > 0 or self.progress > 0)

    @property
    def progress(self) -> int:
        """How many more demands of the gate are met; where it wants more of BANT, also how much more."""
        met = bin(self.before.gate).count("1") - bin(self.after.gate).count("1")
        is_wanted = bool(self.before.gate & Gate.BANT)
        return met + is_wanted * (sum(_levels(self.after)) - sum(_levels(self.before)))

    @property
    def result(self) -> tuple[bool, str]:
        """Readiness and grade as a key: the better, the smaller."""
        return not self.after.is_ready, self.after.grade or "E"


def effort_of(part: Part) -> Effort:
    """What a part takes by itself."""
    if isinstance(part, Answer):
        return Effort.ASK_AGAIN if part.is_again else Effort.ASK
    return Effort.LOOK_UP if isinstance(part, Fact) else Effort.INVITE


def _levels(judged: Judged) -> list[int]:
    return [judged.bant >> 2 * place & 3 for place in range(4)]


def _place(judged: Judged) -> str:
    return judged.grade or "E"


def is_done(judged: Judged) -> bool:
    """Whether there is nothing left to lift."""
    return judged.grade == "A" and judged.is_ready


def is_disqualified(judged: Judged) -> bool:
    """Whether grade D is forced."""
    return bool(judged.gate & Gate.DISQUALIFIED)


@dataclass(frozen=True, slots=True)
class NextSteps:
    """``text`` says how the lead stands; ``steps`` what would lift it, the least effort first."""

    state: State
    text: str
    steps: tuple[Step, ...] = ()
    grade: str = ""
