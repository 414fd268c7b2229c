"""What was agreed, when, by whom and why: the versions of a definition, and the steps inside one."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alignment.access import READERS, get_version, may_draft, visible_versions
from alignment.history import chapters, entries_of, steps_of, whole
from alignment.models import Definition, Version
from users.access import person, signed_in_as

ROWS = 10


@require_safe
@signed_in_as(*READERS)
def history(request: HttpRequest) -> HttpResponse:
    """The versions of one definition, newest first; ``?definition=`` names another than the first."""
    viewer = person(request)
    seen = visible_versions(viewer)
    definitions = list(Definition.objects.filter(pk__in=seen.values("definition")).order_by("pk"))
    wanted = request.GET.get("definition", "")
    shown = next((each for each in definitions if str(each.pk) == wanted), None) or next(
        iter(definitions), None
    )
    rows = seen.filter(definition=shown).exclude(status=Version.Status.DRAFT)
    page = Paginator(whole(rows).order_by("-number"), ROWS).get_page(request.GET.get("page"))
    drafts = seen.filter(definition=shown, status=Version.Status.DRAFT)
    context = {
        "definition": shown,
        "page": page,
        "chapters": chapters(entries_of(list(page), timezone.now())),
        "drafts": drafts.select_related("author").order_by("number"),
        "may_draft": may_draft(viewer),
        "tabs": [
            {"label": each.name, "url": f"?definition={each.pk}", "is_current": each is shown}
            for each in definitions
        ],
    }
    return render(request, "alignment/history.html", context)


@require_safe
@signed_in_as(*READERS)
def edits(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what in a version, and what became of it."""
    version = get_version(person(request), pk)
    return render(request, "alignment/edits.html", {"version": version, "steps": steps_of(version)})
