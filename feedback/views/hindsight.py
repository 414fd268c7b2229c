"""Backtest and load of a version: the figures, the leads behind each of them, and lines for the editor."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alignment.access import get_version
from alignment.models import Grade
from core.errors import Invalid
from feedback.access import SEES_ALL, visible_decisions
from feedback.backtest.figures import Pair
from feedback.hindsight_pages import BacktestPanel, LoadPanel, may_look_back
from feedback.services.hindsight import sides_of
from leads.access import visible_leads
from users.access import person, signed_in_as

READERS = tuple(SEES_ALL)
ROWS = 50
NO_GRADE = "none"
GRADES = [(grade, grade) for grade in Grade.values] + [(NO_GRADE, "no grade")]
SAID: dict[str, tuple[str, Callable[[Pair], bool]]] = {
    "accepted": ("accepted", lambda pair: pair.old.is_accepted),
    "rejected": ("rejected", lambda pair: not pair.old.is_accepted),
    "won": ("won", lambda pair: pair.old.is_accepted and pair.old.end == "won"),
    "ended": ("won or lost", lambda pair: pair.old.is_accepted and bool(pair.old.end)),
}
READY: dict[str, tuple[str, Callable[[Pair], bool]]] = {
    "now": ("sales-ready by the version in force", lambda pair: pair.old.is_ready),
    "new": ("sales-ready by this version", lambda pair: pair.new.is_ready),
}
MOVED: dict[str, tuple[str, Callable[[Pair], bool]]] = {
    "yes": ("another grade than now", lambda pair: pair.has_moved),
    "todays": (
        "judged on facts of today",
        lambda pair: not (pair.old.is_stored and pair.new.is_stored),
    ),
}
SHOWS = {"backlog": "Backlog", "draft": "With this version", "active": "By the version in force"}


class BacktestFilter(forms.Form):
    """The decided leads behind one figure."""

    old = forms.ChoiceField(choices=GRADES, required=False)
    new = forms.ChoiceField(choices=GRADES, required=False)
    said = forms.ChoiceField(choices=[(key, key) for key in SAID], required=False)
    ready = forms.ChoiceField(choices=[(key, key) for key in READY], required=False)
    moved = forms.ChoiceField(choices=[(key, key) for key in MOVED], required=False)

    def keeps(self, pair: Pair) -> bool:
        """Whether a decision is one of them."""
        asked = self.cleaned_data
        return (
            (not asked["old"] or (pair.old.grade or NO_GRADE) == asked["old"])
            and (not asked["new"] or (pair.new.grade or NO_GRADE) == asked["new"])
            and all(
                not asked[name] or table[asked[name]][1](pair)
                for name, table in (("said", SAID), ("ready", READY), ("moved", MOVED))
            )
        )

    def words(self) -> list[tuple[str, str]]:
        """What is asked for: its parameter, and in words."""
        asked = self.cleaned_data
        found = {
            "old": f"grade {asked['old']} by the version in force",
            "new": f"grade {asked['new']} by this version",
        }
        for name, table in (("said", SAID), ("ready", READY), ("moved", MOVED)):
            found[name] = table[asked[name]][0] if asked[name] else ""
        return [(name, text) for name, text in found.items() if asked[name]]


@require_safe
@signed_in_as(*READERS)
def backtest(request: HttpRequest, pk: int) -> HttpResponse:
    """How a version would have graded what sales decided on, and the leads behind each figure."""
    version = get_version(person(request), pk)
    filters = BacktestFilter(request.GET)
    if not filters.is_valid():
        raise Invalid(f"The address asks for something that isn't there: check {', '.join(filters.errors)}.")
    now = timezone.now()
    panel = BacktestPanel(version, sides_of(version, now=now), now=now)
    pairs = [pair for pair in panel.figures.pairs if filters.keeps(pair)] if panel.figures else []
    page = Paginator(pairs, ROWS).get_page(request.GET.get("page"))
    context = {
        "version": version,
        "backtest": panel,
        "page": page,
        "rows": _decisions(request, list(page)),
        "chips": _chips(request, filters),
    }
    return _render(request, "backtest", context)


def _chips(request: HttpRequest, filters: BacktestFilter) -> list[dict[str, str]]:
    chips = []
    for name, text in filters.words():
        query = request.GET.copy()
        query.pop(name)
        query.pop("page", None)
        chips.append({"text": text, "remove_url": f"?{query.urlencode()}"})
    return chips


def _decisions(request: HttpRequest, pairs: list[Pair]) -> list[tuple[Any, Pair]]:
    """The decisions of one page of the list, that the person may read."""
    ids = [pair.old.decision_id for pair in pairs]
    rows = visible_decisions(person(request)).select_related("reason", "by", "handoff__lead__company")
    found = rows.in_bulk(ids)
    return [(found[pair.old.decision_id], pair) for pair in pairs if pair.old.decision_id in found]


@require_safe
@signed_in_as(*READERS)
def load(request: HttpRequest, pk: int) -> HttpResponse:
    """What a version would bring to sales, and the leads behind it."""
    viewer = person(request)
    version = get_version(viewer, pk)
    show = request.GET.get("show", "backlog")
    if show not in SHOWS:
        raise Invalid(f"There is no list “{show}”: choose one of {', '.join(SHOWS)}.")
    now = timezone.now()
    panel = LoadPanel(version, sides_of(version, now=now), now=now)
    found = panel.figures
    ids = {
        "backlog": found.backlog_ids if found else (),
        "draft": found.draft_ids if found else (),
        "active": found.active_ids if found else (),
    }
    page = Paginator(ids[show], ROWS).get_page(request.GET.get("page"))
    context = {
        "version": version,
        "load": panel,
        "page": page,
        "rows": visible_leads(viewer)
        .filter(pk__in=list(page))
        .select_related("company", "owner")
        .order_by("pk"),
        "tabs": [
            {"label": label, "url": f"?show={key}", "is_current": key == show, "count": len(ids[key])}
            for key, label in SHOWS.items()
        ],
        "show": SHOWS[show],
    }
    return _render(request, "load", context)


def _render(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """The page, or its panel alone for a preview that waits for it."""
    is_part = request.headers.get("HX-Target") == name
    template = f"feedback/_{name}.html" if is_part else f"feedback/{name}.html"
    return render(request, template, {**context, "is_page": not is_part})


@require_safe
@signed_in_as(*READERS)
def rail(request: HttpRequest, pk: int) -> HttpResponse:
    """Two lines for the editor, fetched once it has been quiet for a moment."""
    version = get_version(person(request), pk)
    now = timezone.now()
    sides = sides_of(version, now=now)
    context = {
        "version": version,
        "backtest": BacktestPanel(version, sides, now=now),
        "load": LoadPanel(version, sides, now=now),
    }
    return render(request, "feedback/_rail_lines.html", context)


def rail_context(request: HttpRequest, version: Any) -> dict[str, Any]:
    """For the editor's right rail: what is asked for after the page is there."""
    return {"version": version, "may_look_back": may_look_back(person(request))}


def backtest_context(request: HttpRequest, preview: Any) -> dict[str, Any]:
    """For the preview page."""
    return _of_preview(request, preview, "backtest", BacktestPanel)


def load_context(request: HttpRequest, preview: Any) -> dict[str, Any]:
    """For the preview page."""
    return _of_preview(request, preview, "load", LoadPanel)


def _of_preview(request: HttpRequest, preview: Any, name: str, panel: Any) -> dict[str, Any]:
    version = preview.version
    if version is None or not version.is_to_come or not may_look_back(person(request)):
        return {}
    now = timezone.now()
    return {"version": version, name: panel(version, sides_of(version, now=now), now=now)}
