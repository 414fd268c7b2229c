"""The live parts of the condition builder: who may ask, what they answer, and what they never do."""

from typing import ClassVar

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from leads.models import Lead
from tests.access import FORBIDDEN, OK, AccessTests
from tests.factories import UserFactory
from users.models import Role

ROW = {
    "builder": "condition",
    "condition-use": "criterion",
    "condition-match": "all",
    "condition-0-field": "company.employees",
    "condition-0-op": "gte",
    "condition-0-value": "200",
}
MAY = {
    Role.MARKETER: OK,
    Role.MARKETING_MANAGER: OK,
    Role.SALES_MANAGER: OK,
    Role.MEDIATOR: OK,
    Role.REP: FORBIDDEN,
    Role.EXECUTIVE: FORBIDDEN,
    Role.ADMIN: FORBIDDEN,
}


class TestWhoMayBuild(AccessTests):
    url_name = "rules:builder"
    method = "post"
    data: ClassVar = ROW
    expected = MAY
    other_team = FORBIDDEN


class TestWhoMayCount(AccessTests):
    url_name = "rules:said"
    method = "post"
    data: ClassVar = ROW
    expected = MAY
    other_team = FORBIDDEN


@pytest.fixture
def marketer(db: None) -> Client:
    client = Client()
    client.force_login(UserFactory(role=Role.MARKETER))
    return client


def test_a_button_answers_with_the_builder_alone(marketer: Client) -> None:
    answer = marketer.post(reverse("rules:builder"), {**ROW, "builder-action": "condition:add:"})
    page = answer.content.decode()
    assert page.strip().startswith('<div class="builder"')
    assert 'name="condition-1-field"' in page
    assert 'value="200"' in page
    assert "data-focus-after-swap" in page
    assert 'data-announce="Condition added.' in page


def test_the_sentence_comes_with_the_count(marketer: Client) -> None:
    for title in ("Director", "Clerk"):
        Lead.objects.create(name="Anna", title=title)
    row = {**ROW, "condition-0-field": "lead.title", "condition-0-op": "contains", "condition-0-value": "dir"}
    page = marketer.post(reverse("rules:said"), row).content.decode()
    assert "Job title contains “dir”" in page
    assert "1 of 2 leads" in page


def test_what_cannot_be_read_is_said_and_not_counted(marketer: Client) -> None:
    page = marketer.post(reverse("rules:said"), {**ROW, "condition-0-value": "many"}).content.decode()
    assert "“Employees” needs a number, not “many”" in page
    assert "counted once every condition is complete" in page


def test_no_lead_is_named(marketer: Client) -> None:
    Lead.objects.create(name="Xenia Secretova", email="xenia@example.com")
    for address in ("rules:builder", "rules:said"):
        assert "Xenia" not in marketer.post(reverse(address), ROW).content.decode()


@pytest.mark.parametrize("address", ["rules:builder", "rules:said"])
def test_asking_writes_nothing_and_takes_few_queries(
    marketer: Client, address: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(13):  # session, person, organisation, custom fields, two counts
        assert marketer.post(reverse(address), ROW).status_code == OK


@pytest.mark.parametrize("address", ["rules:builder", "rules:said"])
@pytest.mark.parametrize(
    "ugly",
    [
        {"builder": ""},
        {"builder": "<script>"},
        {"builder": "other"},
        {"condition-use": "column"},
        {"condition-use": ""},
        {"condition-0-1-2-3-4-5-6-7-8-9-10-11-field": "lead.title"},
        {f"condition-{place}-field": "" for place in range(500)},
    ],
)
def test_a_form_of_no_builder_is_refused(marketer: Client, address: str, ugly: dict[str, str]) -> None:
    assert marketer.post(reverse(address), {**ROW, **ugly}).status_code == 400


@pytest.mark.parametrize("address", ["rules:builder", "rules:said"])
@pytest.mark.parametrize(
    "ugly",
    [
        {"condition-0-value": "9" * 5_000},
        {"condition-0-value": "1e400"},
        {"condition-0-value": "<script>alert(1)</script>"},
        {"condition-0-value": "a\u2028b\x01"},
        {"condition-0-op": "x" * 10_000},
        {"condition-0-field": "lead.\u202etitle"},
        {"condition-0-not": "99999"},
        {"condition-label": "<b>" * 900},
        {"builder-action": "condition:remove:" + "9" * 5_000},
        {"condition-0-field": "activity", "condition-0-kinds": ["page_view"] * 50},
    ],
)
def test_ugly_values_are_answered(marketer: Client, address: str, ugly: dict[str, str]) -> None:
    answer = marketer.post(reverse(address), {**ROW, **ugly})
    assert answer.status_code == OK
    assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize("address", ["rules:builder", "rules:said"])
def test_reading_the_address_is_not_possible(marketer: Client, address: str) -> None:
    assert marketer.get(reverse(address)).status_code == 405
