"""An explanation as plain values, for pages, the API and decisions."""

from dataclasses import dataclass
from datetime import date, datetime

from alignment.matrix import Grid
from alignment.models import Version
from leads.models import BantLevel
from scoring.engine.running import Judged
from scoring.overriding import SetByHand


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion: ``points = full - decayed - cut``, each signed as the criterion is.

    ``full`` is what it would give without age and cap, ``decayed`` what age took, ``cut`` what the
    criterion's own cap took; ``value`` is the lead's own, in words. ``fading_since`` is the day on which
    age began to take something of what counts now, None where ``decayed`` is 0.
    """

    key: str
    label: str
    words: str
    value: str
    worth: int
    points: int
    full: int
    decayed: int
    cut: int
    is_met: bool
    fading_since: date | None = None


@dataclass(frozen=True, slots=True)
class DimensionLine:
    """A dimension: ``points`` = sum of the lines - ``cut``, at most ``cap``.

    ``cut`` is below 0 where a negative sum was raised to 0. ``decayed`` is what age took of its lines.
    """

    dimension: str
    label: str
    points: int
    cap: int
    cut: int
    decayed: int
    lines: tuple[Line, ...]

    @property
    def met_lines(self) -> list[Line]:
        """The criteria that the lead meets, the weightiest first."""
        return sorted((line for line in self.lines if line.is_met), key=lambda line: -abs(line.points))

    @property
    def unmet_lines(self) -> list[Line]:
        """The criteria that give nothing."""
        return [line for line in self.lines if not line.is_met]

    @property
    def cut_line(self) -> int:
        """What the cut adds to the sum of the lines: below 0 above the cap."""
        return -self.cut


@dataclass(frozen=True, slots=True)
class GateLine:
    """One demand of the gate, and whether the lead meets it."""

    text: str
    is_met: bool


@dataclass(frozen=True, slots=True)
class BantLine:
    """The status of a BANT dimension; inferred when nobody answered and facts speak."""

    dimension: str
    label: str
    level: BantLevel
    is_answered: bool


@dataclass(frozen=True, slots=True)
class GradeWhy:
    """Why the grade: its points and between which they fall, in words; by a matrix, also its cell."""

    words: str
    grid: Grid | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A lead's judgement at ``as_of``; ``version`` None is a lead in no definition's scope.

    ``computed`` is the grade without ``override``, the grade set by hand that counts at that moment. A
    disqualified lead stays D under one; ``why`` tells of the computed grade.
    """

    judged: Judged
    version: Version | None
    as_of: datetime
    dimensions: tuple[DimensionLine, ...]
    gate: tuple[GateLine, ...]
    bant: tuple[BantLine, ...]
    disqualified_by: tuple[str, ...]
    decay_stopped_at: datetime | None
    why: GradeWhy | None = None
    computed: str | None = None
    override: SetByHand | None = None

    @property
    def grade(self) -> str | None:
        """A to D; None without a version."""
        return self.judged.grade

    @property
    def total(self) -> int:
        """The sum of the six dimensions."""
        return self.judged.total

    @property
    def is_ready(self) -> bool:
        """Whether the gate misses nothing."""
        return self.judged.is_ready

    @property
    def missing(self) -> tuple[GateLine, ...]:
        """What the lead lacks to be sales-ready."""
        return tuple(line for line in self.gate if not line.is_met)
