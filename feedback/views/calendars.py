"""Working hours: the calendars by which clocks run, and which rep works by which."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from core import toasts
from core.asking import add_problems
from core.errors import Invalid
from feedback.access import REP_EDITORS
from feedback.forms.calendars import CalendarForm
from feedback.models import WorkingCalendar
from feedback.routing.page import rep_lines
from feedback.services.calendars import save_calendar
from users.access import person, signed_in_as

EDITORS = REP_EDITORS


@signed_in_as(*EDITORS)
def listing(request: HttpRequest) -> HttpResponse:
    """All calendars, and each rep's."""
    context = {
        "calendars": WorkingCalendar.objects.prefetch_related("intervals", "days_off"),
        "reps": rep_lines(now=timezone.now()),
    }
    return render(request, "feedback/calendars.html", context)


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
