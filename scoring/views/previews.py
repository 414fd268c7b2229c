"""What would happen? The preview of a draft or proposal, its progress and the leads behind its figures."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment.access import DRAFTERS, get_version
from alignment.models import Version
from core.hooks import hooks
from core.toasts import say
from scoring import previews, services
from scoring.models import Preview
from scoring.preview_page import in_short, lead_rows, shown, time_left
from scoring.quick import quick_moves
from users.access import person, signed_in_as

PAGE = 50
COUNTED = 10_000
READY = {
    "gained": (previews.gained, "would become sales-ready"),
    "lost": (previews.lost, "would no longer be"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*DRAFTERS)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures and what other apps add to them; a POST counts anew."""
    version = get_version(person(request), pk)
    if request.method == "POST":
        services.start_preview(version_id=version.pk, by=person(request), now=timezone.now())
        return redirect("scoring:preview", pk)
    return render(request, "scoring/preview.html", _context(request, version))


def _context(request: HttpRequest, version: Version) -> dict[str, Any]:
    found = previews.latest_preview(version)
    context: dict[str, Any] = {
        "version": version,
        "preview": found,
        "may_count": version.is_to_come,
        "is_draft": version.is_editable,
    }
    if found is None:
        return context
    return context | {
        "stale": previews.staleness(found, version) if version.is_to_come else "",
        "shown": shown(found, person(request)),
        "panels": _panels(request, version, found),
        **_progress(found),
    }


def _panels(request: HttpRequest, version: Version, found: Preview) -> list[SafeString]:
    """What other apps show, drawn; each gets ``version`` and ``preview`` beside its own."""
    both = {"version": version, "preview": found}
    return [
        render_to_string(panel.template, {**both, **panel.context(request, found)}, request)
        for panel in sorted(hooks.preview_panels, key=lambda panel: panel.order)
    ]


def _progress(found: Preview) -> dict[str, Any]:
    left = time_left(found.started_at, found.done, found.leads, timezone.now())
    return {"preview": found, "done": min(found.done, found.leads), "left": left}


@require_safe
@signed_in_as(*DRAFTERS)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; the page asks for it while it runs, and for the figures once it ended."""
    version = get_version(person(request), pk)
    found = previews.latest_preview(version)
    if found is None:
        raise Http404("There is no preview of this version.")
    return render(request, "scoring/_preview_progress.html", {"version": version, **_progress(found)})


@require_POST
@signed_in_as(*DRAFTERS)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop counting."""
    version = get_version(person(request), pk)
    found = get_object_or_404(Preview, version=version, state=Preview.State.RUNNING)
    services.cancel_preview(preview_id=found.pk, by=person(request), now=timezone.now())
    say(request, "The preview was cancelled.")
    return redirect("scoring:preview", pk)


@require_safe
@signed_in_as(*DRAFTERS)
def leads(request: HttpRequest, pk: int) -> HttpResponse:
    """The leads behind one figure: ``?move=CB`` (``-`` is no grade) or ``?ready=gained`` / ``lost``."""
    version = get_version(person(request), pk)
    found = previews.latest_preview(version)
    if found is None or not found.is_whole or found.pruned_at or not found.result:
        return redirect("scoring:preview", pk)
    moves = previews.Moves.from_json(found.result)
    ready = request.GET.get("ready", "")
    if ready in READY:
        rows, words = READY[ready][0](found), READY[ready][1]
        count = moves.gained if ready == "gained" else moves.lost
        cell = None
    else:
        cell, words = _cell(request), ""
        rows, count = previews.leads_behind(found, cell), moves.cells.get(cell, 0)
    pages: Paginator[int] = Paginator(range(min(count, COUNTED)), PAGE)
    page: Page[int] = pages.get_page(request.GET.get("page"))
    start = (page.number - 1) * PAGE
    context = {
        "version": version,
        "preview": found,
        "cell": cell,
        "words": words,
        "count": count,
        "most": COUNTED,
        "page": page,
        "rows": lead_rows(rows[start : start + PAGE], person(request)),
        "stale": previews.staleness(found, version),
    }
    return render(request, "scoring/preview_leads.html", context)


def _cell(request: HttpRequest) -> previews.Cell:
    try:
        return previews.cell_of(request.GET.get("move", ""))
    except ValueError:
        raise Http404("There is no such move between grades.") from None


@require_safe
@signed_in_as(*DRAFTERS)
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview of a draft in one line from a small sample, for the editor's rail."""
    version = get_version(person(request), pk)
    moves = quick_moves(version, now=timezone.now())
    context = {"version": version, "short": in_short(moves) if moves else None}
    return render(request, "scoring/_preview_line.html", context)
