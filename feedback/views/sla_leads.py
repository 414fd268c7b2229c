"""The assignments behind each figure of follow-up."""

import datetime as dt
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from feedback.access import visible_assignments
from feedback.business_time import Calendar, working_time_between
from feedback.calendars import load_calendars
from feedback.clock import Standing, running_clocks, standing
from feedback.filters import MORE_SHOWS, SHOWS, AssignmentFilter, checked
from feedback.follow_up import CLOCKS, band_words
from feedback.models import Assignment, SlaEvent
from feedback.reports.links import NOBODY
from feedback.reports.now import HOURS
from users.access import person, signed_in_as
from users.models import MANAGERS, Role, User

READERS = (*MANAGERS, Role.MEDIATOR, Role.ADMIN)
ROWS = 50
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


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
        "clear_url": f"?show={show if show in SHOWS else ''}",
        "show": SHOWS.get(show, ""),
        "can_reassign": viewer.role == Role.SALES_MANAGER,
        "reps": User.objects.filter(role=Role.REP, is_active=True).select_related("team"),
        "back": request.get_full_path(),
    }
    return render(request, "feedback/sla_assignments.html", context)


def _row(assignment: Assignment, calendar: Calendar, *, now: dt.datetime) -> Row:
    running = sorted(running_clocks(assignment), key=lambda each: each[1])
    if not running:
        return Row(assignment, "", None, None, at_risk=False, paused=False)
    clock, due_at = running[0]
    left = working_time_between(calendar, now, due_at)
    stands = standing(
        start=assignment.assigned_at,
        due_at=due_at,
        met_at=None,
        calendar=calendar,
        now=now,
        is_paused=any(pause.runs(now) for pause in assignment.pauses.all()),
    )
    return Row(
        assignment,
        CLOCKS[clock],
        due_at,
        left.total_seconds() / 60,
        at_risk=stands == Standing.AT_RISK,
        paused=stands == Standing.PAUSED,
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
    chips = []
    for names, text in _texts(filters).items():
        query = request.GET.copy()
        for name in names:
            query.pop(name, None)
        query.pop("page", None)
        address = f"{reverse('feedback:sla_assignments')}?{query.urlencode()}"
        chips.append({"text": text, "remove_url": address})
    return chips


def _texts(filters: AssignmentFilter) -> dict[tuple[str, ...], str]:
    """What each filter in force says, by the parameters that make it."""
    values = {name: value for name, value in filters.form.cleaned_data.items() if value not in (None, "")}
    texts: dict[tuple[str, ...], str] = {}
    if values.get("show") in MORE_SHOWS:
        texts["show",] = MORE_SHOWS[values["show"]]
    for name in ("owner", "team", "grade", "source", "version"):
        if name in values:
            texts[name,] = f"the {name} is {_named(values[name])}"
    what = _what(filters)
    if "week" in values:
        texts["week",] = f"{what} in the week of {values['week']}"
    if "weeks" in values:
        texts["weeks",] = f"{what} in the last {values['weeks']} weeks"
    if "step" in values and filters.of_shown != "step":
        texts["step",] = f"the step “{values['step']}” was taken for the {_clock(filters)}"
    if "weekday" in values:
        texts["weekday",] = f"it was assigned on a {WEEKDAYS[int(values['weekday'])]}"
    if "hour" in values:
        texts["hour",] = f"it was assigned between {values['hour']}:00 and {values['hour']}:59"
    if "coming" in values:
        texts["coming",] = f"it is due next {band_words(HOURS.index(int(values['coming'])))}"
    return texts


def _what(filters: AssignmentFilter) -> str:
    """What happened in the week or weeks."""
    step = filters.form.cleaned_data.get("step") or "a step"
    return {
        "due": f"the {_clock(filters)} was due",
        "assigned": "it was assigned",
        "decided": "it was decided",
        "step": f"the step “{step}” was taken for the {_clock(filters)}",
    }[filters.of_shown]


def _clock(filters: AssignmentFilter) -> str:
    return CLOCKS[SlaEvent.Clock(filters.clock_shown)].lower()


def _named(value: object) -> str:
    return "not known" if value == NOBODY else str(value)
