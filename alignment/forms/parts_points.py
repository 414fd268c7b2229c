"""Caps and grades."""

from typing import Any

from django import forms
from django.http import QueryDict

from alignment.forms.parts import PartForm, whole_number
from alignment.matrix import AXES, PARTS
from alignment.models import Dimension, Grade, Version
from alignment.parts import CapValues, GradeValues
from alignment.parts.checks import POINTS
from alignment.parts.points import FLOORS, floor_problems

BANDS, MATRIX = "bands", "matrix"
FIRST_MATRIX: dict[str, Any] = {
    "fit": [60, 40, 20],
    "engagement": [10, 6, 3],
    "grades": ["AABB", "ABBC", "BCCD", "CDDD"],
}
"""What the grid starts with where a draft has bands."""
AXIS_LABELS = {"fit": "Fit", "engagement": "Engagement"}
PLACES = ("first", "second", "third", "last")


class CapsForm(PartForm):
    """``cap_<dimension>``: at most so many points."""

    template = "alignment/parts/_caps.html"

    def __init__(self, draft: Version, key: str = "", data: QueryDict | None = None) -> None:
        super().__init__(draft, key, data)
        for dimension in Dimension:
            field = whole_number(dimension.label, 0, POINTS)
            field.initial = self.shown.points[dimension.value]
            self.fields[f"cap_{dimension.value}"] = field

    def read(self) -> CapValues:
        return CapValues.of(self.draft)

    def fields_of(self, values: CapValues) -> dict[str, Any]:
        return {f"cap_{dimension}": cap for dimension, cap in values.points.items()}

    def values(self) -> CapValues:
        return CapValues({each.value: self.cleaned_data[f"cap_{each.value}"] for each in Dimension})


class GradesForm(PartForm):
    """``kind`` says which holds: the floors, or ``fit_0`` …, ``engagement_0`` … and ``cell_<row>_<column>``.

    Both are sent, so that switching between the two loses nothing before it is saved; only what holds
    is asked to be right.
    """

    template = "alignment/parts/_grades.html"

    kind = forms.ChoiceField(
        label="Grades follow",
        choices=[(BANDS, "The total"), (MATRIX, "Fit and engagement")],
        widget=forms.RadioSelect,
    )
    floor_a = whole_number("A begins at", 1, POINTS)
    floor_b = whole_number("B begins at", 1, POINTS)
    floor_c = whole_number("C begins at", 1, POINTS)

    def __init__(self, draft: Version, key: str = "", data: QueryDict | None = None) -> None:
        super().__init__(draft, key, data)
        for axis in AXES:
            for place in range(PARTS - 1):
                label = f"{AXIS_LABELS[axis]}, the {PLACES[place]} part begins at"
                self.fields[f"{axis}_{place}"] = whole_number(label, 1, POINTS)
        for row in range(PARTS):
            for column in range(PARTS):
                label = f"Grade for the {PLACES[row]} part of fit, the {PLACES[column]} of engagement"
                self.fields[f"cell_{row}_{column}"] = forms.ChoiceField(label=label, choices=Grade.choices)
        for name in self.not_asked:
            self.fields[name].required = False

    @property
    def chosen(self) -> str:
        """Which of the two holds, as typed or as saved."""
        return MATRIX if self["kind"].value() == MATRIX else BANDS

    @property
    def not_asked(self) -> list[str]:
        """The fields of the one that doesn't hold."""
        if self.chosen == MATRIX:
            return list(FLOORS)
        return [name for name in self.fields if name.startswith(("fit_", "engagement_", "cell_"))]

    @property
    def floors(self) -> list[Any]:
        """The floors of A, B and C as typed or as saved; None where one can't be read."""
        return [self._read(name) for name in FLOORS] if self.is_bound else self.shown.floors

    @property
    def rows(self) -> list[tuple[Any, list[Any]]]:
        """The grid: where each part of fit begins (None for the last) and its four cells."""
        edges = [self[f"fit_{place}"] for place in range(PARTS - 1)]
        cells = [[self[f"cell_{row}_{column}"] for column in range(PARTS)] for row in range(PARTS)]
        return list(zip([*edges, None], cells, strict=True))

    @property
    def columns(self) -> list[Any]:
        """Where each part of engagement begins; None for the last."""
        return [*(self[f"engagement_{place}"] for place in range(PARTS - 1)), None]

    @property
    def grid_errors(self) -> list[str]:
        """What is wrong in the grid, and where: ``Fit, the second part begins at: must be …``."""
        names = [name for name in self.fields if name.startswith(("fit_", "engagement_", "cell_"))]
        return [
            f"{self.fields[name].label}: {error}" for name in names for error in self.errors.get(name, [])
        ]

    def read(self) -> GradeValues:
        return GradeValues.of(self.draft)

    def fields_of(self, values: GradeValues) -> dict[str, Any]:
        matrix = values.matrix or FIRST_MATRIX
        kind = {"kind": MATRIX if values.matrix else BANDS}
        floors = dict(zip(FLOORS, values.floors, strict=True))
        edges = {f"{axis}_{place}": matrix[axis][place] for axis in AXES for place in range(PARTS - 1)}
        cells = {
            f"cell_{row}_{column}": letter
            for row, letters in enumerate(matrix["grades"])
            for column, letter in enumerate(letters)
        }
        return kind | floors | edges | cells

    def clean(self) -> dict[str, Any]:
        for name in self.not_asked:
            self.errors.pop(name, None)
        return super().clean()

    def values(self) -> GradeValues:
        typed = self.cleaned_data
        floors = self.floors
        if self.chosen == BANDS:
            return GradeValues(**dict(zip(FLOORS, floors, strict=True)))
        matrix = {axis: [typed[f"{axis}_{place}"] for place in range(PARTS - 1)] for axis in AXES}
        rows = ["".join(typed[f"cell_{row}_{column}"] for column in range(PARTS)) for row in range(PARTS)]
        kept = self.shown.floors if any(floor_problems(floors)) else floors
        return GradeValues(**dict(zip(FLOORS, kept, strict=True)), matrix=matrix | {"grades": rows})

    def _read(self, name: str) -> Any:
        try:
            return self.fields[name].clean(self[name].value())
        except forms.ValidationError:
            return None

    def place_of(self, where: str) -> str:
        return where.replace("[", "_").removesuffix("]")
