"""The commonest values for the inputs of a condition: of groups of leads, never of a person."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from leads import suggesting
from leads.models import Activity, Company, Lead
from leads.suggesting import Common, common_details, common_values
from rules.fields import registry
from tests.access import FORBIDDEN, OK, AccessTests
from tests.factories import UserFactory
from users.models import Role

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


class TestWhoMayAsk(AccessTests):
    url_name = "rules:values"
    data: ClassVar = {"use": "criterion", "field": "lead.source"}
    expected: ClassVar = dict.fromkeys(Role, FORBIDDEN) | {
        Role.MARKETER: OK,
        Role.MARKETING_MANAGER: OK,
        Role.SALES_MANAGER: OK,
        Role.MEDIATOR: OK,
    }
    other_team = FORBIDDEN


@pytest.fixture
def marketer() -> Client:
    client = Client()
    client.force_login(UserFactory(role=Role.MARKETER))
    return client


def make(**counts: int) -> None:
    for source, count in counts.items():
        for _ in range(count):
            Lead.objects.create(name="Anna Nobody", email="anna@example.com", source=source, country="DE")


def test_values_come_with_the_commonest_first_and_without_what_few_leads_share() -> None:
    make(Fair=3, Web=5, Rare=2)
    Lead.objects.create(name="Ben", source="")
    assert common_values(registry.get("lead.source"), now=NOW) == [
        Common("Web", "Web", 5),
        Common("Fair", "Fair", 3),
    ]


def test_choices_have_their_labels_and_stored_values_their_keys() -> None:
    make(Fair=3)
    assert common_values(registry.get("lead.country"), now=NOW) == [Common("DE", "Germany", 3)]
    assert common_values(registry.get("lead.stage"), now=NOW) == [Common("inquiry", "Inquiry", 3)]


def test_values_of_the_company_count_its_leads() -> None:
    company = Company.objects.create(name="Acme", industry="Tools")
    for _ in range(3):
        Lead.objects.create(name="Ben", company=company)
    assert common_values(registry.get("company.industry"), now=NOW) == [Common("Tools", "Tools", 3)]


@pytest.mark.parametrize(
    "key", ["lead.name", "lead.email", "lead.phone", "company.employees", "bant.need.level"]
)
def test_what_names_a_person_or_is_no_list_is_never_suggested(key: str) -> None:
    make(Fair=5)
    assert common_values(registry.get(key), now=NOW) == []


def test_addresses_are_of_the_kinds_asked_for_and_of_several_leads() -> None:
    make(Fair=4)
    for place, lead in enumerate(Lead.objects.order_by("pk")):
        for detail, until in (("/pricing", 4), ("/blog", 3), ("/mine", 1)):
            if place < until:
                Activity.objects.create(lead=lead, kind="page_view", detail=detail, at_epoch=place, day=0)
        Activity.objects.create(lead=lead, kind="form", detail="Demo", at_epoch=place, day=0)
    assert [each.value for each in common_details(["page_view"])] == ["/pricing", "/blog"]


def test_an_answer_is_kept_for_a_while(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make(Fair=3)
    first = common_values(registry.get("lead.source"), now=NOW)
    with django_assert_num_queries(0):
        assert common_values(registry.get("lead.source"), now=NOW) == first


def test_a_large_base_is_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggesting, "EXACT_UP_TO", 10)
    monkeypatch.setattr(suggesting, "draw", lambda first, last, total: list(range(first, last + 1, 2)))
    make(Fair=100)
    assert common_values(registry.get("lead.source"), now=NOW) == [Common("Fair", "Fair", 100)]


def test_the_address_answers_with_values_and_counts(marketer: Client) -> None:
    make(Fair=3)
    answer = marketer.get(reverse("rules:values"), {"use": "criterion", "field": "lead.source"})
    assert answer.json() == {"values": [{"value": "Fair", "label": "Fair", "leads": 3}]}
    assert "Anna" not in answer.content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        {"use": "criterion", "field": "lead.gone"},
        {"use": "criterion", "field": "lead.owner"},
        {"use": "column", "field": "lead.phone"},
        {"use": "x", "field": "lead.source"},
        {"field": "activity:dance"},
        {"field": "x\0"},
    ],
)
def test_what_cannot_be_asked_is_refused(marketer: Client, asked: dict[str, str]) -> None:
    assert marketer.get(reverse("rules:values"), asked).status_code == 400
