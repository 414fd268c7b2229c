"""Why does sales say no? Rejections in groups, the leads behind them and the reps' own words."""

import datetime as dt

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.errors import Invalid
from core.redirects import back
from feedback.access import visible_decisions
from feedback.filters import RejectionFilter, checked
from feedback.reports import reasons
from feedback.reports.reasons import GROUPINGS, Period
from feedback.services.rejections import mark_seen
from users.access import person, signed_in_as
from users.models import MARKETING, Role

READERS = (*MARKETING, Role.SALES_MANAGER, Role.MEDIATOR, Role.ADMIN)
ROWS = 25
PERIODS = {30: "30 days", 90: "90 days", 365: "a year"}
TABS = {"reason": "Reason", "dimension": "Dimension", "criterion": "Criterion", "source": "Source"}


@signed_in_as(*READERS)
def page(request: HttpRequest) -> HttpResponse:
    """Rejections of a period by one grouping, and the rejected leads."""
    grouping, days = _choice(request)
    now = timezone.now()
    period = Period(now - dt.timedelta(days=days), now)
    decisions = visible_decisions(person(request))
    found = checked(RejectionFilter(request.GET, queryset=reasons.rejections(decisions, period)))
    rows = found.select_related("reason", "by", "seen_by", "handoff__lead__company")
    lines = reasons.by(decisions, grouping, period)
    context = {
        "lines": lines,
        "total": sum(line.count for line in lines),
        "unseen": sum(line.unseen for line in lines),
        "grouping": grouping,
        "grouping_label": TABS[grouping],
        "chosen": request.GET.get(grouping, ""),
        "period_label": PERIODS[days],
        "tabs": _tabs(grouping, days),
        "periods": [
            {"label": label, "url": f"?by={grouping}&days={each}", "is_current": each == days}
            for each, label in PERIODS.items()
        ],
        "days": days,
        "page": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "can_mark": person(request).is_marketing,
        "back": request.get_full_path(),
    }
    return render(request, "feedback/reasons.html", context)


@require_POST
@signed_in_as(*MARKETING)
def seen(request: HttpRequest) -> HttpResponse:
    """Mark the chosen rejections as seen, and go back to where they were chosen."""
    ids = _ids(request.POST.getlist("decision"))
    visible = visible_decisions(person(request)).filter(pk__in=ids).values_list("pk", flat=True)
    mark_seen(decision_ids=visible, by=person(request), now=timezone.now())
    return back(request, "feedback:reasons")


def _choice(request: HttpRequest) -> tuple[str, int]:
    grouping, days = request.GET.get("by", "reason"), request.GET.get("days", "90")
    if grouping not in GROUPINGS:
        raise Invalid(f"Rejections can't be grouped by “{grouping}”: choose one of {', '.join(GROUPINGS)}.")
    if days not in map(str, PERIODS):
        raise Invalid("The period must be 30, 90 or 365 days.")
    return grouping, int(days)


def _ids(values: list[str]) -> list[int]:
    if not all(value.isdecimal() and len(value) < 19 for value in values):
        raise Invalid("A rejection that was chosen can't be read: reload the page and choose again.")
    return [int(value) for value in values]


def _tabs(grouping: str, days: int) -> list[dict[str, object]]:
    return [
        {"label": label, "url": f"?by={each}&days={days}", "is_current": each == grouping}
        for each, label in TABS.items()
    ]
