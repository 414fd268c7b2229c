"""The draft editor's form: one field for each number of the draft, named as the checks name them."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from alignment.changes import DraftChanges
from alignment.checking import FLOORS, MOST, change_problems
from alignment.models import Grade, Version
from core.display import MINUS
from core.errors import Problem
from leads.models import BantLevel

LEVELS = [(BantLevel.PARTIAL.value, "at least partly met"), (BantLevel.MET.value, "met")]
COLUMNS = (*FLOORS, "gate_grade", "gate_bant_count", "gate_bant_level")
COUNTS = [(0, "none"), (1, "1 of 4"), (2, "2 of 4"), (3, "3 of 4"), (4, "all 4")]


def _points(label: str, least: int, value: int) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"class": "input points-input", "inputmode": "numeric"})
    wrong = f"Give a whole number from {least} to {MOST}.".replace("-", MINUS)
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=MOST,
        initial=value,
        widget=widget,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
    )


class DraftForm(forms.Form):
    """``cap_<dimension>``, ``points_<key>``, ``is_on_<key>``, the floors and the gate."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, draft: Version, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"revision": draft.revision})
        self.draft = draft
        for part in draft.dimensions.all():
            label = f"Cap of {part.get_dimension_display()}"
            self.fields[f"cap_{part.dimension}"] = _points(label, 0, part.cap)
            self.fields[f"cap_{part.dimension}"].widget.attrs["data-cap"] = ""
        for row in draft.criteria.all():
            self.fields[f"points_{row.key}"] = _points(f"Points for “{row.label}”", -MOST, row.points)
            switch = forms.BooleanField(label=f"“{row.label}” counts", required=False, initial=row.is_on)
            self.fields[f"is_on_{row.key}"] = switch
        for name in FLOORS:
            label = f"{name[-1].upper()} begins at"
            self.fields[name] = _points(label, 1, getattr(draft, name))
        self._add_gate(draft)

    def _add_gate(self, draft: Version) -> None:
        grades = [(grade, f"{grade} or better" if grade != "A" else "A") for grade in Grade.values]
        self.fields["gate_grade"] = forms.ChoiceField(
            label="Least grade", choices=grades, initial=draft.gate_grade
        )
        self.fields["gate_bant_count"] = forms.TypedChoiceField(
            label="BANT dimensions", coerce=int, choices=COUNTS, initial=draft.gate_bant_count
        )
        self.fields["gate_bant_level"] = forms.TypedChoiceField(
            label="which are", coerce=int, choices=LEVELS, initial=draft.gate_bant_level
        )

    def clean(self) -> dict[str, Any]:
        """Say also what is wrong between the values that can be read, such as floors that don't descend."""
        self.add_problems(change_problems(self.draft, self.changes()))
        return self.cleaned_data

    def changes(self) -> DraftChanges:
        """What the form says, as far as it can be read: a valid form is whole."""
        return DraftChanges(
            version={name: self.cleaned_data[name] for name in COLUMNS if name in self.cleaned_data},
            cap=self._under("cap_"),
            points=self._under("points_"),
            is_on=self._under("is_on_"),
        )

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Show each problem at its field, else on top."""
        for problem in problems:
            self.add_error(problem.where if problem.where in self.fields else None, problem.message)

    def differing(self, saved: Version) -> list[tuple[str, str, str]]:
        """(what, as typed here, as saved meanwhile) of every field that isn't the same in ``saved``."""
        now = DraftForm(saved)
        return [
            (str(field.label), self._shown(name), str(now[name].initial))
            for name, field in self.fields.items()
            if name != "revision" and self.cleaned_data.get(name) != now[name].initial
        ]

    def _shown(self, name: str) -> str:
        return str(self.cleaned_data.get(name, ""))

    def _under(self, prefix: str) -> dict[str, Any]:
        return {
            name.removeprefix(prefix): value
            for name, value in self.cleaned_data.items()
            if name.startswith(prefix)
        }


class ReasonForm(forms.Form):
    """Why both teams should want it."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why should both teams want this?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One or two sentences that a new colleague understands a year from now.",
    )


class CommentForm(forms.Form):
    """What should be different, or anything else worth saying."""

    text = forms.CharField(label="Comment", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
