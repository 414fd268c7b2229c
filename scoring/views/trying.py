"""Try one lead: picked or typed, under what is in force and under a draft."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from alignment.access import DRAFTERS, get_version
from alignment.models import Version
from core.errors import Invalid
from leads.access import get_lead, visible_leads
from leads.querysets import search
from scoring.comparison import Comparison
from scoring.forms import FactsForm
from scoring.querysets import live_generation_id, specs_of
from scoring.trying import matches_in, specs_with, try_facts, try_lead
from users.access import person, signed_in_as

FOUND = 8
LONGEST_ID = 19  # digits
UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*DRAFTERS)
def try_one(request: HttpRequest, pk: int) -> HttpResponse:
    """``?q=`` searches, ``?lead=`` picks; a POST judges typed facts and writes nothing."""
    version = get_version(person(request), pk)
    try:
        form = FactsForm(_matches(version), request.POST if request.method == "POST" else None)
    except Invalid as error:
        context = {"version": version, "problem": error.message}
        return render(request, "scoring/try.html", context, status=UNPROCESSABLE)
    if request.method == "POST":
        return _typed(request, version, form)
    return render(request, "scoring/try.html", _context(request, version) | {"form": form})


def _matches(version: Version) -> Any:
    live = live_generation_id()
    return matches_in([*specs_with(version), *(specs_of(live) if live else [])])


def _context(request: HttpRequest, version: Version) -> dict[str, Any]:
    text = request.GET.get("q", "").strip()
    found = search(visible_leads(person(request)), text).select_related("company") if text else None
    context: dict[str, Any] = {
        "version": version,
        "q": text,
        "found": list(found.order_by("-pk")[:FOUND]) if found is not None else [],
    }
    wanted = request.GET.get("lead", "")
    if wanted:
        if not wanted.isdecimal() or len(wanted) > LONGEST_ID:
            raise Http404("No such lead.")
        lead = get_lead(person(request), int(wanted))
        context |= {"lead": lead, "compared": try_lead(version, lead.pk, now=timezone.now())}
    return context


def _typed(request: HttpRequest, version: Version, form: FactsForm) -> HttpResponse:
    compared: Comparison | None = None
    if form.is_valid():
        try:
            compared = try_facts(version, form.facts(), form.deeds(), now=timezone.now())
        except Invalid as error:
            _add_problems(form, error)
    context = {"version": version, "form": form, "compared": compared, "is_typed": True}
    return render(request, "scoring/try.html", context, status=200 if compared else UNPROCESSABLE)


def _add_problems(form: FactsForm, error: Invalid) -> None:
    for problem in error.problems:
        name = problem.where.replace(".", "_")
        form.add_error(name if name in form.fields else None, problem.message)
    if not error.problems:
        form.add_error(None, error.message)
