"""How much a request may carry: a stranger little, a colleague a file; refused before it is read."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from waitress.adjustments import Adjustments

from config.embedded import Parser
from core import bodies
from leads.imports.decoding import MAX_BYTES
from tests.factories import UserFactory
from users.models import Role

OK, MOVED, TOO_LARGE = 200, 302, 413
FORM_FIELDS = 100_000


@pytest.fixture
def marketer(db: None) -> Client:
    client = Client()
    client.force_login(UserFactory(role=Role.MARKETER))
    return client


def claimed(client: Client, url: str, size: int) -> Any:
    """The answer to a body that says it has ``size`` bytes; it has none, so whoever reads it finds out."""
    return client.generic("POST", url, b"", content_type="multipart/form-data", CONTENT_LENGTH=str(size))


class TestApplication:
    def test_a_stranger_is_refused_before_a_byte_is_read(self, db: None) -> None:
        for url in (reverse("users:sign_in"), reverse("leads:imports"), "/nowhere/"):
            answer = claimed(Client(), url, bodies.STRANGERS + 1)
            assert (answer.status_code, "Sign in first" in answer.content.decode()) == (TOO_LARGE, True), url

    def test_a_stranger_may_send_a_form(self, db: None) -> None:
        data = {"username": "a@example.com", "password": "x" * 1_000}
        assert Client().post(reverse("users:sign_in"), data).status_code != TOO_LARGE

    def test_a_colleague_uploads_more_than_a_stranger_may(self, marketer: Client) -> None:
        row = b"Ada,ada@example.com,%s\n" % (b"x" * 200)
        content = b"Name,Email,Note\n" + row * (bodies.STRANGERS * 2 // len(row))
        file = SimpleUploadedFile("leads.csv", content, "text/csv")
        assert marketer.post(reverse("leads:imports"), {"file": file}).status_code == MOVED

    def test_the_largest_file_fits_with_its_form(self) -> None:
        assert bodies.SIGNED_IN > MAX_BYTES + FORM_FIELDS

    def test_more_than_the_largest_file_is_refused_with_the_limit(self, marketer: Client) -> None:
        answer = claimed(marketer, reverse("leads:imports"), bodies.SIGNED_IN + 1)
        assert (answer.status_code, "50 MB" in answer.content.decode()) == (TOO_LARGE, True)

    def test_the_api_is_refused_in_its_own_shape(self, db: None) -> None:
        answer = claimed(Client(), "/api/v1/leads/", bodies.TOKENS + 1)
        assert answer.status_code == TOO_LARGE
        assert json.loads(answer.content)["error"]["code"] == "too_large"

    def test_a_length_that_is_no_number_is_left_to_the_server(self, db: None) -> None:
        answer = Client().generic("POST", reverse("users:sign_in"), b"", CONTENT_LENGTH="-1")
        assert answer.status_code != TOO_LARGE


class TestEmbeddedServer:
    """The parser of a request: what it refuses is never written to a file."""

    @pytest.fixture
    def cookie(self, transactional_db: None) -> str:
        client = Client()
        client.force_login(UserFactory(role=Role.MARKETER))
        return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"

    def read(self, size: int | None, **headers: str) -> Parser:
        """The parser after the head of a request of ``size`` bytes (None: chunked)."""
        length = "Transfer-Encoding: chunked" if size is None else f"Content-Length: {size}"
        more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        parser = Parser(Adjustments(max_request_body_size=bodies.SIGNED_IN))
        parser.received(f"POST / HTTP/1.1\r\nHost: x\r\n{length}\r\n{more}\r\n".encode())
        return parser

    def test_a_stranger_is_refused_by_the_head_alone(self, transactional_db: None) -> None:
        for cookie in ("", f"{settings.SESSION_COOKIE_NAME}=made-up", "a=b; c[]=;;="):
            parser = self.read(bodies.STRANGERS + 1, Cookie=cookie)
            assert parser.completed
            assert bodies.FOR_STRANGERS in parser.error.body

    def test_what_comes_in_pieces_is_counted(self, transactional_db: None) -> None:
        parser, piece = self.read(None), b"186a0\r\n" + b"x" * 100_000 + b"\r\n"
        pieces = 0
        while not parser.completed and pieces < 20:
            parser.received(piece)
            pieces += 1
        assert (pieces, parser.error.body) == (10, bodies.FOR_STRANGERS)

    def test_a_colleague_may_send_the_largest_file_and_no_more(self, cookie: str) -> None:
        assert self.read(MAX_BYTES + FORM_FIELDS, Cookie=cookie).error is None
        assert bodies.FOR_ALL in self.read(bodies.SIGNED_IN + 1, Cookie=cookie).error.body

    def test_a_small_request_costs_no_query(self, cookie: str, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0):
            assert self.read(bodies.STRANGERS, Cookie=cookie).error is None

    def test_a_token_may_send_what_the_api_takes(self, transactional_db: None) -> None:
        assert self.read(5_000_000, Authorization="Bearer x").error is None
        assert bodies.FOR_TOKENS in self.read(6_000_000, Authorization="Bearer x").error.body
