"""Each SLA figure follows its formula in the glossary."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pytest_django import DjangoAssertNumQueries

from feedback.models import Assignment, SlaEvent
from feedback.reports import sla
from feedback.reports.dashboard import build
from feedback.services.sla import sweep
from tests.factories import UserFactory
from tests.feedback.world import NOW, assigned
from users.models import User

pytestmark = pytest.mark.django_db

RESPONSE, DECISION = SlaEvent.Clock.RESPONSE, SlaEvent.Clock.DECISION
WEEK = {"start": NOW - timedelta(days=3), "end": NOW + timedelta(days=30)}
LATER = NOW + timedelta(days=20)
MINUTES = timedelta(minutes=1)


@pytest.fixture
def rep() -> User:
    return UserFactory()


def given_(rep: User, **changes: datetime | int) -> Assignment:
    row = assigned(rep)
    Assignment.objects.filter(pk=row.pk).update(**changes)
    return row


def compliance(clock: str = RESPONSE, now: datetime = LATER) -> tuple[int, int]:
    found = sla.compliance(Assignment.objects.all(), clock=clock, now=now, **WEEK)
    return found.met, found.due


def test_a_response_in_time_is_met_and_a_late_one_is_missed(rep: User) -> None:
    given_(rep, responded_at=NOW + 10 * MINUTES)
    given_(rep, responded_at=NOW + timedelta(days=2))
    assert compliance() == (1, 2)


def test_open_and_overdue_counts_as_missed(rep: User) -> None:
    given_(rep)
    assert compliance() == (0, 1)


def test_what_is_not_due_yet_is_left_out_unless_it_is_already_met(rep: User) -> None:
    given_(rep)
    given_(rep, responded_at=NOW + 5 * MINUTES)
    assert compliance(now=NOW + 10 * MINUTES) == (1, 1)


def test_a_lead_taken_away_before_it_was_due_is_left_out(rep: User) -> None:
    given_(rep, ended_at=NOW + 10 * MINUTES)
    assert compliance() == (0, 0)


def test_a_lead_taken_away_after_it_was_due_is_missed(rep: User) -> None:
    given_(rep, ended_at=NOW + timedelta(days=2))
    assert compliance() == (0, 1)


def test_a_rejection_in_time_answers_both_clocks(rep: User) -> None:
    given_(rep, decided_at=NOW + 10 * MINUTES, ended_at=NOW + 10 * MINUTES)
    assert compliance(RESPONSE) == (1, 1)
    assert compliance(DECISION) == (1, 1)


def test_an_acceptance_alone_answers_no_response_clock(rep: User) -> None:
    given_(rep, decided_at=NOW + 10 * MINUTES)
    assert compliance(RESPONSE) == (0, 1)
    assert compliance(DECISION) == (1, 1)


def test_who_takes_over_an_accepted_lead_has_no_decision_to_make(rep: User) -> None:
    given_(rep, decided_at=NOW - timedelta(days=1))
    assert compliance(DECISION) == (0, 0)


def test_met_and_missed_split_what_counts(rep: User) -> None:
    given_(rep, responded_at=NOW + 10 * MINUTES)
    given_(rep, responded_at=NOW + timedelta(days=2))
    given_(rep)
    given_(rep, ended_at=NOW + 10 * MINUTES)
    missed = Assignment.objects.filter(sla.missed(RESPONSE, LATER)).count()
    met, due = compliance()
    assert (met, missed) == (1, due - met)


def test_at_risk_overdue_and_never_touched_are_told_apart(rep: User) -> None:
    given_(rep)
    given_(rep, responded_at=NOW + MINUTES)
    sweep(now=NOW + 50 * MINUTES)
    early = sla.open_counts(Assignment.objects.all(), now=NOW + 50 * MINUTES)
    assert early == {"open": 2, "at_risk": 1, "breached": 0, "never_touched": 1}
    late = sla.open_counts(Assignment.objects.all(), now=NOW + timedelta(hours=2))
    assert late == {"open": 2, "at_risk": 0, "breached": 1, "never_touched": 1}


def test_a_reps_line_has_compliance_open_work_and_mean_delays(rep: User) -> None:
    given_(rep, responded_at=NOW + 10 * MINUTES, response_minutes=10)
    given_(rep, responded_at=NOW + 30 * MINUTES, response_minutes=30)
    (line,) = sla.by_rep(Assignment.objects.all(), clock=RESPONSE, now=LATER, **WEEK)
    assert (line.name, line.open, line.compliance.met, line.compliance.due) == (rep.name, 2, 2, 2)
    assert line.human == 20
    assert line.system == timedelta(0)


def test_weeks_are_the_companys_and_hold_each_grade(rep: User) -> None:
    sunday_night = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # already Monday in Berlin
    row = given_(rep, responded_at=NOW)
    Assignment.objects.filter(pk=row.pk).update(response_due_at=sunday_night)
    figures = build(Assignment.objects.all(), clock=RESPONSE, now=NOW, zone=ZoneInfo("Europe/Berlin"))
    assert figures.this_week.due == 1
    assert figures.weeks[-1].by_grade["A"].due == 1
    assert figures.last_week.due == 0


def test_the_dashboard_costs_the_same_queries_for_one_rep_and_for_many(
    rep: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        given_(UserFactory())
    with django_assert_num_queries(6):
        build(Assignment.objects.all(), clock=RESPONSE, now=NOW, zone=ZoneInfo("UTC"))
