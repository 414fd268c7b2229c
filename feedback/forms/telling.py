"""How a person wishes to be told, and a channel of Slack or Teams."""

from typing import Any

from django import forms

from feedback.models import Channel, NoticeSettings
from users.models import Team


def _time(label: str, help_text: str = "") -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Give a time of day, such as 18:30."},
    )


class WishesForm(forms.Form):
    """When mails go out; times are of the person's zone."""

    mail = forms.ChoiceField(
        label="Mails go out", choices=NoticeSettings.Mail.choices, widget=forms.RadioSelect
    )
    daily_at = _time("Once a day at", "For all that was told since the day before.")
    quiet_from = _time("Quiet from")
    quiet_until = _time(
        "Quiet until", "Mails wait for the end; notices here don’t. Leave both empty for none."
    )


class ChannelForm(forms.Form):
    """A channel; the address of one that is there is not shown again."""

    name = forms.CharField(max_length=80, help_text="As your people call it, such as #sales-north.")
    shape = forms.ChoiceField(label="It is in", choices=Channel.Shape.choices)
    address = forms.CharField(
        label="Address of its webhook",
        required=False,
        max_length=600,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url"}),
        error_messages={
            "required": "Paste an address that begins with https://, as Slack or Teams shows it."
        },
    )
    team = forms.ModelChoiceField(Team.objects.all(), required=False, empty_label="All teams")
    is_active = forms.BooleanField(label="Post here", required=False)

    def __init__(self, *given: Any, is_new: bool, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["address"].required = is_new
