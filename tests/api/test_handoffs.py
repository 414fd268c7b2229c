"""Handoffs by the API: who sees them, and the same acts as in the queue."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feedback.models import Assignment, Attempt, Decision, Handoff
from tests.access import FORBIDDEN, OK, AccessTests
from tests.api.asking import Caller, error, where
from tests.factories import TeamFactory, UserFactory
from tests.feedback.world import NOW, active_version, assigned, waiting
from users.models import Role, User

pytestmark = pytest.mark.django_db
READERS_ONLY = dict.fromkeys(Role, OK) | {Role.EXECUTIVE: FORBIDDEN}


@pytest.fixture
def rep(db: None) -> User:
    active_version()
    return UserFactory(role=Role.REP)


def ids(response: Any) -> list[int]:
    assert response.status_code == 200, response.content[:500]
    return [row["id"] for row in response.json()["results"]]


class TestAccessToTheList(AccessTests):
    url_name = "api-handoffs"
    expected = READERS_ONLY
    other_team = OK
    stranger = 401


class TestAccessToOneHandoff(AccessTests):
    expected = READERS_ONLY
    stranger = 401

    def url(self) -> str:
        active_version()
        return reverse("api-handoff", args=[assigned(self.rep).handoff_id])


@pytest.mark.parametrize("role", list(Role))
def test_only_the_owner_and_sales_managers_work_a_handoff(rep: User, role: Role) -> None:
    row = assigned(rep)
    caller = Caller(rep) if role == Role.REP else Caller(role=role)
    response = caller.post(f"handoffs/{row.handoff_id}/attempts/", {"kind": "note", "note": "Hm"})
    if role in {Role.REP, Role.SALES_MANAGER}:
        assert response.status_code == 201, response.content
    else:
        assert "sales" in error(response, 403)["message"]


def test_a_colleague_may_read_but_not_decide_and_another_team_sees_nothing(rep: User) -> None:
    path = f"handoffs/{assigned(rep).handoff_id}/decision/"
    mate = Caller(UserFactory(role=Role.REP, team=rep.team))
    assert str(rep) in error(mate.post(path, {"kind": "accept"}), 403)["message"]
    stranger = Caller(UserFactory(role=Role.REP, team=TeamFactory()))
    error(stranger.post(path, {"kind": "accept"}), 404)
    assert not Decision.objects.exists()


def test_a_handoff_shows_its_clocks_facts_and_reasons(rep: User) -> None:
    row = assigned(rep)
    shown = Caller(rep).get(f"handoffs/{row.handoff_id}/").json()
    assert shown["assignment"]["owner"] == {"id": rep.pk, "name": rep.name}
    assert shown["assignment"]["assigned_at"] == "2026-11-23T10:00:00Z"
    assert [reason["key"] for reason in shown["reasons"]] == ["no_need", "other"]
    assert (shown["state"], shown["cycle"], shown["facts"]) == ("assigned", 1, {})


def test_a_rep_lists_own_and_team_handoffs_newest_first(rep: User) -> None:
    first, second = assigned(rep), assigned(UserFactory(role=Role.REP, team=rep.team))
    other = assigned(UserFactory(role=Role.REP, team=TeamFactory()))
    Handoff.objects.filter(pk=other.handoff_id).update(team=other.owner.team)
    assert ids(Caller(rep).get("handoffs/")) == [second.handoff_id, first.handoff_id]
    assert ids(Caller(rep).get("handoffs/", owner="me")) == [first.handoff_id]


def test_the_list_filters_by_state_owner_lead_and_due(rep: User) -> None:
    row, pooled = assigned(rep), waiting()
    caller = Caller(role=Role.SALES_MANAGER)
    assert ids(caller.get("handoffs/", state="waiting")) == [pooled.pk]
    assert len(ids(caller.get("handoffs/", state=["waiting", "assigned"]))) == 2
    assert ids(caller.get("handoffs/", owner=rep.pk)) == [row.handoff_id]
    assert ids(caller.get("handoffs/", lead=pooled.lead_id)) == [pooled.pk]
    late, soon = row.response_due_at + timedelta(minutes=1), NOW
    assert ids(caller.get("handoffs/", due_before=late.isoformat())) == [row.handoff_id]
    assert ids(caller.get("handoffs/", due_before=soon.isoformat())) == []


@pytest.mark.parametrize(
    ("params", "place"),
    [
        ({"state": "lost in space"}, "state.0"),
        ({"owner": "you"}, "owner"),
        ({"lead": str(2**63)}, "lead"),
        ({"due_before": "2026-11-23"}, "due_before"),
        ({"due_before": "soon"}, "due_before"),
        ({"grade": "A"}, "grade"),
        ({"limit": "-1"}, "limit"),
    ],
)
def test_a_parameter_that_cant_be_used_is_named(rep: User, params: dict[str, str], place: str) -> None:
    assert {each.partition(".")[0] for each in where(Caller(rep).get("handoffs/", **params))} == {
        place.partition(".")[0]
    }


def test_a_rep_calls_accepts_and_wins(rep: User) -> None:
    row, caller = assigned(rep), Caller(rep)
    path = f"handoffs/{row.handoff_id}/"
    called = caller.post(f"{path}attempts/", {"kind": "call", "result": "reached", "note": "Nice"})
    assert called.status_code == 201, called.content
    accepted = caller.post(f"{path}decision/", {"kind": "accept"})
    assert (accepted.status_code, accepted.json()["reason"]) == (201, None)
    won = caller.post(f"{path}outcome/", {"kind": "won", "amount": 12000.5})
    assert (won.status_code, won.json()["amount"], won.json()["currency"]) == (201, "12000.50", "EUR")
    row.refresh_from_db()
    assert row.responded_at is not None
    shown = caller.get(path).json()
    assert (shown["state"], len(shown["attempts"]), len(shown["outcomes"])) == ("won", 1, 1)


def test_a_rep_rejects_with_the_key_of_a_reason(rep: User) -> None:
    row, caller = assigned(rep), Caller(rep)
    path = f"handoffs/{row.handoff_id}/decision/"
    assert where(caller.post(path, {"kind": "reject"})) == {"reason"}
    assert where(caller.post(path, {"kind": "reject", "reason": "weather"})) == {"reason"}
    assert where(caller.post(path, {"kind": "reject", "reason": "other"})) == {"text"}
    error(caller.post(path, {"kind": "accept", "reason": "other"}), 400)
    rejected = caller.post(path, {"kind": "reject", "reason": "other", "text": "A student"})
    assert (rejected.status_code, rejected.json()["reason"]) == (201, "other")
    assert Decision.objects.get().text == "A student"


def test_a_second_decision_is_a_conflict_that_says_who_was_first(rep: User) -> None:
    row, caller = assigned(rep), Caller(rep)
    path = f"handoffs/{row.handoff_id}/decision/"
    caller.post(path, {"kind": "accept"})
    again = Caller(role=Role.SALES_MANAGER).post(path, {"kind": "accept"})
    assert str(rep) in error(again, 409)["message"]
    assert Decision.objects.count() == 1


def test_a_waiting_handoff_must_be_claimed_first(rep: User) -> None:
    handoff = waiting()
    response = Caller(role=Role.SALES_MANAGER).post(f"handoffs/{handoff.pk}/decision/", {"kind": "accept"})
    assert "pool" in error(response, 409)["message"]


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"kind": "won"}, "amount"),
        ({"kind": "won", "amount": -3}, "amount"),
        ({"kind": "won", "amount": 1, "currency": "euro"}, "currency"),
        ({"kind": "won", "amount": 1, "text": "x"}, "text"),
        ({"kind": "lost"}, "text"),
        ({"kind": "lost", "text": "Too dear", "amount": 5}, "amount"),
        ({"kind": "regained"}, "kind"),
        ({}, "kind"),
    ],
)
def test_an_outcome_that_cant_be_is_located(rep: User, data: dict[str, Any], place: str) -> None:
    row, caller = assigned(rep), Caller(rep)
    caller.post(f"handoffs/{row.handoff_id}/decision/", {"kind": "accept"})
    assert where(caller.post(f"handoffs/{row.handoff_id}/outcome/", data)) == {place}


def test_an_attempt_with_a_key_is_logged_once(rep: User) -> None:
    row, caller = assigned(rep), Caller(rep)
    path = f"handoffs/{row.handoff_id}/attempts/"
    first = caller.post(path, {"kind": "call", "result": "no_answer"}, key="a1")
    again = caller.post(path, {"kind": "call", "result": "no_answer"}, key="a1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Attempt.objects.count() == 1


def test_the_number_of_queries_stays_when_there_are_more_handoffs(rep: User) -> None:
    caller = Caller(role=Role.SALES_MANAGER)
    caller.get("handoffs/")  # the token's use is noted once a minute

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert caller.get("handoffs/", state="assigned").status_code == 200
        return len(captured)

    assigned(rep)
    few = queries()
    for _ in range(10):
        assigned(rep)
    assert Assignment.objects.count() == 11
    assert queries() == few <= 4
