"""One shape for every error, whatever is sent; who may ask at all, and how often."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from core.api import throttling
from leads.models import Lead
from tests.api.asking import Caller, error
from tests.factories import UserFactory
from users.models import ApiToken, Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _awake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttling.TokenThrottle, "resting_until", 0.0)


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ("", "JSON"),
        ("{", "JSON"),
        ("[]", "object"),
        ('"x"', "object"),
        ("7", "object"),
        ("null", "object"),
        ('{"name": NaN}', "NaN"),
        ('{"name": -Infinity}', "Infinity"),
        ('{"name": "a", "name": "b"}', "twice"),
        ('{"extra": ' * 100 + "1" + "}" * 100, "deep"),
        ('{"extra": ' + "[" * 100_000 + "]" * 100_000 + "}", "deep"),
        ('{"name": ' + "9" * 5_000 + "}", "JSON"),
        (b'{"name": "\xff"}', "JSON"),
        (b"\x00", "JSON"),
    ],
)
def test_a_body_that_cant_be_read_is_refused_with_the_reason(body: str | bytes, part: str) -> None:
    caller = Caller()
    if body == "":
        assert caller.post("leads/", body).status_code == 400
    else:
        assert part in error(caller.post("leads/", body), 400)["message"]
    assert not Lead.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        {"name": "R", "extra": {"a": 10**2500}},
        {"company": {"name": "A", "revenue": 1e300}},
        {"company": {"name": "A", "employees": -(2**63)}},
        {"name": "R", "external_ids": [{"system": "\ud800", "value": "1"}]},
        {"name": "R", "answers": [{"dimension": [], "level": {}}]},
        {"name": "R", "external_ids": {"system": "a"}},
        {"name": {"a": ["b"]}},
    ],
)
def test_ugly_values_are_refused(data: dict[str, Any]) -> None:
    assert error(Caller().post("leads/", data), 400)["problems"]


def test_a_number_beyond_any_float_is_refused() -> None:
    error(Caller().post("leads/", '{"company": {"name": "A", "revenue": 1e999999}}'), 400)


def test_a_body_of_six_megabytes_is_too_large() -> None:
    found = error(Caller().post("leads/", '{"name": "' + "x" * 6_000_000 + '"}'), 413)
    assert found["code"] == "too_large"


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_another_type_of_body_is_unsupported(kind: str) -> None:
    caller = Caller()
    found = error(caller.client.post("/api/v1/leads/", b'{"name": "R"}', content_type=kind), 415)
    assert found["code"] == "unsupported_media_type"


def test_a_charset_beside_the_type_is_fine() -> None:
    kind = "application/json; charset=utf-8"
    assert Caller().client.post("/api/v1/leads/", '{"name": "R"}', content_type=kind).status_code == 201


@pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/v1/nothing/", "/api/v2/leads/", "/api/v1/leads"])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_an_unknown_address_is_a_404_of_the_one_shape(path: str, method: str) -> None:
    found = error(getattr(Caller().client, method)(path), 404)
    assert ("slash" in found["message"]) is (not path.endswith("/"))


def test_a_method_that_isnt_there_says_so() -> None:
    response = Caller().client.delete("/api/v1/leads/")
    assert error(response, 405)["code"] == "method_not_allowed"
    assert "GET" in response.headers["Allow"]


def test_html_is_never_the_answer() -> None:
    response = Caller().client.get("/api/v1/leads/999/", headers={"Accept": "text/html"})
    error(response, 404)


def test_what_breaks_on_our_side_keeps_the_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_request: object) -> None:
        raise ZeroDivisionError

    caller = Caller()
    monkeypatch.setattr("leads.api.reading.lead_page", broken)
    found = error(caller.get("leads/"), 500)
    assert found["code"] == "server_error"
    assert "ZeroDivision" not in str(found)


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer bantam_wrong", "Bearer a b", "Token x", "Basic eDp5"]
)
def test_without_a_token_one_is_asked_for(header: str) -> None:
    response = Client().get("/api/v1/me/", headers={"Authorization": header} if header else {})
    assert error(response, 401)["code"] == "not_signed_in"
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_person_who_left_has_no_token_any_more() -> None:
    caller = Caller()
    caller.person.is_active = False
    caller.person.save()
    error(caller.get("me/"), 401)


def test_a_session_may_read_but_writes_only_with_its_csrf_token() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory(role=Role.MARKETER))
    assert client.get("/api/v1/me/").json()["token"] is None
    body: dict[str, Any] = {"data": '{"name": "R"}', "content_type": "application/json"}
    assert "CSRF" in error(client.post("/api/v1/leads/", **body), 403)["message"]
    client.get(reverse("api-docs"))
    token = client.cookies["csrftoken"].value
    assert client.post("/api/v1/leads/", **body, headers={"X-CSRFToken": token}).status_code == 201


def test_who_asks_too_often_is_told_when_to_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttling.TokenThrottle, "THROTTLE_RATES", {"api": "2/min"})
    caller, other = Caller(), Caller()
    assert [caller.get("me/").status_code for _ in range(3)] == [200, 200, 429]
    response = caller.get("me/")
    assert error(response, 429)["code"] == "too_many_requests"
    assert 0 < int(response.headers["Retry-After"]) <= 60
    assert other.get("me/").status_code == 200


def test_two_tokens_of_one_person_are_counted_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttling.TokenThrottle, "THROTTLE_RATES", {"api": "1/min"})
    one = Caller()
    two = Caller(one.person)
    assert ApiToken.objects.filter(user=one.person).count() == 2
    assert [one.get("me/").status_code, two.get("me/").status_code] == [200, 200]
    assert one.get("me/").status_code == 429


def test_while_the_cache_is_away_nobody_is_throttled(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def away(*args: object) -> None:
        asked.append(args)
        raise ConnectionError("The cache is away.")

    monkeypatch.setattr(throttling.TokenThrottle, "THROTTLE_RATES", {"api": "1/min"})
    monkeypatch.setattr(cache, "get", away)
    caller = Caller()
    assert [caller.get("me/").status_code for _ in range(3)] == [200, 200, 200]
    assert len(asked) == 1  # then it rests, so that a slow cache costs its time once


def test_the_page_of_the_description_is_for_everybody_who_is_signed_in() -> None:
    client = Client()
    assert client.get(reverse("api-docs")).status_code == 302
    for role in Role:
        client.force_login(UserFactory(role=role))
        page = client.get(reverse("api-docs"))
        assert page.status_code == 200
        assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]
    assert "//" not in page.content.decode().replace("http://", "", 1).split("<body")[0].replace("</", "")


def test_the_description_needs_a_sign_in_and_is_json() -> None:
    error(Client().get(reverse("api-schema")), 401)
    described = Caller().get("/api/schema/")
    assert described.status_code == 200
    assert described.json()["openapi"].startswith("3.")
    responses = described.json()["paths"]["/api/v1/leads/{id}/"]["patch"]["responses"]
    assert set(responses) == {"200", "400", "401", "403", "404", "409", "413", "415", "422", "429"}
