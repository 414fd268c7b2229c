"""Errors for people become answers: the message of an ApplicationError is shown as it is."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from core.errors import ApplicationError
from core.responses import error_response


class ApplicationErrorMiddleware:
    """Answer an ApplicationError that a view raised with its status, in the form that was asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ApplicationError):
            return error_response(request, exception)
        return None
