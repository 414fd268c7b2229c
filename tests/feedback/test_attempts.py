"""Taking back what was logged by mistake: the clock and a pause go on as if nothing had been."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.errors import Conflict
from core.models import AuditEntry
from feedback.models import Assignment, Attempt, Handoff, Pause, SlaEvent
from feedback.services import attempts, decisions, pausing, sla
from feedback.services.pooling import take_back as take_lead_back
from tests.factories import UserFactory
from tests.feedback.world import NOW, SOON, active_version, assigned
from users.models import Role, User

pytestmark = pytest.mark.django_db
LOGGED = NOW + SOON
AT_ONCE = LOGGED + timedelta(seconds=9)
OF_CLOCK = ("responded_at", "response_minutes", "response_due_at", "decision_due_at")


def clock(row: Assignment) -> tuple[object, ...]:
    found: tuple[object, ...] = Assignment.objects.values_list(*OF_CLOCK).get(pk=row.pk)
    return found


def log(row: Assignment, kind: str = "call", **said: str) -> Attempt:
    return attempts.log_attempt(assignment=row, kind=kind, by=row.owner, now=LOGGED, **said)


@pytest.fixture
def row(rep: User) -> Assignment:
    """The terms of its grade and source let its clocks be paused."""
    version = active_version(grade="A", source="Fair", may_pause=True)
    made = assigned(rep)
    Handoff.objects.update(term=version.terms.get(source="Fair"))
    return Assignment.objects.select_related("handoff__term", "handoff__lead", "owner").get(pk=made.pk)


class TestTakingBack:
    def test_the_response_clock_goes_on_and_runs_out_at_its_old_moment(self, row: Assignment) -> None:
        before = clock(row)
        logged = log(row)
        assert clock(row) != before
        attempts.take_back(attempt=logged, by=row.owner, now=AT_ONCE)
        assert clock(row) == before
        assert not Attempt.objects.exists()
        sla.sweep(now=row.response_due_at + SOON)
        assert SlaEvent.objects.filter(assignment=row, clock="response", step="breached").exists()

    def test_who_took_what_back_stands_in_the_log(self, row: Assignment) -> None:
        logged = log(row, result="no_answer")
        attempts.take_back(attempt=logged, by=row.owner, now=AT_ONCE)
        entry = AuditEntry.objects.get(action="handoff.attempt_taken_back")
        assert entry.actor == row.owner
        assert entry.detail == {"attempt": logged.pk, "kind": "call", "result": "no_answer"}

    def test_a_first_response_from_before_stays(self, row: Assignment) -> None:
        attempts.log_attempt(assignment=row, kind="email", by=row.owner, now=NOW)
        before = clock(row)
        attempts.take_back(attempt=log(row), by=row.owner, now=AT_ONCE)
        assert clock(row) == before
        assert Attempt.objects.get().kind == "email"

    def test_a_note_goes_and_nothing_else_changes(self, row: Assignment) -> None:
        before = clock(row)
        attempts.take_back(attempt=log(row, "note", note="Hm."), by=row.owner, now=AT_ONCE)
        assert clock(row) == before
        assert not Attempt.objects.exists()

    def test_a_pause_that_it_ended_is_taken_up_again(self, row: Assignment) -> None:
        until = NOW + timedelta(days=4)
        pausing.pause(assignment=row, until=until, reason="Away.", by=row.owner, now=NOW)
        before, logged = clock(row), log(row)
        assert Pause.objects.get().ended_at == LOGGED
        attempts.take_back(attempt=logged, by=row.owner, now=AT_ONCE)
        assert Pause.objects.get().ended_at is None
        assert clock(row) == before


class TestWhatStays:
    def test_it_is_too_late_after_some_seconds(self, row: Assignment) -> None:
        with pytest.raises(Conflict, match="too late"):
            attempts.take_back(attempt=log(row), by=row.owner, now=LOGGED + timedelta(seconds=16))
        assert Attempt.objects.exists()

    def test_a_second_time_says_that_it_was_taken_back_before(self, row: Assignment) -> None:
        logged = log(row)
        attempts.take_back(attempt=Attempt.objects.get(), by=row.owner, now=AT_ONCE)
        with pytest.raises(Conflict, match="taken back before"):
            attempts.take_back(attempt=logged, by=row.owner, now=AT_ONCE)

    def test_what_was_followed_by_another_attempt_stays(self, row: Assignment) -> None:
        first = log(row)
        log(row, "email")
        with pytest.raises(Conflict, match="gone on"):
            attempts.take_back(attempt=first, by=row.owner, now=AT_ONCE)

    def test_what_was_followed_by_a_decision_stays(self, row: Assignment) -> None:
        logged = log(row)
        decisions.accept(assignment=row, by=row.owner, now=AT_ONCE)
        with pytest.raises(Conflict, match="gone on"):
            attempts.take_back(attempt=logged, by=row.owner, now=AT_ONCE)

    def test_an_attempt_after_the_decision_can_be_taken_back(self, row: Assignment) -> None:
        decisions.accept(assignment=row, by=row.owner, now=NOW)
        attempts.take_back(attempt=log(row), by=row.owner, now=AT_ONCE)
        assert not Attempt.objects.exists()

    def test_a_lead_that_was_taken_away_since_is_left_alone(self, row: Assignment) -> None:
        logged, manager = log(row), UserFactory(role=Role.SALES_MANAGER)
        take_lead_back(handoff_ids=[row.handoff_id], by=manager, now=AT_ONCE)
        with pytest.raises(Conflict):
            attempts.take_back(attempt=logged, by=row.owner, now=AT_ONCE)
        assert Attempt.objects.exists()


def test_the_page_offers_it_and_a_repeat_finds_nothing(client: Client, rep: User) -> None:
    row = assigned(rep, at=timezone.now())
    client.force_login(rep)
    answer = client.post(reverse("feedback:attempt", args=[row.pk]), {"kind": "call"}, follow=True)
    undo = reverse("feedback:attempt_undo", args=[Attempt.objects.get().pk])
    assert undo in answer.text
    assert "nothing was logged" in client.post(undo, follow=True).text
    assert not Attempt.objects.exists()
    assert Assignment.objects.get().responded_at is None
    assert client.post(undo).status_code == 404
    assert Handoff.objects.get().state == Handoff.State.ASSIGNED
