"""A handoff ends when its reason is gone: the lead became a customer, was lost or disqualified elsewhere."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from alignment.models import Reason
from core.erasing import erasing
from core.errors import Conflict
from core.models import AuditEntry, OutboxMessage
from feedback.lead_page import entries
from feedback.models import Assignment, Decision, Handoff, LogCursor, Notification, SlaEvent
from feedback.reports import sla as report
from feedback.services import attempts, decisions, handoffs, outcomes, sla
from feedback.services.cursors import STAGES
from feedback.services.withdrawing import follow_stages
from leads.models import Lead, Stage, StageChange
from leads.services import move_stage
from tests.factories import UserFactory
from tests.feedback.faults import killed_at
from tests.feedback.world import NOW, SOON, assigned, judge, ready_lead, sweep, waiting
from users.models import User

pytestmark = pytest.mark.django_db
MOVED = NOW + SOON
LATER = NOW + 2 * SOON


@pytest.fixture
def row(rep: User) -> Assignment:
    return assigned(rep)


def fresh(row: Assignment) -> Assignment:
    return Assignment.objects.select_related("handoff__lead", "owner").get(pk=row.pk)


def move(row: Assignment | Handoff, to: str, cause: str = "import from the CRM") -> None:
    """Somebody below feedback moves the lead."""
    handoff = row.handoff if isinstance(row, Assignment) else row
    lead = Lead.objects.get(pk=handoff.lead_id)
    if to == Stage.CUSTOMER:  # whoever buys was accepted and qualified on the way
        for stage in (Stage.ACCEPTED, Stage.QUALIFIED):
            move_stage(lead=lead, to=stage, cause=cause, by=None, now=MOVED)
    move_stage(lead=lead, to=to, cause=cause, by=None, now=MOVED)


class TestWhatIsWithdrawn:
    @pytest.mark.parametrize(
        ("stage", "why"),
        [
            (Stage.CUSTOMER, "became a customer (import from the CRM)"),
            (Stage.LOST, "was lost (import from the CRM)"),
            (Stage.DISQUALIFIED, "was disqualified (import from the CRM)"),
        ],
    )
    def test_the_handoff_is_closed_as_of_the_move_and_says_why(
        self, row: Assignment, stage: str, why: str
    ) -> None:
        move(row, stage)
        sweep(LATER)
        now = fresh(row)
        assert (now.handoff.state, now.handoff.closed_at, now.handoff.withdrawn_why) == (
            "withdrawn",
            MOVED,
            why,
        )
        assert (now.ended_at, now.next_event_at, now.decided_at) == (MOVED, None, None)
        assert (now.handoff.lead.stage, now.handoff.lead.owner) == (stage, None)

    @pytest.mark.parametrize("stage", [Stage.NURTURE, Stage.INQUIRY])
    def test_a_move_that_is_no_end_leaves_it_alone(self, row: Assignment, stage: str) -> None:
        move(row, stage)
        sweep(LATER)
        assert fresh(row).handoff.state == "assigned"

    def test_one_in_the_pool_is_withdrawn_too_and_its_clock_stops(self, rep: User) -> None:
        handoff = waiting(pooled_at=NOW, pool_due_at=LATER, pool_event_at=LATER)
        move(handoff, Stage.LOST)
        follow_stages(now=LATER)
        handoff.refresh_from_db()
        assert (handoff.state, handoff.pooled_at, handoff.pool_event_at) == ("withdrawn", None, None)

    def test_what_was_accepted_stays_with_its_owner_and_ages_again(self, row: Assignment, rep: User) -> None:
        decisions.accept(assignment=row, by=rep, now=NOW)
        move(row, Stage.LOST)
        sweep(LATER)
        now = fresh(row)
        assert (now.handoff.state, now.decided_at, now.handoff.lead.owner) == ("withdrawn", NOW, rep)
        assert now.handoff.lead.decay_stopped_at is None
        assert [each.kind for each in Decision.objects.all()] == ["accept"]

    def test_a_qualified_one_that_buys_elsewhere_is_nobodys_work_any_more(
        self, row: Assignment, rep: User
    ) -> None:
        decisions.accept(assignment=row, by=rep, now=NOW)
        outcomes.qualify(assignment=row, by=rep, now=NOW)
        lead = Lead.objects.get()
        move_stage(lead=lead, to=Stage.CUSTOMER, cause="CRM", by=None, now=MOVED)
        sweep(LATER)
        now = fresh(row)
        assert (now.handoff.state, now.handoff.closed_at, now.ended_at) == ("withdrawn", MOVED, MOVED)
        assert now.handoff.outcomes.get().kind == "qualified"

    def test_sales_own_decisions_withdraw_nothing(self, rep: User) -> None:
        no_need = Reason.objects.get(version__status="active", key="no_need").pk
        first, second = assigned(rep), assigned(rep)
        decisions.disqualify(assignment=first, reason_id=no_need, by=rep, now=NOW)
        decisions.accept(assignment=second, by=rep, now=NOW)
        outcomes.lose(assignment=second, text="Too dear.", by=rep, now=NOW)
        sweep(LATER)
        assert set(Handoff.objects.values_list("state", flat=True)) == {"disqualified", "lost"}


class TestTheClocks:
    def figures(self, clock: str) -> tuple[int, int]:
        week = timedelta(days=7)
        found = report.compliance(
            Assignment.objects.all(), clock=clock, start=NOW - week, end=NOW + week, now=NOW + week
        )
        return found.due, found.met

    def test_they_count_neither_for_nor_against_the_owner(self, row: Assignment) -> None:
        move(row, Stage.LOST)
        sweep(LATER)
        assert (self.figures("response"), self.figures("decision")) == ((0, 0), (0, 0))

    def test_without_the_move_both_are_missed(self, row: Assignment) -> None:
        assert (self.figures("response"), self.figures("decision")) == ((1, 0), (1, 0))

    def test_what_fell_due_before_it_was_noticed_counts_for_nothing(self, row: Assignment) -> None:
        move(row, Stage.LOST)
        late = NOW + timedelta(days=3)
        handoffs.compare_all(now=late)
        assert fresh(row).ended_at == MOVED
        assert self.figures("response") == (0, 0)

    def test_no_step_of_the_ladder_is_taken_afterwards(self, row: Assignment) -> None:
        move(row, Stage.LOST)
        sweep(LATER)
        assert sla.sweep(now=NOW + timedelta(days=9)) == 0
        assert not SlaEvent.objects.exists()

    def test_a_response_that_was_given_in_time_stays_one(self, row: Assignment, rep: User) -> None:
        attempts.log_attempt(assignment=row, kind="call", by=rep, now=NOW)
        move(row, Stage.LOST)
        sweep(LATER)
        assert (self.figures("response"), self.figures("decision")) == ((1, 1), (0, 0))


class TestWhoIsTold:
    def test_the_owner_hears_why_in_the_app_and_by_mail(self, row: Assignment, rep: User) -> None:
        move(row, Stage.LOST)
        sweep(LATER)
        notice = Notification.objects.get(user=rep, key__startswith="withdrawn:")
        assert notice.text == f"{row.handoff.lead} was lost (import from the CRM): nothing is left to do"
        assert OutboxMessage.objects.filter(to=rep, key=f"notice:{notice.key}").count() == 1

    def test_of_many_leads_an_owner_hears_once(self, rep: User) -> None:
        rows = [assigned(rep) for _ in range(3)]
        for each in rows:
            move(each, Stage.LOST)
        sweep(LATER)
        notice = Notification.objects.get(user=rep, key__startswith="withdrawn:")
        assert notice.text == "3 of your leads are closed: they got to an end elsewhere"
        assert "Lead 2 was lost" in OutboxMessage.objects.get(key=f"notice:{notice.key}").body

    def test_it_is_on_the_timeline_and_in_the_log(self, row: Assignment) -> None:
        move(row, Stage.LOST)
        sweep(LATER)
        found = next(each for each in entries(row.handoff.lead, 9) if each.title == "Withdrawn from sales")
        assert (found.at, found.detail) == (MOVED, "The lead was lost (import from the CRM).")
        assert AuditEntry.objects.get(action="handoff.withdrawn").detail["handoffs"] == [row.handoff_id]


class TestAStalePage:
    """A rep acts on a page that they opened before."""

    ACTS: dict[str, Callable[[Assignment, User], Any]] = {
        "accept": lambda row, rep: decisions.accept(assignment=row, by=rep, now=LATER),
        "recycle": lambda row, rep: decisions.recycle(
            assignment=row, until=LATER.date() + timedelta(days=9), by=rep, now=LATER
        ),
        "call": lambda row, rep: attempts.log_attempt(assignment=row, kind="call", by=rep, now=LATER),
    }

    @pytest.mark.parametrize("act", sorted(ACTS))
    @pytest.mark.parametrize("is_noticed", [True, False])
    def test_is_told_kindly_what_happened(
        self, row: Assignment, rep: User, act: str, is_noticed: bool
    ) -> None:
        move(row, Stage.LOST)
        if is_noticed:
            sweep(LATER)
        with pytest.raises(Conflict, match=r"was lost .*outside the queue: nothing is left to decide"):
            self.ACTS[act](row, rep)
        assert Lead.objects.get().stage == Stage.LOST
        assert not Decision.objects.exists()

    @pytest.mark.parametrize("act", sorted(ACTS))
    def test_without_the_move_it_works(self, row: Assignment, rep: User, act: str) -> None:
        sweep(LATER)
        self.ACTS[act](row, rep)

    @pytest.mark.parametrize("is_noticed", [True, False])
    def test_an_undo_does_not_overwrite_the_move(self, row: Assignment, rep: User, is_noticed: bool) -> None:
        decision = decisions.accept(assignment=row, by=rep, now=MOVED)
        move(row, Stage.LOST)
        if is_noticed:
            sweep(MOVED)
        with pytest.raises(Conflict, match="The decision stays as it is"):
            decisions.undo(decision=decision, by=rep, now=MOVED + timedelta(seconds=5))
        assert Lead.objects.get().stage == Stage.LOST

    def test_the_page_itself_says_it(self, row: Assignment, signed_in: Client) -> None:
        move(row, Stage.LOST)
        sweep(LATER)
        answer = signed_in.post(reverse("feedback:accept", args=[row.pk]))
        assert answer.status_code == 409
        assert "was lost (import from the CRM)" in answer.content.decode()
        opened = signed_in.get(reverse("feedback:handoff", args=[row.pk])).content.decode()
        assert "was lost (import from the CRM)" in opened
        lead_page = signed_in.get(reverse("leads:lead", args=[row.handoff.lead_id])).content.decode()
        assert "was lost (import from the CRM)" in lead_page


class TestADeletedLead:
    """No page merges or erases leads yet; whoever deletes one in the database breaks nothing."""

    @pytest.fixture(autouse=True)
    def _deleted(self, row: Assignment) -> None:
        with erasing(by=None, why="as the test has it"):
            Lead.objects.get().delete()

    def test_its_handoff_goes_along_and_nothing_is_left_to_sweep(self) -> None:
        assert not Handoff.objects.exists()
        assert (sweep(LATER).opened, sla.sweep(now=NOW + timedelta(days=9))) == (0, 0)

    def test_a_stale_page_is_told(self, row: Assignment, rep: User, signed_in: Client) -> None:
        with pytest.raises(Conflict, match="This lead was deleted meanwhile"):
            decisions.accept(assignment=row, by=rep, now=LATER)
        assert signed_in.post(reverse("feedback:accept", args=[row.pk])).status_code == 404
        assert signed_in.get(reverse("feedback:queue")).status_code == 200


class TestFollowing:
    def test_a_repeat_does_nothing(self, row: Assignment) -> None:
        move(row, Stage.LOST)
        assert [follow_stages(now=LATER), follow_stages(now=LATER)] == [1, 0]
        assert Notification.objects.filter(key__startswith="withdrawn:").count() == 1

    @pytest.mark.parametrize("statement", range(3, 20, 4))
    def test_a_crash_loses_nothing(self, row: Assignment, statement: int) -> None:
        move(row, Stage.LOST)
        with killed_at(statement):
            follow_stages(now=LATER)
        follow_stages(now=LATER)
        assert fresh(row).handoff.state == "withdrawn"
        assert Notification.objects.filter(key__startswith="withdrawn:").count() == 1

    def test_a_move_with_a_lower_id_that_is_committed_late_is_found(self, row: Assignment, rep: User) -> None:
        other = assigned(rep)
        move(row, Stage.LOST)
        late = StageChange.objects.get(to_stage="lost")
        held = late.pk
        with erasing(by=None, why="as the test has it"):
            late.delete()  # its transaction is still open: nobody sees what it did
        Lead.objects.filter(pk=row.handoff.lead_id).update(stage=Stage.SALES_READY)
        move(other, Stage.DISQUALIFIED)
        assert follow_stages(now=LATER) == 1
        late.pk = held
        late.save(force_insert=True)
        Lead.objects.filter(pk=row.handoff.lead_id).update(stage=Stage.LOST)
        assert follow_stages(now=LATER + timedelta(minutes=1)) == 1

    def test_the_night_finds_what_the_log_does_not_tell(self, row: Assignment) -> None:
        Lead.objects.filter(pk=row.handoff.lead_id).update(stage=Stage.LOST)
        assert follow_stages(now=LATER) == 0
        handoffs.compare_all(now=LATER)
        now = fresh(row)
        assert (now.handoff.state, now.handoff.withdrawn_why, now.ended_at) == (
            "withdrawn",
            "was lost",
            LATER,
        )

    def test_where_nothing_moved_it_costs_two_queries(
        self, row: Assignment, django_assert_num_queries: Callable[[int], Any]
    ) -> None:
        move(row, Stage.LOST)
        for minutes in (0, 3, 6):
            follow_stages(now=LATER + timedelta(minutes=minutes))
        assert LogCursor.objects.get(name=STAGES).last_id == StageChange.objects.latest("pk").pk
        with django_assert_num_queries(2):
            follow_stages(now=LATER + timedelta(minutes=9))


class TestWhatComesAfterwards:
    def test_a_lost_lead_that_stays_sales_ready_is_not_handed_over_again(self, rep: User) -> None:
        lead = ready_lead()
        sweep()
        move(Handoff.objects.get(), Stage.LOST)
        sweep(LATER)
        judge(lead, at=LATER)
        assert handoffs.compare_all(now=LATER).opened == 0

    def test_moved_back_by_hand_it_comes_again(self, rep: User) -> None:
        lead = ready_lead()
        sweep()
        move(Handoff.objects.get(), Stage.DISQUALIFIED)
        sweep(LATER)
        assert handoffs.compare_all(now=LATER).opened == 0
        move_stage(lead=Lead.objects.get(pk=lead.pk), to=Stage.INQUIRY, cause="mistake", by=None, now=LATER)
        assert handoffs.compare_all(now=LATER).opened == 1
        assert Handoff.objects.get(state="assigned").cycle == 2

    def test_a_lead_of_another_owner_is_not_touched(self, row: Assignment) -> None:
        other = assigned(UserFactory(name="Ben"))
        move(row, Stage.LOST)
        sweep(LATER)
        assert fresh(other).handoff.state == "assigned"
