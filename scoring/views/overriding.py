"""Setting a lead's grade by hand, and ending that."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from core.asking import add_problems
from core.errors import ApplicationError, Conflict
from core.toasts import say
from leads.access import READERS
from leads.models import Lead
from scoring import services
from scoring.access import get_overridable
from scoring.explain import explain
from scoring.override_form import OverrideForm
from scoring.overriding import SetByHand, day_in_words, overrides_at, set_by_hand
from users.access import person, signed_in_as
from users.models import Organisation

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*READERS)
def set_grade(request: HttpRequest, pk: int) -> HttpResponse:
    """Set or change the grade; what somebody else set meanwhile is shown and not written over."""
    lead, now = get_overridable(person(request), pk), timezone.now()
    posted = request.POST if request.method == "POST" else None
    form = OverrideForm(posted, now=now, override=_open(lead, now))
    status = 200
    if posted is not None:
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                made = services.set_override(lead=lead, by=person(request), now=now, **form.cleaned_data)
            except ApplicationError as error:
                add_problems(form, error)
                status = Conflict.status if error.status == Conflict.status else UNPROCESSABLE
            else:
                say(request, f"Grade {made.grade} counts until {day_in_words(form.cleaned_data['ends_on'])}.")
                return redirect("leads:lead", pk=pk)
    context = {
        "lead": lead,
        "form": form,
        "is_form": True,
        "explanation": explain(lead.pk, now=now),
    }
    return render(request, "scoring/grade.html", context, status=status)


@require_POST
@signed_in_as(*READERS)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End what was set by hand, before its time."""
    lead, now = get_overridable(person(request), pk), timezone.now()
    services.end_override(lead=lead, by=person(request), now=now)
    say(request, "The computed grade counts again.")
    return redirect("leads:lead", pk=pk)


def _open(lead: Lead, now: datetime) -> SetByHand | None:
    override = overrides_at(now).filter(lead=lead).first()
    return set_by_hand(override, Organisation.current().tz) if override else None
