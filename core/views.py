"""Pages of no app: health, and the errors that Django itself finds."""

import logging

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.broker import is_reachable
from core.errors import ApplicationError, Invalid, NotAllowed, TooLarge
from core.pulse import watch
from core.responses import TITLES, error_body, error_response, wants_json

logger = logging.getLogger(__name__)

BROKEN = "Something broke on our side, and nothing half-done was kept. If it stays so, tell your admin."
BROKEN_PAGE = f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{TITLES[500]}</title></head>
<body><main><h1>{TITLES[500]}</h1><p>{BROKEN}</p><p><a href="/">To your first page</a></p></main></body>
</html>
"""


@never_cache
@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the database answers, else 503.

    A missing broker and background work that stands still are told, but are no failure of the web.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        still = watch.still_since(timezone.now())
    except DatabaseError:
        logger.exception("The database does not answer.")
        return JsonResponse({"database": "away"}, status=503)
    broker = "in process" if settings.EMBEDDED else "ok" if is_reachable() else "away"
    work = "ok" if still is None else f"still since {still.isoformat()}"
    return JsonResponse({"database": "ok", "broker": broker, "work": work})


class NotFound(ApplicationError):
    """Nothing stands at the address, or nothing that this person may see."""

    code = "not_found"
    status = 404


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's 404: the same page whether a row is missing or hidden."""
    message = "There is nothing at this address, or nothing that you may see."
    return error_response(request, NotFound(message))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's 403."""
    return error_response(request, NotAllowed(str(exception) or "You may not do this."))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's 400, or 413; what was wrong is in the log, for it may be an attack."""
    if isinstance(exception, RequestDataTooBig):
        return error_response(request, TooLarge("That is more text than a form can take. Shorten it."))
    return error_response(request, Invalid("The request could not be read. Go back and try again."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was not ours, or that waited until its sign-in was over."""
    message = "This form is out of date. Load the page again, then send it once more; nothing was changed."
    return error_response(request, NotAllowed(message))


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's 500: as plain as can be, because anything may be broken."""
    if wants_json(request):
        return JsonResponse(error_body("server_error", BROKEN), status=500)
    return HttpResponse(BROKEN_PAGE, status=500)
