"""Definition, versions and scores by the API, and who is asking."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alignment.models import Version
from alignment.services import install_template
from scoring.services import judge_marked
from tests.access import FORBIDDEN, NOT_FOUND, OK, AccessTests
from tests.alignment.factories import make_version
from tests.api.asking import Caller, error
from tests.factories import TeamFactory, UserFactory
from tests.feedback.world import go_live, make_lead
from users.models import Role

pytestmark = pytest.mark.django_db
READERS_ONLY = dict.fromkeys(Role, OK) | {Role.EXECUTIVE: FORBIDDEN}


class TestAccessToTheDefinition(AccessTests):
    url_name = "api-definition"
    expected = READERS_ONLY
    other_team = OK
    stranger = 401


class TestAccessToAVersion(AccessTests):
    expected = READERS_ONLY
    other_team = OK
    stranger = 401

    def url(self) -> str:
        return reverse("api-version", args=[make_version().pk])


class TestAccessToADraft(AccessTests):
    expected = READERS_ONLY | {Role.REP: NOT_FOUND, Role.ADMIN: NOT_FOUND}
    stranger = 401

    def url(self) -> str:
        return reverse("api-version", args=[make_version(Version.Status.DRAFT).pk])


class TestAccessToAScore(AccessTests):
    expected = READERS_ONLY
    stranger = 401

    def url(self) -> str:
        return reverse("api-score", args=[make_lead(team=self.rep.team).pk])


class TestAccessToMe(AccessTests):
    url_name = "api-me"
    expected = dict.fromkeys(Role, OK)
    other_team = OK
    stranger = 401


def test_the_definition_is_empty_before_there_is_one() -> None:
    assert Caller().get("definition/").json() == {"versions": []}


def test_the_definition_comes_in_words_and_as_trees() -> None:
    version = make_version()
    shown = Caller().get("definition/").json()["versions"]
    assert [each["id"] for each in shown] == [version.pk]
    criterion = shown[0]["criteria"][0]
    assert (criterion["key"], criterion["points"], criterion["condition"]) == ("always", 20, {"all": []})
    assert criterion["words"]
    assert shown[0]["grades"][0] == {"grade": "A", "from_points": version.floor_a}
    assert shown[0]["gate"]["bant_level"] == "partial"
    assert {dimension["dimension"] for dimension in shown[0]["dimensions"]} >= {"budget", "engagement"}
    assert shown[0]["reasons"][0]["key"] == "no_need"
    assert {term["grade"] for term in shown[0]["terms"]} == set("ABCD")


def test_the_definition_takes_a_fixed_number_of_queries() -> None:
    caller = Caller()
    make_version()
    caller.get("definition/")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            caller.get("definition/")
        return len(captured)

    few = queries()
    make_version()
    assert queries() == few <= 9


@pytest.mark.parametrize("path", ["versions/{}/", "scores/{}/", "handoffs/{}/"])
@pytest.mark.parametrize("pk", [0, 2**63 - 1, 2**63, 10**30])
def test_an_id_that_cant_be_is_not_found(path: str, pk: int) -> None:
    error(Caller().get(path.format(pk)), 404)


def _adds_up(explanation: dict[str, Any]) -> None:
    for dimension in explanation["dimensions"]:
        for line in dimension["lines"]:
            assert line["points"] == line["full"] - line["decayed"] - line["cut"]
        assert dimension["points"] == sum(line["points"] for line in dimension["lines"]) - dimension["cut"]
        assert 0 <= dimension["points"] <= dimension["cap"]
    assert explanation["total"] == sum(dimension["points"] for dimension in explanation["dimensions"])


def test_a_score_says_why_in_numbers_that_add_up() -> None:
    caller = Caller()
    install_template(by=UserFactory(role=Role.MARKETING_MANAGER), now=timezone.now())
    go_live(Version.objects.get())
    made = caller.post("leads/", {"name": "Rita", "title": "CEO", "company": {"name": "A", "employees": 400}})
    caller.post(
        "activities/batch/",
        {"activities": [{"lead": made.json()["id"], "kind": "webinar", "at": timezone.now().isoformat()}]},
    )
    judge_marked(now=timezone.now())
    shown = caller.get(f"scores/{made.json()['id']}/").json()
    _adds_up(shown["explanation"])
    assert shown["explanation"]["total"] > 0
    assert (shown["score"]["grade"], shown["score"]["total"]) == (
        shown["explanation"]["grade"],
        shown["explanation"]["total"],
    )
    assert shown["score"]["version"] == shown["explanation"]["version"]["id"]


def test_before_the_first_version_there_is_no_score() -> None:
    lead = make_lead()
    steps = {"state": "no_version", "text": "No version of the definition is active yet.", "steps": []}
    shown = {"lead": lead.pk, "score": None, "explanation": None, "next_steps": steps}
    assert Caller().get(f"scores/{lead.pk}/").json() == shown


def test_the_score_of_another_teams_lead_is_not_found() -> None:
    lead = make_lead(team=TeamFactory())
    error(Caller(role=Role.REP).get(f"scores/{lead.pk}/"), 404)


def test_a_token_says_whose_it_is_and_how_long() -> None:
    caller = Caller(role=Role.REP)
    me = caller.get("me/").json()
    assert (me["email"], me["role"], me["team"]["name"]) == (caller.person.email, "rep", "North")
    assert me["token"]["name"] == "Test"
    ends = datetime.fromisoformat(me["token"]["expires_at"])
    assert ends > datetime.now(ends.tzinfo) + timedelta(days=29)
