"""The form of one criterion: a condition on facts, or an activity with its limits and its decay."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import forms
from django.http import QueryDict

from alignment.criteria import LABEL_LENGTH, MOST_IN_ALL, MOST_POINTS, CriterionValues
from alignment.decay import LONGEST, DecayKind
from alignment.models import Criterion, Dimension
from core.display import MINUS
from core.errors import Problem
from rules.builder import ActivityChoice, BuilderState
from rules.errors import RuleError
from rules.fields import Use
from rules.nodes import ActivityCount, ActivityMatch, to_data

PREFIX, ACTIVITY = "condition", "activity"
DECAYS = [
    (DecayKind.NONE.value, "stays, however old it is"),
    (DecayKind.WINDOW.value, "counts in full, then not at all"),
    (DecayKind.LINEAR.value, "fades evenly to nothing"),
    (DecayKind.STEP.value, "falls in steps"),
    (DecayKind.HALF_LIFE.value, "halves again and again"),
]
PLACES = {
    "decay.kind": "decay",
    "decay.days": "decay_days",
    "decay.keep": "decay_keep",
}
NEW_DECAY_DAYS, NEW_KEEP = 30, 50


def _whole(label: str, least: int, most: int, *, help_text: str = "", required: bool = False) -> Any:
    wrong = f"Give a whole number from {least:,} to {most:,}.".replace("-", MINUS)
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        required=required,
        help_text=help_text,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class CriterionForm(forms.Form):
    """``values`` is what it says; the condition is read by the builder beside it."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    label = forms.CharField(
        label="Name",
        max_length=LABEL_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Give it a name."},
    )
    dimension = forms.ChoiceField(label="Dimension", choices=Dimension.choices)
    points = _whole("Points", -MOST_POINTS, MOST_POINTS, required=True)
    counts = forms.ChoiceField(
        label="Counts",
        choices=[("condition", "when a condition holds"), ("activity", "what somebody did")],
        widget=forms.RadioSelect,
        initial="condition",
    )
    per = forms.ChoiceField(
        label="It counts", choices=Criterion.Per, required=False, widget=forms.RadioSelect
    )
    cap = _whole("At most, in all", 1, MOST_IN_ALL, help_text="Points; empty for no limit.")
    daily_cap = _whole("At most a day", 1, MOST_IN_ALL, help_text="So many count; empty for all.")
    decay = forms.ChoiceField(label="With age it", choices=DECAYS, required=False)
    decay_days = _whole("Days", 1, LONGEST)
    decay_keep = _whole("Kept after each step, %", 1, 99)

    @property
    def counts_activities(self) -> bool:
        """Which of the two ways is chosen, also while other fields can't be read."""
        return bool(self["counts"].value() == "activity")

    def values(self, builder: BuilderState, activity: ActivityChoice) -> CriterionValues:
        """What the form says; RuleError with the problems of what counts. Call it on a valid form."""
        values = self.readable()
        if self.counts_activities:
            return replace(values, activity=activity_data(activity.match()))
        return replace(values, condition=builder.tree())

    def readable(self) -> CriterionValues:
        """What the form says as far as it can be read, besides what counts; the form must be bound."""
        self.is_valid()
        data = self.cleaned_data
        dimension = data.get("dimension", Dimension.BUDGET.value)
        values = CriterionValues(
            label=data.get("label", ""), dimension=dimension, points=data.get("points", 0)
        )
        if not self.counts_activities:
            return values
        return replace(
            values,
            per=data.get("per") or Criterion.Per.ONCE.value,
            cap=data.get("cap"),
            daily_cap=data.get("daily_cap"),
            decay=self._decay_data(),
        )

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Show each problem at its field, else on top."""
        for problem in problems:
            place = PLACES.get(problem.where.partition("[")[0], problem.where.partition(".")[0])
            self.add_error(place if place in self.fields else None, problem.message)

    def _decay_data(self) -> dict[str, Any]:
        """The decay as far as it can be read; a missing number is 0, which no decay takes."""
        kind = self.cleaned_data.get("decay") or DecayKind.NONE.value
        data: dict[str, Any] = {"kind": kind}
        if kind != DecayKind.NONE:
            data["days"] = self.cleaned_data.get("decay_days") or 0
        if kind == DecayKind.STEP:
            data["keep"] = self.cleaned_data.get("decay_keep") or 0
        return data


def initial_of(values: CriterionValues) -> dict[str, Any]:
    """The form's first values for a criterion."""
    decay = values.decay or {}
    return {
        "label": values.label,
        "dimension": values.dimension,
        "points": values.points,
        "counts": "condition" if values.activity is None else "activity",
        "per": values.per,
        "cap": values.cap,
        "daily_cap": values.daily_cap,
        "decay": decay.get("kind", DecayKind.NONE.value),
        "decay_days": decay.get("days", NEW_DECAY_DAYS),
        "decay_keep": decay.get("keep", NEW_KEEP),
    }


def builder_of(values: CriterionValues | None) -> BuilderState:
    """The builder for the condition of ``values``; blank where a stored one can't even be shown."""
    tree = values.condition if values else None
    try:
        return BuilderState.from_tree(tree, Use.CRITERION, PREFIX)
    except RuleError:
        return BuilderState.from_tree(None, Use.CRITERION, PREFIX)


def builder_posted(data: QueryDict) -> BuilderState:
    """The builder as it was sent; Invalid if no builder can have sent it."""
    return BuilderState.from_post(data, PREFIX, Use.CRITERION)


def choice_of(values: CriterionValues | None) -> ActivityChoice:
    """The choice of activities of ``values``; kinds that are gone are shown as they were."""
    if values is None or values.activity is None:
        return ActivityChoice.from_match(None, ACTIVITY)
    kinds = values.activity.get("kind", [])
    known = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    return ActivityChoice.from_match(ActivityMatch(known, values.activity.get("detail")), ACTIVITY)


def activity_data(match: ActivityMatch) -> Any:
    """``match`` as a criterion stores it."""
    return to_data(ActivityCount(match))["activity"]
