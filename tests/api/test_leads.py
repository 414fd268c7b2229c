"""Leads by the API: listing, reading, upserting, changing."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from leads.facts import LeadFacts
from leads.models import BantAnswer, ChangedLead, Company, Lead
from leads.services import create_lead, upsert_lead
from tests.access import FORBIDDEN, OK, AccessTests
from tests.api.asking import Caller, error, where
from tests.factories import TeamFactory, UserFactory, north
from tests.feedback.world import active_version, judge
from users.models import Role

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
READERS_ONLY = dict.fromkeys(Role, OK) | {Role.EXECUTIVE: FORBIDDEN}


def make(number: int = 1, **fields: Any) -> Lead:
    return Lead.objects.create(**{"name": f"Lead {number}", "email": f"lead{number}@example.com"} | fields)


def names(response: Any) -> list[str]:
    assert response.status_code == 200, response.content[:500]
    return [row["name"] for row in response.json()["results"]]


class TestAccessToTheList(AccessTests):
    url_name = "api-leads"
    expected = READERS_ONLY
    other_team = OK
    stranger = 401


class TestAccessToOneLead(AccessTests):
    expected = READERS_ONLY
    stranger = 401

    def url(self) -> str:
        return reverse("api-lead", args=[make(team=self.rep.team).pk])


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("leads/", {"name": "Rita"}),
        ("leads/batch/", {"leads": [{"name": "Rita"}]}),
        ("activities/batch/", {"activities": [{"email": "a@example.com", "kind": "form"}]}),
    ],
)
def test_only_who_sees_every_lead_upserts(role: Role, path: str, data: dict[str, Any]) -> None:
    response = Caller(role=role).post(path, data)
    if role in {Role.MARKETER, Role.MARKETING_MANAGER, Role.SALES_MANAGER, Role.ADMIN}:
        assert response.status_code in {200, 201}
    else:
        assert "marketers" in error(response, 403)["message"]
        assert not Lead.objects.exists()


def test_a_rep_lists_own_and_team_leads_only() -> None:
    rep = UserFactory(role=Role.REP)
    make(1, team=rep.team)
    make(2, owner=rep)
    make(3, team=TeamFactory())
    make(4)
    assert names(Caller(rep).get("leads/")) == ["Lead 1", "Lead 2"]


def test_a_lead_shows_its_company_and_ids() -> None:
    caller = Caller()
    made = caller.post(
        "leads/",
        {
            "name": "Rita Rohr",
            "email": "rita@example.com",
            "company": {"name": "Rohr GmbH", "employees": 120, "revenue": 2500000.5},
            "external_ids": [{"system": "HubSpot", "value": "77"}],
            "extra": {"Shoe size": "43"},
            "answers": [{"dimension": "budget", "level": "partial", "amount": 10000}],
        },
    )
    assert made.status_code == 201, made.content
    lead = made.json()
    assert caller.get(f"leads/{lead['id']}/").json() == lead
    assert (lead["company"]["name"], lead["company"]["revenue"]) == ("Rohr GmbH", "2500000.50")
    assert lead["external_ids"] == [{"system": "hubspot", "value": "77"}]
    assert lead["extra"] == {"Shoe size": "43"}
    assert lead["created_at"].endswith("Z")
    assert BantAnswer.objects.get().amount == 10000
    assert ChangedLead.objects.filter(lead=lead["id"]).exists()


def test_an_upsert_finds_the_lead_by_external_id_then_by_email() -> None:
    caller = Caller()
    first = caller.post(
        "leads/", {"email": "Rita@example.com", "external_ids": [{"system": "crm", "value": "7"}]}
    )
    by_email = caller.post("leads/", {"email": "rita@example.com", "title": "CEO"})
    by_id = caller.post("leads/", {"external_ids": [{"system": "CRM", "value": "7"}], "city": "Bonn"})
    assert (first.status_code, by_email.status_code, by_id.status_code) == (201, 200, 200)
    assert (by_id.json()["title"], by_id.json()["city"]) == ("CEO", "Bonn")
    assert Lead.objects.count() == 1


def test_an_ambiguous_upsert_is_a_conflict_that_names_the_candidates() -> None:
    one, two = make(1, email="info@example.com"), make(2, email="info@example.com")
    response = Caller().post("leads/", {"email": "info@example.com", "title": "CEO"})
    found = error(response, 409)
    assert found["code"] == "conflict"
    assert where(response, 409) == {f"lead {one.pk}", f"lead {two.pk}"}
    assert not Lead.objects.exclude(title="").exists()


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"name": "R", "email": "no at sign"}, "email"),
        ({"name": "R", "phone": "call me"}, "phone"),
        ({"name": "R", "nam": "x"}, "nam"),
        ({"name": "R", "company": {"name": "A", "size": 3}}, "company.size"),
        ({"name": "R", "company": {"name": "A", "employees": 2**70}}, "company.employees"),
        ({"name": "R", "created_at": "2026-11-22T10:00:00"}, "created_at"),
        ({"name": "R", "created_at": "0001-01-01T00:00:00+14:00"}, "created_at"),
        ({"name": "R", "created_at": 7}, "created_at"),
        ({"name": "R\x00"}, "name"),
        ({"name": "R\ud800"}, "name"),
        ({"name": ["R"]}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "R", "do_not_call": "perhaps"}, "do_not_call"),
        ({"name": "R", "extra": {"a": {"b": "c"}}}, "extra.a"),
        ({"name": "R", "external_ids": [{"system": "crm"}]}, "external_ids.0.value"),
        ({"name": "R", "answers": [{"dimension": "mood", "level": "met"}]}, "answers.0.dimension"),
        ({"name": "R", "answers": [{"dimension": "need", "level": 2}]}, "answers.0.level"),
    ],
)
def test_a_value_that_cant_be_used_is_located_and_nothing_is_written(
    data: dict[str, Any], place: str
) -> None:
    assert where(Caller().post("leads/", data)) == {place}
    assert not Lead.objects.exists()


def test_a_lead_without_any_name_is_refused() -> None:
    assert "e-mail" in error(Caller().post("leads/", {"title": "CEO"}), 400)["message"]


def test_a_change_clears_with_null_and_leaves_the_rest() -> None:
    caller = Caller()
    lead = create_lead(facts=LeadFacts(name="Rita", title="CEO", city="Bonn"), by=None, now=NOW)
    changed = caller.patch(f"leads/{lead.pk}/", {"title": None, "country": "Germany", "do_not_call": True})
    assert changed.status_code == 200, changed.content
    got = changed.json()
    assert (got["title"], got["city"], got["country"], got["do_not_call"]) == ("", "Bonn", "DE", True)
    off = caller.patch(f"leads/{lead.pk}/", {"do_not_call": False}).json()
    assert off["do_not_call"] is False


def test_a_change_takes_the_lead_out_of_its_company() -> None:
    lead = make(company=Company.objects.create(name="Rohr"))
    assert Caller().patch(f"leads/{lead.pk}/", {"company": None}).json()["company"] is None


def test_a_change_of_a_stale_state_is_a_conflict() -> None:
    caller, lead = Caller(), make()
    seen = caller.get(f"leads/{lead.pk}/").json()["updated_at"]
    assert caller.patch(f"leads/{lead.pk}/", {"title": "CEO", "updated_at": seen}).status_code == 200
    error(caller.patch(f"leads/{lead.pk}/", {"title": "CTO", "updated_at": seen}), 409)
    lead.refresh_from_db()
    assert lead.title == "CEO"


def test_a_mediator_may_read_a_lead_but_not_change_it() -> None:
    caller, lead = Caller(role=Role.MEDIATOR), make()
    assert caller.get(f"leads/{lead.pk}/").status_code == 200
    assert "marketing" in error(caller.patch(f"leads/{lead.pk}/", {"title": "CEO"}), 403)["message"]


def test_a_rep_changes_a_lead_of_the_team_and_never_sees_anothers() -> None:
    rep = UserFactory(role=Role.REP)
    mine, other = make(1, team=rep.team), make(2, team=TeamFactory())
    caller = Caller(rep)
    assert caller.patch(f"leads/{mine.pk}/", {"title": "CEO"}).status_code == 200
    assert error(caller.patch(f"leads/{other.pk}/", {"title": "CEO"}), 404) == error(
        caller.patch("leads/999999/", {"title": "CEO"}), 404
    )


@pytest.mark.parametrize("pk", ["0", str(2**63), "9" * 400, "9" * 5000, "-1", "x", "1.5"])
def test_an_id_that_cant_be_is_not_found(pk: str) -> None:
    error(Caller().get(f"leads/{pk}/"), 404)


def test_the_list_takes_the_filters_of_the_page() -> None:
    make(1, title="Director", country="DE")
    make(2, title="Director", country="FR")
    make(3, title="Clerk", country="DE")
    caller = Caller()
    assert names(caller.get("leads/", title="director", **{"lead.country": "DE"})) == ["Lead 1"]
    assert names(caller.get("leads/", **{"lead.country": ["DE", "FR"]})) == ["Lead 1", "Lead 2", "Lead 3"]
    assert names(caller.get("leads/", q="lead2@")) == ["Lead 2"]


@pytest.mark.parametrize(
    ("params", "place"),
    [
        ({"sort": "salary"}, "sort"),
        ({"limit": "201"}, "limit"),
        ({"limit": "0"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"cursor": "abc"}, "cursor"),
        ({"cursor": "\x00"}, "cursor"),
        ({"lead.salary": "3"}, "lead.salary"),
        ({"company.employees.gte": "many"}, "company.employees.gte"),
        ({"score.grade": "E"}, "score.grade"),
        ({"fields": "lead.salary"}, "fields"),
    ],
)
def test_a_parameter_that_cant_be_used_is_named(params: dict[str, str], place: str) -> None:
    assert where(Caller().get("leads/", **params)) == {place}


def walk(caller: Caller, **params: Any) -> list[int]:
    """The ids of every page, one after the other."""
    ids: list[int] = []
    address = "leads/"
    while address:
        page = caller.get(address, **params).json()
        ids += [row["id"] for row in page["results"]]
        address, params = page["next"], {}
    return ids


@pytest.mark.parametrize("minus", ["", "-"])
@pytest.mark.parametrize("key", ["id", "lead.name", "lead.created", "score.total"])
def test_pages_give_every_lead_once_in_order(key: str, minus: str) -> None:
    sort = minus + key
    active_version()
    for number, name in enumerate(["b", "", "a", "b", "", "c", "a"]):
        lead = make(number, name=name, created_at=datetime(2026, 11, 1 + number % 3, tzinfo=UTC))
        if number % 3:
            judge(lead, total=20 + number % 2)
    caller = Caller()
    whole = walk(caller, sort=sort, limit=200)
    assert walk(caller, sort=sort, limit=1) == walk(caller, sort=sort, limit=2) == whole
    assert sorted(whole) == sorted(Lead.objects.values_list("pk", flat=True))


def test_leads_that_come_meanwhile_shift_no_page() -> None:
    old = [make(number).pk for number in range(4)]
    caller = Caller()
    first = caller.get("leads/", sort="-id", limit=2).json()
    make(9)
    second = caller.get(first["next"]).json()
    assert [row["id"] for row in first["results"] + second["results"]] == old[::-1]


def test_a_cursor_of_another_order_is_refused() -> None:
    for number in range(3):
        make(number)
    caller = Caller()
    following = caller.get("leads/", limit=1).json()["next"]
    assert where(caller.get(following + "&sort=-id")) == {"cursor"}


def test_the_fields_that_are_asked_for_are_shown() -> None:
    make(1, title="CEO")
    shown = Caller().get("leads/", fields="lead.title,activity.count,bant.budget.level").json()
    assert shown["results"][0]["fields"] == {
        "lead.title": "CEO",
        "activity.count": 0,
        "bant.budget.level": None,
    }


def test_the_number_of_queries_stays_when_there_are_more_leads() -> None:
    caller, company = Caller(), Company.objects.create(name="Rohr")
    caller.get("leads/")  # the token's use is noted once a minute

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert caller.get("leads/", sort="-score.total", limit=100).status_code == 200
        return len(captured)

    make(0, company=company, team=north(), owner=UserFactory())
    few = queries()
    for number in range(1, 30):
        make(number, company=company, team=north(), owner=UserFactory())
    assert queries() == few <= 9


def test_an_external_id_that_somebody_takes_at_that_moment_is_found_at_the_second_try(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tries = []

    def racing(**given: Any) -> Any:
        tries.append(given)
        if len(tries) == 1:
            raise IntegrityError("external_id_names_one_lead")
        return upsert_lead(**given)

    monkeypatch.setattr("leads.api.views.upsert_lead", racing)
    made = Caller().post("leads/", {"external_ids": [{"system": "crm", "value": "7"}]})
    assert (made.status_code, len(tries)) == (201, 2)
