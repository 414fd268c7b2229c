"""What the pages of working hours ask; the service checks again."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.errors import Invalid
from feedback.business_time import Interval
from feedback.calendars import holiday_countries
from feedback.hours import read_hours, write_hours
from feedback.models import WorkingCalendar
from feedback.services.calendars import CalendarContent
from feedback.services.company_days import LABEL
from users.forms import ZoneField
from users.models import Organisation, Team

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
OFFICE_DAY = "9:00-12:00, 13:00-18:00"


class HoursField(forms.CharField):
    """The hours of a day, such as ``9:00-12:00, 13:00-18:00``; empty is a day off."""

    def clean(self, value: Any) -> tuple[Interval, ...]:
        try:
            return read_hours(super().clean(value))
        except Invalid as error:
            raise ValidationError(error.message) from error


class DaysOffField(forms.CharField):
    """A day off a line: ``2026-12-24 Christmas Eve``."""

    def clean(self, value: Any) -> dict[dt.date, str]:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        return dict(self._day(line) for line in lines)

    @staticmethod
    def _day(line: str) -> tuple[dt.date, str]:
        day, _, label = line.partition(" ")
        try:
            return dt.date.fromisoformat(day), label.strip() or "Day off"
        except ValueError:
            raise ValidationError(f"“{line}” can't be read: write 2026-12-24 Christmas Eve.") from None


class HolidayForm(forms.Form):
    """A day off for everybody, and what it is."""

    day = forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Choose a day.", "required": "Choose a day."},
    )
    label = forms.CharField(
        label="What it is",
        max_length=LABEL,
        error_messages={"required": "Say what day it is: the sum behind a due time names it."},
    )


class TeamHoursForm(forms.Form):
    """By which calendar a team works."""

    calendar = forms.ModelChoiceField(
        WorkingCalendar.objects.all(),
        required=False,
        empty_label="The default",
        widget=forms.Select(attrs={"class": "input"}),
        error_messages={"invalid_choice": "That calendar isn't there any more: choose another."},
    )

    def __init__(self, *args: Any, team: Team | None = None, **options: Any) -> None:
        """``team`` is whose form it is, where several stand on a page."""
        super().__init__(*args, **options)
        self.team = team


class CalendarForm(forms.Form):
    """A working calendar: a zone, hours by weekday, public holidays and days off."""

    name = forms.CharField(max_length=80)
    zone = ZoneField(help_text="The hours below are in this zone.")
    country = forms.ChoiceField(
        label="Public holidays of",
        required=False,
        choices=lambda: [("", "No country"), *holiday_countries()],
    )
    region = forms.CharField(
        required=False, max_length=10, help_text="Only where holidays differ, such as BY for Bavaria."
    )
    monday = HoursField(required=False)
    tuesday = HoursField(required=False)
    wednesday = HoursField(required=False)
    thursday = HoursField(required=False)
    friday = HoursField(required=False)
    saturday = HoursField(required=False)
    sunday = HoursField(required=False)
    days_off = DaysOffField(
        label="Other days off",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One a line: 2026-12-24 Christmas Eve",
    )

    @property
    def days(self) -> list[forms.BoundField]:
        """The fields of the seven weekdays."""
        return [self[weekday] for weekday in WEEKDAYS]

    @staticmethod
    def initial_of(calendar: WorkingCalendar | None) -> dict[str, Any]:
        """What the form shows of a calendar; of none, office hours in the company's zone."""
        if calendar is None:
            return {"zone": Organisation.current().zone} | dict.fromkeys(WEEKDAYS[:5], OFFICE_DAY)
        week: dict[str, list[Interval]] = {weekday: [] for weekday in WEEKDAYS}
        for interval in calendar.intervals.all():
            week[WEEKDAYS[interval.weekday]].append((interval.starts, interval.ends))
        values = {name: getattr(calendar, name) for name in ("name", "zone", "country", "region")}
        days_off = "\n".join(f"{off.day} {off.label}" for off in calendar.days_off.all())
        hours = {weekday: write_hours(sorted(spans)) for weekday, spans in week.items()}
        return {**values, **hours, "days_off": days_off}

    def content(self) -> CalendarContent:
        """The calendar that a valid form describes."""
        values = self.cleaned_data
        return CalendarContent(
            name=values["name"],
            zone=values["zone"],
            country=values["country"],
            region=values["region"].upper(),
            week={number: values[weekday] for number, weekday in enumerate(WEEKDAYS)},
            days_off=values["days_off"],
        )
