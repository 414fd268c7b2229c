"""Any two versions of a definition, one beside the other."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alignment.access import READERS, visible_versions
from alignment.comparison import before, compare, effect_table
from alignment.models import Version
from alignment.pages import with_parts
from alignment.querysets import active_versions
from users.access import person, signed_in_as
from users.models import User

OFFERED = 200
NO_SUCH = "Choose two versions from the lists: one of those in the address isn’t there."
OTHERS = (
    "These are versions of different definitions, which judge different leads: "
    "there is nothing to compare line by line. Choose two of the same definition."
)


@require_safe
@signed_in_as(*READERS)
def comparing(request: HttpRequest) -> HttpResponse:
    """``?old=&new=`` name the two by id; without them the version in force and the one before it."""
    viewer = person(request)
    new, old, problem = _chosen(viewer, request.GET.get("new", ""), request.GET.get("old", ""))
    context = {
        "old": old,
        "new": new,
        "problem": problem,
        "groups": _choices(viewer),
        "comparison": compare(old, new) if old and new and not problem else None,
        "effects": effect_table([old, new], timezone.now()) if old and new and not problem else None,
    }
    return render(request, "alignment/compare.html", context, status=400 if problem else 200)


def _chosen(viewer: User, new_id: str, old_id: str) -> tuple[Version | None, Version | None, str]:
    """The two versions as far as they are there, and what is wrong with the choice."""
    rows = with_parts(visible_versions(viewer))
    ids = [int(each) for each in (new_id, old_id) if each.isascii() and each.isdigit() and len(each) < 18]
    found = {str(version.pk): version for version in rows.filter(pk__in=ids)} if ids else {}
    new, old = found.get(new_id), found.get(old_id)
    if (new_id and new is None) or (old_id and old is None):
        return new, old, NO_SUCH
    if new is None:
        new = old if old is not None else with_parts(active_versions()).first()
        old = None if new is old else old
    if old is None and new is not None:
        old = with_parts(before(new)).first()
    if old and new and old.definition_id != new.definition_id:
        return new, old, OTHERS
    return new, old, ""


def _choices(viewer: User) -> dict[str, list[Version]]:
    """The versions to choose from, by the name of their definition; the youngest come first."""
    groups: dict[str, list[Version]] = {}
    rows = visible_versions(viewer).select_related("definition").order_by("definition__name", "-number")
    for version in rows.only("number", "status", "definition__name")[:OFFERED]:
        groups.setdefault(version.definition.name, []).append(version)
    return groups
