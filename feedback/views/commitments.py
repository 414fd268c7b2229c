"""What marketing and sales owe each other, this month and in the months before."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alignment.access import may_draft, visible_versions
from alignment.querysets import active_versions
from feedback.reports.commitments import MARKETING, SALES, Line, commitments
from users.access import person, signed_in_as
from users.models import MARKETING as MARKETERS
from users.models import Organisation, Role

READERS = (*MARKETERS, Role.SALES_MANAGER, Role.MEDIATOR, Role.EXECUTIVE, Role.ADMIN)


@require_safe
@signed_in_as(*READERS)
def page(request: HttpRequest) -> HttpResponse:
    """Both sides of the agreement; each figure leads to its leads, but for those who may read none."""
    viewer = person(request)
    lines = commitments(now=timezone.now(), zone=Organisation.current().tz)
    context = {
        "sides": [
            ("Marketing owes", _of(lines, MARKETING)),
            ("Sales owes", _of(lines, SALES)),
        ],
        "lines": lines,
        "months": [month.first for month in lines[0].months] if lines else [],
        "short": sum(line.now.standing.is_bad for line in lines),
        "may_read": viewer.role != Role.EXECUTIVE,
        "may_draft": may_draft(viewer),
        "version": visible_versions(viewer).filter(pk__in=active_versions().values("pk")).first(),
        "has_several": len({line.version.pk for line in lines}) > 1,
    }
    return render(request, "feedback/commitments.html", context)


def _of(lines: list[Line], kinds: tuple[str, ...]) -> list[Line]:
    return [line for line in lines if line.kind in kinds]
