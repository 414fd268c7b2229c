"""Each SLA figure follows its formula in the glossary."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from pytest_django import DjangoAssertNumQueries

from feedback.models import Assignment, SlaEvent
from feedback.reports import sla
from feedback.reports.dashboard import Asked, build
from feedback.reports.now import Open, count_now
from feedback.reports.splits import Split
from feedback.routing import load_reps
from feedback.services.assigning import claim, reassign
from feedback.services.sla import sweep
from tests.factories import TeamFactory, UserFactory
from tests.feedback.world import NOW, assigned, waiting
from users.models import Role, User

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


def test_a_wrong_owner_owed_nothing_however_late_it_was_returned(rep: User) -> None:
    given_(rep, ended_at=NOW + timedelta(days=8), returned_at=NOW + timedelta(days=8))
    assert compliance() == (0, 0)
    assert compliance(RESPONSE) == (0, 0)


def now_of(moment: datetime) -> Open:
    return count_now(Assignment.objects.all(), load_reps(now=moment), team_id=None, now=moment).total


def test_at_risk_overdue_and_never_touched_are_told_apart(rep: User) -> None:
    given_(rep)
    given_(rep, responded_at=NOW + MINUTES)
    sweep(now=NOW + 50 * MINUTES)
    assert now_of(NOW + 50 * MINUTES) == Open(undecided=2, at_risk=1, breached=0, never_touched=1)
    assert now_of(NOW + timedelta(hours=2)) == Open(undecided=2, at_risk=0, breached=1, never_touched=1)


def test_an_acceptance_that_ended_later_without_a_response_is_missed(rep: User) -> None:
    given_(rep, decided_at=NOW + 10 * MINUTES, ended_at=NOW + timedelta(days=9))
    assert compliance(RESPONSE) == (0, 1)


def test_a_first_assignment_says_how_long_the_system_took_and_a_later_one_nothing(rep: User) -> None:
    row = waiting(ready_at=NOW - timedelta(minutes=7, seconds=50))
    first = claim(handoff=row, by=rep, now=NOW)
    reassign(handoff_ids=[row.pk], to=UserFactory(), by=UserFactory(role=Role.SALES_MANAGER), now=LATER)
    later = Assignment.objects.get(handoff=row, ended_at=None)
    assert (first.system_minutes, later.system_minutes) == (7, None)
    assert (later.grade, later.version_id) == (row.grade, row.version_id)


def test_the_room_is_what_the_reps_of_the_team_may_still_get(rep: User) -> None:
    UserFactory(team=TeamFactory(name="South"))
    for _ in range(3):
        given_(rep)
    found = count_now(Assignment.objects.all(), load_reps(now=NOW), team_id=rep.team_id, now=NOW).room
    assert (found.reps, found.undecided, found.capacity) == (1, 3, settings.HANDOFF_CAPACITY)


def test_weeks_are_the_companys_and_hold_each_grade(rep: User) -> None:
    sunday_night = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # already Monday in Berlin
    row = given_(rep, responded_at=NOW)
    Assignment.objects.filter(pk=row.pk).update(response_due_at=sunday_night)
    berlin = ZoneInfo("Europe/Berlin")
    figures = build(Assignment.objects.all(), Asked(), keeps=True, now=NOW, zone=berlin)
    assert [week.due for week in figures.all.weeks][-2:] == [0, 1]
    assert [(line.key, line.kept.due) for line in figures.lines] == [("A", 1)]


@pytest.mark.parametrize("split", Split)
def test_the_figures_cost_the_same_queries_for_one_rep_and_for_many(
    rep: User, split: Split, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        given_(UserFactory())
    with django_assert_num_queries(7 if split in (Split.GRADE, Split.SOURCE) else 8):  # one for names
        figures = build(
            Assignment.objects.all(), Asked(split=split), keeps=True, now=NOW, zone=ZoneInfo("UTC")
        )
        assert figures.lines
