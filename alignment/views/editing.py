"""Drafts: change the numbers, see what was changed, propose or discard."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment import services
from alignment.access import DRAFTERS, get_draft
from alignment.checking import points_left, proposal_problems
from alignment.forms import DraftForm, ReasonForm
from alignment.models import Dimension, Version
from alignment.pages import changes_by_section, version_page, with_parts
from alignment.querysets import active_versions
from alignment.services.locking import StaleEdit
from core.errors import Invalid
from core.toasts import say
from users.access import person, signed_in_as

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*DRAFTERS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft as a form. Saved with ``then=propose`` it goes on to the proposal."""
    draft = get_draft(person(request), pk)
    if not draft.is_editable:
        say(request, f"Version {draft.number} is no draft any more.", level=messages.INFO)
        return redirect("alignment:version", draft.pk)
    if request.method != "POST":
        return _editor(request, draft, DraftForm(draft))
    return _save(request, draft, DraftForm(draft, request.POST))


def _save(request: HttpRequest, draft: Version, form: DraftForm) -> HttpResponse:
    if not form.is_valid():
        return _editor(request, draft, form, status=UNPROCESSABLE)
    revision, by = form.cleaned_data["revision"], person(request)
    try:
        saved = services.edit_draft(
            version_id=draft.pk, revision=revision, changes=form.changes(), by=by, now=timezone.now()
        )
    except Invalid as error:
        form.add_problems(error.problems)
        return _editor(request, draft, form, status=UNPROCESSABLE)
    except StaleEdit as error:
        return _stale(request, error, form)
    if request.POST.get("then") == "propose":
        return redirect("alignment:propose", draft.pk)
    say(request, "Saved." if saved.revision != revision else "Nothing was changed.")
    return redirect("alignment:edit", draft.pk)


def _stale(request: HttpRequest, error: StaleEdit, form: DraftForm) -> HttpResponse:
    """Nobody's work is lost: what was typed stays, with what was saved meanwhile beside it."""
    typed = request.POST.copy()
    typed["revision"] = str(error.draft.revision)
    form.add_error(None, error.message)
    extra = {"differing": form.differing(error.draft)}
    again = DraftForm(error.draft, typed)
    again.full_clean()
    again.add_error(None, error.message)
    return _editor(request, error.draft, again, status=error.status, **extra)


def _editor(
    request: HttpRequest, draft: Version, form: DraftForm, status: int = 200, **extra: Any
) -> HttpResponse:
    page = version_page(with_parts(Version.objects.all()).get(pk=draft.pk))
    active = active_versions().filter(definition=draft.definition_id).first()
    context = {
        "page": page,
        "version": draft,
        "form": form,
        "caps": _caps(form),
        "active": active,
        "is_behind": active is not None and draft.based_on_id != active.pk,
        **extra,
    }
    return render(request, "alignment/edit.html", context, status=status)


@require_safe
@signed_in_as(*DRAFTERS)
def caps(request: HttpRequest, pk: int) -> HttpResponse:
    """The stacked bar of the caps as they are typed, for htmx."""
    draft = get_draft(person(request), pk)
    return render(request, "alignment/_caps.html", {"caps": _caps(DraftForm(draft, request.GET))})


def _caps(form: DraftForm) -> dict[str, Any]:
    """The caps in the form; what can't be read counts as 0."""
    form.is_valid()
    parts: list[dict[str, Any]] = []
    for dimension in Dimension:
        name = f"cap_{dimension}"
        given = form.cleaned_data.get(name) if form.is_bound else form[name].initial
        parts.append({"label": dimension.label, "cap": given or 0})
    return {"parts": parts, "left": points_left([part["cap"] for part in parts])}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*DRAFTERS)
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """What changes, why, and the button that puts it to both sides."""
    draft = get_draft(person(request), pk)
    if not draft.is_editable:
        return redirect("alignment:sign", draft.pk)
    form = ReasonForm(request.POST or None, initial={"revision": draft.revision, "reason": draft.reason})
    if request.method == "POST" and form.is_valid():
        try:
            proposed = services.propose(
                version_id=pk, **form.cleaned_data, by=person(request), now=timezone.now()
            )
        except Invalid as error:
            for problem in error.problems:
                form.add_error(problem.where if problem.where in form.fields else None, problem.message)
        else:
            say(request, f"Version {proposed.number} is proposed. Both sides can sign it now.")
            return redirect("alignment:sign", pk)
    return _proposal(request, draft, form)


def _proposal(request: HttpRequest, draft: Version, form: ReasonForm) -> HttpResponse:
    whole = with_parts(Version.objects.all()).get(pk=draft.pk)
    active = with_parts(active_versions().filter(definition=draft.definition_id)).first()
    context = {
        "version": draft,
        "active": active,
        "sections": changes_by_section(active, whole) if active else [],
        "problems": proposal_problems(whole),
        "form": form,
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "alignment/propose.html", context, status=status)


@require_POST
@signed_in_as(*DRAFTERS)
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a draft."""
    draft = get_draft(person(request), pk)
    revision = draft.revision
    services.discard_draft(version_id=pk, revision=revision, by=person(request), now=timezone.now())
    say(request, f"The draft of version {draft.number} is gone.")
    return redirect("alignment:history")
