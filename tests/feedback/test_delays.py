"""The three delays of an episode, apart: none is blamed for another."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from feedback.delays import delays_of
from feedback.models import Assignment, Handoff
from feedback.services import attempts, decisions
from feedback.services.assigning import claim
from feedback.services.pooling import take_back
from tests.factories import UserFactory
from tests.feedback.world import NOW, active_version, assigned, ready_lead, sweep
from users.models import Role, User

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def said(handoff: Handoff, hours: float) -> str:
    handoff.refresh_from_db()
    return delays_of(handoff, now=NOW + hours * HOUR).in_words


@pytest.fixture
def pooled(settings: pytest.FixtureRequest) -> Handoff:
    """A lead that nobody has room for."""
    settings.HANDOFF_CAPACITY = 0  # type: ignore[attr-defined] # pytest-django's settings
    active_version()
    ready_lead()
    sweep()
    return Handoff.objects.get()


def test_while_it_waits_the_system_delay_grows(pooled: Handoff) -> None:
    assert said(pooled, 2) == "2 h without an owner so far, not contacted yet, not decided yet"


def test_the_wait_in_the_pool_is_the_systems_and_not_the_owners(pooled: Handoff) -> None:
    rep = UserFactory()
    row = claim(handoff=pooled, by=rep, now=NOW + HOUR)
    attempts.log_attempt(assignment=row, kind="call", by=rep, now=NOW + HOUR + 35 * MINUTE)
    expected = "1 h until assigned, 35 min working time until the first contact, not decided yet"
    assert said(pooled, 3) == expected
    decisions.accept(assignment=row, by=rep, now=NOW + 5 * HOUR)  # an hour of it was lunch
    assert said(pooled, 9).endswith("first contact, 3 h working time until the decision")


def test_a_note_is_no_contact(pooled: Handoff) -> None:
    rep = UserFactory()
    row = claim(handoff=pooled, by=rep, now=NOW + HOUR)
    attempts.log_attempt(assignment=row, kind="note", note="Ask Ben.", by=rep, now=NOW + HOUR)
    assert "not contacted yet" in said(pooled, 3)


def test_later_waits_in_the_pool_are_added(pooled: Handoff) -> None:
    rep, manager = UserFactory(), UserFactory(role=Role.SALES_MANAGER)
    claim(handoff=pooled, by=rep, now=NOW + HOUR)
    take_back(handoff_ids=[pooled.pk], by=manager, now=NOW + 2 * HOUR)
    assert said(pooled, 5) == "4 h without an owner so far, not contacted yet, not decided yet"
    claim(handoff=pooled, by=rep, now=NOW + 5 * HOUR)
    assert said(pooled, 7).startswith("4 h until assigned")


def test_of_a_closed_one_nothing_is_to_come(rep: User) -> None:
    row = assigned(rep)
    reason = row.handoff.version.reasons.get(key="no_need")
    decisions.reject(assignment=row, reason_id=reason.pk, by=rep, now=NOW + 10 * MINUTE)
    expected = "0 min until assigned, not contacted, 10 min working time until the decision"
    assert said(row.handoff, 30) == expected


def test_the_lead_page_says_them(rep: User, signed_in: Client) -> None:
    row = assigned(rep)
    attempts.log_attempt(assignment=row, kind="call", by=rep, now=NOW + 35 * MINUTE)
    text = signed_in.get(reverse("leads:lead", args=[row.handoff.lead_id])).content.decode()
    assert "0 min until assigned, 35 min working time until the first contact, not decided yet" in text
    assert Assignment.objects.get().response_minutes == 35
