"""The SLA page of managers, and the assignments behind each of its figures."""

import datetime as dt
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from core import display
from core.errors import Invalid
from feedback.access import visible_assignments
from feedback.business_time import Calendar, working_time_between
from feedback.calendars import load_calendars
from feedback.clock import Standing, running_clocks, standing
from feedback.filters import SHOWS, AssignmentFilter, checked
from feedback.models import Assignment, SlaEvent
from feedback.reports.commitments import agreed_targets, one_target
from feedback.reports.dashboard import RECENT_WEEKS, WEEKS, build
from users.access import person, signed_in_as
from users.models import MANAGERS, Organisation, Role, User

READERS = (*MANAGERS, Role.MEDIATOR, Role.ADMIN)
ROWS = 50
CLOCKS = {SlaEvent.Clock.RESPONSE: "First response", SlaEvent.Clock.DECISION: "Decision"}


@dataclass(frozen=True, slots=True)
class Row:
    """An assignment with its most urgent clock; ``minutes`` of working time are left, or below zero over."""

    assignment: Assignment
    clock: str
    due_at: dt.datetime | None
    minutes: float | None
    at_risk: bool
    paused: bool


@signed_in_as(*READERS)
def dashboard(request: HttpRequest) -> HttpResponse:
    """Do we keep our promise, and where not?"""
    clock = _clock(request)
    agreed = agreed_targets(clock)
    figures = build(
        visible_assignments(person(request)),
        clock=clock,
        now=timezone.now(),
        zone=Organisation.current().tz,
        target=one_target(agreed),
    )
    tabs = [
        {"label": label, "url": f"?clock={each}", "is_current": each == clock}
        for each, label in CLOCKS.items()
    ]
    context = {
        "figures": figures,
        "clock": clock,
        "promise": "First responses" if clock == SlaEvent.Clock.RESPONSE else "Decisions",
        "tabs": tabs,
        "this_week": display.percent(figures.this_week.ratio),
        "last_week": f"{display.percent(figures.last_week.ratio)} last week",
        "plot_title": f"{CLOCKS[clock]} in time by week and grade, last {WEEKS} weeks",
        "agreed": agreed,
        "is_agreed": any(each.percent is not None for each in agreed),
        "weeks": WEEKS,
        "recent_weeks": RECENT_WEEKS,
        "plot_columns": ["Week of", "All", *figures.grades],
    }
    return render(request, "feedback/sla.html", context)


@signed_in_as(*READERS)
def assignments(request: HttpRequest) -> HttpResponse:
    """The assignments behind a figure; an address that can't be read is answered 400."""
    viewer = person(request)
    found = (
        visible_assignments(viewer)
        .select_related("handoff__lead__company", "owner")
        .prefetch_related("pauses")
        .order_by("response_due_at", "pk")
    )
    filters = AssignmentFilter(request.GET, queryset=found)
    page = Paginator(checked(filters), ROWS).get_page(request.GET.get("page"))
    calendars, now = load_calendars({each.owner_id for each in page}), timezone.now()
    show = request.GET.get("show", "")
    context = {
        "page": page,
        "rows": [_row(each, calendars.clock(each), now=now) for each in page],
        "tabs": _tabs(request, show),
        "chips": _chips(request, filters),
        "clear_url": f"?show={show}",
        "show": SHOWS.get(show, ""),
        "can_reassign": viewer.role == Role.SALES_MANAGER,
        "reps": User.objects.filter(role=Role.REP, is_active=True).select_related("team"),
        "back": request.get_full_path(),
    }
    return render(request, "feedback/sla_assignments.html", context)


def _clock(request: HttpRequest) -> SlaEvent.Clock:
    clock = request.GET.get("clock", SlaEvent.Clock.RESPONSE)
    if clock not in SlaEvent.Clock.values:
        raise Invalid(f"There is no clock “{clock}”: choose response or decision.")
    return SlaEvent.Clock(clock)


def _row(assignment: Assignment, calendar: Calendar, *, now: dt.datetime) -> Row:
    running = sorted(running_clocks(assignment), key=lambda each: each[1])
    if not running:
        return Row(assignment, "", None, None, at_risk=False, paused=False)
    clock, due_at = running[0]
    left = working_time_between(calendar, now, due_at)
    is_paused = any(pause.runs(now) for pause in assignment.pauses.all())
    stands = standing(
        start=assignment.assigned_at,
        due_at=due_at,
        met_at=None,
        calendar=calendar,
        now=now,
        is_paused=is_paused,
    )
    return Row(
        assignment,
        CLOCKS[clock],
        due_at,
        left.total_seconds() / 60,
        stands == Standing.AT_RISK,
        stands == Standing.PAUSED,
    )


def _tabs(request: HttpRequest, show: str) -> list[dict[str, object]]:
    tabs = []
    for key, label in {"": "All", **SHOWS}.items():
        query = request.GET.copy()
        query.pop("page", None)
        query["show"] = key
        tabs.append({"label": label, "url": f"?{query.urlencode()}", "is_current": key == show})
    return tabs


def _chips(request: HttpRequest, filters: AssignmentFilter) -> list[dict[str, str]]:
    """The filters in force beside the tab, each with the address that lifts it."""
    values = filters.form.cleaned_data
    clock = CLOCKS[SlaEvent.Clock(filters.clock_shown)].lower()
    texts = {
        "owner": f"the owner is {values['owner']}",
        "grade": f"the grade is {values['grade']}",
        "week": f"the {clock} was due in the week of {values['week']}",
        "weeks": f"the {clock} was due in the last {values['weeks']} weeks",
    }
    chips = []
    for name, text in texts.items():
        if values[name]:
            query = request.GET.copy()
            query.pop(name)
            chips.append(
                {"text": text, "remove_url": f"{reverse('feedback:sla_assignments')}?{query.urlencode()}"}
            )
    return chips
