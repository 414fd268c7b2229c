"""The form by which a grade is set by hand."""

from datetime import datetime, timedelta
from typing import Any

from django import forms

from alignment.models import Grade
from scoring.overriding import SetByHand
from scoring.services.overriding import LONGEST, REASON
from users.models import Organisation

USUAL = timedelta(days=30)
LARGEST_ID = 2**63 - 1


class OverrideForm(forms.Form):
    """Grade, reason and last day. ``replaces`` carries the grade set by hand that its author saw."""

    grade = forms.ChoiceField(choices=[("", "Choose a grade"), *Grade.choices])
    reason = forms.CharField(
        max_length=REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What the points can't know. Everybody who works this lead reads it.",
    )
    ends_on = forms.DateField(
        label="Until the end of",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="At most a year ahead. After that day the computed grade counts again.",
    )
    replaces = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, now: datetime, override: SetByHand | None = None) -> None:
        today = now.astimezone(Organisation.current().tz).date()
        initial: dict[str, Any] = {"ends_on": today + USUAL}
        if override is not None:
            initial = {
                "grade": override.grade,
                "reason": override.reason,
                "ends_on": override.until,
                "replaces": override.id,
            }
        super().__init__(data, initial=initial)
        last = today + timedelta(days=LONGEST)
        self.fields["ends_on"].widget.attrs |= {"min": today.isoformat(), "max": last.isoformat()}
