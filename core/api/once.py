"""``Idempotency-Key``: a write that is sent again is answered as the first time and not done again."""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import Invalid, KeyReused
from core.models import IdempotentRequest
from core.repeats import ANSWERS_KEPT

LONGEST = 255
NOTHING = hashlib.sha256(b"").hexdigest()
View = TypeVar("View")
Rest = ParamSpec("Rest")
Handler = Callable[Concatenate[View, Request, Rest], Response]
PARAMETER = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description="A text of your choice that names this write. Sent again within 24 hours with the same "
    "body, it is answered as the first time, with `Idempotency-Replayed: true`, and not done again.",
)


def once(handler: Handler[View, Rest]) -> Handler[View, Rest]:
    """Do a write at most once for each key of a person, for 24 hours.

    The key is written in the transaction of the write: an error leaves neither. A second request with
    the key waits for the first and gets its answer; another body under the key is KeyReused (422).
    """

    @wraps(handler)
    def guarded(view: View, request: Request, /, *args: Rest.args, **kwargs: Rest.kwargs) -> Response:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return handler(view, request, *args, **kwargs)
        digest = _digest(request, key)
        with transaction.atomic():
            claim = _claim(request, key, digest)
            if claim.status:
                return _again(claim, digest)
            response = handler(view, request, *args, **kwargs)
            claim.status, claim.body = response.status_code, JSONRenderer().render(response.data).decode()
            claim.save(update_fields=["status", "body"])
            return response

    return guarded


def _digest(request: Request, key: str) -> str:
    if not (0 < len(key) <= LONGEST and key.isascii() and key.isprintable() and " " not in key):
        raise Invalid(f"Idempotency-Key: give 1 to {LONGEST} printable ASCII characters without spaces.")
    _ = request.data  # reads the body, so that one that can't be read is refused before anything is kept
    return str(getattr(request, "body_digest", NOTHING))


def _claim(request: Request, key: str, digest: str) -> IdempotentRequest:
    """The row of this key: new without a status, else the earlier one.

    ON CONFLICT DO NOTHING waits for a transaction that is writing the same key, and the next statement
    sees what it left.
    """
    now = timezone.now()
    named = {"user_id": request.user.pk, "key": key, "method": request.method or "", "path": request.path}
    rows = IdempotentRequest.objects.filter(**named)
    rows.filter(created_at__lt=now - ANSWERS_KEPT).delete()
    new = IdempotentRequest(**named, request_hash=digest, created_at=now)
    IdempotentRequest.objects.bulk_create([new], ignore_conflicts=True)
    return rows.get()


def _again(claim: IdempotentRequest, digest: str) -> Response:
    if claim.request_hash != digest:
        raise KeyReused("This Idempotency-Key named another body before. Choose a new key for a new write.")
    body: Any = json.loads(claim.body)
    return Response(body, status=claim.status, headers={"Idempotency-Replayed": "true"})
