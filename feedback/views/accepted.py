"""What sales took on: each lead moves on to qualified, won or lost from here."""

from dataclasses import dataclass
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
from feedback.models import Assignment, Outcome
from feedback.querysets import accepted as accepted_rows
from feedback.querysets import customers as customer_rows
from feedback.queue import cards, with_lead
from feedback.routing import available_reps
from feedback.services import outcomes
from feedback.views.queue import PAGE
from users.access import person, signed_in_as
from users.models import Organisation, Role, User

OF_CUSTOMERS = (Outcome.Kind.RETAINED, Outcome.Kind.CHURNED)


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
        "tabs": tabs(viewer, "accepted"),
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
    return redirect("feedback:customers" if given["kind"] in OF_CUSTOMERS else back)


@require_safe
@signed_in_as(*WORKERS)
def customers(request: HttpRequest) -> HttpResponse:
    """Who bought, the latest first: a rep's own, or all; it is told here whether they stay."""
    viewer = person(request)
    rows = with_lead(customer_rows())
    if viewer.role == Role.REP:
        rows = rows.filter(owner=viewer)
    page = Paginator(rows.prefetch_related("handoff__outcomes"), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "customers": [Customer.of(row) for row in page.object_list],
        "is_rep": viewer.role == Role.REP,
        "tabs": tabs(viewer, "customers"),
    }
    return render(request, "feedback/customers.html", context)


def tabs(viewer: User, current: str) -> list[dict[str, Any]]:
    """In work, and customers."""
    return [
        {"label": label, "url": reverse(f"feedback:{name}"), "is_current": name == current}
        for name, label in (("accepted", "In work"), ("customers", "Customers"))
    ]


@dataclass(frozen=True, slots=True)
class Customer:
    """A lead that bought, with the last that was told of it."""

    assignment: Assignment
    won: Outcome | None
    last: Outcome | None
    has_left: bool

    @classmethod
    def of(cls, row: Assignment) -> "Customer":
        """From a row with its outcomes at hand."""
        told = sorted(row.handoff.outcomes.all(), key=lambda each: each.pk)
        won = next((each for each in told if each.kind == Outcome.Kind.WON), None)
        later = [each for each in told if each.kind in OF_CUSTOMERS]
        return cls(row, won, later[-1] if later else None, any(each.kind == "churned" for each in later))


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
    if given["kind"] == "retained":
        outcomes.retain(assignment=row, text=given["text"], by=by, now=now)
        return f"{lead} stays a customer."
    if given["kind"] == "churned":
        outcomes.churn(assignment=row, text=given["text"], by=by, now=now)
        return f"{lead} is no customer any more."
    outcomes.lose(assignment=row, text=given["text"], by=by, now=now)
    return f"{lead} is lost. It may come back if it becomes sales-ready anew."
