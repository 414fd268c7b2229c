"""The queue of a rep: whom to call now and why, one handoff opened beside the list."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from feedback.access import LARGEST_ID, READERS, WORKERS, get_assignment, may_work, visible_handoffs
from feedback.content.panel import content_context
from feedback.forms.deciding import rests
from feedback.forms.pausing import HELP as PAUSE_HELP
from feedback.forms.queue import MOMENT, QueueFilterForm, checked
from feedback.models import Attempt, Handoff
from feedback.querysets import awaiting_owner, undecided
from feedback.queue import LONGEST_LIST, Card, cards, detail, queue_of, with_lead
from feedback.routing import available_reps
from feedback.services.pausing import why_not
from feedback.why import brief_of, trace_of_owner
from leads import buying_page
from leads.access import may_edit, sees_lead
from leads.models import Lead
from users.access import person, signed_in_as
from users.models import Role, Team, User

PAGE = 50


@dataclass(frozen=True, slots=True)
class Preset:
    """A moment to call back that one press chooses."""

    label: str
    at: datetime


@require_safe
@signed_in_as(*WORKERS)
def queue(request: HttpRequest) -> HttpResponse:
    """A rep's own queue with the first lead opened; a sales manager's list of all undecided leads."""
    viewer = person(request)
    if viewer.role == Role.SALES_MANAGER:
        return _of_all(request)
    listed = _cards_of(viewer)
    return _board(request, owner=viewer, listed=listed, card=listed[0] if listed else None)


@require_safe
@signed_in_as(*READERS)
def handoff(request: HttpRequest, pk: int) -> HttpResponse:
    """One handoff opened, beside the queue that it is in."""
    viewer = person(request)
    row = get_assignment(viewer, pk)
    owner = viewer if viewer.role == Role.REP else row.owner
    listed = _cards_of(owner)
    card = next((card for card in listed if card.assignment.pk == pk), None)
    card = card or cards([row], now=timezone.now())[0]
    return _board(request, owner=owner, listed=listed, card=card, is_picked=True)


@require_safe
@signed_in_as(*READERS)
def queue_list(request: HttpRequest, owner: int) -> HttpResponse:
    """The list alone, for the live refresh: 304 while nothing in it changed. A rep gets their own."""
    viewer = person(request)
    shown = viewer if viewer.role == Role.REP else get_object_or_404(User, pk=min(owner, LARGEST_ID))
    current = request.GET.get("open", "")
    opened = int(current) if current.isdecimal() and len(current) < 19 else None
    context = _list(_cards_of(shown), shown, opened)
    if request.headers.get("If-None-Match") == context["etag"]:
        return HttpResponseNotModified()
    response = render(request, "feedback/_queue_refresh.html", context)
    response["ETag"] = context["etag"]
    response["Cache-Control"] = "private, no-cache"
    return response


def _cards_of(owner: User) -> list[Card]:
    now = timezone.now()
    return cards(queue_of(owner, now=now)[:LONGEST_LIST], now=now)


def _board(
    request: HttpRequest, *, owner: User, listed: list[Card], card: Card | None, is_picked: bool = False
) -> HttpResponse:
    viewer = person(request)
    current = card.assignment.pk if card else None
    context = _list(listed, owner, current) | _around([each.assignment.pk for each in listed], current)
    context |= {"is_own": owner.pk == viewer.pk, "is_picked": is_picked}
    if card is not None:
        context |= _opened(card, viewer)
    if request.htmx:  # type: ignore[attr-defined] # set by the middleware of django-htmx
        response = render(request, "feedback/_queue_swap.html", context)
        response["HX-Push-Url"] = request.path
        return response
    context["tabs"] = tabs(viewer, "queue")
    return render(request, "feedback/queue.html", context)


def _opened(card: Card, viewer: User) -> dict[str, Any]:
    row, now = card.assignment, timezone.now()
    return {
        "opened": detail(card, now=now),
        "may_pause": row.ended_at is None and not why_not(row, now=now),
        "pause_help": PAUSE_HELP,
        "pauses": pauses(now),
        "may_work": may_work(viewer, row),
        "may_take_back": viewer.role == Role.SALES_MANAGER,
        "trace": trace_of_owner(row),
        "brief": brief_of(row, now=now),
        "is_open": row.ended_at is None,
        "is_undecided": row.handoff.state == Handoff.State.ASSIGNED and row.ended_at is None,
        "kinds": Attempt.Kind,
        "usual_kind": usual_kind(card.lead),
        "results": Attempt.Result.choices,
        "is_qualified": row.handoff.state == Handoff.State.QUALIFIED,
        "presets": presets(now),
        "rests": rests(now),
        "tomorrow": (timezone.localdate(now) + timedelta(days=1)).isoformat(),
        "buying": buying_page.panel(card.lead),
        "may_edit": may_edit(viewer) and sees_lead(viewer, card.lead),
        **content_context(viewer, card.lead, now=now, lines=card.bant),
        "earliest": timezone.localtime(now + timedelta(minutes=1)).strftime(MOMENT),
    }


def _list(listed: list[Card], owner: User, current: int | None) -> dict[str, Any]:
    """The rows of the list and the tag that changes with them."""
    rows = render_to_string("feedback/_queue_rows.html", {"cards": listed, "current": current})
    etag = f'"{hashlib.sha256(rows.encode()).hexdigest()[:24]}"'
    return {"rows": rows, "etag": etag, "current": current, "owner": owner, "count": len(listed)}


def _around(ids: list[int], current: int | None) -> dict[str, Any]:
    """The neighbours of the opened handoff, for the keys j and k."""
    if current not in ids:
        return {"next": ids[0] if ids else None, "previous": None, "place": None}
    place = ids.index(current)
    return {
        "next": ids[place + 1] if place + 1 < len(ids) else None,
        "previous": ids[place - 1] if place else None,
        "place": place + 1,
    }


def usual_kind(lead: Lead) -> str:
    """How to reach the lead first: by phone, unless that is not wished."""
    if not lead.do_not_call:
        return Attempt.Kind.CALL
    return Attempt.Kind.MEETING if lead.is_unsubscribed else Attempt.Kind.EMAIL


def presets(now: datetime) -> list[Preset]:
    """In an hour, tomorrow morning, Monday morning: in the viewer's zone."""
    return [Preset("In 1 hour", now + timedelta(hours=1)), *pauses(now)]


def pauses(now: datetime) -> list[Preset]:
    """Until when clocks are mostly paused: tomorrow or Monday morning."""
    local = timezone.localtime(now)
    morning = time(9, 0, tzinfo=local.tzinfo)
    tomorrow = local.date() + timedelta(days=1)
    monday = local.date() + timedelta(days=7 - local.weekday())
    found = [Preset("Tomorrow 9:00", datetime.combine(tomorrow, morning))]
    if monday != tomorrow:
        found.append(Preset(f"Mon {monday.day} {monday:%b}, 9:00", datetime.combine(monday, morning)))
    return found


def _of_all(request: HttpRequest) -> HttpResponse:
    """Undecided leads of all of sales, or of a team or a rep; what is due first on top. A manager assigns
    from here."""
    now, viewer = timezone.now(), person(request)
    chosen = checked(QueueFilterForm(request.GET))
    rows = undecided(now)
    if chosen["team"]:
        rows = rows.filter(handoff__team=chosen["team"])
    if chosen["owner"]:
        rows = rows.filter(owner=chosen["owner"])
    page = Paginator(with_lead(rows), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "cards": cards(page.object_list, now=now),
        "reps": available_reps(now).select_related("team"),
        "owners": User.objects.filter(role=Role.REP, is_active=True),
        "teams": Team.objects.all(),
        "chosen": chosen,
        "tabs": tabs(viewer, "queue"),
    }
    return render(request, "feedback/queue_all.html", context)


def tabs(viewer: User, current: str) -> list[dict[str, Any]]:
    """The sibling views of the queue; none for those who only read a handoff. A rep's own queue says how
    many it holds in its list, which stays fresh."""
    if viewer.role not in WORKERS:
        return []
    is_rep = viewer.role == Role.REP
    pool = awaiting_owner().filter(pk__in=visible_handoffs(viewer).values("pk"))
    return [
        {
            "label": "My queue" if is_rep else "With reps",
            "url": reverse("feedback:queue"),
            "is_current": current == "queue",
            "count": None if is_rep else undecided(timezone.now()).count(),
        },
        {
            "label": "Pool",
            "url": reverse("feedback:pool"),
            "is_current": current == "pool",
            "count": pool.count(),
        },
    ]
