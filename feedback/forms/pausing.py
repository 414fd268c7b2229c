"""What a rep types to pause the clock of a lead."""

from django import forms

from feedback.forms.queue import MOMENT, CallbackForm
from feedback.services.pausing import MOST_DAYS, REASON

HELP = f"The times to answer move by the working time until then. At most {MOST_DAYS} working days in all."


class PauseForm(CallbackForm):
    """Until when, in the viewer's zone or as a ``preset``, and why."""

    where, missing = "until", "Choose until when."
    at = None  # type: ignore[assignment] # how Django takes a field of the parent out
    until = forms.DateTimeField(
        label="Until",
        required=False,
        input_formats=[MOMENT, f"{MOMENT}:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=HELP,
        error_messages={"invalid": "Choose a day and a time."},
    )
    reason = forms.CharField(
        label="Why",
        max_length=REASON,
        error_messages={"required": "Say in a few words why: it stands on the lead's timeline."},
    )

    field_order = ("reason", "until", "preset")
