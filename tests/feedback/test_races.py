"""Two people, or two workers, at the same moment: real connections on PostgreSQL."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from core.errors import Conflict
from core.models import AuditEntry
from feedback.models import Assignment, Decision, Handoff, Notification
from feedback.services import assigning, attempts, dealing, decisions, handoffs
from leads.models import StageChange
from tests.factories import UserFactory
from tests.feedback.world import NOW, SOON, active_version, assigned, ready_lead, waiting
from users.models import Role, User

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + SOON


@pytest.fixture(autouse=True)
def rep(on_postgres: bool) -> User:
    if not on_postgres:
        pytest.skip("SQLite lets one writer in at a time: there is no race to run.")
    active_version()
    return UserFactory(name="Ana")


def together(*acts: Callable[[], object]) -> list[object]:
    """Run ``acts`` at the same moment, each on a connection of its own; a Conflict is given as a result."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        start.wait()
        try:
            return act()
        except Conflict as conflict:
            return conflict
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def conflicts(results: list[object]) -> list[str]:
    return [result.message for result in results if isinstance(result, Conflict)]


@pytest.mark.parametrize("round_", range(3))
def test_of_two_who_accept_at_once_one_wins_and_the_other_is_told(rep: User, round_: int) -> None:
    row, manager = assigned(rep), UserFactory(role=Role.SALES_MANAGER)
    results = together(
        lambda: decisions.accept(assignment=row, by=rep, now=LATER),
        lambda: decisions.accept(assignment=row, by=manager, now=LATER),
    )
    (told,) = conflicts(results)
    assert "already accepted" in told
    assert Decision.objects.count() == 1
    assert StageChange.objects.filter(to_stage="accepted").count() == 1
    assert AuditEntry.objects.filter(action="handoff.accepted").count() == 1


@pytest.mark.parametrize("round_", range(3))
def test_a_lead_is_never_both_accepted_and_rejected(rep: User, round_: int) -> None:
    row = assigned(rep)
    reason = row.handoff.version.reasons.get(key="no_need")
    results = together(
        lambda: decisions.accept(assignment=row, by=rep, now=LATER),
        lambda: decisions.reject(assignment=row, reason_id=reason.pk, by=rep, now=LATER),
    )
    assert len(conflicts(results)) == 1
    decision, handoff = Decision.objects.get(), Handoff.objects.get()
    assert (decision.kind, handoff.state) in {("accept", "accepted"), ("reject", "rejected")}


@pytest.mark.parametrize("round_", range(3))
def test_of_four_who_claim_at_once_one_gets_the_lead(rep: User, round_: int) -> None:
    handoff, people = waiting(), [rep, *UserFactory.batch(3)]
    Notification.objects.all().delete()

    def claiming(person: User) -> Callable[[], object]:
        return lambda: assigning.claim(handoff=handoff, by=person, now=LATER)

    results = together(*(claiming(person) for person in people))
    assert len(conflicts(results)) == 3
    assert Assignment.objects.filter(handoff=handoff).count() == 1


@pytest.mark.parametrize("round_", range(3))
def test_a_lead_taken_away_while_it_is_accepted_has_one_owner(rep: User, round_: int) -> None:
    row, other = assigned(rep), UserFactory(name="Ben")
    ids = [row.handoff_id]
    results = together(
        lambda: decisions.accept(assignment=row, by=rep, now=LATER),
        lambda: assigning.reassign(handoff_ids=ids, to=other, by=other, now=LATER),
    )
    current = Assignment.objects.select_related("handoff").get(ended_at=None)
    assert current.owner == other
    if conflicts(results):
        assert "was given to Ben" in conflicts(results)[0]
        assert (current.handoff.state, current.decided_at) == ("assigned", None)
    else:
        assert (current.handoff.state, current.decided_at) == ("accepted", LATER)


def test_two_workers_open_each_lead_once_and_deal_evenly(rep: User) -> None:
    UserFactory.batch(3)
    for number in range(40):
        ready_lead(number)

    def opening() -> object:
        return handoffs.open_wanted(now=LATER)

    together(opening, opening, opening)
    assert Handoff.objects.count() == 40
    assert Assignment.objects.count() == 40
    held = Assignment.objects.values_list("owner", flat=True)
    counts = {owner: list(held).count(owner) for owner in set(held)}
    assert set(counts.values()) == {10}


def test_claims_during_a_release_never_give_a_lead_twice(rep: User) -> None:
    pool = [waiting() for _ in range(12)]
    User.objects.exclude(pk=rep.pk).delete()

    def claiming(handoff: Handoff) -> Callable[[], object]:
        return lambda: assigning.claim(handoff=handoff, by=rep, now=LATER)

    together(*(claiming(handoff) for handoff in pool[:3]), lambda: dealing.release(now=LATER))
    assert Assignment.objects.filter(ended_at=None).count() == 12


def test_only_the_first_of_two_attempts_at_once_sets_the_response(rep: User) -> None:
    row = assigned(rep)
    first, second = LATER, LATER + timedelta(minutes=1)
    together(
        lambda: attempts.log_attempt(assignment=row, kind="call", by=rep, now=first),
        lambda: attempts.log_attempt(assignment=row, kind="email", by=rep, now=second),
    )
    row.refresh_from_db()
    assert row.responded_at in {first, second}
    assert row.attempts.count() == 2
