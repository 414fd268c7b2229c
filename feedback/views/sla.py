"""Follow-up, the page of managers: do we keep our promise, and where not?"""

import csv
import hashlib
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from feedback.follow_up import CLOCKS, Look, now_context, period_context
from feedback.forms.follow_up import PERIODS
from feedback.models import SlaEvent
from feedback.reports.splits import Split
from feedback.reports.tables import OF_PERIOD, REPS, reps
from feedback.views.sla_leads import READERS
from leads.views.imports import harmless
from users.access import signed_in_as
from users.models import Organisation, Team

__all__ = ["READERS"]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page that refreshes itself: its template, where it stands and how often it asks."""

    name: str
    template: str
    target: str
    every: str


NOW = Part("now", "feedback/_sla_now.html", "#sla-now", "20s")
PERIOD = Part("period", "feedback/_sla_period.html", "#sla-period", "120s")
"""Its plots are drawn anew when it changes, so it asks seldom."""


@require_safe
@signed_in_as(*READERS)
def dashboard(request: HttpRequest) -> HttpResponse:
    """The page with what is open; it fetches the figures of the period itself, and keeps both fresh."""
    look = _look(request)
    asked = look.asked
    is_response = asked.clock == SlaEvent.Clock.RESPONSE
    context = {
        "asked": asked,
        "period": _drawn(request, PERIOD, period_context(look)) if look.is_whole else None,
        "period_url": look.address("sla_period"),
        "whole_url": look.whole_query,
        "now": _drawn(request, NOW, now_context(look)),
        "this_week": look.weeks[-1],
        "promise": "First responses" if is_response else "Decisions",
        "tabs": [
            {"label": label, "url": _with_clock(request, each), "is_current": each == asked.clock}
            for each, label in CLOCKS.items()
        ],
        "agreed": look.agreed,
        "is_agreed": any(each.percent is not None for each in look.agreed),
        "periods": PERIODS,
        "splits": list(Split),
        "teams": Team.objects.all(),
    }
    return render(request, "feedback/sla.html", context)


@require_safe
@signed_in_as(*READERS)
def now(request: HttpRequest) -> HttpResponse:
    """What is open, for the live refresh: 304 while nothing in it changed."""
    return _fresh(request, NOW, now_context(_look(request)))


@require_safe
@signed_in_as(*READERS)
def period(request: HttpRequest) -> HttpResponse:
    """The figures of the period, for the live refresh: 304 while nothing in them changed."""
    return _fresh(request, PERIOD, period_context(_look(request)))


@require_safe
@signed_in_as(*READERS)
def file(request: HttpRequest, table: str) -> HttpResponse:
    """One of the tables as CSV; no cell can become a formula."""
    if table != REPS and table not in OF_PERIOD:
        raise Http404("There is no such table.")
    look = _look(request)
    shown = reps(look.open) if table == REPS else OF_PERIOD[table](look.figures)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="follow-up-{table}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(map(harmless, shown.columns))
    for row in shown.rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return response


def _look(request: HttpRequest) -> Look:
    return Look(request, now=timezone.now(), zone=Organisation.current().tz)


def _with_clock(request: HttpRequest, clock: str) -> str:
    query = request.GET.copy()
    query["clock"] = clock
    return f"?{query.urlencode()}"


def _drawn(request: HttpRequest, part: Part, context: dict[str, Any]) -> dict[str, str]:
    """A part of the page, the tag that changes with it, and where it is drawn again."""
    drawn = render_to_string(part.template, {part.name: context}, request)
    etag = f'"{hashlib.sha256(drawn.encode()).hexdigest()[:24]}"'
    return {
        "drawn": drawn,
        "etag": etag,
        "again": context["again"],
        "target": part.target,
        "every": part.every,
    }


def _fresh(request: HttpRequest, part: Part, context: dict[str, Any]) -> HttpResponse:
    """The part anew, or 304 for who has it."""
    drawn = _drawn(request, part, context)
    if request.headers.get("If-None-Match") == drawn["etag"]:
        return HttpResponseNotModified()
    response = render(request, "feedback/_sla_part.html", {"part": drawn})
    response["ETag"] = drawn["etag"]
    return response
