"""One read-only page for executives and managers: does it work?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from feedback.reports.commitments import commitments
from feedback.reports.scoreboard import DAYS, figures
from users.access import signed_in_as
from users.models import MANAGERS, Organisation, Role

READERS = (Role.EXECUTIVE, *MANAGERS, Role.MEDIATOR, Role.ADMIN)


@require_safe
@signed_in_as(*READERS)
def scoreboard(request: HttpRequest) -> HttpResponse:
    """Six figures of all teams together; it names no lead."""
    company = Organisation.current()
    now = timezone.now()
    context = {
        "figures": figures(now=now, currency=company.currency),
        "days": DAYS,
        "lines": commitments(now=now, zone=company.tz),
    }
    return render(request, "feedback/scoreboard.html", context)
