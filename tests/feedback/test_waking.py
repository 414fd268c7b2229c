"""A lead that sales let go of rests until its day, unless it changed enough by something new of its own."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from alignment.models import Reason
from feedback.coming_back import why_back
from feedback.models import Assignment, Handoff
from feedback.services import decisions, handoffs
from leads.models import Activity, BantAnswer, Lead, Stage
from scoring.models import ScoreCause
from tests.factories import UserFactory
from tests.feedback.world import NOW, SOON, active_version, judge, make_lead, ready_lead, sweep
from users.models import Role, User

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=5)
SPRING = date(2027, 3, 1)
AFTER = NOW.replace(year=2027, month=3, day=2)


@pytest.fixture(autouse=True)
def rep(db: None) -> User:
    active_version()
    return UserFactory(role=Role.REP, name="Ana")


def recycled(total: int = 52, grade: str = "B") -> Lead:
    """A lead of so many points, recycled until spring."""
    lead = make_lead()
    judge(lead, grade, total=total)
    sweep()
    decisions.recycle(assignment=the_open(), until=SPRING, by=the_open().owner, now=NOW + SOON)
    return lead


def rejected(total: int = 52, grade: str = "B") -> Lead:
    """A lead of so many points that was rejected and stays sales-ready; it rests for 30 days."""
    lead = make_lead()
    judge(lead, grade, total=total)
    sweep()
    row = the_open()
    reason = Reason.objects.get(version=row.handoff.version_id, key="no_need")
    decisions.reject(assignment=row, reason_id=reason.pk, by=row.owner, now=NOW + SOON)
    return lead


def the_open() -> Assignment:
    return Assignment.objects.select_related("owner", "handoff").get(ended_at=None)


def changed(
    lead: Lead,
    total: int,
    grade: str = "B",
    *,
    cause: str = ScoreCause.ACTIVITY,
    days: int = 5,
    **fields: Any,
) -> None:
    """The lead is judged again, some days after the decision."""
    judge(lead, grade, total=total, at=NOW + timedelta(days=days), cause=cause, **fields)


def opened(days: int = 5) -> int:
    return sweep(NOW + timedelta(days=days)).opened


LET_GO = [recycled, rejected]


@pytest.mark.parametrize("let_go", LET_GO)
class TestEnough:
    """Each case shares its set-up with one that is not enough."""

    @pytest.mark.parametrize(("total", "comes"), [(72, 1), (71, 0)])
    def test_twenty_points_more_are_and_nineteen_are_not(
        self, let_go: Callable[[], Lead], total: int, comes: int
    ) -> None:
        changed(let_go(), total)
        assert opened() == comes

    def test_how_many_is_a_setting(self, let_go: Callable[[], Lead], settings: Any) -> None:
        settings.WAKE_POINTS = 5
        changed(let_go(), 57)
        assert opened() == 1

    @pytest.mark.parametrize(("grade", "comes"), [("A", 1), ("B", 0)])
    def test_a_better_grade_is(self, let_go: Callable[[], Lead], grade: str, comes: int) -> None:
        changed(let_go(), 60, grade)
        assert opened() == comes

    @pytest.mark.alike
    @pytest.mark.parametrize(
        ("cause", "comes"),
        [
            (ScoreCause.ACTIVITY, 1),
            (ScoreCause.ANSWER, 1),
            (ScoreCause.EDIT, 1),
            (ScoreCause.IMPORT, 1),
            (ScoreCause.COMPANY, 1),
            (ScoreCause.ACTIVATION, 0),
            (ScoreCause.OVERRIDE, 0),
            (ScoreCause.DECAY, 0),
            (ScoreCause.RECYCLE, 0),
        ],
    )
    @pytest.mark.parametrize("grade", ["A", "B"])
    def test_only_something_new_of_the_lead_counts(
        self, let_go: Callable[[], Lead], cause: str, comes: int, grade: str
    ) -> None:
        changed(let_go(), 90, grade, cause=cause)
        assert opened() == comes

    def test_rules_that_lift_it_and_then_a_small_fact_are_not(self, let_go: Callable[[], Lead]) -> None:
        lead = let_go()
        changed(lead, 78, "A", cause=ScoreCause.ACTIVATION, days=2)
        changed(lead, 79, "A", days=3)
        assert opened() == 0

    def test_several_facts_add_up(self, let_go: Callable[[], Lead]) -> None:
        lead = let_go()
        changed(lead, 62, days=2)
        assert opened(2) == 0
        changed(lead, 73, days=3)
        assert opened(3) == 1

    def test_what_rose_and_fell_again_is_not(self, let_go: Callable[[], Lead]) -> None:
        lead = let_go()
        changed(lead, 75, "A", days=2)
        changed(lead, 60, "B", cause=ScoreCause.DECAY, days=3)
        assert opened() == 0

    def test_facts_that_only_make_up_for_age_are_not(self, let_go: Callable[[], Lead]) -> None:
        lead = let_go()
        changed(lead, 30, cause=ScoreCause.DECAY, days=2)
        changed(lead, 55, days=3)
        assert opened() == 0

    def test_it_must_be_sales_ready(self, let_go: Callable[[], Lead]) -> None:
        lead = let_go()
        changed(lead, 90, "A", ready=False)
        assert opened() == 0
        judge(lead, "A", total=95, at=LATER, cause=ScoreCause.ACTIVITY)
        assert opened() == 1

    def test_what_happened_before_the_decision_does_not_count(self, let_go: Callable[[], Lead]) -> None:
        lead = let_go()
        judge(lead, "A", total=90, at=NOW, cause=ScoreCause.ACTIVITY)
        assert opened() == 0

    def test_the_score_that_was_decided_on_counts_not_that_of_the_hand_over(
        self, let_go: Callable[..., Lead], rep: User
    ) -> None:
        lead = make_lead()
        judge(lead, "B", total=30)
        sweep()
        judge(lead, "B", total=60, at=NOW + timedelta(minutes=1), cause=ScoreCause.ANSWER)
        row = the_open()
        decisions.recycle(assignment=row, until=SPRING, by=rep, now=NOW + SOON)
        row.handoff.refresh_from_db()
        assert (row.handoff.closed_grade, row.handoff.closed_total) == ("B", 60)
        changed(lead, 61)
        assert opened() == 0

    def test_an_undo_forgets_the_score(self, let_go: Callable[..., Lead]) -> None:
        let_go()
        handoff = Handoff.objects.get()
        decision = handoff.decisions.get()
        decisions.undo(decision=decision, by=decision.by, now=decision.at)
        handoff.refresh_from_db()
        assert (handoff.state, handoff.closed_grade, handoff.closed_total) == ("assigned", "", None)

    def test_the_night_finds_it_too(self, let_go: Callable[[], Lead]) -> None:
        changed(let_go(), 90)
        assert handoffs.compare_all(now=LATER).opened == 1


class TestNever:
    @pytest.mark.parametrize("way", ["duplicate", "disqualify", "recycle"])
    def test_a_duplicate_or_disqualified_lead_stays_away(self, rep: User, way: str) -> None:
        lead = ready_lead(1, "B")
        sweep()
        row = the_open()
        reason = Reason.objects.get(version=row.handoff.version_id, key="no_need")
        if way == "duplicate":
            decisions.duplicate(assignment=row, twin=make_lead(2), by=rep, now=NOW + SOON)
        elif way == "disqualify":
            decisions.disqualify(assignment=row, reason_id=reason.pk, by=rep, now=NOW + SOON)
        else:
            decisions.recycle(assignment=row, until=SPRING, by=rep, now=NOW + SOON)
        changed(lead, 95, "A")
        assert opened() == (1 if way == "recycle" else 0)


class TestTheNextCycle:
    def test_begins_as_it_changed_and_keeps_when_its_rest_would_have_ended(self) -> None:
        lead = recycled()
        changed(lead, 78, "A")
        assert opened(6) == 1
        row = the_open().handoff
        lead.refresh_from_db()
        assert (row.cycle, row.ready_at, row.back_before) == (2, LATER, SPRING)
        assert (lead.stage, lead.nurture_until) == (Stage.SALES_READY, None)

    def test_a_rejected_one_that_changed_after_its_rest_comes_too(self) -> None:
        lead = rejected()
        assert opened(40) == 0
        changed(lead, 90, days=41)
        assert opened(41) == 1
        row = the_open().handoff
        assert row.ready_at == NOW + timedelta(days=41)
        assert why_back(row, now=row.ready_at) == "Back: it did more, 52 → 90 points"

    def test_recycled_a_second_time_it_comes_on_its_day_although_it_never_became_ready_anew(self) -> None:
        lead = rejected()
        changed(lead, 90)
        sweep(LATER)
        row = the_open()
        decisions.recycle(assignment=row, until=SPRING, by=row.owner, now=LATER)
        assert handoffs.compare_all(now=LATER + timedelta(days=40)).opened == 0
        assert handoffs.compare_all(now=AFTER).opened == 1
        assert the_open().handoff.cycle == 3
        assert the_open().handoff.back_before is None

    def test_it_comes_once(self) -> None:
        changed(recycled(), 90)
        assert [opened(5), opened(6), handoffs.compare_all(now=LATER).opened] == [1, 0, 0]


class TestWhy:
    @pytest.fixture
    def back(self) -> Handoff:
        lead = recycled()
        Activity.objects.create(
            lead=lead, kind="page_view", at_epoch=int(LATER.timestamp()), day=0, detail="/prices"
        )
        asked = LATER - timedelta(hours=2)
        Activity.objects.create(
            lead=lead, kind="form", at_epoch=int(asked.timestamp()), day=0, detail="Demo request"
        )
        changed(lead, 78, "A")
        sweep(LATER)
        return the_open().handoff

    def test_what_it_did_and_how_far_it_rose(self, back: Handoff) -> None:
        expected = "Back before Mon 1 Mar 2027: sent a form “Demo request”, grade B → A, 52 → 78 points"
        assert why_back(back, now=LATER) == expected

    def test_what_it_said(self) -> None:
        lead = recycled()
        BantAnswer.objects.create(
            lead=lead, dimension="budget", level=2, at=LATER, expires_at=AFTER, source="rep"
        )
        changed(lead, 78, cause=ScoreCause.ANSWER)
        sweep(LATER)
        assert "told us more of budget, 52 → 78 points" in why_back(the_open().handoff, now=LATER)

    def test_a_usual_cycle_says_nothing_and_asks_nothing(
        self, django_assert_num_queries: Callable[[int], Any]
    ) -> None:
        ready_lead()
        sweep()
        handoff = the_open().handoff
        with django_assert_num_queries(0):
            assert why_back(handoff, now=NOW) == ""

    def test_the_new_owner_reads_it_in_the_queue_and_on_the_lead_page(
        self, back: Handoff, rep: User, client: Client
    ) -> None:
        client.force_login(rep)
        for url in (
            reverse("feedback:handoff", args=[the_open().pk]),
            reverse("leads:lead", args=[back.lead_id]),
        ):
            text = client.get(url).content.decode()
            assert "sent a form “Demo request”, grade B → A, 52 → 78 points" in text
            assert "Recycled until 1 Mar 2027 by Ana" in text
            assert "second time" in text
