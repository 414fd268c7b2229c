"""Which leads become handoffs, and when."""

from datetime import timedelta
from typing import Any

import pytest

from alignment.models import SlaTerm
from core.erasing import erasing
from core.models import AuditEntry
from feedback.models import Assignment, Decision, Handoff, LogCursor
from feedback.services import handoffs
from feedback.services.cursors import DEALING
from feedback.services.decisions import accept, reject
from leads.models import Lead, Stage, StageChange
from scoring.models import Score, ScoreChange
from tests.factories import UserFactory
from tests.feedback.world import (
    NOW,
    SOON,
    active_version,
    go_live,
    judge,
    make_lead,
    ready_lead,
    sweep,
    version,
)
from users.models import Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rep() -> User:
    active_version()
    return UserFactory(role=Role.REP)


def handoff_of(lead: Lead) -> Handoff:
    return Handoff.objects.get(lead=lead, state__in=Handoff.OPEN)


def test_a_sales_ready_lead_is_handed_to_a_rep(rep: User) -> None:
    lead = ready_lead()
    assert sweep() == handoffs.Opened(opened=1, assigned=1)
    handoff, row = handoff_of(lead), Assignment.objects.get()
    lead.refresh_from_db()
    assert (handoff.state, handoff.cycle, handoff.grade, handoff.total) == ("assigned", 1, "A", 90)
    assert (handoff.ready_at, handoff.first_assigned_at, handoff.version) == (NOW, NOW, version())
    assert (row.owner, lead.owner, lead.team, lead.stage) == (rep, rep, rep.team, Stage.SALES_READY)
    assert row.response_due_at == NOW + timedelta(hours=1)
    assert row.next_event_at == NOW + timedelta(minutes=45)
    assert "least loaded, with 0 of 25" in row.why


def test_opening_writes_one_audit_row_for_all_leads_of_a_chunk() -> None:
    for number in range(5):
        ready_lead(number)
    sweep()
    entry = AuditEntry.objects.get(action="handoff.opened")
    assert entry.detail["count"] == 5
    assert AuditEntry.objects.filter(action="handoff.routed").count() == 1


def test_the_facts_it_was_judged_on_are_kept() -> None:
    lead = ready_lead()
    sweep()
    assert handoff_of(lead).facts


def test_a_second_sweep_changes_nothing() -> None:
    ready_lead()
    sweep()
    assert sweep(NOW + SOON) == handoffs.Opened(0, 0)
    assert Handoff.objects.count() == 1


def test_without_a_live_generation_nothing_is_opened() -> None:
    ready_lead()
    go_live()
    assert sweep() == handoffs.Opened(0, 0)


@pytest.mark.parametrize(
    "fields",
    [
        {"stage": Stage.CUSTOMER},
        {"stage": Stage.DISQUALIFIED},
        {"stage": Stage.ACCEPTED},
        {"stage": Stage.QUALIFIED},
        {"stage": Stage.NURTURE, "nurture_until": (NOW + timedelta(days=1)).date()},
    ],
)
def test_a_lead_that_may_not_be_handed_over_is_left_alone(fields: dict[str, Any]) -> None:
    lead = ready_lead(**fields)
    assert sweep().opened == 0
    Lead.objects.filter(pk=lead.pk).update(stage=Stage.INQUIRY, nurture_until=None)
    assert sweep().opened == 1


def test_the_score_of_now_counts_and_not_what_the_log_said() -> None:
    lead = ready_lead()
    Score.objects.filter(lead_id=lead.pk).update(gate=1)
    assert sweep().opened == 0
    Score.objects.filter(lead_id=lead.pk).update(gate=0)
    assert sweep().opened == 1


def test_a_grade_that_is_not_handed_over_stays_with_marketing() -> None:
    ready_lead(1, "C")
    ready_lead(2, "B")
    assert sweep().opened == 1
    assert Handoff.objects.get().grade == "B"


def test_the_term_of_a_source_comes_before_the_one_for_all() -> None:
    active_version(grade="A", source="Trade fair", response_amount=3)
    fair, web = ready_lead(1, source="trade FAIR"), ready_lead(2, source="Web")
    sweep()
    assert handoff_of(fair).term.response_amount == 3
    assert handoff_of(web).term.source == ""


def test_a_source_may_be_kept_from_sales() -> None:
    active_version(grade="A", source="Students", is_handed_over=False)
    ready_lead(1, source="Students")
    assert sweep().opened == 0
    assert SlaTerm.objects.get(version=version(), grade="A", source="").is_handed_over


def test_a_lead_that_fell_below_the_gate_stays_and_says_so() -> None:
    lead = ready_lead()
    sweep()
    judge(lead, "C", ready=False, at=NOW + SOON)
    sweep(NOW + SOON)
    handoff = handoff_of(lead)
    assert (handoff.state, handoff.not_ready_since) == ("assigned", NOW + SOON)
    judge(lead, "A", at=NOW + 2 * SOON)
    sweep(NOW + 2 * SOON)
    assert handoff_of(lead).not_ready_since is None


def test_a_rejected_lead_that_stayed_ready_is_not_handed_over_again() -> None:
    lead = ready_lead()
    sweep()
    rejected(Assignment.objects.get())
    judge(lead, "A", at=NOW + SOON, total=95)
    later = NOW + timedelta(days=60)
    assert (sweep(later).opened, handoffs.compare_all(now=later).opened) == (0, 0)


def test_a_rejected_lead_comes_again_after_its_cool_off_if_it_became_ready_anew() -> None:
    lead = ready_lead()
    sweep()
    rejected(Assignment.objects.get())
    judge(lead, "C", ready=False, at=NOW + timedelta(days=1))
    judge(lead, "A", at=NOW + timedelta(days=2))
    assert sweep(NOW + timedelta(days=3)).opened == 0
    assert handoffs.compare_all(now=NOW + timedelta(days=29)).opened == 0
    assert handoffs.compare_all(now=NOW + timedelta(days=30)).opened == 1
    handoff = handoff_of(lead)
    assert (handoff.cycle, handoff.ready_at.date()) == (2, (NOW + timedelta(days=30)).date())


def test_an_accepted_lead_is_not_opened_twice() -> None:
    lead = ready_lead()
    sweep()
    row = Assignment.objects.get()
    accept(assignment=row, by=row.owner, now=NOW + SOON)
    judge(lead, "A", at=NOW + SOON, total=99)
    assert sweep(NOW + 2 * SOON).opened == 0


def test_the_nightly_comparison_finds_a_lead_that_the_log_does_not_tell() -> None:
    ready_lead()
    with erasing(by=None, why="as the test has it"):
        ScoreChange.objects.all().delete()
    assert sweep().opened == 0
    assert handoffs.compare_all(now=NOW).opened == 1


def test_a_lower_id_that_is_committed_late_is_not_lost() -> None:
    late = ready_lead(1)
    first = ScoreChange.objects.get(lead=late)
    ready_lead(2)
    held = first.pk
    with erasing(by=None, why="as the test has it"):
        first.delete()  # its transaction is still open: nobody sees it yet
    sweep()
    sweep(NOW + timedelta(minutes=1))
    assert LogCursor.objects.get(name=DEALING).last_id == 0
    first.pk = held
    first.save(force_insert=True)
    assert sweep(NOW + timedelta(minutes=1, seconds=5)).opened == 1


def test_the_cursor_moves_on_once_a_row_is_old_enough() -> None:
    ready_lead()
    sweep()
    sweep(NOW + timedelta(minutes=2))
    assert LogCursor.objects.get(name=DEALING).last_id == ScoreChange.objects.get().pk


def test_stages_are_moved_with_their_cause() -> None:
    lead = make_lead(1, stage=Stage.NURTURE)
    judge(lead)
    sweep()
    change = StageChange.objects.get(lead=lead)
    assert (change.from_stage, change.to_stage, change.cause) == ("nurture", "sales_ready", "sales-ready")


def rejected(row: Assignment) -> Decision:
    reason = row.handoff.version.reasons.get(key="no_need")
    return reject(assignment=row, reason_id=reason.pk, by=row.owner, now=NOW + SOON)
