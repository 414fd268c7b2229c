"""Reading the body of a request: JSON and nothing else, one object, of bounded size and depth."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import IO, Any, NoReturn

from rest_framework.exceptions import ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from core.errors import TooLarge

MAX_BYTES = 5_000_000
MAX_DEPTH = 20


class StrictJsonParser(BaseParser):
    """One JSON object in UTF-8; NaN, a key given twice, and what is too large or too deep are refused.

    Numbers with a decimal point are exact. The request gets ``body_digest``, by which a repeat is known.
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        raw = stream.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise TooLarge(f"The body has more than {MAX_BYTES:,} bytes. Send it in parts.")
        data = read_object(raw)
        if parser_context:
            parser_context["request"].body_digest = hashlib.sha256(raw).hexdigest()
        return data


def read_object(raw: bytes) -> dict[str, Any]:
    """The JSON object in ``raw``; ParseError that says what is wrong with it."""
    try:
        data = json.loads(
            raw.decode("utf-8"), parse_constant=_refused, parse_float=Decimal, object_pairs_hook=_object
        )
    except RecursionError:
        raise ParseError(_too_deep()) from None
    except ValueError as error:  # also what is no UTF-8, and numbers of thousands of digits
        raise ParseError(f"The body can't be read as JSON: {str(error)[:200]}.") from None
    if not isinstance(data, dict):
        raise ParseError("The body must be one JSON object: {...}.")
    if _is_too_deep(data):
        raise ParseError(_too_deep())
    return data


def _refused(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key is given twice in one object")
    return made


def _too_deep() -> str:
    return f"The body is nested more than {MAX_DEPTH} deep."


def _is_too_deep(data: object) -> bool:
    """Level by level and without recursion, so that nothing later has to be careful."""
    level: list[Any] = [data]
    for _ in range(MAX_DEPTH + 1):
        parents = (each for each in level if isinstance(each, dict | list))
        level = [child for each in parents for child in (each.values() if isinstance(each, dict) else each)]
        if not level:
            return False
    return True


class OneFormat(BaseContentNegotiation):
    """The API speaks JSON whatever ``Accept`` asks for, so that errors can always be read."""

    def select_parser(self, request: Request, parsers: Any) -> BaseParser | None:
        """The parser of the body's type, None if there is none (415)."""
        kind = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == kind), None)

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The first renderer."""
        return renderers[0], renderers[0].media_type
