"""A living page of all parts, at ``/styleguide/`` while DEBUG is on: made-up rows, no database."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from core.hooks import NavItem, TimelineEntry
from core.toasts import say

DIMENSIONS = [
    {"label": "Budget", "points": 15, "cap": 20},
    {"label": "Authority", "points": 15, "cap": 15, "cut": 4},
    {"label": "Need", "points": 8, "cap": 20},
    {"label": "Timeframe", "points": 0, "cap": 15},
    {"label": "Fit", "points": 12, "cap": 15},
    {"label": "Engagement", "points": 9, "cap": 15, "decayed": 6},
]
PEOPLE = [
    ("A", "Ana Ferreira de Souza", "Head of operations", "Nordwind Logistik GmbH", 88, 1_250_000, 130),
    ("B", "Jonas Klein", "IT manager", "Kestrel Foods", 71, 80_000, 25),
    ("B", "Priya Raman", "Director of procurement", "Lumen & Söhne", 66, 45_500, -190),
    ("C", "Marta Ortiz", "Analyst", "Bluefin", 48, 12_000, 900),
    ("D", "Wolfgang Amadeus Vandersteen-Hohenlohe", "Student", "–", 12, 0, 2_400),
    (None, "Li Wei", "Plant manager", "Orient Precision Manufacturing Company", 0, 300_000, None),
]


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(help_text="As it stands on the card.", max_length=80)
    email = forms.EmailField(label="E-mail")
    amount = forms.IntegerField(required=False, min_value=0)
    stage = forms.ChoiceField(choices=[("inquiry", "Inquiry"), ("sales_ready", "Sales-ready")])
    callback = forms.DateTimeField(
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}), required=False
    )
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    level = forms.ChoiceField(
        widget=forms.RadioSelect, choices=[("unmet", "Unmet"), ("partial", "Partial"), ("met", "Met")]
    )
    is_urgent = forms.BooleanField(label="Call today", required=False)
    file = forms.FileField(required=False)


@login_not_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every part on one page; ``?toast=1`` adds one notice of each kind."""
    if "toast" in request.GET:
        say(request, "Accepted: Ana Ferreira de Souza is yours.", undo_url="/styleguide/")
        say(request, "The import is still running.", level=messages.INFO)
        say(request, "This lead was taken by Jonas Klein meanwhile.", level=messages.ERROR)
    return render(request, "components/styleguide.html", _context())


def _context() -> dict[str, Any]:
    now = timezone.now()
    keys = ("grade", "name", "title", "company", "points", "amount", "minutes")
    people = [dict(zip(keys, person, strict=True)) for person in PEOPLE]
    wrong = SampleForm({"email": "nobody", "name": "Ana"})
    weeks = [
        [f"{day} Nov", 82 + day % 7, 75 + day % 5, None if day == 2 else 60 + day] for day in range(2, 12)
    ]
    return {
        **_frame(),
        "now": now,
        "soon": now + timedelta(hours=3),
        "past": now - timedelta(hours=30),
        "dimensions": DIMENSIONS,
        "rows": [{**person, "dimensions": DIMENSIONS} for person in people] * 3,
        "form": SampleForm(),
        "wrong": wrong,
        "page": Paginator(range(1_000_000), 50).page(3),
        "chips": [{"text": "grade is A or B", "remove_url": "#"}, {"text": "owner is me", "remove_url": "#"}],
        "tabs": [
            {"label": "All", "url": "#", "is_current": True, "count": 1_000_000},
            {"label": "Mine", "url": "#", "count": 12},
            {"label": "Never touched", "url": "#", "count": 0},
        ],
        "trend": [3, 4, 4, 6, None, 7, 6, 9, 12],
        "weeks": weeks,
        "week_columns": ["Week", "A", "B", "C"],
        "reasons": [["No budget", 41], ["Wrong person", 33], ["No need", 18], ["Could not reach", 12]],
        "reason_columns": ["Reason", "Rejections"],
        "events": _events(now),
    }


def _frame() -> dict[str, Any]:
    entries = [("Style guide", "styleguide", "y", "definition"), ("Leads", "healthz", "l", "leads")]
    entries += [(label, "healthz", "", icon) for label, icon in (("SLA", "sla"), ("Routing", "routing"))]
    everybody: frozenset[str] = frozenset()
    items = [NavItem(label, name, everybody, 0, key, icon) for label, name, key, icon in entries]
    user = SimpleNamespace(
        name="Marta Ortiz",
        email="m.ortiz@example.com",
        get_role_display="Marketing manager",
        is_authenticated=True,
    )
    return {"nav_items": items, "user": user, "company": "Kestrel Industrial"}


def _events(now: Any) -> list[TimelineEntry]:
    return [
        TimelineEntry(now, "phone", "Call, reached", "Wants a quote in December.", "Jonas Klein"),
        TimelineEntry(now - timedelta(hours=2), "trend-up", "Grade C became B", "Answer on timeframe, +15"),
        TimelineEntry(now - timedelta(days=1), "globe", "Visited the pricing page", "Third time this week"),
        TimelineEntry(now - timedelta(days=400), "import", "Imported", "fair_2025.csv", "M. Ortiz"),
    ]
