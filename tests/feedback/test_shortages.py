"""When nobody has room the sales managers hear of it: once for each time, however many leads wait."""

import pytest

from feedback.models import Assignment, Notification, PoolShortage
from feedback.services.decisions import accept
from feedback.services.shortages import note_shortages
from tests.factories import UserFactory, north
from tests.feedback.world import NOW, SOON, active_version, away, ready_lead, sweep, waiting
from users.models import Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def manager(settings: pytest.FixtureRequest) -> User:
    settings.HANDOFF_CAPACITY = 1  # type: ignore[attr-defined] # pytest-django's settings
    active_version()
    return UserFactory(role=Role.SALES_MANAGER, team=None)


def told(manager: User) -> list[str]:
    return list(Notification.objects.filter(user=manager).order_by("pk").values_list("text", flat=True))


def test_many_waiting_leads_are_one_notice(manager: User) -> None:
    UserFactory()
    for number in range(5):
        ready_lead(number)
    sweep()
    ready_lead(9)
    sweep(NOW + SOON)
    assert told(manager) == [f"Nobody in {north()} has room: 4 sales-ready leads wait in the pool"]


def test_the_next_time_is_told_only_after_the_pool_was_empty(manager: User) -> None:
    rep = UserFactory()
    ready_lead(1)
    ready_lead(2)
    sweep()
    accept(assignment=Assignment.objects.get(), by=rep, now=NOW + SOON)
    sweep(NOW + SOON)  # the second lead found its owner: the shortage is over
    assert PoolShortage.objects.get().ended_at == NOW + SOON
    ready_lead(3)
    sweep(NOW + 2 * SOON)
    assert len(told(manager)) == 2
    assert "1 sales-ready lead waits" in told(manager)[1]


def test_with_room_nobody_is_told(manager: User) -> None:
    UserFactory()
    ready_lead(1)
    sweep()
    assert told(manager) == []
    assert not PoolShortage.objects.exists()


def test_it_says_where_all_are_away_and_where_there_is_no_rep_at_all(manager: User) -> None:
    ready_lead(1)
    sweep()
    assert told(manager) == ["No rep takes leads: 1 sales-ready lead waits in the pool"]
    away(UserFactory())
    waiting()
    User.objects.filter(role=Role.REP, rep_settings=None).update(is_active=False)
    note_shortages(now=NOW + SOON)
    assert told(manager)[1] == f"Nobody in {north()} takes leads now: 1 sales-ready lead waits in the pool"


def test_a_teams_own_managers_hear_of_their_team_alone(manager: User) -> None:
    own = UserFactory(role=Role.SALES_MANAGER, team=north())
    UserFactory()
    for number in range(2):
        ready_lead(number)
    sweep()
    assert len(told(own)) == 1
    assert told(manager) == []


def test_leads_that_fell_below_the_gate_or_are_held_dont_count(manager: User) -> None:
    UserFactory(role=Role.REP)
    waiting(not_ready_since=NOW)
    waiting(held_until=NOW + SOON)
    note_shortages(now=NOW)
    assert told(manager) == []
