"""Recycling, returning, marking as a duplicate and disqualifying: what is written, and what is refused."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from alignment.models import Reason
from core.errors import ApplicationError, Conflict, Invalid
from core.models import AuditEntry, OutboxMessage
from feedback.models import Assignment, Decision, Handoff, Notification
from feedback.querysets import verdicts
from feedback.reports.reasons import Period, rejections
from feedback.services import decisions, handoffs, outcomes
from leads.models import Lead, Stage
from tests.factories import UserFactory
from tests.feedback.world import NOW, SOON, assigned, judge, make_lead, sweep
from users.models import Role, User

pytestmark = pytest.mark.django_db
LATER = NOW + SOON
SPRING = date(2027, 3, 1)


@pytest.fixture
def row(rep: User) -> Assignment:
    return assigned(rep)


def reason(row: Assignment, key: str = "no_need") -> int:
    return Reason.objects.get(version=row.handoff.version_id, key=key).pk


def fresh(row: Assignment) -> Assignment:
    return Assignment.objects.select_related("handoff__lead").get(pk=row.pk)


class TestRecycling:
    def test_the_lead_rests_until_the_day_and_both_clocks_stop(self, row: Assignment, rep: User) -> None:
        decision = decisions.recycle(assignment=row, until=SPRING, text=" In spring. ", by=rep, now=LATER)
        now, lead = fresh(row), Lead.objects.get()
        assert (now.decided_at, now.ended_at, now.next_event_at) == (LATER, LATER, None)
        assert (now.handoff.state, now.handoff.closed_at) == ("recycled", LATER)
        assert (lead.stage, lead.owner, lead.nurture_until) == (Stage.NURTURE, None, SPRING)
        assert (decision.until, decision.text, decision.in_words) == (
            SPRING,
            "In spring.",
            "Recycled until 1 Mar 2027",
        )

    def test_one_that_was_accepted_keeps_its_acceptance_and_ages_again(
        self, row: Assignment, rep: User
    ) -> None:
        decisions.accept(assignment=row, by=rep, now=LATER)
        decisions.recycle(assignment=row, until=SPRING, by=rep, now=LATER + SOON)
        now = fresh(row)
        assert (now.decided_at, now.ended_at) == (LATER, LATER + SOON)
        assert now.handoff.lead.decay_stopped_at is None
        assert [each.kind for each in verdicts(Decision.objects.all())] == ["accept"]

    def test_a_qualified_one_may_be_recycled_too(self, row: Assignment, rep: User) -> None:
        decisions.accept(assignment=row, by=rep, now=LATER)
        outcomes.qualify(assignment=row, by=rep, now=LATER)
        decisions.recycle(assignment=row, until=SPRING, by=rep, now=LATER)
        assert Lead.objects.get().stage == Stage.NURTURE

    def test_it_comes_again_on_its_day_as_the_second_cycle(self, row: Assignment, rep: User) -> None:
        decisions.recycle(assignment=row, until=SPRING, by=rep, now=LATER)
        judge(row.handoff.lead)
        early = NOW.replace(year=2027, month=2, day=27)
        assert handoffs.compare_all(now=early).opened == 0
        assert handoffs.compare_all(now=early + timedelta(days=3)).opened == 1
        assert Handoff.objects.get(state="assigned").cycle == 2

    @pytest.mark.parametrize("until", [None, NOW.date(), date(2020, 1, 1), date(2030, 1, 1), date.max])
    def test_a_day_that_cant_be_is_refused_and_nothing_is_written(
        self, row: Assignment, rep: User, until: date | None
    ) -> None:
        with pytest.raises(Invalid, match="Choose a day") as refused:
            decisions.recycle(assignment=row, until=until, by=rep, now=LATER)
        assert refused.value.problems[0].where == "until"
        assert (fresh(row).handoff.state, Decision.objects.count()) == ("assigned", 0)


class TestReturning:
    def test_the_episode_stays_open_in_the_pool_with_its_age(self, row: Assignment, rep: User) -> None:
        decisions.give_back(assignment=row, text="Is in Austria.", by=rep, now=LATER)
        now = fresh(row)
        assert (now.ended_at, now.returned_at, now.decided_at, now.next_event_at) == (
            LATER,
            LATER,
            None,
            None,
        )
        assert (now.handoff.state, now.handoff.closed_at, now.handoff.ready_at) == ("waiting", None, NOW)
        assert (now.handoff.lead.stage, now.handoff.lead.owner) == (Stage.SALES_READY, None)

    def test_somebody_else_gets_it_once_an_undo_is_too_late(self, row: Assignment, rep: User) -> None:
        other = UserFactory(name="Ben")
        decisions.give_back(assignment=row, text="Is in Austria.", by=rep, now=LATER)
        assert sweep(LATER + timedelta(seconds=10)).assigned == 0
        assert sweep(LATER + timedelta(seconds=20)).assigned == 1
        assert Assignment.objects.get(ended_at=None).owner == other

    def test_it_never_comes_back_to_who_returned_it_by_itself(self, row: Assignment, rep: User) -> None:
        decisions.give_back(assignment=row, text="Is in Austria.", by=rep, now=LATER)
        assert sweep(LATER + timedelta(minutes=1)).assigned == 0
        assert Handoff.objects.get().state == "waiting"

    def test_the_managers_are_told_why_and_the_mail_waits_for_an_undo(
        self, row: Assignment, rep: User
    ) -> None:
        manager = UserFactory(role=Role.SALES_MANAGER)
        decisions.give_back(assignment=row, text="Is in Austria.", by=rep, now=LATER)
        notice = Notification.objects.get(user=manager)
        assert notice.text == f"Ana returned {row.handoff.lead}: Is in Austria."
        assert OutboxMessage.objects.get(to=manager).send_after == LATER + decisions.UNDO_FOR

    def test_it_is_no_verdict_on_the_lead(self, row: Assignment, rep: User) -> None:
        decisions.give_back(assignment=row, text="Is in Austria.", by=rep, now=LATER)
        assert not verdicts(Decision.objects.all()).exists()

    def test_an_accepted_lead_isnt_returned(self, row: Assignment, rep: User) -> None:
        decisions.accept(assignment=row, by=rep, now=LATER)
        with pytest.raises(Conflict, match="already accepted by you"):
            decisions.give_back(assignment=row, text="Is in Austria.", by=rep, now=LATER)

    @pytest.mark.parametrize("text", ["", "  "])
    def test_it_needs_a_few_words(self, row: Assignment, rep: User, text: str) -> None:
        with pytest.raises(Invalid, match="Say in a few words") as refused:
            decisions.give_back(assignment=row, text=text, by=rep, now=LATER)
        assert refused.value.problems[0].where == "text"


class TestDuplicates:
    def test_the_twin_is_named_and_the_lead_never_comes_again(self, row: Assignment, rep: User) -> None:
        twin = make_lead(7)
        decision = decisions.duplicate(assignment=row, twin=twin, by=rep, now=LATER)
        now = fresh(row)
        assert (now.handoff.state, now.handoff.lead.stage) == ("duplicate", Stage.DISQUALIFIED)
        assert (decision.twin, decision.in_words) == (twin, "Marked as duplicate: Lead 7")
        judge(row.handoff.lead)
        assert handoffs.compare_all(now=LATER + timedelta(days=400)).opened == 0

    def test_two_leads_arent_duplicates_of_each_other(self, row: Assignment, rep: User) -> None:
        other = assigned(rep)
        decisions.duplicate(assignment=row, twin=other.handoff.lead, by=rep, now=LATER)
        with pytest.raises(Invalid, match=r"was marked as a duplicate of this lead\. Keep one"):
            decisions.duplicate(assignment=other, twin=row.handoff.lead, by=rep, now=LATER)

    def test_a_lead_isnt_its_own_twin(self, row: Assignment, rep: User) -> None:
        for wrong in (None, row.handoff.lead):
            with pytest.raises(Invalid, match="Choose the other lead"):
                decisions.duplicate(assignment=row, twin=wrong, by=rep, now=LATER)


class TestDisqualifying:
    def test_it_needs_an_agreed_reason_that_marketing_reads(self, row: Assignment, rep: User) -> None:
        with pytest.raises(Invalid, match="Choose a reason"):
            decisions.disqualify(assignment=row, reason_id=None, by=rep, now=LATER)
        decision = decisions.disqualify(assignment=row, reason_id=reason(row), by=rep, now=LATER)
        assert Lead.objects.get().stage == Stage.DISQUALIFIED
        period = Period(NOW, LATER + SOON)
        assert list(rejections(Decision.objects.all(), period)) == [decision]

    def test_one_that_was_accepted_first_stays_an_accepted_one(self, row: Assignment, rep: User) -> None:
        decisions.accept(assignment=row, by=rep, now=LATER)
        decisions.disqualify(assignment=row, reason_id=reason(row), by=rep, now=LATER + SOON)
        assert [each.kind for each in verdicts(Decision.objects.all())] == ["accept"]

    def test_a_qualified_lead_is_lost_instead(self, row: Assignment, rep: User) -> None:
        decisions.accept(assignment=row, by=rep, now=LATER)
        outcomes.qualify(assignment=row, by=rep, now=LATER)
        with pytest.raises(Conflict, match="is qualified already: say that it was lost"):
            decisions.disqualify(assignment=row, reason_id=reason(row), by=rep, now=LATER)


@pytest.mark.parametrize("act", ["recycle", "give_back", "duplicate", "disqualify"])
class TestEveryWayOut:
    def act(self, act: str, row: Assignment, rep: User) -> Decision:
        ways: dict[str, Callable[[], Decision]] = {
            "recycle": lambda: decisions.recycle(assignment=row, until=SPRING, by=rep, now=LATER),
            "give_back": lambda: decisions.give_back(assignment=row, text="Not mine.", by=rep, now=LATER),
            "duplicate": lambda: decisions.duplicate(
                assignment=row,
                twin=Lead.objects.filter(name="Twin").first() or make_lead(7, name="Twin"),
                by=rep,
                now=LATER,
            ),
            "disqualify": lambda: decisions.disqualify(
                assignment=row, reason_id=reason(row), by=rep, now=LATER
            ),
        }
        return ways[act]()

    def test_it_is_on_record(self, act: str, row: Assignment, rep: User) -> None:
        decision = self.act(act, row, rep)
        entry = AuditEntry.objects.get(action__startswith="handoff.", actor=rep)
        assert entry.detail["decision"] == decision.pk
        assert decision.facts["lead.stage"] == Stage.SALES_READY

    def test_a_second_click_is_told_and_writes_nothing(self, act: str, row: Assignment, rep: User) -> None:
        self.act(act, row, rep)
        with pytest.raises(ApplicationError, match=r"already|back in the pool"):
            self.act(act, row, rep)
        assert Decision.objects.count() == 1

    def test_one_that_was_given_away_says_to_whom(self, act: str, row: Assignment, rep: User) -> None:
        from feedback.services.assigning import reassign

        reassign(handoff_ids=[row.handoff_id], to=UserFactory(name="Ben"), by=rep, now=LATER)
        with pytest.raises(Conflict, match="was given to Ben"):
            self.act(act, row, rep)
