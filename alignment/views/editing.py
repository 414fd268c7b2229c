"""The editor of a draft: everything on one page, each change saved at once; undo, redo and discard."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from alignment import services
from alignment.access import DRAFTERS, get_draft
from alignment.editor import editor_page
from alignment.models import DraftEdit
from alignment.pages_parts import parts_context
from alignment.services.editing import redo as redo_edit
from alignment.services.editing import undo as undo_edit
from alignment.views.criteria import to_editor
from core.toasts import say
from users.access import person, signed_in_as


@require_safe
@signed_in_as(*DRAFTERS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft as it is now; to htmx what stands in its editor, wherever the form was.

    ``?at=`` is the criterion that was just edited and ``?on=`` the part of it that gets the focus.
    """
    draft = get_draft(person(request), pk)
    is_fragment = "HX-Request" in request.headers
    if not draft.is_editable:
        say(request, f"Version {draft.number} is no draft any more.", level=messages.INFO)
        address = reverse("alignment:version", args=[draft.pk])
        return HttpResponse(headers={"HX-Redirect": address}) if is_fragment else redirect(address)
    editor = editor_page(request, draft.pk)
    context = {
        "version": editor.version,
        "page": editor.page,
        "editor": editor,
        "at": request.GET.get("at", ""),
        "on": request.GET.get("on", ""),
        **parts_context(editor.version),
    }
    response = render(request, f"alignment/{'_editor' if is_fragment else 'edit'}.html", context)
    # Not for a form inside the editor: what was pressed may be gone when the answer comes.
    if is_fragment and request.headers.get("HX-Target") != "editor":
        response["HX-Retarget"], response["HX-Reswap"] = "#editor", "innerHTML show:none"
    return response


@require_POST
@signed_in_as(*DRAFTERS)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the last change that was shown."""
    draft = get_draft(person(request), pk)
    revision = _revision(request.POST.get("revision", ""))
    step = undo_edit(version_id=draft.pk, revision=revision, by=person(request), now=timezone.now())
    say(request, f"Undid: {_told(step, request)}")
    return to_editor(draft, on="undo")


@require_POST
@signed_in_as(*DRAFTERS)
def redo(request: HttpRequest, pk: int) -> HttpResponse:
    """Do again what was undone last."""
    draft = get_draft(person(request), pk)
    revision = _revision(request.POST.get("revision", ""))
    step = redo_edit(version_id=draft.pk, revision=revision, by=person(request), now=timezone.now())
    say(request, f"Did again: {_told(step, request)}")
    return to_editor(draft, on="redo")


@require_POST
@signed_in_as(*DRAFTERS)
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a draft, unless somebody edited it since ``?revision=`` was shown."""
    draft = get_draft(person(request), pk)
    revision = _revision(request.GET.get("revision", ""))
    services.discard_draft(version_id=pk, revision=revision, by=person(request), now=timezone.now())
    say(request, f"The draft of version {draft.number} is gone.")
    return redirect(f"{reverse('alignment:history')}?definition={draft.definition_id}")


def _told(step: DraftEdit, request: HttpRequest) -> str:
    return step.what + (f" (by {step.by.name})" if step.by_id != person(request).pk else "")


def _revision(given: str) -> int:
    """The revision that a form sent; 0, which no draft has, if it can't be read."""
    return int(given) if given.isdecimal() and len(given) < 10 else 0
