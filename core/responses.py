"""How an error looks: a page, a fragment for htmx, or the one JSON shape of the API."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from core.errors import ApplicationError, Problem

TITLES = {
    400: "That can't be done as asked",
    403: "You may not do this",
    404: "Nothing here",
    413: "That is too large",
    409: "Somebody was faster, or it has changed",
    500: "Something broke on our side",
}


def error_body(code: str, message: str, problems: Iterable[Problem] = ()) -> dict[str, Any]:
    """The body of every error of the API."""
    listed = [{"where": problem.where, "message": problem.message} for problem in problems]
    return {"error": {"code": code, "message": message, "problems": listed}}


def wants_json(request: HttpRequest) -> bool:
    """Whether the request came to the API."""
    return request.path.startswith("/api/")


def error_response(request: HttpRequest, error: ApplicationError) -> HttpResponse:
    """``error`` with its status, in the form that the request can show."""
    if wants_json(request):
        body = error_body(error.code, error.message, error.problems)
        return JsonResponse(body, status=error.status)
    title = TITLES.get(error.status, TITLES[400])
    user = getattr(request, "user", None)
    context = {
        "title": title,
        "message": error.message,
        "problems": [each for each in error.problems if each.message not in error.message],
        "layout": "layout/base.html" if user is not None and user.is_authenticated else "layout/plain.html",
    }
    template = "_error.html" if getattr(request, "htmx", False) else "error.html"
    return render(request, template, context, status=error.status)
