"""What a rep decides, read into plain values here, judged by the services."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms

from alignment.models import Reason
from core.display import day as day_words
from feedback.forms.queue import words
from users.models import Organisation

RESTS = ((4, "In 4 weeks"), (13, "In 3 months"), (26, "In 6 months"))
"""Weeks after which a recycled lead comes again, with their names."""


@dataclass(frozen=True, slots=True)
class Rest:
    """A day to come again that one press chooses."""

    value: str
    label: str
    on: str


def rests(now: datetime) -> list[Rest]:
    """The days that are offered, counted in the company's zone."""
    today = now.astimezone(Organisation.current().tz).date()
    days = [(today + timedelta(weeks=weeks), label) for weeks, label in RESTS]
    return [Rest(on.isoformat(), label, day_words(on, today=today)) for on, label in days]


class RejectForm(forms.Form):
    """A reason by its id and a few words; also to disqualify."""

    reason = forms.IntegerField(
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a reason: it tells marketing what to change."},
    )
    text = forms.CharField(
        required=False,
        max_length=1000,
        label="In a few words",
        widget=words(),
        help_text="Marketing reads it.",
    )

    def __init__(self, *args: Any, reasons: Iterable[Reason], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(reason.pk, reason.label) for reason in reasons]
        self.fields["reason"].widget.choices = listed


class RecycleForm(forms.Form):
    """When the lead comes again: one of the days offered, or another one."""

    until = forms.ChoiceField(
        label="When may it come again?",
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose one of the days."},
    )
    day = forms.DateField(
        label="Or on another day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": "Choose a day, such as 2027-02-01."},
    )
    text = forms.CharField(
        required=False,
        max_length=1000,
        label="In a few words",
        widget=words(),
        help_text="Marketing reads it, and so does whoever gets the lead next.",
    )

    def __init__(self, *args: Any, offered: Sequence[Rest], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["until"]
        field.choices = [(each.value, f"{each.label}, {each.on}") for each in offered]

    def clean(self) -> dict[str, Any]:
        """``until`` becomes the day that was meant: a typed one comes before one that was offered."""
        values: dict[str, Any] = super().clean() or {}
        offered = values.get("until")
        values["until"] = values.get("day") or (date.fromisoformat(offered) if offered else None)
        if not self.errors and values["until"] is None:
            self.add_error("until", "Choose when it may come again.")
        return values


class ReturnForm(forms.Form):
    """Why the lead is somebody else's."""

    text = forms.CharField(
        max_length=1000,
        label="Why isn’t it yours?",
        widget=words(),
        help_text="Your sales manager reads it; the lead is dealt out anew.",
        error_messages={"required": "Say in a few words why it isn’t yours: it is dealt out anew."},
    )


class TwinForm(forms.Form):
    """The other lead, by its id."""

    twin = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={
            "required": "Choose the other lead, the one to keep.",
            "invalid": "Choose one of the leads.",
        },
    )
