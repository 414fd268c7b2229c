"""The parts of a draft besides its criteria: the form of each, and the small actions of the lists."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment.access import DRAFTERS, get_draft
from alignment.checking import points_left
from alignment.forms.parts import PartForm
from alignment.forms.parts_gates import DisqualifierForm, GateForm, InferenceForm, ScopeForm
from alignment.forms.parts_points import CapsForm, GradesForm
from alignment.forms.parts_promises import CommitmentsForm, RejectReasonForm, TermForm
from alignment.models import Version
from alignment.pages import PARTS as PREFETCHED
from alignment.pages_parts import bands, caps_shown, parts_context
from alignment.parts.points import floor_problems
from alignment.remarks import remark_on
from alignment.services.editing import PartGone
from alignment.services.editing import parts as services
from alignment.services.editing import parts_lists as lists
from alignment.services.locking import StaleEdit
from core.errors import Conflict, Invalid
from core.toasts import say
from leads.querysets import recent_sources
from rules.builder import ACTION
from users.access import person, signed_in_as

UNPROCESSABLE = 422
Act = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of part: its form, what saves it, and for a list what removes and moves a row.

    ``title`` heads the form, ``new_title`` that of a row to be added; ``anchor`` is its place on the editor.
    """

    form: type[PartForm]
    template: str
    save: Act
    title: str
    new_title: str = ""
    remove: Act | None = None
    move: Act | None = None

    @property
    def is_list(self) -> bool:
        return self.remove is not None


PARTS = {
    "caps": Part(CapsForm, "_caps_form.html", services.set_caps, "The caps"),
    "grades": Part(GradesForm, "_grades_form.html", services.set_grades, "Grades"),
    "gate": Part(GateForm, "_gate_form.html", services.set_gate, "What sales-ready needs"),
    "scope": Part(ScopeForm, "_scope_form.html", services.set_scope, "Which leads"),
    "inference": Part(InferenceForm, "_inference_form.html", services.set_inference, "What facts say"),
    "commitments": Part(
        CommitmentsForm, "_commitments_form.html", services.set_commitments, "What each side owes"
    ),
    "disqualifiers": Part(
        DisqualifierForm,
        "_disqualifier_form.html",
        lists.put_disqualifier,
        "Always grade D",
        "Another that is always D",
        lists.remove_disqualifier,
        lists.move_disqualifier,
    ),
    "reasons": Part(
        RejectReasonForm,
        "_reason_form.html",
        lists.put_reason,
        "A reason to reject",
        "Another reason to reject",
        lists.remove_reason,
        lists.move_reason,
    ),
    "terms": Part(
        TermForm,
        "_term_form.html",
        lists.put_term,
        "A term of follow-up",
        "Another term of follow-up",
        lists.remove_term,
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*DRAFTERS)
def part(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The form of a part; ``?key=`` names a row of a list, or the dimension of which facts speak."""
    draft, kind = _draft(request, pk), _part(name)
    key = request.GET.get("key", "")
    if request.method != "POST":
        if key and kind.is_list and not _has(draft, name, key):
            raise Http404("This row is gone.")
        return _form(request, name, kind.form(draft, key))
    form = kind.form(draft, key, request.POST)
    if form.press(request.POST.get(ACTION, "")):
        return _form(request, name, form)
    return _save(request, name, form)


@require_POST
@signed_in_as(*DRAFTERS)
def remove(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Delete a row of a list; undo brings it back."""
    draft, kind = _draft(request, pk), _part(name)
    if kind.remove is None:
        raise Http404("This part can't be deleted.")
    key, seen = request.POST.get("key", ""), request.POST.get("seen")
    kind.remove(version_id=draft.pk, key=key, seen=seen, by=person(request), now=timezone.now())
    return _to_editor(draft, name, on="undo")


@require_POST
@signed_in_as(*DRAFTERS)
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Put a row of a list before the one that ``before`` names, or at the end."""
    draft, kind = _draft(request, pk), _part(name)
    if kind.move is None:
        raise Http404("This part has no order.")
    key, before = request.POST.get("key", ""), request.POST.get("before", "")
    kind.move(version_id=draft.pk, key=key, before=before or None, by=person(request), now=timezone.now())
    return _to_editor(draft, name, at=key)


@require_safe
@signed_in_as(*DRAFTERS)
def caps_bar(request: HttpRequest, pk: int) -> HttpResponse:
    """The stacked bar of the caps as they are typed, for htmx; what can't be read counts as 0."""
    form = CapsForm(_draft(request, pk), "", request.GET)
    form.is_valid()
    typed = {name.removeprefix("cap_"): value for name, value in form.cleaned_data.items()}
    caps = caps_shown(typed)
    context = {"caps": caps, "left": points_left([part["cap"] for part in caps])}
    return render(request, "alignment/parts/_caps_bar.html", {"parts": context})


@require_safe
@signed_in_as(*DRAFTERS)
def bands_bar(request: HttpRequest, pk: int) -> HttpResponse:
    """The bar of the grades as their floors are typed, for htmx; in words what is wrong with them."""
    form = GradesForm(_draft(request, pk), "", request.GET)
    form.is_valid()
    return render(request, "alignment/parts/_bands_live.html", _bands(form.floors))


def _bands(floors: list[Any]) -> dict[str, Any]:
    wrong = next(floor_problems(floors), None)
    return {"wrong": wrong.message} if wrong else {"bands": bands(*floors)}


def _draft(request: HttpRequest, pk: int) -> Version:
    draft = get_draft(person(request), pk)
    if not draft.is_editable:
        raise Conflict(f"Version {draft.number} is no draft any more: nothing of it can be changed.")
    prefetch_related_objects([draft], *PREFETCHED)
    return draft


def _part(name: str) -> Part:
    if name not in PARTS:
        raise Http404("A draft has no such part.")
    return PARTS[name]


def _has(draft: Version, name: str, key: str) -> bool:
    rows = getattr(parts_context(draft)["parts"], name)
    return any(row.key == key for row in rows)


def _save(request: HttpRequest, name: str, form: PartForm) -> HttpResponse:
    kind = _part(name)
    if not form.is_valid():
        return _form(request, name, form, status=UNPROCESSABLE)
    now = timezone.now()
    asked = {"seen": form.cleaned_data["seen"] or None, "by": person(request), "now": now}
    if kind.is_list:
        asked["key"] = form.key or None
    elif name == "inference":
        asked["dimension"] = form.key
    try:
        saved = kind.save(version_id=form.draft.pk, values=form.values(), **asked)
    except StaleEdit as error:
        return _stale(request, name, form, error)
    except PartGone as error:
        form.key = ""
        form.add_error(None, f"{error.message} Save it again to add it as a new one.")
        return _form(request, name, form, status=error.status)
    except Invalid as error:
        form.add_problems(error)
        return _form(request, name, form, status=UNPROCESSABLE)
    if remark := remark_on(form.values(), now=now):
        say(request, remark, level=messages.WARNING)
    say(request, f"{_title(kind, form)}: saved.")
    return _to_editor(form.draft, name, at=lists.key_of(saved) if kind.is_list else form.key)


def _stale(request: HttpRequest, name: str, form: PartForm, error: StaleEdit) -> HttpResponse:
    """Nobody's work is lost: what was typed stays, with what was saved meanwhile beside it."""
    draft = _draft(request, form.draft.pk)
    again = type(form)(draft, form.key, request.POST)
    again.is_valid()
    again.show_stale(error.message, mine=form.values())
    return _form(request, name, again, status=error.status)


def _form(request: HttpRequest, name: str, form: PartForm, *, status: int = 200) -> HttpResponse:
    """The form as a page, or as a fragment for the drawer; htmx swaps in only what is 200 or 422."""
    is_fragment = "HX-Request" in request.headers
    kind = _part(name)
    context = {
        "version": form.draft,
        "part_name": name,
        "part_title": _title(kind, form),
        "form": form,
        "fields_template": f"alignment/parts/{kind.template}",
        "address": _address(form.draft, name, form.key),
        **parts_context(form.draft),
    }
    if is_fragment:
        form.focus_first()
    if isinstance(form, TermForm):
        context["sources"] = recent_sources()
    if isinstance(form, GradesForm) and not form.errors:  # else it would be said twice
        context |= _bands(form.floors)
    template = "alignment/parts/_form.html" if is_fragment else "alignment/parts/page.html"
    shown = UNPROCESSABLE if is_fragment and status >= 400 else status
    return render(request, template, context, status=shown)


def _title(kind: Part, form: PartForm) -> str:
    if kind.is_list and not form.key:
        return kind.new_title
    return form.title or kind.title


def _address(draft: Version, name: str, key: str) -> str:
    address = reverse("alignment:part", args=[draft.pk, name])
    return f"{address}?{urlencode({'key': key})}" if key else address


def _to_editor(draft: Version, name: str, *, at: str = "", on: str = "") -> HttpResponse:
    """Back to the editor; ``at`` is the key of the row, and ``on`` the other thing, that takes the focus."""
    address = reverse("alignment:edit", args=[draft.pk])
    query = {"on": on} if on else {"at": f"{name}:{at}" if at else name}
    return HttpResponseRedirect(f"{address}?{urlencode(query)}#{name}")
