"""The leads behind one figure of the commitments."""

import datetime as dt
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alignment.models import Definition, Grade
from alignment.querysets import active_versions
from core.errors import Invalid
from feedback.access import SEES_ALL
from feedback.reports.commitment_leads import SHOWS, Asked, row_of, rows_behind
from feedback.reports.commitments import DEFINITIONS, Kind
from users.access import person, signed_in_as
from users.models import Organisation

READERS = tuple(SEES_ALL)
ROWS = 50
FIRST_YEAR, LAST_YEAR = 1900, 2999
TITLES = {
    Kind.LEADS: "Handed to sales",
    Kind.ACCEPTANCE: "Decisions of sales",
    Kind.FOLLOW_UP: "First responses due",
    Kind.FEEDBACK: "Decisions due",
}
MOMENTS = {Kind.LEADS: "Sales-ready", Kind.ACCEPTANCE: "Decided"}
OUTCOMES = {Kind.LEADS: "State today", Kind.ACCEPTANCE: "Decision"}


class CommitmentLeadsFilter(forms.Form):
    """One figure: what is left out is the first definition, leads of this month, of any grade."""

    definition = forms.ModelChoiceField(queryset=Definition.objects.all(), required=False)
    kind = forms.ChoiceField(choices=Kind.choices, required=False)
    grade = forms.ChoiceField(choices=Grade.choices, required=False)
    month = forms.DateField(input_formats=["%Y-%m"], required=False)
    show = forms.CharField(required=False)

    def clean_month(self) -> dt.date | None:
        """A month that has a beginning and an end in every zone."""
        month: dt.date | None = self.cleaned_data["month"]
        if month and not FIRST_YEAR <= month.year <= LAST_YEAR:
            raise forms.ValidationError("No such month.")
        return month

    def asked(self, today: dt.date) -> Asked:
        """The figure; ``today`` is a day of the company's zone."""
        values = self.cleaned_data
        definition = values["definition"] or _first_definition()
        return Asked(
            definition_id=definition.pk if definition else 0,
            kind=values["kind"] or Kind.LEADS,
            grade=values["grade"] if (values["kind"] or Kind.LEADS) == Kind.LEADS else "",
            first=values["month"] or today.replace(day=1),
        )


@require_safe
@signed_in_as(*READERS)
def page(request: HttpRequest) -> HttpResponse:
    """The leads that were counted; an address that can't be read is answered 400."""
    now, zone = timezone.now(), Organisation.current().tz
    form = CommitmentLeadsFilter(request.GET)
    if not form.is_valid():
        raise Invalid(f"The address asks for something that isn't there: check {', '.join(form.errors)}.")
    asked, show = form.asked(now.astimezone(zone).date()), form.cleaned_data["show"]
    if show and show not in SHOWS[asked.kind]:
        raise Invalid(f"There is no list “{show}” behind this figure: choose one of its tabs.")
    rows = rows_behind(person(request), asked, show=show, now=now, zone=zone)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "feedback/commitment_leads.html", _context(request, asked, show, page))


def _context(request: HttpRequest, asked: Asked, show: str, page: Any) -> dict[str, Any]:
    kind = Kind(asked.kind)
    return {
        "page": page,
        "rows": [row_of(each, asked) for each in page],
        "title": TITLES[kind] + (f", grade {asked.grade}" if asked.grade else ""),
        "month": asked.first,
        "definition": DEFINITIONS[kind],
        "moment_label": MOMENTS.get(kind, "Due"),
        "outcome_label": OUTCOMES.get(kind, "Answer"),
        "has_person": kind != Kind.LEADS,
        "tabs": _tabs(request, kind, show),
    }


def _tabs(request: HttpRequest, kind: str, show: str) -> list[dict[str, object]]:
    tabs = []
    for key, label in ({"": "All"} | SHOWS[kind]).items() if SHOWS[kind] else ():
        query = request.GET.copy()
        query.pop("page", None)
        query["show"] = key
        tabs.append({"label": label, "url": f"?{query.urlencode()}", "is_current": key == show})
    return tabs


def _first_definition() -> Definition | None:
    version = active_versions().select_related("definition").first()
    return version.definition if version else None
