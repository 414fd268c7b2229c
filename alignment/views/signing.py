"""Do I put my name to it? The page of a proposal and what each side answers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alignment import services
from alignment.access import READERS, get_version, may_draft, may_withdraw, side_of, visible_versions
from alignment.comparison import compared, effect_table
from alignment.discussion import Discussion, discussion_of
from alignment.forms import CommentForm, DeclineForm
from alignment.history import withdrawal_of
from alignment.models import Version
from alignment.pages import with_parts
from alignment.panels import draft_panels
from alignment.querysets import active_versions
from alignment.remarks import order_remark
from alignment.services.rolling_back import can_come_back
from alignment.signatures import Box, boxes
from core.errors import Invalid
from core.toasts import say
from users.access import person, signed_in_as
from users.models import User

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*READERS)
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Reason, differences, discussion and the two boxes; a POST signs for one's side."""
    viewer = person(request)
    if request.method == "POST":
        signed = services.sign(version_id=get_version(viewer, pk).pk, by=viewer, now=timezone.now())
        say(request, _signed_in_words(signed))
        return redirect("alignment:sign", pk)
    version = get_object_or_404(with_parts(visible_versions(viewer)), pk=pk)
    if version.is_editable:
        return redirect("alignment:edit", pk)
    return _page(request, version, DeclineForm(auto_id="ask_%s"))


@require_POST
@signed_in_as(*READERS)
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for changes, which closes the proposal."""
    viewer = person(request)
    version = get_object_or_404(with_parts(visible_versions(viewer)), pk=pk)
    form = DeclineForm(request.POST, auto_id="ask_%s")
    if form.is_valid() or side_of(viewer) is None:
        try:
            services.ask_for_changes(
                version_id=pk, text=form.cleaned_data.get("text", ""), by=viewer, now=timezone.now()
            )
        except Invalid as error:
            form.add_error("text", error.message)
    if form.errors:
        return _page(request, version, form, status=UNPROCESSABLE)
    say(request, "What you ask for is kept with the version. The next draft can take it up.")
    return redirect("alignment:sign", pk)


@require_POST
@signed_in_as(*READERS)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a proposal, or what is signed and not yet in force."""
    version = get_version(person(request), pk)
    services.withdraw(version_id=version.pk, by=person(request), now=timezone.now())
    say(request, f"Version {version.number} is withdrawn.")
    return redirect("alignment:sign", pk)


def _page(request: HttpRequest, version: Version, form: DeclineForm, status: int = 200) -> HttpResponse:
    viewer = person(request)
    discussion, places = discussion_of(version, viewer), boxes(version)
    comparison = compared(version)
    is_open = version.status == Version.Status.PROPOSED and not _is_late(version)
    is_signed = version.status == Version.Status.SIGNED
    context = {
        "version": version,
        "boxes": places,
        "comparison": comparison,
        "effects": effect_table([comparison.old, version], timezone.now()) if comparison else None,
        "discussion": discussion,
        "form": CommentForm(version),
        "here": request.get_full_path() if request.method != "POST" else "",
        "decline_form": form,
        "open_side": _open_side(viewer, version, places, discussion),
        "is_open": is_open,
        "is_late": version.status == Version.Status.EXPIRED or _is_late(version),
        "withdrawal": withdrawal_of(version),
        "is_behind": _is_behind(version),
        "remark": order_remark(version) if _is_waiting(version) else "",
        "may_decline": is_open and side_of(viewer) is not None,
        "may_draft_again": (version.is_closed or _is_late(version)) and may_draft(viewer),
        "may_withdraw": (is_open or is_signed) and may_withdraw(viewer, version),
        "is_signed": is_signed,
        "may_roll_back": can_come_back(version) and may_draft(viewer),
        "panels": draft_panels(request, version) if _is_waiting(version) and may_draft(viewer) else [],
    }
    return render(request, "alignment/sign.html", context, status=status)


def _is_late(version: Version) -> bool:
    """Whether its time is up, marked or not."""
    is_open = version.status == Version.Status.PROPOSED
    return is_open and version.expires_at is not None and version.expires_at <= timezone.now()


def _is_waiting(version: Version) -> bool:
    """Whether it may come into force and hasn't yet."""
    return version.status in (Version.Status.PROPOSED, Version.Status.SIGNED)


def _is_behind(version: Version) -> bool:
    """Whether something else came into force since a waiting version was proposed."""
    if not _is_waiting(version) or not version.proposed_at:
        return False
    later = active_versions().filter(definition=version.definition_id, activated_at__gt=version.proposed_at)
    return later.exists()


def _open_side(viewer: User, version: Version, places: list[Box], discussion: Discussion) -> str:
    """The side the viewer can sign for now, as a word; empty if none."""
    side = side_of(viewer)
    free = any(box.side == side and box.signature is None for box in places)
    mine = any(box.signature and box.signature.by_id == viewer.pk for box in places)
    stopped = _is_late(version) or (discussion.objections and version.kind != Version.Kind.EMERGENCY)
    return side.label.lower() if side and free and not mine and not stopped and version.is_signable else ""


def _signed_in_words(version: Version) -> str:
    if version.signed_at is None:
        return "You have signed. The other side's name is still missing."
    if version.is_in_force:
        return f"Version {version.number} is signed by both sides."
    signed = f"Version {version.number} is signed by both sides."
    if version.activate_at and version.activate_at > timezone.now():
        return f"{signed} It counts from the time that was agreed."
    return f"{signed} It is active as soon as all leads are judged."
