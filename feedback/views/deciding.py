"""What a rep decides on an opened handoff: plain forms, each followed by the next lead, each with an undo."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from core.asking import asking
from core.display import day
from core.toasts import say
from feedback.access import WORKERS, get_decision_to_undo
from feedback.forms.deciding import RecycleForm, RejectForm, ReturnForm, TwinForm, rests
from feedback.models import Assignment, Decision
from feedback.querysets import twins
from feedback.queue import reasons_of
from feedback.services import decisions
from feedback.views.acting import page_of, row_and_next, to
from leads.access import visible_leads
from leads.forms import posted
from leads.models import Lead
from leads.querysets import search
from users.access import person, signed_in_as

MOST_TWINS = 8


@require_POST
@signed_in_as(*WORKERS)
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the lead on; the next one opens."""
    row, following = row_and_next(request, pk)
    decision = decisions.accept(assignment=row, by=person(request), now=timezone.now())
    _say(request, decision, f"Accepted {row.handoff.lead}. It is under “My accepted” now.")
    return to(following)


@require_POST
@signed_in_as(*WORKERS)
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the lead back with a reason; the next one opens."""
    row, following = row_and_next(request, pk)
    title = f"Why reject {row.handoff.lead}?"
    with _reason(request, row, title=title, verb="Reject lead") as given:
        decision = decisions.reject(assignment=row, **_said(given, request))
    _say(request, decision, f"Rejected {row.handoff.lead}. Marketing sees the reason.")
    return to(following)


@require_POST
@signed_in_as(*WORKERS)
def disqualify(request: HttpRequest, pk: int) -> HttpResponse:
    """Never hand the lead over again, with a reason; the next one opens."""
    row, following = row_and_next(request, pk)
    title = f"Why will {row.handoff.lead} never buy?"
    with _reason(request, row, title=title, verb="Disqualify lead") as given:
        decision = decisions.disqualify(assignment=row, **_said(given, request))
    _say(request, decision, f"Disqualified {row.handoff.lead}. It never comes again.")
    return to(following)


@require_POST
@signed_in_as(*WORKERS)
def recycle(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the lead rest until a day; the next one opens."""
    row, following = row_and_next(request, pk)
    lead, now = row.handoff.lead, timezone.now()
    form = RecycleForm(request.POST, offered=rests(now))
    with asking(form, title=f"Recycle {lead}", verb="Recycle lead", back=page_of(row)) as given:
        decision = decisions.recycle(
            assignment=row, until=given["until"], text=given["text"], by=person(request), now=now
        )
    _say(request, decision, f"{lead} rests until {day(given['until'], today=timezone.localdate(now))}.")
    return to(following)


@require_POST
@signed_in_as(*WORKERS)
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the lead back because it is somebody else's; the next one opens."""
    row, following = row_and_next(request, pk)
    lead, form = row.handoff.lead, ReturnForm(request.POST)
    with asking(form, title=f"Return {lead}", verb="Return lead", back=page_of(row)) as given:
        decision = decisions.give_back(
            assignment=row, text=given["text"], by=person(request), now=timezone.now()
        )
    _say(request, decision, f"Returned {lead}. It is dealt out to somebody else.")
    return to(following)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*WORKERS)
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """Pick the lead that this one doubles (``?q=`` searches); a POST marks it, and the next one opens."""
    row, following = row_and_next(request, pk)
    lead, form = row.handoff.lead, TwinForm(posted(request))
    if request.method == "POST":
        title = f"Which lead does {lead} double?"
        with asking(form, title=title, verb="Mark as duplicate", back=request.path) as given:
            twin = visible_leads(person(request)).filter(pk=_id(given["twin"])).first()
            decision = decisions.duplicate(assignment=row, twin=twin, by=person(request), now=timezone.now())
        _say(request, decision, f"Marked {lead} as a duplicate of {twin}.")
        return to(following)
    q = request.GET.get("q", "").strip()
    context = {"row": row, "lead": lead, "q": q, "found": _found(request, lead, q), "back": page_of(row)}
    return render(request, "feedback/duplicate.html", context)


@require_POST
@signed_in_as(*WORKERS)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own last decision back; its lead opens again."""
    decision = get_decision_to_undo(person(request), pk)
    decisions.undo(decision=decision, by=person(request), now=timezone.now())
    lead = decision.handoff.lead
    say(request, f"Taken back: {lead} is with you again.", level=messages.INFO)
    row = Assignment.objects.filter(handoff=decision.handoff_id).latest("pk")
    return to(row.pk)


def _say(request: HttpRequest, decision: Decision, text: str) -> None:
    say(request, text, undo_url=reverse("feedback:decision_undo", args=[decision.pk]))


def _reason(request: HttpRequest, row: Assignment, *, title: str, verb: str) -> Any:
    form = RejectForm(request.POST, reasons=reasons_of(row.handoff))
    return asking(form, title=title, verb=verb, back=page_of(row))


def _said(given: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    now: datetime = timezone.now()
    return {"reason_id": given["reason"], "text": given["text"], "by": person(request), "now": now}


def _found(request: HttpRequest, lead: Lead, q: str) -> list[Lead]:
    """What is like the lead, or what was searched for, as far as the person may see it."""
    visible = visible_leads(person(request)).exclude(pk=lead.pk).select_related("company", "owner")
    rows = search(visible, q) if q else twins(visible, lead)
    return list(rows.order_by("-pk")[:MOST_TWINS])


def _id(number: int) -> int:
    """A number that the database can look for."""
    return number if 0 < number < 2**63 else 0
