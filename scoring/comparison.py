"""Two explanations of one lead side by side, and what tells them apart in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.display import signed
from scoring.explanation import DimensionLine, Explanation, Line


@dataclass(frozen=True, slots=True)
class LineChange:
    """A criterion on both sides; None where a side doesn't have it."""

    old: Line | None
    new: Line | None

    @property
    def shown(self) -> Line:
        """The side to name it by: the new one, if it has it."""
        found = self.new or self.old
        assert found is not None  # noqa: S101 - one side has it, or there were no change
        return found

    @property
    def change(self) -> int:
        """In points."""
        return _points(self.new) - _points(self.old)

    @property
    def differs(self) -> bool:
        """Whether it gives the lead other points, is worth others, or is on one side only."""
        if self.old is None or self.new is None:
            return True
        return bool(self.change) or (self.old.worth, self.old.words) != (self.new.worth, self.new.words)

    @property
    def sentence(self) -> str:
        """``Timeframe within 90 days: +10 → +15``."""
        if self.old is None:
            return f"{self.shown.label}: new, {signed(_points(self.new))}"
        if self.new is None:
            return f"{self.shown.label}: gone, was {signed(_points(self.old))}"
        return f"{self.shown.label}: {signed(self.old.points)} → {signed(self.new.points)}"


@dataclass(frozen=True, slots=True)
class DimensionChange:
    """A dimension on both sides; None where a side has no version for the lead."""

    label: str
    old: DimensionLine | None
    new: DimensionLine | None
    lines: tuple[LineChange, ...]

    @property
    def change(self) -> int:
        """In points, after the caps."""
        return _points(self.new) - _points(self.old)

    @property
    def cut_change(self) -> int:
        """How many points more the cap takes, or gives back where it is below 0."""
        return (self.new.cut if self.new else 0) - (self.old.cut if self.old else 0)

    @property
    def differs(self) -> bool:
        """Whether anything in it does."""
        caps = (self.old.cap if self.old else None, self.new.cap if self.new else None)
        return bool(self.change) or caps[0] != caps[1] or any(line.differs for line in self.lines)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One lead under two sets of versions; ``old`` None is a lead that was not judged before."""

    old: Explanation | None
    new: Explanation
    dimensions: tuple[DimensionChange, ...]

    @property
    def change(self) -> int:
        """In points."""
        return self.new.total - (self.old.total if self.old else 0)

    @property
    def differs(self) -> bool:
        """Whether the lead would be told anything else."""
        return any(self.reasons())

    def reasons(self) -> list[str]:
        """What tells the sides apart for this lead, as short sentences, the weightiest first."""
        return [*self._other_version(), *self._disqualified(), *self._points(), *self._same_points()]

    def _other_version(self) -> Iterator[str]:
        old = self.old.version if self.old else None
        new = self.new.version
        if old is None and new is not None:
            yield f"Now judged by {new.definition}"
        elif new is None and old is not None:
            yield f"In no definition's scope any more, was judged by {old.definition}"
        elif old is not None and new is not None and old.definition_id != new.definition_id:
            yield f"Judged by {new.definition} instead of {old.definition}"

    def _disqualified(self) -> Iterator[str]:
        old = set(self.old.disqualified_by) if self.old else set()
        new = set(self.new.disqualified_by)
        yield from (f"Now disqualified: {label}" for label in sorted(new - old))
        yield from (f"No longer disqualified: {label}" for label in sorted(old - new))

    def _points(self) -> Iterator[str]:
        lines = [line for each in self.dimensions for line in each.lines if line.change]
        yield from (line.sentence for line in sorted(lines, key=lambda line: -abs(line.change)))
        for each in self.dimensions:
            if each.cut_change and each.new and each.old:
                yield f"{each.label}: {_cut(each.old, each.new)}"

    def _same_points(self) -> Iterator[str]:
        """Why the grade or readiness differs although the points don't."""
        if self.old is None or self.change or self.old.version is None or self.new.version is None:
            return
        if self.old.disqualified_by != self.new.disqualified_by:
            return
        if self.old.grade != self.new.grade:
            yield f"{self.new.total} points are grade {self.new.grade}, not {self.old.grade}"
        elif self.old.is_ready and not self.new.is_ready:
            yield from (f"Now needed: {line.text}" for line in self.new.missing)
        elif self.new.is_ready and not self.old.is_ready:
            yield from (f"No longer needed: {line.text}" for line in self.old.missing)


def compare(old: Explanation | None, new: Explanation) -> Comparison:
    """The two sides line by line, in the order of the new one; lines of the old one alone come last."""
    before = {each.dimension: each for each in old.dimensions} if old else {}
    after = {each.dimension: each for each in new.dimensions}
    shown = after or before
    return Comparison(
        old,
        new,
        tuple(_dimension(each.label, before.get(name), after.get(name)) for name, each in shown.items()),
    )


def _dimension(label: str, old: DimensionLine | None, new: DimensionLine | None) -> DimensionChange:
    before = {line.key: line for line in old.lines} if old else {}
    after = {line.key: line for line in new.lines} if new else {}
    keys = dict.fromkeys([*after, *before])
    return DimensionChange(
        label, old, new, tuple(LineChange(before.get(key), after.get(key)) for key in keys)
    )


def _points(side: Line | DimensionLine | None) -> int:
    return side.points if side else 0


def _cut(old: DimensionLine, new: DimensionLine) -> str:
    """What the cap does otherwise than before."""
    if new.cut > 0:
        before = f", not {old.cut}" if old.cut > 0 else ""
        return f"{_count(new.cut)} above the cap of {new.cap} {_are(new.cut)} cut{before}"
    if old.cut > 0:
        return f"nothing is above the cap of {new.cap} any more, {old.cut} {_were(old.cut)} cut"
    return f"{_count(-new.cut)} below zero {_are(-new.cut)} made good" if new.cut else "no longer below zero"


def _count(points: int) -> str:
    return f"{points} point{'' if points == 1 else 's'}"


def _are(points: int) -> str:
    return "is" if points == 1 else "are"


def _were(points: int) -> str:
    return "was" if points == 1 else "were"
