"""A form that is refused comes back with what was typed and the error at its field, whatever page sent it.

A dialog posts to an address of its own. The view wraps what it does in ``asking(form, …)``: a value
that the form or the service refuses is answered by a page with the same form, so that nothing typed
is lost without JavaScript either. htmx leaves the dialog open and gets the message alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.errors import ApplicationError, Conflict, Invalid, Problem
from core.redirects import is_ours

UNPROCESSABLE = 422


class Refused(ApplicationError):
    """What was typed can't be taken as it is; ``form`` carries it with the errors.

    ``status`` is the one of a plain error: 400, or 409 where the state changed meanwhile.
    """

    def __init__(
        self, cause: ApplicationError, form: forms.Form, *, title: str, verb: str, back: str
    ) -> None:
        super().__init__(cause.message, problems=cause.problems)
        self.code, self.status = cause.code, cause.status
        self.form, self.title, self.verb, self.back = form, title, verb, back


@contextmanager
def asking(form: forms.Form, *, title: str, verb: str, back: str) -> Iterator[dict[str, Any]]:
    """Give the valid form's values to the block; Refused if the form or a service in it refuses them.

    ``title`` heads the page on which the form comes back, ``verb`` stands on its button, ``back`` is the
    address of the page to return to without saving (the form's ``next`` comes before it).
    """
    again = {"title": title, "verb": verb, "back": back}
    if not form.is_valid():
        raise Refused(_invalid(form), form, **again)
    try:
        yield form.cleaned_data
    except (Invalid, Conflict) as error:
        add_problems(form, error)
        raise Refused(error, form, **again) from error


def add_problems(form: forms.BaseForm, error: ApplicationError) -> None:
    """Put what a service refused beside the fields it is about (``company.name`` is ``company_name``)."""
    for problem in error.problems:
        name = problem.where.replace(".", "_")
        form.add_error(name if name in form.fields else None, problem.message)
    if not error.problems:
        form.add_error(None, error.message)


def form_page(request: HttpRequest, error: Refused) -> HttpResponse:
    """The page with the form as it was sent: 422, or 409 where another value would not help."""
    form = error.form
    hidden = [message for field in form.hidden_fields() for message in field.errors]
    target = request.POST.get("next", "")
    context = {
        "form": form,
        "title": error.title,
        "verb": error.verb,
        "problems": [*form.non_field_errors(), *hidden],
        "next": target,
        "back": target if is_ours(request, target) else error.back,
        "is_over": error.status == Conflict.status,
    }
    status = UNPROCESSABLE if error.status == Invalid.status else error.status
    return render(request, "form.html", context, status=status)


def _invalid(form: forms.Form) -> Invalid:
    problems = tuple(
        Problem(str(message), "" if field == "__all__" else field)
        for field, messages in form.errors.items()
        for message in messages
    )
    return Invalid(problems[0].message, problems=problems)
