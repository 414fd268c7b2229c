"""Grades by fit and engagement instead of by the total: a table of four by four, read and checked.

Fit is the sum of the five dimensions besides engagement.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from alignment.models import Grade
from core.errors import Invalid, Problem

PARTS = 4
MOST = 100
AXES = ("fit", "engagement")
SHAPE = "Give “fit”, “engagement” and “grades”."


@dataclass(frozen=True, slots=True)
class Grid:
    """A matrix in words: the parts of engagement, and for each part of fit its words and four grades.

    ``odd`` says where more points bring a worse grade; ``row`` and ``column`` are one lead's cell.
    """

    columns: list[str]
    rows: list[tuple[str, list[str]]]
    odd: list[str]
    row: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    """``fit`` and ``engagement`` are the three floors of each axis, falling; ``grades`` has a row of four
    letters for each part of fit, and in it one for each part of engagement, the best part first."""

    fit: tuple[int, int, int]
    engagement: tuple[int, int, int]
    grades: tuple[str, str, str, str]

    def cell(self, fit: int, engagement: int) -> tuple[int, int]:
        """Row and column of a lead with these points, from 0; the best is (0, 0)."""
        return part_of(self.fit, fit), part_of(self.engagement, engagement)

    def grade(self, fit: int, engagement: int) -> Grade:
        """The grade of a lead with these points."""
        row, column = self.cell(fit, engagement)
        return Grade(self.grades[row][column])

    def falls(self) -> list[str]:
        """Where more points bring a worse grade, in words; such a table is odd, not wrong."""
        return list(_falls(self))

    def in_words(self, cell: tuple[int, int] | None = None) -> Grid:
        """As a table to print, ``cell`` marked."""
        return Grid(
            [points_in_words(self.engagement, part) for part in range(PARTS)],
            [(points_in_words(self.fit, part), list(self.grades[part])) for part in range(PARTS)],
            self.falls(),
            *(cell or (None, None)),
        )

    def as_data(self) -> dict[str, Any]:
        """The JSON that ``read_matrix`` reads back to an equal value."""
        return {"fit": list(self.fit), "engagement": list(self.engagement), "grades": list(self.grades)}


def part_of(floors: tuple[int, int, int], points: int) -> int:
    """Which of the four parts ``points`` belong to, 0 for the best."""
    return sum(points < floor for floor in floors)


def points_in_words(floors: tuple[int, int, int], part: int) -> str:
    """The points of one part: ``60 or more``, ``40 to 59``, ``fewer than 20``."""
    if part == 0:
        return f"{floors[0]} or more"
    if part == PARTS - 1:
        return f"fewer than {floors[-1]}"
    low, high = floors[part], floors[part - 1] - 1
    return str(low) if low == high else f"{low} to {high}"


def read_matrix(raw: object) -> Matrix | None:
    """The matrix that a version stores, None for null; Invalid names each place that is wrong."""
    if raw is None:
        return None
    problems = tuple(matrix_problems(raw))
    if problems or not isinstance(raw, Mapping):
        raise Invalid("The matrix of grades can't be read.", problems=problems)
    return Matrix(tuple(raw["fit"]), tuple(raw["engagement"]), tuple(raw["grades"]))


def matrix_problems(raw: object) -> Iterator[Problem]:
    """All that is wrong with a matrix, located: ``fit[1]``, ``grades[2]``."""
    if not isinstance(raw, Mapping):
        yield Problem(SHAPE)
        return
    for key in raw:
        if key not in (*AXES, "grades"):
            yield Problem(f"“{str(key)[:40]}” is unknown here. {SHAPE}", str(key)[:40])
    for axis in AXES:
        yield from _axis_problems(axis, raw.get(axis))
    yield from _grade_problems(raw.get("grades"))


def _axis_problems(axis: str, floors: object) -> Iterator[Problem]:
    if not isinstance(floors, list) or len(floors) != PARTS - 1:
        yield Problem(f"“{axis}” takes three numbers of points, the highest first.", axis)
        return
    for place, floor in enumerate(floors):
        if isinstance(floor, bool) or not isinstance(floor, int) or not 1 <= floor <= MOST:
            yield Problem(f"Give a whole number from 1 to {MOST}.", f"{axis}[{place}]")
            return
    for place in (1, 2):
        if floors[place] >= floors[place - 1]:
            yield Problem(f"Must be lower than {floors[place - 1]}, before it.", f"{axis}[{place}]")


def _grade_problems(rows: object) -> Iterator[Problem]:
    if not isinstance(rows, list) or len(rows) != PARTS:
        yield Problem("“grades” takes four rows of four letters, the best fit first.", "grades")
        return
    for place, row in enumerate(rows):
        if not isinstance(row, str) or len(row) != PARTS or set(row) - set(Grade.values):
            yield Problem("Give four letters from A to D, such as “AABC”.", f"grades[{place}]")


def _falls(matrix: Matrix) -> Iterator[str]:
    for row in range(PARTS):
        for column in range(PARTS):
            here = matrix.grades[row][column]
            if column + 1 < PARTS and here > matrix.grades[row][column + 1]:
                yield _fall(matrix, (row, column), (row, column + 1))
            if row + 1 < PARTS and here > matrix.grades[row + 1][column]:
                yield _fall(matrix, (row, column), (row + 1, column))


def _fall(matrix: Matrix, better: tuple[int, int], worse: tuple[int, int]) -> str:
    return f"{_cell(matrix, better)}, worse than {_cell(matrix, worse)}"


def _cell(matrix: Matrix, cell: tuple[int, int]) -> str:
    row, column = cell
    fit, engagement = points_in_words(matrix.fit, row), points_in_words(matrix.engagement, column)
    return f"fit {fit} with engagement {engagement} gives {matrix.grades[row][column]}"
