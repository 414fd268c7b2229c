"""How a rep works, their leave, and to whom their work goes: read here, judged by the services."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone

from feedback.models import RepSettings, WorkingCalendar
from feedback.routing import available_reps
from feedback.services.handing_over import Way
from feedback.services.reps import MOST_LEADS, MOST_WEEKS, MOST_WEIGHT, RepTerms
from users.models import User


def _figure(label: str, least: int, most: int, **more: Any) -> forms.IntegerField:
    wrong = f"Give a whole number from {least:,} to {most:,}."
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=least,
        max_value=most,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": least, "max": most}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), wrong),
        **more,
    )


def _day(label: str, *, required: bool = False, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Choose a day.", "required": "Choose a day."},
        **more,
    )


class RepForm(forms.Form):
    """By which calendar a rep works, whether they are away, and how many new leads may come."""

    calendar = forms.ModelChoiceField(
        WorkingCalendar.objects.all(),
        required=False,
        label="Working hours",
        empty_label="The team’s, else the default",
        error_messages={"invalid_choice": "That calendar isn't there any more: choose another."},
    )
    is_away = forms.BooleanField(
        label="Away: no new leads", required=False, help_text="Until you take the tick out again."
    )
    capacity = _figure("Undecided leads at once", 0, MOST_LEADS)
    weight = _figure(
        "Weight", 1, MOST_WEIGHT, help_text="Where a rule deals by weight: 2 gets twice as many as 1."
    )
    per_day = _figure("At most a day", 1, MOST_LEADS, help_text="Empty: no limit.")
    per_week = _figure("At most a week", 1, MOST_LEADS, help_text="Empty: no limit. Weeks begin on Mondays.")
    ramp_from = _day("New starter from", help_text="Their capacity grows evenly from this day on.")
    ramp_weeks = _figure("Weeks until the whole capacity", 1, MOST_WEEKS)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        usual = f"Empty: {settings.HANDOFF_CAPACITY}, as for everybody."
        self.fields["capacity"].help_text = usual

    @staticmethod
    def initial_of(row: RepSettings | None) -> dict[str, Any]:
        """What the form shows of a rep."""
        return {name: getattr(row or RepSettings(), name) for name in RepTerms.__slots__}

    def terms(self) -> RepTerms:
        """What a valid form says."""
        values = self.cleaned_data
        return RepTerms(**{**values, "weight": values["weight"] or 1})


class LeaveForm(forms.Form):
    """Days on which no new leads come and the clocks stand still."""

    starts = _day("First day", required=True)
    ends = _day("Last day", required=True)


class HandOverForm(forms.Form):
    """To whom the work goes; ``to`` counts for one rep alone."""

    way = forms.ChoiceField(
        label="Where it goes",
        widget=forms.RadioSelect,
        choices=[
            (Way.RULES, "Deal it by the rules"),
            (Way.REP, "All of it to one rep, chosen below"),
            (Way.POOL, "Undecided leads back to the pool"),
        ],
        initial=Way.RULES,
        error_messages={"required": "Choose where the work goes."},
    )
    to = forms.ModelChoiceField(
        User.objects.none(), label="Which rep", required=False, empty_label="Choose a rep …"
    )

    def __init__(self, *args: Any, owner: User, **options: Any) -> None:
        super().__init__(*args, **options)
        heirs = available_reps(timezone.now()).exclude(pk=owner.pk).select_related("team")
        self.fields["to"].queryset = heirs  # type: ignore[attr-defined] # ModelChoiceField
