"""How good is the base? Grades and points of all leads, now, over the weeks and in groups."""

import csv

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core.redirects import back
from core.tasks import hint
from core.toasts import say
from leads.views.imports import harmless
from scoring import tasks
from scoring.distribution.access import COUNTERS, READERS, sees_leads
from scoring.distribution.axes import AXES
from scoring.distribution.choices import Asked
from scoring.distribution.counting import EVERY, counted
from scoring.distribution.figures import FEWEST, GRADES
from scoring.distribution.groups import Links, rows
from scoring.distribution.page import last_refresh, page_of
from users.access import person, signed_in_as
from users.models import Organisation

FILE_COLUMNS = ("No grade", "A or B", "Sales-ready", "Sales-ready share", "Mean points")
MINUTES = int(EVERY.total_seconds() // 60)


@require_safe
@signed_in_as(*READERS)
def grades(request: HttpRequest) -> HttpResponse:
    """The page; a large base that was never counted is counted by a worker."""
    viewer, now = person(request), timezone.now()
    asked = Asked.read(request.GET.dict())
    found = counted(now=now)
    shown = None
    if found is None:
        hint(tasks.count_grades, now.isoformat())
    else:
        zone = Organisation.current().tz
        shown = page_of(found, asked, is_open=sees_leads(viewer), now=now, zone=zone)
    context = {
        "page": shown,
        "refresh": last_refresh(),
        "minutes": MINUTES,
        "fewest": FEWEST,
        "may_count": viewer.role in COUNTERS,
        "here": request.get_full_path(),
    }
    return render(request, "scoring/distribution.html", context)


@require_safe
@signed_in_as(*READERS)
def grades_file(request: HttpRequest) -> HttpResponse:
    """The table of groups as CSV; no cell can become a formula. Shares of few leads are left blank."""
    asked = Asked.read(request.GET.dict())
    found = counted(now=timezone.now())
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="grades-by-{asked.by}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    at = "" if found is None else found.at.isoformat(timespec="seconds")
    writer.writerow([AXES[asked.by].name, "Leads", *GRADES, *FILE_COLUMNS, f"Counted at {at}"])
    for row in rows(found.lines, asked, Links(is_open=False)) if found else ():
        split = row.split
        counts = [split.leads, *map(split.of, GRADES), split.ungraded]
        shares = [_share(each, split.is_few) for each in (split.good_share, split.ready_share, split.mean)]
        writer.writerow([harmless(row.name), *counts, shares[0], split.ready, *shares[1:]])
    return response


@require_POST
@signed_in_as(*COUNTERS)
def count_grades(request: HttpRequest) -> HttpResponse:
    """Have a large base counted again by a worker; asked often, it counts once."""
    hint(tasks.count_grades, timezone.now().isoformat())
    say(request, "The leads are being counted again. Load this page anew in a moment.")
    return back(request, "scoring:grades")


def _share(value: float | None, is_few: bool) -> str:
    return "" if value is None or is_few else f"{value:.4g}"
