"""Custom fields: the list, the page of one, and what makes, changes, retires and brings one back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.asking import add_problems
from core.errors import ApplicationError
from core.hooks import FieldUse, hooks
from core.tasks import hint
from core.toasts import say
from leads import services, tasks
from leads.access import get_field
from leads.counting import Counted
from leads.custom.counting import value_counts
from leads.custom.forms import FieldForm, KeptForm, initial_of
from leads.custom.suggesting import KeptColumn, kept_columns
from leads.forms import posted
from leads.models import CustomField, FieldRun
from users.access import person, signed_in_as
from users.models import Role


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field of the list with how many leads have it and where conditions ask for it."""

    field: CustomField
    counted: Counted | None
    uses: Sequence[FieldUse]


@require_safe
@signed_in_as(Role.ADMIN)
def field_list(request: HttpRequest) -> HttpResponse:
    """The fields in use and the retired ones; below, columns that imports kept."""
    rows = list(CustomField.objects.all())
    counts, uses = value_counts(rows), _uses()
    shown = [FieldRow(row, counts.get(row.pk), uses.get(row.key, ())) for row in rows]
    context = {
        "rows": [each for each in shown if each.field.retired_at is None],
        "retired": [each for each in shown if each.field.retired_at is not None],
        "columns": kept_columns(row for row in rows if row.retired_at is None),
    }
    return render(request, "leads/fields.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(Role.ADMIN)
def field_new(request: HttpRequest) -> HttpResponse:
    """Add a field; with ``?column=`` one that takes over what imports kept under that header."""
    named = request.POST.get("column") or request.GET.get("column", "")
    column = _column(named) if named else None
    form = KeptForm(posted(request), initial=_proposal(column)) if column else FieldForm(posted(request))
    if request.method == "POST" and form.is_valid():
        kept = None
        if column:
            kept = services.Kept(headers=column.headers, date_order=form.cleaned_data["date_order"])
        try:
            row = services.create_field(
                content=form.content(), by=person(request), now=timezone.now(), kept=kept
            )
        except ApplicationError as error:
            add_problems(form, error)
        else:
            hint(tasks.run_fields)
            say(request, f"The field {row} is there. Criteria, imports and leads have it from now on.")
            return redirect("leads:field", pk=row.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "leads/field_new.html", {"form": form, "column": column}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(Role.ADMIN)
def field(request: HttpRequest, pk: int) -> HttpResponse:
    """One field: its form, where it is asked for, and the work it makes on leads."""
    row = get_field(person(request), pk)
    form = FieldForm(posted(request), initial=initial_of(row))
    status, asks_again = 200, False
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.update_field(
                    field=row,
                    content=form.content(),
                    by=person(request),
                    now=timezone.now(),
                    seen_at=form.cleaned_data["seen_at"],
                    is_sure="is_sure" in request.POST,
                )
            except ApplicationError as error:
                add_problems(form, error)
                asks_again = any(each.where == "choices" for each in error.problems)
                status = 409 if error.status == 409 else 422
            else:
                hint(tasks.run_fields)
                say(request, "Saved.")
                return redirect("leads:field", pk=pk)
    context = {"form": form, "asks_again": asks_again, "uses": _uses().get(row.key, ()), **_work(row)}
    return render(request, "leads/field.html", context, status=status)


@require_safe
@signed_in_as(Role.ADMIN)
def field_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The work of a field alone; its page asks for it every second while it runs."""
    return render(request, "leads/_field_work.html", _work(get_field(person(request), pk)))


@require_POST
@signed_in_as(Role.ADMIN)
def field_retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a field out of use."""
    row = services.retire_field(field=get_field(person(request), pk), by=person(request), now=timezone.now())
    hint(tasks.run_fields)
    say(request, f"{row} is retired. Its values stay.", undo_url=reverse("leads:field_restore", args=[pk]))
    return redirect("leads:fields")


@require_POST
@signed_in_as(Role.ADMIN)
def field_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a retired field back."""
    row = services.restore_field(field=get_field(person(request), pk), by=person(request), now=timezone.now())
    hint(tasks.run_fields)
    say(request, f"{row} is back, with the values that it had.")
    return redirect("leads:field", pk=pk)


@require_POST
@signed_in_as(Role.ADMIN)
def field_move(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up (``to=up``) or down."""
    row = get_field(person(request), pk)
    is_up = request.POST.get("to") == "up"
    services.move_field(field=row, is_up=is_up, by=person(request), now=timezone.now())
    return redirect("leads:fields")


def _uses() -> Mapping[str, Sequence[FieldUse]]:
    found: dict[str, list[FieldUse]] = {}
    for ask in hooks.field_uses:
        for key, uses in ask().items():
            found.setdefault(key, []).extend(uses)
    return found


def _work(row: CustomField) -> dict[str, Any]:
    run = row.runs.first()
    return {"field": row, "run": run, "is_running": run is not None and run.state == FieldRun.State.RUNNING}


def _column(header: str) -> KeptColumn:
    """The kept column of that header; one that no recent import has is taken by its name alone."""
    in_use = CustomField.objects.filter(retired_at=None)
    known = next((each for each in kept_columns(in_use) if header in each.headers), None)
    return known or KeptColumn(header[:200], [header[:200]])


def _proposal(column: KeptColumn) -> dict[str, Any]:
    headers = [each for each in column.headers if each != column.header]
    return {
        "label": column.header[:80],
        "type": column.type.value,
        "headers": "\n".join(headers),
        "column": column.header,
    }
