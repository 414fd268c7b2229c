"""Taking a decision back: all stands as before and the clocks never stopped; too late is said."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alignment.models import Reason
from core.errors import Conflict
from core.models import OutboxMessage
from feedback.lead_page import entries
from feedback.models import Assignment, Decision, Notification
from feedback.querysets import standing, undecided
from feedback.services import attempts, decisions, outcomes, sla
from feedback.services.assigning import claim
from leads.models import ChangedLead, Lead
from tests.factories import UserFactory
from tests.feedback.world import NOW, SOON, assigned, make_lead, sweep
from users.models import Role, User

pytestmark = pytest.mark.django_db
LATER = NOW + SOON
AT_ONCE = LATER + timedelta(seconds=9)
SPRING = date(2027, 3, 1)
Act = Callable[[Assignment, User], Decision]
ACTS: dict[str, Act] = {
    "accept": lambda row, rep: decisions.accept(assignment=row, by=rep, now=LATER),
    "reject": lambda row, rep: decisions.reject(assignment=row, reason_id=_reason(row), by=rep, now=LATER),
    "recycle": lambda row, rep: decisions.recycle(assignment=row, until=SPRING, by=rep, now=LATER),
    "return": lambda row, rep: decisions.give_back(assignment=row, text="Not mine.", by=rep, now=LATER),
    "duplicate": lambda row, rep: decisions.duplicate(assignment=row, twin=make_lead(70), by=rep, now=LATER),
    "disqualify": lambda row, rep: decisions.disqualify(
        assignment=row, reason_id=_reason(row), by=rep, now=LATER
    ),
}
OF_ASSIGNMENT = (
    "owner_id",
    "ended_at",
    "decided_at",
    "returned_at",
    "decision_minutes",
    "callback_at",
    "next_event_at",
    "response_due_at",
    "decision_due_at",
)
OF_LEAD = ("stage", "owner_id", "team_id", "nurture_until", "decay_stopped_at")


def _reason(row: Assignment) -> int:
    return Reason.objects.get(version=row.handoff.version_id, key="no_need").pk


def state(row: Assignment) -> dict[str, object]:
    """All of it that a decision may change."""
    now = Assignment.objects.select_related("handoff__lead").get(pk=row.pk)
    found = {name: getattr(now, name) for name in OF_ASSIGNMENT}
    found |= {f"lead.{name}": getattr(now.handoff.lead, name) for name in OF_LEAD}
    kept = ("state", "accepted_at", "closed_at", "held_until", "team_id")
    return found | {f"handoff.{name}": getattr(now.handoff, name) for name in kept}


@pytest.fixture
def row(rep: User) -> Assignment:
    """A handoff with a plan to call back."""
    row = assigned(rep)
    attempts.set_callback(assignment=row, at=NOW + timedelta(hours=2), by=rep, now=NOW)
    return row


@pytest.mark.parametrize("kind", ACTS)
class TestTakingBack:
    def test_all_stands_as_it_did(self, kind: str, row: Assignment, rep: User) -> None:
        before = state(row)
        decision = ACTS[kind](row, rep)
        assert decision.kind == kind
        assert state(row) != before
        undone = decisions.undo(decision=decision, by=rep, now=AT_ONCE)
        assert state(row) == before
        assert (undone.kind, undone.undoes, undone.at) == ("undo", decision, AT_ONCE)

    def test_the_decision_stays_on_record_but_counts_no_more(
        self, kind: str, row: Assignment, rep: User
    ) -> None:
        decision = ACTS[kind](row, rep)
        decisions.undo(decision=decision, by=rep, now=AT_ONCE)
        assert set(Decision.objects.values_list("kind", flat=True)) == {kind, "undo"}
        assert not standing(Decision.objects.all()).exists()
        titles = [entry.title for entry in entries(row.handoff.lead, 9)]
        assert f"Took it back: {decision.get_kind_display().lower()}" in titles

    def test_the_lead_is_in_the_queue_again_and_can_be_decided_otherwise(
        self, kind: str, row: Assignment, rep: User
    ) -> None:
        decisions.undo(decision=ACTS[kind](row, rep), by=rep, now=AT_ONCE)
        assert undecided(AT_ONCE).get() == row
        decisions.accept(assignment=row, by=rep, now=AT_ONCE + SOON)

    def test_it_is_judged_anew(self, kind: str, row: Assignment, rep: User) -> None:
        decision = ACTS[kind](row, rep)
        ChangedLead.objects.all().delete()
        decisions.undo(decision=decision, by=rep, now=AT_ONCE)
        assert ChangedLead.objects.filter(lead=row.handoff.lead).exists()

    def test_the_clock_never_stopped(self, kind: str, row: Assignment, rep: User) -> None:
        decisions.undo(decision=ACTS[kind](row, rep), by=rep, now=AT_ONCE)
        day = timedelta(days=1)
        assert sla.sweep(now=row.decision_due_at + day) == 4

    def test_too_late_is_told_and_nothing_changes(self, kind: str, row: Assignment, rep: User) -> None:
        decision = ACTS[kind](row, rep)
        after = state(row)
        with pytest.raises(Conflict, match="too late to take that back"):
            decisions.undo(decision=decision, by=rep, now=LATER + timedelta(seconds=16))
        assert state(row) == after

    def test_a_second_click_is_told(self, kind: str, row: Assignment, rep: User) -> None:
        decision = ACTS[kind](row, rep)
        decisions.undo(decision=decision, by=rep, now=AT_ONCE)
        before = state(row)
        with pytest.raises(Conflict, match="taken back before"):
            decisions.undo(decision=decision, by=rep, now=AT_ONCE)
        assert (state(row), Decision.objects.count()) == (before, 2)


def test_an_accepted_lead_that_was_recycled_is_accepted_again_with_its_age_standing_still(
    row: Assignment, rep: User
) -> None:
    decisions.accept(assignment=row, by=rep, now=NOW)
    before = state(row)
    decision = decisions.recycle(assignment=row, until=SPRING, by=rep, now=LATER)
    decisions.undo(decision=decision, by=rep, now=AT_ONCE)
    assert state(row) == before
    assert Lead.objects.get().decay_stopped_at == NOW


def test_what_somebody_did_since_is_not_overwritten(row: Assignment, rep: User) -> None:
    decision = decisions.accept(assignment=row, by=rep, now=LATER)
    outcomes.qualify(assignment=row, by=rep, now=LATER)
    with pytest.raises(Conflict, match="gone on with Lead 1 since"):
        decisions.undo(decision=decision, by=rep, now=AT_ONCE)


def test_a_returned_lead_that_a_colleague_claimed_stays_with_them(row: Assignment, rep: User) -> None:
    other = UserFactory(name="Ben")
    decision = decisions.give_back(assignment=row, text="Not mine.", by=rep, now=LATER)
    claim(handoff=row.handoff, by=other, now=LATER + timedelta(seconds=3))
    with pytest.raises(Conflict, match="gone on with Lead 1 since"):
        decisions.undo(decision=decision, by=rep, now=AT_ONCE)
    assert Assignment.objects.get(ended_at=None).owner == other


def test_nobody_is_told_of_a_return_that_was_taken_back(row: Assignment, rep: User) -> None:
    UserFactory(role=Role.SALES_MANAGER)
    decision = decisions.give_back(assignment=row, text="Not mine.", by=rep, now=LATER)
    decisions.undo(decision=decision, by=rep, now=AT_ONCE)
    assert not Notification.objects.filter(text__contains="returned").exists()
    assert not OutboxMessage.objects.filter(subject__contains="returned").exists()
    assert sweep(LATER + timedelta(minutes=1)).assigned == 0


class TestFromThePage:
    def test_the_notice_offers_the_undo_and_it_opens_the_lead_again(
        self, rep: User, signed_in: Client
    ) -> None:
        row = assigned(rep, at=timezone.now())
        response = signed_in.post(reverse("feedback:accept", args=[row.pk]), follow=True)
        address = reverse("feedback:decision_undo", args=[Decision.objects.get().pk])
        assert f'action="{address}"' in response.content.decode()
        back = signed_in.post(address, follow=True)
        assert back.redirect_chain[-1][0] == reverse("feedback:handoff", args=[row.pk])
        assert "Taken back: Lead 1 is with you again." in back.content.decode()

    @pytest.mark.parametrize("pk", [0, 999, 10**30])
    def test_an_unknown_decision_is_not_found(self, signed_in: Client, pk: int) -> None:
        assert signed_in.post(f"/queue/decisions/{pk}/undo/").status_code == 404
