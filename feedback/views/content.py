"""The content library: its lists, the page and the form of a piece."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.asking import add_problems
from core.display import NOTHING, number, percent
from core.errors import ApplicationError
from core.toasts import say
from feedback.content import figures
from feedback.content.access import READERS, WRITERS, get_piece, get_writable, may_write, sees_figures
from feedback.content.figures import ACCEPTED, USED, WON, Figures
from feedback.content.filters import LISTS, PieceFilter, UseFilter, listed, selects
from feedback.content.forms import PieceForm
from feedback.content.objections import labels_of
from feedback.filters import checked
from feedback.intervals import Share
from feedback.models import ContentPiece
from feedback.services import content as services
from leads.forms import posted
from users.access import person, signed_in_as

ROWS = 25


@require_safe
@signed_in_as(*READERS)
def content_list(request: HttpRequest) -> HttpResponse:
    """The pieces in use, those never used, or the retired ones; with figures for those who see all leads."""
    now, viewer = timezone.now(), person(request)
    found = checked(PieceFilter(request.GET, queryset=ContentPiece.objects.all()))
    show = request.GET.get("show") or "active"
    shown = figures.with_uses(listed(found, show), now=now)
    page = Paginator(figures.ordered(shown, request.GET.get("sort", "")), ROWS).get_page(
        request.GET.get("page")
    )
    counted = figures.figures([piece.pk for piece in page], now=now) if sees_figures(viewer) else {}
    objections = labels_of({piece.reason_key for piece in page})
    context = {
        "page": page,
        "rows": [(piece, objections.get(piece.reason_key, ""), counted.get(piece.pk)) for piece in page],
        "tabs": _tabs(request.GET, show),
        "show": show,
        "selects": selects(request.GET),
        "q": request.GET.get("q", ""),
        "is_narrowed": any(request.GET.get(name) for name in PieceFilter.base_filters if name != "show"),
        "has_figures": sees_figures(viewer),
        "may_write": may_write(viewer),
        "words": figures,
    }
    return render(request, "feedback/content.html", context)


@require_safe
@signed_in_as(*READERS)
def piece(request: HttpRequest, pk: int) -> HttpResponse:
    """One piece; below, for those who see all leads, its uses and what came of the leads."""
    now, viewer = timezone.now(), person(request)
    row = get_piece(viewer, pk)
    context: dict[str, Any] = {
        "piece": row,
        "objection": labels_of({row.reason_key}).get(row.reason_key, row.reason_key),
        "may_write": may_write(viewer),
        "has_figures": sees_figures(viewer),
        "words": figures,
    }
    if sees_figures(viewer):
        uses = figures.with_results(figures.recent(now).filter(piece=row))
        found = checked(UseFilter(request.GET, queryset=uses))
        rows = found.select_related("by", "lead__company").order_by("-at", "-pk")
        context |= {
            "figures": (counted := figures.figures([row.pk], now=now)[row.pk]),
            "tiles": _tiles(counted),
            "page": Paginator(rows, ROWS).get_page(request.GET.get("page")),
            "tabs": _result_tabs(request.GET.get("show", "")),
            "is_narrowed": bool(request.GET.get("by") or request.GET.get("how")),
        }
    return render(request, "feedback/content_piece.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*WRITERS)
def new(request: HttpRequest) -> HttpResponse:
    """Add a piece."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*READERS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a piece; what somebody else changed meanwhile is not overwritten."""
    return _edit(request, get_writable(person(request), pk))


@require_POST
@signed_in_as(*READERS)
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer a piece no more."""
    row = get_writable(person(request), pk)
    services.retire_piece(piece=row, by=person(request), now=timezone.now())
    say(
        request,
        f"“{row}” is retired and offered no more. Its uses stay counted.",
        undo_url=reverse("feedback:content_restore", args=[pk]),
    )
    return redirect("feedback:content")


@require_POST
@signed_in_as(*READERS)
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer a retired piece again."""
    row = get_writable(person(request), pk)
    services.restore_piece(piece=row, by=person(request), now=timezone.now())
    say(request, f"“{row}” is offered again.")
    return redirect("feedback:content_piece", pk)


def _edit(request: HttpRequest, row: ContentPiece | None) -> HttpResponse:
    form = PieceForm(posted(request), piece=row)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                saved = services.save_piece(
                    piece=row,
                    content=form.content(),
                    by=person(request),
                    now=timezone.now(),
                    seen_at=form.cleaned_data["seen_at"],
                )
            except ApplicationError as error:
                add_problems(form, error)
                status = 409 if error.status == 409 else 422
            else:
                say(
                    request, "Saved." if row else f"“{saved}” is in the library. Sales sees it where it fits."
                )
                return redirect("feedback:content_piece", saved.pk)
    return render(request, "feedback/content_edit.html", {"form": form, "piece": row}, status=status)


def _tiles(counted: Figures) -> list[dict[str, Any]]:
    """The figures of a piece, each with the rows behind it."""
    by = f"by {number(counted.reps)} rep{'' if counted.reps == 1 else 's'}" if counted.reps else ""
    rows = "?#uses"
    return [
        {"label": "Used in 12 weeks", "value": counted.uses, "href": rows, "definition": USED, "note": by},
        {"label": "On leads", "value": counted.leads, "href": rows, "definition": "", "note": ""},
        {"label": "Accepted", "definition": ACCEPTED, **_share(counted.accepted, "accepted")},
        {"label": "Won", "definition": WON, **_share(counted.won, "won")},
    ]


def _share(share: Share, show: str) -> dict[str, str]:
    if not share.whole:
        return {"value": NOTHING, "href": "", "note": "none yet"}
    count = f"{number(share.part)} of {number(share.whole)}"
    note = f"{count}: too few" if share.is_thin else f"{percent(share.low)} to {percent(share.high)}, {count}"
    return {"value": percent(share.ratio), "href": f"?show={show}#uses", "note": note}


def _tabs(asked: QueryDict, show: str) -> list[dict[str, Any]]:
    """The three lists, with the same filters."""
    found: list[dict[str, Any]] = []
    for name, label in LISTS.items():
        query = asked.copy()
        query["show"] = name
        query.pop("page", None)
        count = listed(ContentPiece.objects.all(), name).count()
        found.append(
            {"label": label, "url": f"?{query.urlencode()}", "is_current": name == show, "count": count}
        )
    return found


def _result_tabs(show: str) -> list[dict[str, Any]]:
    shows = {"": "All uses", **figures.SHOWS}
    return [
        {"label": label, "url": f"?show={name}" if name else "?", "is_current": name == show}
        for name, label in shows.items()
    ]
