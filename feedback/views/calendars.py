"""Working hours: the calendars by which clocks run, and which rep works by which."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from core import toasts
from core.asking import add_problems
from core.errors import Invalid
from feedback.access import REP_EDITORS
from feedback.forms.calendars import CalendarForm, HolidayForm, TeamHoursForm
from feedback.models import CompanyHoliday, WorkingCalendar
from feedback.routing.page import rep_lines
from feedback.routing.reps import company_day
from feedback.services.calendars import save_calendar
from users.access import person, signed_in_as
from users.models import Team

EDITORS = REP_EDITORS


@signed_in_as(*EDITORS)
def listing(request: HttpRequest) -> HttpResponse:
    """All calendars, company holidays of this year on, and by which calendar each team and rep works."""
    now = timezone.now()
    context = {
        "calendars": WorkingCalendar.objects.prefetch_related("intervals", "days_off"),
        "reps": rep_lines(now=now),
        "holidays": CompanyHoliday.objects.filter(day__year__gte=company_day(now).year),
        "holiday_form": HolidayForm(auto_id="holiday-%s"),
        "teams": [_team_form(team) for team in Team.objects.select_related("hours")],
    }
    return render(request, "feedback/calendars.html", context)


def _team_form(team: Team) -> TeamHoursForm:
    hours = getattr(team, "hours", None)
    initial = {"calendar": hours.calendar_id if hours else None}
    return TeamHoursForm(team=team, initial=initial, auto_id=f"team-{team.pk}-%s")


@signed_in_as(*EDITORS)
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Create or change a calendar."""
    rows = WorkingCalendar.objects.prefetch_related("intervals", "days_off")
    calendar = get_object_or_404(rows, pk=pk) if pk is not None else None
    form = CalendarForm(request.POST or None, initial=CalendarForm.initial_of(calendar))
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_calendar(
                calendar=calendar, content=form.content(), by=person(request), now=timezone.now()
            )
        except Invalid as error:
            add_problems(form, error)
        else:
            toasts.say(request, f"{saved} is saved. Open clocks now run by it.")
            return redirect("feedback:calendars")
    context = {"form": form, "calendar": calendar}
    return render(request, "feedback/calendar.html", context, status=422 if form.is_bound else 200)
