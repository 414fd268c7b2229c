"""Each request is shown in the viewer's zone, at the cost of at most one query."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from tests.factories import UserFactory
from users.middleware import ViewerZoneMiddleware
from users.models import Organisation, Role, User
from users.organisation import organisation_of, reporting_currency

pytestmark = pytest.mark.django_db


def zone_seen_by(person: User | AnonymousUser) -> str:
    seen: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(timezone.get_current_timezone_name())
        return HttpResponse()

    request = RequestFactory().get("/")
    request.user = person
    ViewerZoneMiddleware(view)(request)
    assert timezone.get_current_timezone_name() == "UTC"
    return seen[0]


@pytest.fixture
def berlin() -> Organisation:
    return Organisation.objects.create(pk=1, zone="Europe/Berlin")


@pytest.mark.parametrize(
    ("own", "seen", "queries"),
    [
        ("Asia/Tokyo", "Asia/Tokyo", 0),
        ("", "Europe/Berlin", 1),
        ("Gone/Zone", "Europe/Berlin", 1),
        ("../x", "Europe/Berlin", 1),
    ],
)
def test_ones_own_zone_comes_first(
    berlin: Organisation, own: str, seen: str, queries: int, django_assert_num_queries: Any
) -> None:
    person = UserFactory(role=Role.MARKETER, zone=own)
    with django_assert_num_queries(queries):
        assert zone_seen_by(person) == seen


def test_without_organisation_or_with_a_bad_zone_it_is_utc() -> None:
    person = UserFactory(role=Role.MARKETER)
    assert zone_seen_by(person) == "UTC"
    assert not Organisation.objects.exists()
    Organisation.objects.create(pk=1, zone="Gone/Zone")
    assert zone_seen_by(person) == "UTC"


def test_a_stranger_costs_no_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert zone_seen_by(AnonymousUser()) == "UTC"


def test_the_organisation_is_read_once_a_request(
    berlin: Organisation, django_assert_num_queries: Any
) -> None:
    request = RequestFactory().get("/")
    with django_assert_num_queries(1):
        assert organisation_of(request) is organisation_of(request)


def test_a_missing_table_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*args: object, **fields: object) -> None:
        raise DatabaseError("no such table: users_organisation")

    person = UserFactory(role=Role.MARKETER)
    monkeypatch.setattr(Organisation.objects, "filter", missing)
    assert zone_seen_by(person) == "UTC"


def test_the_reporting_currency_is_read_once_a_request_and_anew_outside(
    berlin: Organisation, django_assert_num_queries: Any
) -> None:
    said: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        said.extend(reporting_currency() for _ in range(3))
        return HttpResponse()

    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    with django_assert_num_queries(1):
        ViewerZoneMiddleware(view)(request)
    Organisation.objects.update(currency="CHF")
    assert (said, reporting_currency()) == (["EUR"] * 3, "CHF")
