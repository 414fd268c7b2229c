"""Decisions by the API: every way to let go of a lead, and taking it back."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from feedback.models import Assignment, Decision, Handoff
from leads.models import Lead
from tests.api.asking import Caller, error, where
from tests.factories import TeamFactory, UserFactory
from tests.feedback.world import active_version, assigned, make_lead
from users.models import Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def rep(db: None) -> User:
    active_version()
    return UserFactory(role=Role.REP)


@pytest.fixture
def row(rep: User) -> Assignment:
    return assigned(rep, at=timezone.now())


def path(row: Assignment) -> str:
    return f"handoffs/{row.handoff_id}/decision/"


def soon() -> str:
    return (timezone.now() + timedelta(days=30)).date().isoformat()


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ({"kind": "recycle", "until": "", "text": "Spring"}, "recycled"),
        ({"kind": "return", "text": "Austria"}, "waiting"),
        ({"kind": "duplicate", "twin": 0}, "duplicate"),
        ({"kind": "disqualify", "reason": "no_need"}, "disqualified"),
        ({"kind": "accept"}, "accepted"),
        ({"kind": "reject", "reason": "no_need"}, "rejected"),
    ],
)
def test_each_kind_does_what_the_queue_does_and_can_be_taken_back(
    rep: User, row: Assignment, body: dict[str, Any], state: str
) -> None:
    own = {"owner": rep, "team": rep.team}
    if body["kind"] == "recycle":
        body = {**body, "until": soon()}
    if body["kind"] == "duplicate":
        body = {**body, "twin": make_lead(7, **own).pk}
    said = Caller(rep).post(path(row), body)
    assert said.status_code == 201, said.content
    assert said.json()["kind"] == body["kind"]
    assert Handoff.objects.get().state == state
    undone = Caller(rep).post(path(row), {"kind": "undo"})
    assert undone.status_code == 201, undone.content
    assert undone.json()["undoes"] == said.json()["id"]
    assert Handoff.objects.get().state == "assigned"


def test_only_ones_own_decision_is_taken_back(rep: User, row: Assignment) -> None:
    Caller(rep).post(path(row), {"kind": "accept"})
    manager = Caller(role=Role.SALES_MANAGER)
    assert "no decision of yours" in error(manager.post(path(row), {"kind": "undo"}), 409)["message"]
    assert Handoff.objects.get().state == "accepted"


def test_there_must_be_one_to_take_back(rep: User, row: Assignment) -> None:
    error(Caller(rep).post(path(row), {"kind": "undo"}), 409)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"kind": "recycle"}, "until"),
        ({"kind": "recycle", "until": "2020-01-01"}, "until"),
        ({"kind": "recycle", "until": "soon"}, "until"),
        ({"kind": "return"}, "text"),
        ({"kind": "return", "text": " "}, "text"),
        ({"kind": "duplicate"}, "twin"),
        ({"kind": "duplicate", "twin": 2**63}, "twin"),
        ({"kind": "duplicate", "twin": 12345}, "twin"),
        ({"kind": "disqualify"}, "reason"),
        ({"kind": "disqualify", "reason": "weather"}, "reason"),
        ({"kind": "accept", "until": "2099-01-01"}, "until"),
        ({"kind": "undo", "text": "sorry"}, "text"),
        ({"kind": "forget"}, "kind"),
    ],
)
def test_what_cant_be_is_located_and_nothing_is_written(
    rep: User, row: Assignment, body: dict[str, Any], place: str
) -> None:
    assert place in where(Caller(rep).post(path(row), body))
    assert not Decision.objects.exists()


def test_a_twin_that_the_caller_may_not_see_is_refused(rep: User, row: Assignment) -> None:
    hidden = make_lead(9, team=TeamFactory(name="South"))
    assert "twin" in where(Caller(rep).post(path(row), {"kind": "duplicate", "twin": hidden.pk}))
    assert Lead.objects.filter(stage="disqualified").count() == 0
