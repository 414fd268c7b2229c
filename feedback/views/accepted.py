"""What sales took on: each lead moves on to qualified, won or lost from here."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core.asking import asking
from core.display import money
from core.toasts import say
from feedback.access import WORKERS, get_workable
from feedback.forms.queue import OutcomeForm
from feedback.models import Assignment
from feedback.querysets import accepted as accepted_rows
from feedback.queue import cards, with_lead
from feedback.routing import available_reps
from feedback.services import outcomes
from feedback.views.queue import PAGE
from users.access import person, signed_in_as
from users.models import Organisation, Role, User


@require_safe
@signed_in_as(*WORKERS)
def accepted(request: HttpRequest) -> HttpResponse:
    """A rep's accepted leads, oldest first; a sales manager's page of all."""
    viewer, now = person(request), timezone.now()
    rows = with_lead(accepted_rows())
    if viewer.role == Role.REP:
        rows = rows.filter(owner=viewer)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "cards": cards(page.object_list, now=now),
        "currency": Organisation.current().currency,
        "is_rep": viewer.role == Role.REP,
        "reps": available_reps(now).select_related("team"),
    }
    return render(request, "feedback/accepted.html", context)


@require_POST
@signed_in_as(*WORKERS)
def outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what came of an accepted lead."""
    row = get_workable(person(request), pk)
    title, back = f"What came of {row.handoff.lead}?", reverse("feedback:accepted")
    with asking(OutcomeForm(request.POST), title=title, verb="Save the outcome", back=back) as given:
        said = _write(row, given, by=person(request), now=timezone.now())
    say(request, said)
    return redirect(back)


def _write(row: Assignment, given: dict[str, Any], *, by: User, now: datetime) -> str:
    """Write the outcome; returns what to tell the person."""
    lead = row.handoff.lead
    if given["kind"] == "qualified":
        outcomes.qualify(assignment=row, by=by, now=now)
        return f"{lead} is qualified."
    if given["kind"] == "won":
        currency = given["currency"] or Organisation.current().currency
        won = outcomes.win(assignment=row, amount=given["amount"], currency=currency, by=by, now=now)
        return f"Won {lead}: {money(won.amount, won.currency)}."
    outcomes.lose(assignment=row, text=given["text"], by=by, now=now)
    return f"{lead} is lost. It may come back if it becomes sales-ready anew."
