"""Pages by cursor: each begins after the last row of the one before, so new rows shift nothing.

A cursor is signed: it is ours, or it is refused.
"""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import Model, QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from core.errors import Invalid, Problem

LIMIT, MAX_LIMIT = 50, 200
SALT = "core.api.cursor"
Row = TypeVar("Row", bound=Model)
PARAMETERS = [
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": LIMIT},
        description="How many rows a page has at most.",
    ),
    OpenApiParameter("cursor", str, description="Where the page begins: take `next` as it is."),
]


class Page(Generic[Row]):
    """The rows of one page, and the cursor of the next one (None: this was the last)."""

    def __init__(self, rows: Sequence[Row], cursor: Any = None) -> None:
        self.rows = rows
        self.cursor = cursor

    def response(self, request: Request, show: Callable[[Row], Any]) -> Response:
        """``{"results": [...], "next": address or null}``."""
        address = None
        if self.cursor is not None:
            url = request.build_absolute_uri()
            address = replace_query_param(url, "cursor", signing.dumps(self.cursor, salt=SALT))
        return Response({"results": [show(row) for row in self.rows], "next": address})


def limit_of(request: Request) -> int:
    """The page size that was asked for; Invalid unless from 1 to 200."""
    text = request.query_params.get("limit", str(LIMIT))
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and 1 <= int(text) <= MAX_LIMIT):
        raise _invalid(f"Give a whole number from 1 to {MAX_LIMIT}.", "limit")
    return int(text)


def cursor_of(request: Request, kind: str) -> list[Any] | None:
    """What the cursor keeps after ``kind``, None on the first page; Invalid if it isn't of this list."""
    text = request.query_params.get("cursor", "")
    if not text:
        return None
    try:
        kept = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError):
        kept = None
    if not isinstance(kept, list) or kept[:1] != [kind]:
        raise _invalid(
            "This is no cursor of this list. Take “next” as it is, or begin without one.", "cursor"
        )
    return kept[1:]


def newest_first(request: Request, rows: QuerySet[Row], kind: str) -> Page[Row]:
    """One page of ``rows``, the highest id first."""
    limit = limit_of(request)
    after = cursor_of(request, kind)
    if after is not None:
        rows = rows.filter(pk__lt=after[0])
    found = list(rows.order_by("-pk")[: limit + 1])
    more = len(found) > limit
    return Page(found[:limit], [kind, found[limit - 1].pk] if more else None)


def _invalid(message: str, where: str) -> Invalid:
    return Invalid(f"{where}: {message}", problems=(Problem(message, where),))
