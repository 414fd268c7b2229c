"""Errors for people become answers with their message as it is; answers are kept nowhere."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from core.asking import Refused, form_page
from core.errors import ApplicationError
from core.responses import error_response


class NotKeptMiddleware:
    """Ask browsers and proxies to keep no answer that doesn't speak of it itself.

    So after signing out the back button shows nothing. A 304 leaves what was said with its page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.NOT_MODIFIED:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class ApplicationErrorMiddleware:
    """Answer an ApplicationError that a view raised with its status, in the form that was asked for.

    A form that was refused comes back as a page, unless htmx has it on the screen still.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused) and not getattr(request, "htmx", False):
            return form_page(request, exception)
        if isinstance(exception, ApplicationError):
            return error_response(request, exception)
        return None
