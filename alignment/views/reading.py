"""What was agreed: the definition in force, any version of it, and its history."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from alignment import services
from alignment.access import DRAFTERS, INSTALLERS, READERS, get_version, may_draft, side_of, visible_versions
from alignment.models import Version
from alignment.pages import VersionPage, leads_by_criterion, version_page, with_parts
from alignment.querysets import active_versions, comments_by_criterion, waiting, waiting_beside
from alignment.shipped import TEMPLATES
from users.access import person, signed_in_as
from users.models import User


@require_safe
@signed_in_as(*READERS)
def definition(request: HttpRequest) -> HttpResponse:
    """The definition in force; with several, the one first asked unless ``?version=`` names another."""
    viewer = person(request)
    active = list(with_parts(active_versions()))
    if not active:
        return _nothing_yet(request, viewer)
    wanted = request.GET.get("version", "")
    shown = next((each for each in active if str(each.pk) == wanted), active[0])
    context = _context(viewer, version_page(shown, leads_by_criterion(shown.pk)))
    context |= {"tabs": _tabs(active, shown), "waiting": waiting_beside(shown, viewer)}
    return render(request, "alignment/version.html", context)


@require_safe
@signed_in_as(*READERS)
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """Any version, as it was agreed or proposed; a draft opens in its editor for those who draft."""
    viewer = person(request)
    shown = get_object_or_404(with_parts(visible_versions(viewer)), pk=pk)
    if shown.is_editable:
        return redirect("alignment:edit", shown.pk)
    return render(request, "alignment/version.html", _context(viewer, version_page(shown)))


@require_POST
@signed_in_as(*DRAFTERS)
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Open one's draft of this version, made now if there is none."""
    viewer = person(request)
    made = services.copy_to_draft(version=get_version(viewer, pk), by=viewer, now=timezone.now())
    return redirect("alignment:edit", made.pk)


def _nothing_yet(request: HttpRequest, viewer: User) -> HttpResponse:
    context = {
        "may_install": viewer.role in INSTALLERS,
        "may_draft": may_draft(viewer),
        "whole": [template for template in TEMPLATES if template.is_whole],
        "waiting": waiting(viewer),
    }
    return render(request, "alignment/none.html", context)


def _context(viewer: User, page: VersionPage) -> dict[str, object]:
    signed_for = {box.side for box in page.boxes if box.signature}
    side = side_of(viewer)
    return {
        "page": page,
        "version": page.version,
        "said": comments_by_criterion(page.version.pk),
        "may_draft": may_draft(viewer),
        "may_sign": page.version.is_signable and side is not None and side not in signed_for,
    }


def _tabs(active: list[Version], shown: Version) -> list[dict[str, object]]:
    if len(active) == 1:
        return []
    return [
        {"label": each.definition.name, "url": f"?version={each.pk}", "is_current": each is shown}
        for each in active
    ]
