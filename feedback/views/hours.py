"""Beside the calendars: company holidays, and the calendar of each team."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core import display
from core.asking import asking
from core.toasts import say
from feedback.access import REP_EDITORS, get_company_holiday, get_team
from feedback.forms.calendars import HolidayForm, TeamHoursForm
from feedback.services.calendars import set_team_hours
from feedback.services.company_days import add_company_holiday, remove_company_holiday
from users.access import person, signed_in_as


@require_POST
@signed_in_as(*REP_EDITORS)
def holiday_add(request: HttpRequest) -> HttpResponse:
    """Keep a day on which nobody works."""
    form, now = HolidayForm(request.POST), timezone.now()
    back = reverse("feedback:calendars")
    with asking(form, title="A company holiday", verb="Add the day", back=back) as given:
        row = add_company_holiday(**given, by=person(request), now=now)
    day = display.day(row.day, today=timezone.localdate(now))
    say(request, f"Nobody works on {day}, {row.label}. Due times leave it out.")
    return redirect(back)


@require_POST
@signed_in_as(*REP_EDITORS)
def holiday_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """The day is worked again."""
    row, now = get_company_holiday(person(request), pk), timezone.now()
    remove_company_holiday(holiday=row, by=person(request), now=now)
    say(request, f"{display.day(row.day, today=timezone.localdate(now))} is worked again.")
    return redirect("feedback:calendars")


@require_POST
@signed_in_as(*REP_EDITORS)
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a team a calendar, or the default one again."""
    row, back = get_team(person(request), pk), reverse("feedback:calendars")
    with asking(TeamHoursForm(request.POST), title=f"Hours of {row}", verb="Save", back=back) as given:
        calendar = given["calendar"]
        set_team_hours(team=row, calendar=calendar, by=person(request), now=timezone.now())
    say(request, f"{row} works by {calendar or 'the default calendar'}.")
    return redirect(back)
