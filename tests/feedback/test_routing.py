"""Who gets a lead, and why."""

from collections import Counter
from datetime import timedelta

import pytest

from core.errors import Conflict, Invalid
from core.models import OutboxMessage
from feedback.models import Assignment, Handoff, Notification
from feedback.services.assigning import claim, reassign
from feedback.services.decisions import accept
from feedback.services.outcomes import qualify
from leads.access import visible_leads
from leads.models import Company, Lead
from tests.factories import TeamFactory, UserFactory
from tests.feedback.world import NOW, SOON, active_version, assigned, away, ready_lead, sweep, waiting
from users.models import Role, User


@pytest.mark.django_db
class TestRouting:
    @pytest.fixture(autouse=True)
    def _set_up(self) -> None:
        active_version()

    def test_two_reps_take_turns(self) -> None:
        first, second = UserFactory(), UserFactory()
        for number in range(5):
            ready_lead(number)
        sweep()
        counts = Counter(Assignment.objects.values_list("owner", flat=True))
        assert sorted(counts.values()) == [2, 3]
        assert set(counts) == {first.pk, second.pk}

    def test_who_waited_longest_is_next_among_equals(self) -> None:
        first, second = UserFactory(), UserFactory()
        for rep, at in ((first, NOW - 2 * SOON), (second, NOW - SOON)):
            row = assigned(rep, at=at)
            accept(assignment=row, by=rep, now=at)
        lead = ready_lead(50)
        sweep()
        lead.refresh_from_db()
        assert lead.owner == first

    def test_a_rep_who_is_away_gets_none(self) -> None:
        absent, present = UserFactory(), UserFactory()
        away(absent)
        ready_lead()
        sweep()
        assert Assignment.objects.get().owner == present

    def test_nor_does_one_who_left_or_is_no_rep(self) -> None:
        UserFactory(is_active=False)
        UserFactory(role=Role.SALES_MANAGER)
        ready_lead()
        assert sweep().assigned == 0
        assert Handoff.objects.get().state == "waiting"

    def test_the_owner_of_the_company_comes_first(self) -> None:
        company = Company.objects.create(name="Acme")
        owner, idle = UserFactory(), UserFactory()
        assigned(owner, Lead.objects.create(name="Colleague", company=company))
        lead = ready_lead(2, company=company)
        sweep()
        row = Assignment.objects.get(handoff__lead=lead)
        assert (row.owner, "same company" in row.why) == (owner, True)
        away(owner)
        second = ready_lead(3, company=company)
        sweep(NOW + SOON)
        assert Assignment.objects.get(handoff__lead=second).owner == idle

    def test_beyond_their_capacity_the_best_come_first_and_the_rest_wait(
        self, settings: pytest.FixtureRequest
    ) -> None:
        settings.HANDOFF_CAPACITY = 2  # type: ignore[attr-defined] # pytest-django's settings
        rep = UserFactory()
        for number, grade in enumerate(("B", "A", "B", "A")):
            ready_lead(number, grade)
        assert sweep().assigned == 2
        assert set(Handoff.objects.filter(state="assigned").values_list("grade", flat=True)) == {"A"}
        assert set(Handoff.objects.filter(state="waiting").values_list("team", flat=True)) == {rep.team_id}
        row = Assignment.objects.first()
        assert row is not None
        accept(assignment=row, by=rep, now=NOW + SOON)
        assert sweep(NOW + SOON).assigned == 1

    def test_a_clock_of_the_pool_starts_on_release(self) -> None:
        handoff = waiting()
        Assignment.objects.all().delete()
        sweep(NOW + timedelta(minutes=90))
        row = Assignment.objects.get(handoff=handoff)
        assert row.assigned_at == NOW + timedelta(minutes=90)
        assert row.response_due_at == NOW + timedelta(minutes=210)  # an hour of lunch doesn't count

    def test_a_lead_that_fell_below_the_gate_while_it_waited_is_passed_over(self) -> None:
        fallen = waiting(not_ready_since=NOW)
        Assignment.objects.all().delete()
        assert sweep().assigned == 0
        Handoff.objects.filter(pk=fallen.pk).update(not_ready_since=None)
        assert sweep().assigned == 1

    def test_a_team_may_read_the_leads_of_its_pool(self, settings: pytest.FixtureRequest) -> None:
        settings.HANDOFF_CAPACITY = 0  # type: ignore[attr-defined] # pytest-django's settings
        rep, lead = UserFactory(), ready_lead()
        sweep()
        assert list(visible_leads(rep)) == [lead]

    def test_leads_that_wait_are_spread_over_the_pools_of_all_teams(
        self, settings: pytest.FixtureRequest
    ) -> None:
        settings.HANDOFF_CAPACITY = 0  # type: ignore[attr-defined] # pytest-django's settings
        south = TeamFactory()
        UserFactory()
        UserFactory(team=south)
        for number in range(6):
            ready_lead(number)
        sweep()
        counts = Counter(Handoff.objects.values_list("team", flat=True))
        assert list(counts.values()) == [3, 3]


@pytest.mark.django_db
class TestAssigning:
    rep: User
    manager: User

    @pytest.fixture(autouse=True)
    def _set_up(self) -> None:
        active_version()
        self.rep, self.manager = UserFactory(), UserFactory(role=Role.SALES_MANAGER)

    def test_a_rep_claims_a_lead_from_the_pool(self) -> None:
        handoff = waiting()
        row = claim(handoff=handoff, by=self.rep, now=NOW)
        handoff.refresh_from_db()
        assert (row.owner, handoff.state, handoff.lead.owner) == (self.rep, "assigned", self.rep)
        assert not Notification.objects.filter(user=self.rep).exists()

    def test_who_comes_second_is_told_who_was_first(self) -> None:
        handoff = waiting()
        claim(handoff=handoff, by=self.rep, now=NOW)
        with pytest.raises(Conflict, match=rf"{self.rep} took .* Pick another one"):
            claim(handoff=handoff, by=UserFactory(), now=NOW)
        assert Assignment.objects.filter(handoff=handoff).count() == 1

    def test_a_second_click_on_claim_is_answered_kindly(self) -> None:
        handoff = waiting()
        claim(handoff=handoff, by=self.rep, now=NOW)
        with pytest.raises(Conflict, match="You took"):
            claim(handoff=handoff, by=self.rep, now=NOW)

    def test_a_manager_gives_many_leads_to_another_rep(self) -> None:
        rows = [assigned(self.rep), assigned(self.rep)]
        pooled = waiting()
        other = UserFactory()
        ids = [*(row.handoff_id for row in rows), pooled.pk]
        later = NOW + timedelta(hours=1)
        assert reassign(handoff_ids=ids, to=other, by=self.manager, now=later) == 3
        assert set(Lead.objects.values_list("owner", flat=True)) == {other.pk}
        rows[0].refresh_from_db()
        assert (rows[0].ended_at, rows[0].next_event_at) == (later, None)
        new = Assignment.objects.get(handoff=rows[0].handoff, ended_at=None)
        assert new.assigned_at == later
        assert new.response_due_at > rows[0].response_due_at
        assert rows[0].handoff.ready_at == NOW

    def test_reassigning_again_changes_nothing(self) -> None:
        row = assigned(self.rep)
        ids = [row.handoff_id]
        assert reassign(handoff_ids=ids, to=self.rep, by=self.manager, now=NOW + SOON) == 0
        assert Assignment.objects.get() == row

    def test_an_accepted_lead_stays_accepted_with_its_new_owner(self) -> None:
        row = assigned(self.rep)
        accept(assignment=row, by=self.rep, now=NOW + SOON)
        other = UserFactory()
        reassign(handoff_ids=[row.handoff_id], to=other, by=self.manager, now=NOW + 2 * SOON)
        new = Assignment.objects.get(ended_at=None)
        assert (new.owner, new.handoff.state, new.decided_at) == (other, "accepted", NOW + SOON)

    def test_a_qualified_lead_can_change_hands_too(self) -> None:
        row, other = assigned(self.rep), UserFactory()
        accept(assignment=row, by=self.rep, now=NOW + SOON)
        qualify(assignment=row, by=self.rep, now=NOW + SOON)
        assert reassign(handoff_ids=[row.handoff_id], to=other, by=self.manager, now=NOW + 2 * SOON) == 1
        new = Assignment.objects.get(ended_at=None)
        assert (new.owner, new.handoff.state) == (other, "qualified")

    def test_a_rep_who_is_away_is_not_given_leads(self) -> None:
        row, other = assigned(self.rep), UserFactory()
        away(other)
        with pytest.raises(Invalid, match="takes no leads now"):
            reassign(handoff_ids=[row.handoff_id], to=other, by=self.manager, now=NOW)

    def test_if_one_was_closed_nothing_is_assigned(self) -> None:
        row, closed = assigned(self.rep), assigned(self.rep)
        Handoff.objects.filter(pk=closed.handoff_id).update(state="rejected", closed_at=NOW)
        ids = [row.handoff_id, closed.handoff_id]
        with pytest.raises(Conflict, match="closed meanwhile"):
            reassign(handoff_ids=ids, to=UserFactory(), by=self.manager, now=NOW)
        row.refresh_from_db()
        assert row.ended_at is None

    def test_many_new_leads_are_one_notice_and_one_mail(self) -> None:
        ids = [waiting().pk for _ in range(3)]
        reassign(handoff_ids=ids, to=self.rep, by=self.manager, now=NOW)
        assert Notification.objects.get(user=self.rep).text == "3 new leads for you"
        assert OutboxMessage.objects.filter(to=self.rep).count() == 1
