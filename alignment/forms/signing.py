"""What is said of a draft when it is proposed."""

from typing import Any

from django import forms
from django.utils import timezone

MOMENT = "%Y-%m-%dT%H:%M"


def moment_field(label: str, empty: str) -> forms.DateTimeField:
    """A moment in the viewer's zone, which may be left empty."""
    return forms.DateTimeField(
        label=label,
        required=False,
        help_text=empty,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        error_messages={"invalid": "Give a day and a time, such as 2026-12-01 08:00."},
    )


class ReasonForm(forms.Form):
    """Why both teams should want it, from when on it counts, and until when it can be signed."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why should both teams want this?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One or two sentences that a new colleague understands a year from now.",
    )
    activate_at = moment_field("Counts from", "Empty: as soon as both sides have signed.")
    expires_at = moment_field("Can be signed until", "Empty: for 30 days.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        zone = timezone.get_current_timezone_name()
        for name in ("activate_at", "expires_at"):
            self.fields[name].help_text = f"{self.fields[name].help_text} In your time zone, {zone}."
