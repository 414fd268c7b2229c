"""Imports: upload, mapping, progress, result and what was left out."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.asking import add_problems
from core.display import duration
from core.errors import ApplicationError
from core.tasks import hint
from core.toasts import say
from leads import tasks
from leads.access import IMPORTERS, get_job
from leads.forms import UploadForm, posted
from leads.imports import jobs
from leads.imports.decoding import MAX_BYTES
from leads.imports.offered import targets
from leads.imports.targets import LEFT_OUT
from leads.models import ImportJob
from users.access import person, signed_in_as

LISTED = 20
SHOWN_PROBLEMS = 50
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What begins a formula; the last four are the wide forms, which East Asian spreadsheets take as well."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file on the mapping page."""

    place: int
    header: str
    samples: list[str]
    target: str
    problem: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*IMPORTERS)
def imports(request: HttpRequest) -> HttpResponse:
    """Choose a file; below, the imports so far."""
    form = UploadForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            content = file.read(MAX_BYTES + 1)
            job = jobs.upload(content=content, file_name=file.name, by=person(request), now=timezone.now())
        except ApplicationError as error:
            add_problems(form, error)
        else:
            return redirect("leads:import", pk=job.pk)
    earlier = ImportJob.objects.defer("content", "preview").select_related("author")[:LISTED]
    status = 422 if request.method == "POST" else 200
    return render(request, "leads/imports.html", {"form": form, "earlier": earlier}, status=status)


@require_safe
@signed_in_as(*IMPORTERS)
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """The mapping of a new import, else its progress or result."""
    shown = get_job(person(request), pk)
    if shown.state != ImportJob.State.UPLOADED:
        return render(request, "leads/import.html", _progress(shown))
    return render(request, "leads/import_mapping.html", _mapping(shown))


def _mapping(shown: ImportJob) -> dict[str, Any]:
    trial = jobs.trial(shown)
    columns = [
        Column(
            place,
            header,
            [row[place] for row in shown.preview if place < len(row) and row[place].strip()][:3],
            shown.mapping.get(str(place), ""),
            trial.get(header, ""),
        )
        for place, header in enumerate(shown.header)
    ]
    groups: dict[str, list[tuple[str, str]]] = {}
    for target in targets(shown.kind).values():
        groups.setdefault(target.group, []).append((target.key, target.label))
    mapped = sum(bool(column.target) for column in columns)
    return {"job": shown, "columns": columns, "groups": groups, "mapped": mapped, "left_out": LEFT_OUT}


def _progress(shown: ImportJob) -> dict[str, Any]:
    running = shown.state in (ImportJob.State.QUEUED, ImportJob.State.RUNNING)
    done = shown.created + shown.updated + shown.unchanged + shown.left_out
    problems = shown.problems.all()
    return {
        "job": shown,
        "is_running": running,
        "done": min(done, shown.rows),
        "left": _time_left(shown, done, timezone.now()) if running else "",
        "problems": [] if running else problems[:SHOWN_PROBLEMS],
        "problem_count": 0 if running else problems.count(),
    }


def _time_left(shown: ImportJob, done: int, now: datetime) -> str:
    if not done or shown.started_at is None or done >= shown.rows:
        return ""
    seconds = (now - shown.started_at).total_seconds() / done * (shown.rows - done)
    return f"about {duration(seconds / 60)} left" if seconds >= 60 else "less than a minute left"


@require_safe
@signed_in_as(*IMPORTERS)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The state of an import alone; the page asks for it every second while it runs."""
    return render(request, "leads/_import_state.html", _progress(get_job(person(request), pk)))


@require_POST
@signed_in_as(*IMPORTERS)
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the mapping, and start unless only the kind was switched."""
    shown = get_job(person(request), pk)
    kind = request.POST.get("kind", shown.kind)
    mapping = {place: request.POST.get(f"column-{place}", "") for place in range(len(shown.header))}
    if kind != shown.kind:
        mapping = {place: key for place, key in mapping.items() if key in (LEFT_OUT, *targets(kind))}
    options = {
        "date_order": request.POST.get("date_order", ""),
        "numbers_rows": "numbers_rows" in request.POST,
    }
    try:
        system = request.POST.get("system", "")
        saved = jobs.set_mapping(job=shown, kind=kind, mapping=mapping, system=system, options=options)
        if kind == shown.kind and "save" not in request.POST:
            jobs.start(job=saved, by=person(request), now=timezone.now())
            hint(tasks.run_import, shown.pk)
    except ApplicationError as error:
        if error.status != 400:
            raise
        known = (LEFT_OUT, *targets(shown.kind))
        shown.mapping = {str(place): key for place, key in mapping.items() if key in known}
        context = _mapping(shown) | {"error": error.message}
        return render(request, "leads/import_mapping.html", context, status=422)
    return redirect("leads:import", pk=pk)


@require_POST
@signed_in_as(*IMPORTERS)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop an import; the rows that are in stay."""
    jobs.cancel(job=get_job(person(request), pk), by=person(request), now=timezone.now())
    say(request, "The import was cancelled. Rows that were in already stay.")
    return redirect("leads:import", pk=pk)


@require_safe
@signed_in_as(*IMPORTERS)
def problems(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Everything that was left out, as CSV; no cell can become a formula."""
    shown = get_job(person(request), pk)
    response = StreamingHttpResponse(_lines(shown), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{shown.pk}-left-out.csv"'
    return response


class _Echo:
    def write(self, line: str) -> str:
        return line


def _lines(shown: ImportJob) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(["Row", "Column", "Value", "Reason", "Left out"])
    for each in shown.problems.iterator(chunk_size=1_000):
        what = "whole row" if each.is_row_left_out else "this value"
        yield writer.writerow([each.row, *map(harmless, (each.column, each.value, each.reason)), what])


def harmless(cell: str) -> str:
    """``cell`` so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_MARKS) else cell
