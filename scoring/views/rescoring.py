"""The progress of an activation, and stopping or starting it again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core.toasts import say
from scoring import services
from scoring.distribution.page import last_refresh
from scoring.rescoring import SEERS, STOPPERS, rescoring_for
from users.access import person, signed_in_as


@require_safe
@signed_in_as(*SEERS)
def progress(request: HttpRequest) -> HttpResponse:
    """How far it is: a page, or for htmx the notice alone, which asks again while it runs."""
    found = rescoring_for(person(request), now=timezone.now())
    part = request.headers.get("HX-Request") == "true"
    template = "scoring/_rescoring.html" if part else "scoring/rescoring.html"
    return render(request, template, {"rescoring": found, "was_running": part, "refresh": last_refresh()})


@require_POST
@signed_in_as(*STOPPERS)
def cancel(request: HttpRequest) -> HttpResponse:
    """Stop it; what is in force stays in force."""
    services.cancel_build(by=person(request), now=timezone.now())
    say(request, "Stopped. What was in force stays in force.")
    return redirect("alignment:definition")


@require_POST
@signed_in_as(*STOPPERS)
def restart(request: HttpRequest) -> HttpResponse:
    """Begin again what was stopped."""
    services.restart_build(by=person(request), now=timezone.now())
    say(request, "Rescoring has begun again.")
    return redirect("alignment:definition")
