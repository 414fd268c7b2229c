"""Definitions come and go as files, and begin from a template."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alignment import services
from alignment.access import DRAFTERS, INSTALLERS, READERS, get_version
from alignment.document import Document, file_of, read_file
from alignment.forms.documents import ImportForm, StartForm
from alignment.models import Version
from alignment.shipped import BANT, TEMPLATES
from core.errors import Conflict, Invalid, Problem
from core.toasts import say
from users.access import person, signed_in_as
from users.models import User

UNPROCESSABLE = 422


@require_safe
@signed_in_as(*READERS)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """A version as a file to keep, to compare in Git, or to import elsewhere."""
    version = get_version(person(request), pk)
    name = f"{slugify(version.definition.name) or 'definition'}-v{version.number}.yaml"
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(
        file_of(version),
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": disposition},
    )


@require_POST
@signed_in_as(*INSTALLERS)
def install(request: HttpRequest) -> HttpResponse:
    """The first definition, from a template: in force at once, and unsigned."""
    key = request.POST.get("template", BANT.key)
    template = next((each for each in TEMPLATES if each.key == key), None)
    if template is None:
        raise Invalid("There is no such template. Choose one of those on the page.")
    services.install_template(by=person(request), now=timezone.now(), template=template)
    say(request, "Version 1 is active. It is unsigned until both sides put their names to it.")
    return redirect("alignment:definition")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*DRAFTERS)
def new(request: HttpRequest) -> HttpResponse:
    """Start a definition from a template: a draft, which judges nobody before both sides have signed."""
    form = StartForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            draft = services.start_definition(
                name=form.cleaned_data["name"],
                document=form.chosen.document,
                before=form.cleaned_data.get("before"),
                by=person(request),
                now=timezone.now(),
            )
        except Invalid as error:
            _show(form, error.problems)
        else:
            return _to_editor(request, draft)
    return _page(request, start=form)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_as(*DRAFTERS)
def import_file(request: HttpRequest) -> HttpResponse:
    """Start a draft from a file. A file that can't be read says where, and writes nothing."""
    if request.method != "POST":
        return _page(request, file=ImportForm(initial={"into": request.GET.get("into", "")}))
    form = ImportForm(request.POST, request.FILES)
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        try:
            document = read_file(form.cleaned_data["file"])
        except Invalid as error:
            problems = error.problems
        else:
            draft = _imported(form, document, person(request))
            if draft is not None:
                return _to_editor(request, draft)
    return _page(request, file=form, problems=problems)


def _imported(form: ImportForm, document: Document, by: User) -> Version | None:
    """The draft; None where the form says why there is none."""
    into, now = form.cleaned_data["into"], timezone.now()
    try:
        if into is not None:
            return services.draft_from_document(definition_id=into, document=document, by=by, now=now)
        name = form.cleaned_data["name"] or document.name
        return services.start_definition(name=name, document=document, by=by, now=now)
    except Conflict as error:
        form.add_error("into", error.message)
    except Invalid as error:
        _show(form, error.problems)
    return None


def _show(form: forms.Form, problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        form.add_error(problem.where if problem.where in form.fields else None, problem.message)


def _to_editor(request: HttpRequest, draft: Version) -> HttpResponse:
    say(request, f"“{draft.definition}” has a draft now. It judges nobody before both sides have signed.")
    return redirect("alignment:edit", draft.pk)


def _page(
    request: HttpRequest,
    *,
    start: StartForm | None = None,
    file: ImportForm | None = None,
    problems: tuple[Problem, ...] = (),
) -> HttpResponse:
    context: dict[str, Any] = {
        "start": start or StartForm(),
        "file": file or ImportForm(),
        "templates": TEMPLATES,
        "problems": problems,
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "alignment/new.html", context, status=status)
