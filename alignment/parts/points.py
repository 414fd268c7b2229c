"""How points are shared out and what grade they make."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from alignment import matrix
from alignment.models import Dimension, Version
from alignment.parts.checks import POINTS, located, whole
from core.errors import Problem

FLOORS = ("floor_a", "floor_b", "floor_c")


@dataclass(frozen=True, slots=True)
class CapValues:
    """The cap in points of each dimension; one that isn't named stays as it is."""

    points: Mapping[str, int]

    @classmethod
    def of(cls, version: Version) -> "CapValues":
        """All six as they are; 0 where the version doesn't speak of a dimension."""
        known = {row.dimension: row.cap for row in version.dimensions.all()}
        return cls({dimension.value: known.get(dimension, 0) for dimension in Dimension})

    def problems(self) -> Iterator[Problem]:
        """Values that are no points. The sum isn't asked: a draft may be on its way to 100."""
        for dimension, cap in self.points.items():
            if dimension not in Dimension.values:
                yield Problem("There is no such dimension.", f"cap_{dimension[:20]}")
            yield from located((f"cap_{dimension}", whole(cap, 0, POINTS)))


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeValues:
    """Bands on the total, or ``matrix`` (as in ``models.Version``) in their place."""

    floor_a: int
    floor_b: int
    floor_c: int
    matrix: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, version: Version) -> "GradeValues":
        """As the version has them."""
        floors = {name: getattr(version, name) for name in FLOORS}
        return cls(**floors, matrix=version.matrix)

    @property
    def floors(self) -> list[int]:
        """Where A, B and C begin."""
        return [getattr(self, name) for name in FLOORS]

    def problems(self) -> Iterator[Problem]:
        """Floors that don't fall, and a matrix that isn't 4 by 4 grades (``fit[1]``, ``grades[2]``)."""
        yield from floor_problems(self.floors)
        if self.matrix is not None:
            yield from matrix.matrix_problems(self.matrix)


def floor_problems(floors: list[int]) -> Iterator[Problem]:
    """Floors that are no points, or not each below the one before: bands would overlap or be missing."""
    wrong = [problem for name, floor in zip(FLOORS, floors, strict=True) for problem in _floor(name, floor)]
    yield from wrong
    for place in () if wrong else (1, 2):
        if floors[place] >= floors[place - 1]:
            letter, above = "ABC"[place], "ABC"[place - 1]
            yield Problem(
                f"{letter} must begin below {above}, which begins at {floors[place - 1]}.", FLOORS[place]
            )


def _floor(name: str, floor: object) -> Iterator[Problem]:
    yield from located((name, whole(floor, 1, POINTS)))
