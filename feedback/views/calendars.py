"""Working hours: the calendars by which clocks run, and which rep works by which."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core import toasts
from core.asking import add_problems, asking
from core.errors import Invalid
from feedback.forms.calendars import CalendarForm, RepForm
from feedback.models import RepSettings, WorkingCalendar
from feedback.services.calendars import save_calendar, set_rep
from users.access import person, signed_in_as
from users.models import Role, User

EDITORS = (Role.SALES_MANAGER, Role.ADMIN)


@signed_in_as(*EDITORS)
def listing(request: HttpRequest) -> HttpResponse:
    """All calendars, and each rep's."""
    settings = {each.user_id: each for each in RepSettings.objects.select_related("calendar")}
    reps = (
        User.objects.filter(role=Role.REP, is_active=True)
        .select_related("team")
        .order_by("team__name", "name")
    )
    context = {
        "calendars": WorkingCalendar.objects.prefetch_related("intervals", "days_off"),
        "reps": [(rep, settings.get(rep.pk)) for rep in reps],
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


@require_POST
@signed_in_as(*EDITORS)
def rep(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a rep's calendar and whether they are away."""
    who = get_object_or_404(User, pk=pk, role=Role.REP, is_active=True)
    title, back = f"Working hours of {who}", reverse("feedback:calendars")
    with asking(RepForm(request.POST), title=title, verb="Save", back=back) as given:
        set_rep(
            rep=who,
            calendar=given["calendar"],
            is_away=given["is_away"],
            by=person(request),
            now=timezone.now(),
        )
    toasts.say(request, f"{who} is saved.")
    return redirect(back)
