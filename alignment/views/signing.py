"""Do I put my name to it? The page of a proposal and what each side answers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alignment import services
from alignment.access import READERS, get_version, may_withdraw, side_of, visible_versions
from alignment.forms import CommentForm
from alignment.models import Version
from alignment.pages import Box, boxes, changes_by_section, with_parts
from alignment.querysets import active_versions
from core.errors import Invalid
from core.toasts import say
from users.access import person, signed_in_as
from users.models import User


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*READERS)
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Reason, differences, comments and the two boxes; a POST signs for one's side."""
    viewer = person(request)
    version = get_object_or_404(with_parts(visible_versions(viewer)), pk=pk)
    if request.method == "POST":
        signed = services.sign(version_id=version.pk, by=viewer, now=timezone.now())
        say(request, _signed_in_words(signed))
        return redirect("alignment:sign", pk)
    if version.is_editable:
        return redirect("alignment:edit", pk)
    return render(request, "alignment/sign.html", _context(viewer, version))


def _context(viewer: User, version: Version) -> dict[str, object]:
    places = boxes(version)
    older = _compared_with(version)
    return {
        "version": version,
        "boxes": places,
        "older": older,
        "sections": changes_by_section(older, version) if older else [],
        "comments": version.comments.select_related("by"),
        "form": CommentForm(),
        "open_side": _open_side(viewer, version, places),
        "is_open": version.status == Version.Status.PROPOSED,
        "may_decline": version.status == Version.Status.PROPOSED and side_of(viewer) is not None,
        "may_withdraw": version.status == Version.Status.PROPOSED and may_withdraw(viewer, version),
    }


def _compared_with(version: Version) -> Version | None:
    """A proposal is held against what is in force, anything later against what it was copied from."""
    waiting = version.status in (Version.Status.PROPOSED, Version.Status.SIGNED)
    older = active_versions().filter(definition=version.definition_id) if waiting else None
    if older is None and version.based_on_id:
        older = Version.objects.filter(pk=version.based_on_id)
    return with_parts(older).first() if older is not None else None


def _open_side(viewer: User, version: Version, places: list[Box]) -> str:
    """The side the viewer can sign for now, as a word; empty if none."""
    side = side_of(viewer)
    free = any(box.side == side and box.signature is None for box in places)
    mine = any(box.signature and box.signature.by_id == viewer.pk for box in places)
    return side.label.lower() if side and free and not mine and version.is_signable else ""


def _signed_in_words(version: Version) -> str:
    if version.signed_at is None:
        return "You have signed. The other side's name is still missing."
    if version.is_in_force:
        return f"Version {version.number} is signed by both sides."
    return f"Version {version.number} is signed by both sides. It is active as soon as all leads are judged."


@require_POST
@signed_in_as(*READERS)
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for changes, which closes the proposal."""
    version = get_version(person(request), pk)
    services.ask_for_changes(
        version_id=version.pk, text=_text(request), by=person(request), now=timezone.now()
    )
    say(request, "Your comment is kept with the version. The next draft can take it up.")
    return redirect("alignment:sign", pk)


@require_POST
@signed_in_as(*READERS)
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something of a version."""
    version = get_version(person(request), pk)
    services.comment(version_id=version.pk, text=_text(request), by=person(request), now=timezone.now())
    return redirect("alignment:sign", pk)


@require_POST
@signed_in_as(*READERS)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a proposal back."""
    version = get_version(person(request), pk)
    services.withdraw(version_id=version.pk, by=person(request), now=timezone.now())
    say(request, f"Version {version.number} is withdrawn.")
    return redirect("alignment:sign", pk)


def _text(request: HttpRequest) -> str:
    form = CommentForm(request.POST)
    if not form.is_valid():
        raise Invalid(str(form.errors["text"][0]))
    return str(form.cleaned_data["text"])
