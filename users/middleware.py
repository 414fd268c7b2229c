"""Each request needs a signed-in person unless its view says otherwise, and shows times in their zone."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from users.access import to_sign_in
from users.organisation import answering, zone_of


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Send anonymous requests to sign in, unless the view is marked ``login_not_required``.

    So a view that forgot its guard is closed, not open. The API's views answer for themselves.
    """

    def handle_no_permission(  # type: ignore[override]  # htmx needs an answer that is no redirect
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponse:
        return to_sign_in(request)


class ViewerZoneMiddleware:
    """Activate the signed-in person's zone, else the organisation's, which is read at most once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with answering(request):
            if not request.user.is_authenticated:
                return self.get_response(request)
            with timezone.override(zone_of(request)):
                return self.get_response(request)
