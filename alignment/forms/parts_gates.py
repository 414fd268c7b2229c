"""Gate, scope, what facts say, and what always makes a D."""

from typing import Any

from django import forms
from django.http import Http404

from alignment.forms.parts import PartForm, whole_number
from alignment.models import Dimension, Grade
from alignment.parts import DisqualifierValues, GateValues, InferenceValues, ScopeValues
from alignment.parts.gates import LAST_PLACE
from alignment.parts.lists import LABEL
from leads.models import BantDimension, BantLevel
from rules.fields import Use

LEVELS = [(BantLevel.PARTIAL.value, "at least partly met"), (BantLevel.MET.value, "met")]
COUNTS = [(0, "none"), (1, "1 of 4"), (2, "2 of 4"), (3, "3 of 4"), (4, "all 4")]
GRADES = [(grade, f"{grade} or better" if grade != Grade.A else "A") for grade in Grade.values]


class GateForm(PartForm):
    """Least grade, how many BANT dimensions at which level, and what else must hold."""

    template = "alignment/parts/_gate.html"
    conditions = {"gate_must_have": ("Must-have", Use.CRITERION)}

    gate_grade = forms.ChoiceField(label="Least grade", choices=GRADES)
    gate_bant_count = forms.TypedChoiceField(label="BANT dimensions", coerce=int, choices=COUNTS)
    gate_bant_level = forms.TypedChoiceField(label="which are", coerce=int, choices=LEVELS)

    def read(self) -> GateValues:
        return GateValues.of(self.draft)

    def fields_of(self, values: GateValues) -> dict[str, Any]:
        return {name: getattr(values, name) for name in values.__slots__ if name not in self.conditions}

    def values(self) -> GateValues:
        names = ("gate_grade", "gate_bant_count", "gate_bant_level")
        return GateValues(**{name: self.cleaned_data[name] for name in names}, **self.trees)


class ScopeForm(PartForm):
    """Which leads, and the place in the order."""

    template = "alignment/parts/_scope.html"
    conditions = {"scope": ("Which leads", Use.SCOPE)}

    position = whole_number(
        "Place in the order", 1, LAST_PLACE, help_text="The definition with the lowest number is asked first."
    )

    def read(self) -> ScopeValues:
        return ScopeValues.of(self.draft)

    def fields_of(self, values: ScopeValues) -> dict[str, Any]:
        return {"position": values.position}

    def values(self) -> ScopeValues:
        return ScopeValues(position=self.cleaned_data["position"], **self.trees)


class InferenceForm(PartForm):
    """When facts alone make a dimension partly met or met; ``key`` is the dimension."""

    template = "alignment/parts/_inference.html"
    conditions = {
        "partial_when": ("Partly met when", Use.CRITERION),
        "met_when": ("Met when", Use.CRITERION),
    }

    def read(self) -> InferenceValues:
        if self.key not in BantDimension.values:
            raise Http404("Facts speak of budget, authority, need and timeframe.")
        rows = {row.dimension: row for row in self.draft.dimensions.all()}
        return InferenceValues.of(rows.get(Dimension(self.key)))

    def fields_of(self, values: InferenceValues) -> dict[str, Any]:
        return {}

    def values(self) -> InferenceValues:
        return InferenceValues(**self.trees)

    @property
    def title(self) -> str:
        return f"What facts say of {Dimension(self.key).label.lower()}"

    @property
    def prefix_of_ids(self) -> str:
        return f"facts_{self.key}"


class DisqualifierForm(PartForm):
    """What it is called, and which leads it means."""

    template = "alignment/parts/_disqualifiers.html"
    conditions = {"condition": ("Which leads", Use.CRITERION)}

    label = forms.CharField(label="Name", max_length=LABEL, help_text="Such as “Studies or looks for work”.")

    def read(self) -> DisqualifierValues:
        row = next((row for row in self.draft.disqualifiers.all() if row.key == self.key), None)
        return DisqualifierValues.of(row) if row else DisqualifierValues(label="", condition=None)

    def fields_of(self, values: DisqualifierValues) -> dict[str, Any]:
        return {"label": values.label}

    def values(self) -> DisqualifierValues:
        return DisqualifierValues(label=self.cleaned_data["label"], **self.trees)
