"""One shape for all errors of the API: ``{"error": {code, message, problems: [{where, message}]}}``."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as rest_handler

from core.errors import ApplicationError, Problem
from core.responses import error_body

CODES = {
    400: "invalid",
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: "conflict",
    413: "too_large",
    415: "unsupported_media_type",
    422: "key_reused",
    429: "too_many_requests",
}
SIGN_IN = "Send a token as “Authorization: Bearer bantam_...”. You make one under Your settings, API tokens."


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's errors and ours in the one shape; anything else stays a failure of the server."""
    if isinstance(error, ApplicationError):
        error = _as_rest(error)
    response = rest_handler(error, context)
    if response is None:
        return None
    code = getattr(error, "application_code", CODES.get(response.status_code, "invalid"))
    problems = getattr(error, "application_problems", None)
    if problems is None:
        problems = tuple(problems_in(response.data)) if isinstance(error, exceptions.ValidationError) else ()
    response.data = error_body(code, _message(error), problems)
    return response


def _as_rest(error: ApplicationError) -> exceptions.APIException:
    """Through REST framework's own way, so that it rolls back and sets headers as for its own errors."""
    rest = exceptions.APIException(error.message)
    rest.status_code = error.status
    rest.application_code = error.code  # type: ignore[attr-defined]  # carried to the body above
    rest.application_problems = error.problems  # type: ignore[attr-defined]  # the same
    return rest


def _message(error: Exception) -> str:
    if isinstance(error, Http404):
        return "There is nothing here, or nothing that you may see."
    if isinstance(error, PermissionDenied):
        return "You may not do this."
    if isinstance(error, exceptions.ValidationError):
        return "The request has values that can't be used; see problems."
    if isinstance(error, exceptions.NotAuthenticated):
        return SIGN_IN
    return str(getattr(error, "detail", error))


def problems_in(data: Any, where: str = "") -> Iterator[Problem]:
    """Flatten REST framework's nested validation errors to problems located by path, as rows.2.age."""
    if isinstance(data, dict):
        for name, inner in data.items():
            general = name == "non_field_errors"
            yield from problems_in(inner, where if general else f"{where}.{str(name)[:80]}".lstrip("."))
    elif isinstance(data, list):
        for place, inner in enumerate(data):
            nested = isinstance(inner, dict | list)
            yield from problems_in(inner, f"{where}.{place}".lstrip(".") if nested else where)
    else:
        yield Problem(str(data), where)
