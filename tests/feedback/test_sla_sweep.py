"""The sweep takes each ladder step once, on fresh facts, and tells the right people."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from alignment.models import SlaTerm
from core.models import OutboxMessage
from feedback.models import Assignment, Handoff, Notification, SlaEvent
from feedback.services.notices import Notice, mark_read, notify
from feedback.services.sla import sweep
from tests.alignment.factories import make_draft
from tests.factories import TeamFactory, UserFactory, north
from tests.feedback.world import NOW, assigned
from users.models import Role, User

pytestmark = pytest.mark.django_db

AT_RISK = NOW + timedelta(minutes=46)
LATE = NOW + timedelta(hours=2)
VERY_LATE = NOW + timedelta(days=10)


@pytest.fixture
def rep() -> User:
    return UserFactory(role=Role.REP)


@pytest.fixture
def manager() -> User:
    return UserFactory(role=Role.SALES_MANAGER, team=north())


@pytest.fixture
def late(rep: User, manager: User) -> Assignment:
    """A lead of grade A, to be answered within a working hour of ``NOW``."""
    return assigned(rep)


def steps(row: Assignment) -> list[tuple[str, str]]:
    return list(SlaEvent.objects.filter(assignment=row).values_list("clock", "step"))


def told(person: User) -> list[str]:
    return list(
        Notification.objects.filter(user=person, key__startswith="sla:").values_list("text", flat=True)
    )


def test_nothing_is_flagged_before_three_quarters_of_the_time_are_used(late: Assignment) -> None:
    assert sweep(now=NOW + timedelta(minutes=44)) == 0
    assert steps(late) == []


def test_the_owner_alone_is_told_when_a_lead_is_at_risk(late: Assignment, rep: User, manager: User) -> None:
    sweep(now=AT_RISK)
    assert steps(late) == [("response", "at_risk")]
    assert len(told(rep)) == 1
    assert told(manager) == []


def test_owner_and_manager_are_told_in_the_app_and_by_mail_when_it_is_overdue(
    late: Assignment, rep: User, manager: User
) -> None:
    sweep(now=AT_RISK)
    sweep(now=LATE)
    assert steps(late) == [("response", "at_risk"), ("response", "breached")]
    assert any("overdue" in text for text in told(rep))
    assert len(told(manager)) == 1
    assert OutboxMessage.objects.filter(to=manager, key__startswith="notice:sla:").count() == 1


def test_a_step_past_the_due_moment_says_that_it_is_overdue(
    late: Assignment, rep: User, manager: User
) -> None:
    ladder = [{"step": "at_risk", "percent": 50, "tell": ["owner"]}]
    ladder.append({"step": "after_150", "percent": 150, "tell": ["manager"]})
    term = SlaTerm.objects.create(version=make_draft(), grade="A", source="Fair", ladder=ladder)
    Handoff.objects.filter(pk=late.handoff_id).update(term=term)
    Assignment.objects.filter(pk=late.pk).update(next_event_at=NOW)
    sweep(now=AT_RISK)
    sweep(now=LATE)
    assert steps(late) == [("response", "at_risk"), ("response", "after_150")]
    assert "due soon" in told(rep)[0]
    assert told(manager)[0].endswith(f"the first response by {rep} is overdue")


def test_a_second_sweep_takes_no_step_again_and_tells_nobody_again(
    late: Assignment, rep: User, manager: User
) -> None:
    assert sweep(now=LATE) == 2
    before = (steps(late), told(rep), told(manager))
    assert sweep(now=LATE) == 0
    assert (steps(late), told(rep), told(manager)) == before


def test_after_an_outage_every_step_is_recorded_but_only_the_last_of_a_clock_is_told(
    late: Assignment, rep: User, manager: User
) -> None:
    assert sweep(now=VERY_LATE) == 4
    assert len(steps(late)) == 4
    assert len(told(rep)) == 2
    assert Assignment.objects.get(pk=late.pk).next_event_at is None


def test_a_response_in_time_is_never_flagged_as_a_late_response(late: Assignment) -> None:
    Assignment.objects.filter(pk=late.pk).update(responded_at=NOW + timedelta(minutes=10))
    sweep(now=VERY_LATE)
    assert {clock for clock, _ in steps(late)} == {"decision"}


def test_a_lead_that_was_taken_away_is_not_flagged(late: Assignment) -> None:
    Assignment.objects.filter(pk=late.pk).update(ended_at=NOW + timedelta(minutes=10))
    sweep(now=VERY_LATE)
    assert steps(late) == []
    assert Assignment.objects.get(pk=late.pk).next_event_at is None


def test_a_team_without_a_manager_of_its_own_tells_all_sales_managers(rep: User) -> None:
    elsewhere = UserFactory(role=Role.SALES_MANAGER, team=TeamFactory())
    assigned(rep)
    sweep(now=LATE)
    assert len(told(elsewhere)) == 1


def test_the_cost_of_a_sweep_does_not_grow_with_what_is_due(
    rep: User, manager: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(12):
        assigned(rep)
    with django_assert_max_num_queries(23):
        sweep(now=LATE)
    assert SlaEvent.objects.count() == 24


def test_a_notice_is_written_once_for_its_occasion(rep: User) -> None:
    for _ in range(2):
        with transaction.atomic():
            notify([Notice(rep.pk, "once", "Look at this", "/queue/")], now=NOW)
    assert Notification.objects.filter(user=rep).count() == 1
    assert OutboxMessage.objects.filter(to=rep).count() == 1


def test_reading_ones_notices_leaves_those_of_others_unread(rep: User, manager: User) -> None:
    with transaction.atomic():
        notify([Notice(each.pk, f"n{each.pk}", "Look", "/queue/") for each in (rep, manager)], now=NOW)
    assert mark_read(user=rep, now=NOW) == 1
    assert mark_read(user=rep, now=NOW) == 0
    assert Notification.objects.filter(user=manager, read_at=None).count() == 1


def moment_of(row: Assignment) -> datetime | None:
    return Assignment.objects.get(pk=row.pk).next_event_at


def test_the_sweep_looks_again_at_the_next_step_only(late: Assignment) -> None:
    first = moment_of(late)
    sweep(now=AT_RISK)
    second = moment_of(late)
    assert first is not None
    assert second is not None
    assert first <= AT_RISK < second
