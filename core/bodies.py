"""How large a request's body may be, decided before any of it is read.

A stranger can send little; who is signed in may upload a file. The embedded server, which keeps a
body before the application sees the request, asks the same question (config/embedded.py).
"""

from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse

from core.errors import TooLarge
from core.responses import error_response, wants_json

STRANGERS = 1_000_000
"""Bytes of a form that needs no sign-in."""
TOKENS = 5_500_000
"""Bytes of a body of the API, which says itself what is more than 5 MB of JSON."""
SIGNED_IN = 53_000_000
"""Bytes of a page's form: the largest file of an import, 50 MB (52,428,800 bytes), and its fields."""

FOR_STRANGERS = "Without a sign-in nothing larger than 1 MB can be sent. Sign in first; nothing was kept."
FOR_TOKENS = "A request to the API has at most 5 MB. Send it in parts; nothing was kept."
FOR_ALL = "At most 50 MB can be sent at once. Split the file into parts; nothing was kept."
MESSAGES = {STRANGERS: FOR_STRANGERS, TOKENS: FOR_TOKENS, SIGNED_IN: FOR_ALL}


class BodyLimitMiddleware:
    """Answer 413, unread, to a body that is larger than its sender may send. Stands behind the session's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        size = int(length) if length.isdecimal() else 0
        if size > STRANGERS:
            is_signed_in = SESSION_KEY in request.session
            most = TOKENS if wants_json(request) else SIGNED_IN if is_signed_in else STRANGERS
            if size > most:
                return error_response(request, TooLarge(MESSAGES[most]))
        return self.get_response(request)


def most_for(cookie: str, authorization: str) -> int:
    """Bytes that a request with these headers may send, whatever its address; reads the session it names."""
    if is_session(cookie):
        return SIGNED_IN
    return TOKENS if authorization else STRANGERS


def is_session(cookie: str) -> bool:
    """Whether the header names the session of somebody who is signed in."""
    try:
        found = SimpleCookie(cookie).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return False
    if found is None:
        return False
    store = import_module(settings.SESSION_ENGINE).SessionStore(found.value)
    return SESSION_KEY in store
