"""Short notices after an action, each with its undo where there is one."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

UNDO = "undo:"
LEAVES_THE_PAGE = ("HX-Redirect", "HX-Refresh", "HX-Location")


def say(request: HttpRequest, text: str, *, level: int = messages.SUCCESS, undo_url: str = "") -> None:
    """Show ``text`` on the page that comes next; ``undo_url`` takes a POST that takes it back."""
    messages.add_message(request, level, text, extra_tags=f"{UNDO}{undo_url}" if undo_url else "")


class ToastsMiddleware:
    """Send waiting notices along with an htmx fragment; whole pages show them by themselves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _takes_toasts(request, response) and (waiting := list(messages.get_messages(request))):
            fragment = render_to_string("components/toasts_fragment.html", {"messages": waiting}, request)
            response.content += fragment.encode()
        return response


def _takes_toasts(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        "HX-Request" in request.headers
        and "HX-Boosted" not in request.headers
        and response.status_code in (200, 422)
        and not response.streaming
        and response.headers.get("Content-Type", "").startswith("text/html")
        and not any(header in response.headers for header in LEAVES_THE_PAGE)
    )
