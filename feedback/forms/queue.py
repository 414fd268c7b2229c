"""What a rep types: read into plain values here, judged by the services."""

import re
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from core.errors import Invalid, Problem
from feedback.models import Attempt, Outcome
from feedback.routing import available_reps
from leads.imports.values import money
from users.models import Team, User

MOMENT = "%Y-%m-%dT%H:%M"
FIGURE = re.compile(r"\d{1,15}|\d{1,3}([ .,'’\u00a0\u202f]\d{3})*([.,]\d{1,2})?")
"""A figure with its thousands parted in one of the usual ways."""


class Unsaid(forms.HiddenInput):
    """An input that forgets what it was sent, so that a new choice isn't outdone by the refused one."""

    def format_value(self, value: object) -> str:
        return ""


def words() -> forms.Textarea:
    """Two lines for a few words."""
    return forms.Textarea(attrs={"rows": 2})


class AttemptForm(forms.Form):
    """How the rep tried to reach the lead and what came of it."""

    kind = forms.ChoiceField(choices=Attempt.Kind)
    result = forms.ChoiceField(choices=[("", "–"), *Attempt.Result.choices], required=False)
    note = forms.CharField(
        required=False,
        max_length=1000,
        widget=words(),
        help_text="A note alone does not count as a first contact.",
    )


class CallbackForm(forms.Form):
    """A moment in the viewer's zone; ``preset`` is one of those offered, as an aware ISO moment."""

    where: ClassVar[str] = "at"
    missing: ClassVar[str] = "Choose when to call back."

    at = forms.DateTimeField(
        label="When",
        required=False,
        input_formats=[MOMENT, f"{MOMENT}:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text="The lead moves down until then and stays visible. The clocks run on.",
        error_messages={"invalid": "Choose a day and a time."},
    )
    preset = forms.CharField(required=False, max_length=40, widget=Unsaid)

    def clean(self) -> dict[str, Any]:
        """The preset wins over the typed moment; one of them is needed."""
        values: dict[str, Any] = super().clean() or {}
        if preset := values.get("preset"):
            values[self.where] = self._offered(preset)
        if not self.errors and values.get(self.where) is None:
            self.add_error(self.where, self.missing)
        return values

    @staticmethod
    def _offered(preset: str) -> datetime | None:
        """The moment of a button; None if it is no moment."""
        try:
            at = datetime.fromisoformat(preset)
        except ValueError:
            return None
        return at if at.tzinfo is not None else None


class OutcomeForm(forms.Form):
    """What came of an accepted lead; which fields count depends on the kind."""

    kind = forms.ChoiceField(label="It is", choices=Outcome.Kind.choices)
    amount = forms.CharField(required=False, max_length=40, help_text="If it was won.")
    currency = forms.CharField(required=False, max_length=3)
    text = forms.CharField(
        label="Why?",
        required=False,
        max_length=500,
        widget=words(),
        help_text="If it was lost, or they left.",
    )

    def clean_amount(self) -> str:
        """``12,500.50``, ``12.500,50`` and ``12 500`` as an import reads them; the service judges it."""
        typed: str = self.cleaned_data["amount"]
        return str(money(typed)[0]) if FIGURE.fullmatch(typed) else typed


class QueueFilterForm(forms.Form):
    """Whose undecided leads a manager looks at."""

    team = forms.ModelChoiceField(Team.objects.all(), required=False)
    owner = forms.ModelChoiceField(User.objects.all(), required=False)


class PoolForm(forms.Form):
    """Whose pool a manager looks at, and whether at what is no longer sales-ready."""

    FALLEN = "fallen"

    show = forms.ChoiceField(choices=[(FALLEN, "No longer sales-ready")], required=False)
    team = forms.ModelChoiceField(Team.objects.all(), required=False)


class TakeBackForm(forms.Form):
    """Handoffs that were ticked."""

    handoff = forms.TypedMultipleChoiceField(
        coerce=int,
        widget=forms.MultipleHiddenInput,
        error_messages={"required": "Go back and tick the leads first."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handoff"].valid_value = _is_id  # type: ignore[attr-defined] # any id: the service looks it up


class AssignForm(TakeBackForm):
    """Handoffs that were ticked and who gets them."""

    to = forms.ModelChoiceField(
        User.objects.none(),
        label="To",
        error_messages={"required": "Choose who gets the leads."},
        empty_label="Assign to…",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = available_reps(timezone.now()).select_related("team")  # type: ignore[attr-defined] # ModelChoiceField


def checked(form: forms.Form) -> dict[str, Any]:
    """The form's values; Invalid with the first message, and each with its field, if something is wrong."""
    if form.is_valid():
        return form.cleaned_data
    problems = tuple(
        Problem(str(message), "" if field == "__all__" else field)
        for field, messages in form.errors.items()
        for message in messages
    )
    raise Invalid(problems[0].message, problems=problems)


def _is_id(value: object) -> bool:
    return str(value).isascii() and str(value).isdecimal() and len(str(value)) < 19
