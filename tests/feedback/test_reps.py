"""How a rep works and what may come: capacity, limits, ramp, leave."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.errors import Invalid
from core.models import AuditEntry
from feedback.models import Assignment, Leave, RepSettings, WorkingCalendar
from feedback.routing import available_reps, load_roster
from feedback.routing.reps import load_reps
from feedback.services.assigning import reassign
from feedback.services.reps import RepTerms, add_leave, remove_leave, set_rep
from tests.factories import UserFactory
from tests.feedback.world import NOW, active_version, assigned, away, ready_lead, sweep, waiting
from users.models import Organisation, Role, User

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def manager() -> User:
    active_version()
    return UserFactory(role=Role.SALES_MANAGER)


@pytest.fixture
def rep() -> User:
    return UserFactory(name="Ana")


def given(rep: User, manager: User, **terms: Any) -> None:
    set_rep(rep=rep, terms=RepTerms(**terms), by=manager, now=NOW)


def test_a_rep_has_a_capacity_of_their_own(rep: User, manager: User) -> None:
    given(rep, manager, capacity=2)
    for number in range(3):
        ready_lead(number)
    assert sweep().assigned == 2


def test_limits_of_a_day_and_a_week_end_with_them(rep: User, manager: User) -> None:
    given(rep, manager, per_day=1, per_week=2)
    for number in range(5):
        ready_lead(number)
    owners = [sweep(NOW + days * DAY).assigned for days in range(8)]
    assert owners == [1, 1, 0, 0, 0, 0, 0, 1]  # NOW is a Monday


def test_a_day_is_the_companys(rep: User, manager: User) -> None:
    organisation = Organisation.current()
    organisation.zone = "Pacific/Auckland"
    organisation.save()
    given(rep, manager, per_day=1)
    for number in range(2):
        ready_lead(number)
    late = datetime(2026, 11, 23, 10, 50, tzinfo=UTC)  # 23:50 there
    assert (sweep(late).assigned, sweep(late + timedelta(minutes=20)).assigned) == (1, 1)


def test_a_new_starter_grows_into_the_capacity(rep: User, manager: User) -> None:
    given(rep, manager, capacity=20, ramp_from=TODAY, ramp_weeks=4)
    capacities = [load_reps(now=NOW + days * DAY)[0].capacity for days in (0, 6, 13, 27, 40)]
    assert capacities == [1, 5, 10, 20, 20]
    given(rep, manager, ramp_from=TODAY + 9 * DAY, ramp_weeks=4)
    assert load_reps(now=NOW)[0].passed_over == "starts on Wed 2 Dec"
    ready_lead()
    assert sweep().assigned == 0


def test_leave_keeps_leads_away_and_ends_by_itself(rep: User, manager: User) -> None:
    add_leave(rep=rep, starts=TODAY, ends=TODAY + 4 * DAY, by=manager, now=NOW)
    assert load_reps(now=NOW)[0].away == "away until Fri 27 Nov"
    ready_lead()
    days = [sweep(NOW + days * DAY).assigned for days in range(6)]
    assert days == [0, 0, 0, 0, 0, 1]


def test_on_leave_nobody_is_assigned_leads_by_hand_either(rep: User, manager: User) -> None:
    add_leave(rep=rep, starts=TODAY, ends=TODAY, by=manager, now=NOW)
    assert rep not in available_reps(NOW)
    with pytest.raises(Invalid, match="takes no leads now"):
        reassign(handoff_ids=[waiting().pk], to=rep, by=manager, now=NOW)
    assert rep in available_reps(NOW + DAY)


def test_who_is_away_and_on_leave_is_away_after_it_still(rep: User, manager: User) -> None:
    away(rep)
    add_leave(rep=rep, starts=TODAY, ends=TODAY, by=manager, now=NOW)
    assert [load_reps(now=NOW + days * DAY)[0].away for days in (0, 1)] == ["away until Mon 23 Nov", "away"]


@pytest.mark.parametrize(
    ("starts", "ends", "where", "says"),
    [
        (3, 1, "ends", "before the first"),
        (-9, -2, "ends", "have passed"),
        (1, 900, "ends", "two years"),
        (6, 12, "starts", "has leave from"),
    ],
)
def test_leave_that_cant_be_is_refused(
    rep: User, manager: User, starts: int, ends: int, where: str, says: str
) -> None:
    add_leave(rep=rep, starts=TODAY + 5 * DAY, ends=TODAY + 7 * DAY, by=manager, now=NOW)
    with pytest.raises(Invalid, match=says) as refused:
        add_leave(rep=rep, starts=TODAY + starts * DAY, ends=TODAY + ends * DAY, by=manager, now=NOW)
    assert refused.value.problems[0].where == where
    assert Leave.objects.count() == 1


def test_leave_is_taken_out_once(rep: User, manager: User) -> None:
    leave = add_leave(rep=rep, starts=TODAY, ends=TODAY, by=manager, now=NOW)
    remove_leave(leave=leave, by=manager, now=NOW)
    remove_leave(leave=leave, by=manager, now=NOW)
    assert Counter(AuditEntry.objects.values_list("action", flat=True))["leave_removed"] == 1


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"capacity": 1001}, "capacity"),
        ({"per_day": 0}, "per_day"),
        ({"weight": 0}, "weight"),
        ({"ramp_from": date(9999, 12, 31), "ramp_weeks": 3}, "ramp_from"),
        ({"ramp_from": date(2026, 11, 2)}, "ramp_weeks"),
        ({"ramp_weeks": 3}, "ramp_from"),
        ({"ramp_from": date(2026, 11, 2), "ramp_weeks": 53}, "ramp_weeks"),
    ],
)
def test_figures_out_of_bounds_are_refused(
    rep: User, manager: User, wrong: dict[str, Any], where: str
) -> None:
    with pytest.raises(Invalid) as refused:
        given(rep, manager, **wrong)
    assert [problem.where for problem in refused.value.problems] == [where]
    assert not RepSettings.objects.exists()


def test_only_another_calendar_sets_clocks_anew(rep: User, manager: User) -> None:
    row = assigned(rep)
    given(rep, manager, capacity=3)
    entry = AuditEntry.objects.get(action="rep_settings_changed")
    assert entry.detail == {"capacity": 3, "clocks_reset": 0}
    calendar = WorkingCalendar.objects.create(name="Never", zone="UTC")
    calendar.intervals.create(weekday=6, starts="09:00", ends="10:00")
    given(rep, manager, calendar=calendar)
    due = row.response_due_at
    row.refresh_from_db()
    assert row.response_due_at > due
    given(rep, manager, calendar=calendar)
    assert AuditEntry.objects.filter(action="rep_settings_changed").count() == 2


def test_a_roster_knows_who_works_now(rep: User, manager: User) -> None:
    assert load_roster(now=NOW).reps[rep.pk].works_now
    assert not load_roster(now=NOW + timedelta(hours=12)).reps[rep.pk].works_now
    ready_lead()
    assert sweep(NOW + timedelta(hours=12)).assigned == 1  # its clock counts working time
    assert Assignment.objects.get().owner == rep
