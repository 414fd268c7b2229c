"""What counts say: leads by grade, shares, mean points, in groups, bins and weeks. Pure; no queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from alignment.models import Grade
from scoring.distribution.axes import BIN, LAST_BIN
from scoring.distribution.statement import POINTS, UNJUDGED, Line

GRADES = tuple(Grade.values)
FEWEST = 30
"""Fewer leads with a grade are too few for a share: it would be off by 17 points either way."""


@dataclass(slots=True)
class Split:
    """Leads by grade; ``points`` and ``ready`` as in a line."""

    by_grade: dict[str, int] = field(default_factory=dict)
    points: int = 0
    ready: int = 0

    def add(self, grade: str, leads: int, points: int, ready: int) -> None:
        """Take in a line."""
        self.by_grade[grade] = self.by_grade.get(grade, 0) + leads
        self.points += points
        self.ready += ready

    def of(self, grade: str) -> int:
        return self.by_grade.get(grade, 0)

    @property
    def leads(self) -> int:
        return sum(self.by_grade.values())

    @property
    def graded(self) -> int:
        """Leads with a grade, of which all shares are."""
        return sum(self.of(each) for each in GRADES)

    @property
    def out_of_scope(self) -> int:
        return self.of("")

    @property
    def unjudged(self) -> int:
        return self.of(UNJUDGED)

    @property
    def ungraded(self) -> int:
        """Out of scope, or not judged yet."""
        return self.leads - self.graded

    @property
    def is_few(self) -> bool:
        """Whether shares and means would say more than is known."""
        return self.graded < FEWEST

    def share(self, *grades: str) -> float | None:
        """Of the leads with a grade, those with one of ``grades``; None if nobody has one."""
        return sum(map(self.of, grades)) / self.graded if self.graded else None

    @property
    def good_share(self) -> float | None:
        """A or B."""
        return self.share("A", "B")

    @property
    def ready_share(self) -> float | None:
        return self.ready / self.graded if self.graded else None

    @property
    def mean(self) -> float | None:
        """Points of a lead with a grade."""
        return self.points / self.graded if self.graded else None


@dataclass(frozen=True, slots=True)
class Group:
    """One group of an axis; ``label`` is the text of a folded key, where there is one."""

    key: str
    is_rest: bool
    label: str
    split: Split


def whole(lines: Iterable[Line]) -> Split:
    """All leads: each axis has them all, so one is enough."""
    return _split(line for line in lines if line.axis == POINTS)


def groups(lines: Iterable[Line], axis: str) -> list[Group]:
    """The groups of an axis in no order."""
    found: dict[tuple[str, bool], list[Line]] = {}
    for line in lines:
        if line.axis == axis:
            found.setdefault((line.key, line.is_rest), []).append(line)
    return [
        Group(key, is_rest, min((line.label for line in each if line.label), default=""), _split(each))
        for (key, is_rest), each in found.items()
    ]


def bins(lines: Iterable[Line]) -> list[tuple[int, Split]]:
    """Every bin of points from the lowest, empty ones too: (its fewest points, its leads)."""
    found = {group.key: group.split for group in groups(lines, POINTS)}
    return [(least, found.get(str(least), Split())) for least in range(0, LAST_BIN + 1, BIN)]


def percents(split: Split) -> list[float | None]:
    """The share of each grade in per cent with one decimal, which sum to 100; None without leads.

    The largest remainders are rounded up.
    """
    if not split.graded:
        return [None] * len(GRADES)
    exact = [split.of(grade) * 1_000 / split.graded for grade in GRADES]
    tenths = [int(each) for each in exact]
    order = sorted(range(len(GRADES)), key=lambda place: tenths[place] - exact[place])
    for place in order[: 1_000 - sum(tenths)]:
        tenths[place] += 1
    return [each / 10 for each in tenths]


SORTS: Mapping[str, str] = {
    "name": "name",
    "leads": "leads",
    **{grade.lower(): grade for grade in GRADES},
    "good": "good_share",
    "ready": "ready_share",
    "points": "mean",
}
"""By what a table of groups can be sorted, and the figure of a split."""


def sort_value(split: Split, sort: str) -> float:
    """What a group is sorted by; too few is less than nothing."""
    name = SORTS[sort]
    if name in GRADES:
        return split.of(name)
    if name != "leads" and split.is_few:
        return -1
    value = getattr(split, name)
    return -1 if value is None else float(value)


def _split(lines: Iterable[Line]) -> Split:
    split = Split()
    for line in lines:
        split.add(line.grade, line.leads, line.points, line.ready)
    return split
