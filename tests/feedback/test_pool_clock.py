"""The clock of the pool: from when to when it runs, and who is told once it is over."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alignment.models import SlaTerm
from core.models import OutboxMessage
from feedback.lead_page import entries
from feedback.models import Handoff, Notification, PoolOverdue
from feedback.reports.pool import PoolFigures, pool_figures
from feedback.services import decisions, handoffs, sla
from feedback.services.assigning import claim, reassign
from feedback.services.calendars import CalendarContent, save_calendar
from feedback.services.pooling import take_back
from feedback.services.waiting import reset_pool_clocks, start_missing, sweep_pool
from tests.alignment.factories import make_draft
from tests.factories import UserFactory, north
from tests.feedback.faults import killed_at
from tests.feedback.world import NOW, SOON, active_version, assigned, judge, ready_lead, sweep, waiting
from users.models import Role, User

pytestmark = pytest.mark.django_db
DUE = NOW + timedelta(hours=1)
"""A lead of grade A is answered within a working hour."""
LATE = DUE + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def manager(db: None) -> User:
    active_version(grade="B", source="Fair", response_amount=1, response_unit="days")
    return UserFactory(role=Role.SALES_MANAGER, team=north())


@pytest.fixture
def nobody(settings: Any) -> None:
    """No rep has room."""
    settings.HANDOFF_CAPACITY = 0


def told(person: User) -> list[str]:
    rows = Notification.objects.filter(user=person, key__startswith="pool:")
    return list(rows.order_by("pk").values_list("text", flat=True))


def in_pool(number: int = 1, grade: str = "A") -> Handoff:
    """A lead that became sales-ready at ``NOW`` and finds no owner."""
    lead = ready_lead(number, grade, source="Fair" if grade == "B" else "")
    sweep()
    return Handoff.objects.get(lead=lead)


def clock(handoff: Handoff) -> tuple[Any, ...]:
    handoff.refresh_from_db()
    return handoff.pooled_at, handoff.pool_due_at, handoff.pool_event_at


@pytest.mark.usefixtures("nobody")
class TestWhenItRuns:
    def test_from_entering_the_pool_for_the_time_of_the_term(self) -> None:
        UserFactory()
        assert clock(in_pool()) == (NOW, DUE, DUE)
        assert clock(in_pool(2, "B")) == (NOW, NOW + timedelta(days=1), NOW + timedelta(days=1))

    def test_in_working_time(self) -> None:
        lead, friday = ready_lead(), NOW.replace(day=27, hour=17, minute=40)
        handoffs.open_wanted(now=friday)
        monday = NOW.replace(day=30, hour=9, minute=40)
        assert Handoff.objects.get(lead=lead).pool_due_at == monday

    def test_what_is_taken_back_starts_anew(self, manager: User) -> None:
        row = assigned(UserFactory())
        assert clock(row.handoff) == (None, None, None)
        take_back(handoff_ids=[row.handoff_id], by=manager, now=NOW + SOON)
        assert clock(row.handoff)[:2] == (NOW + SOON, DUE + SOON)

    def test_what_is_returned_too_until_that_is_undone(self) -> None:
        row = assigned(UserFactory())
        decision = decisions.give_back(assignment=row, text="Not mine.", by=row.owner, now=NOW + SOON)
        assert clock(row.handoff)[:2] == (NOW + SOON, DUE + SOON)
        decisions.undo(decision=decision, by=row.owner, now=NOW + SOON)
        assert clock(row.handoff) == (None, None, None)

    def test_what_the_sweep_takes_away_too(self) -> None:
        row = assigned(UserFactory())
        ladder = [{"step": "breached", "percent": 100, "tell": ["owner"], "takes": True}]
        term = SlaTerm.objects.create(version=make_draft(), grade="A", source="Fair", ladder=ladder)
        Handoff.objects.update(term=term)
        sla.sweep(now=LATE)
        assert clock(row.handoff)[0] == LATE

    def test_it_stops_when_somebody_claims_it_or_is_given_it(self, manager: User) -> None:
        rep, first, second = UserFactory(), in_pool(1), in_pool(2)
        claim(handoff=first, by=rep, now=NOW + SOON)
        reassign(handoff_ids=[second.pk], to=rep, by=manager, now=NOW + SOON)
        assert clock(first) == clock(second) == (None, None, None)
        assert sweep_pool(now=LATE) == 0

    def test_who_finds_an_owner_at_once_never_waits(self, settings: Any) -> None:
        settings.HANDOFF_CAPACITY = 5
        UserFactory()
        handoff = in_pool()
        assert (handoff.state, *clock(handoff)) == ("assigned", None, None, None)

    def test_the_night_starts_clocks_that_were_never_started(self) -> None:
        handoff = waiting()
        handoffs.compare_all(now=NOW)
        assert clock(handoff) == (NOW, DUE, DUE)
        assert start_missing(now=LATE) == 0


@pytest.mark.usefixtures("nobody")
class TestAnotherCalendar:
    """Half days from today on: the default calendar is another one."""

    def change(self, manager: User) -> None:
        day = ((NOW.replace(hour=13).time(), NOW.replace(hour=18).time()),)
        content = CalendarContent("Afternoons", "UTC", "", "", dict.fromkeys(range(5), day), {})
        save_calendar(calendar=None, content=content, by=manager, now=NOW + SOON)

    def test_sets_running_clocks_anew(self, manager: User) -> None:
        handoff = in_pool()
        self.change(manager)
        assert clock(handoff) == (NOW, NOW.replace(hour=14), NOW.replace(hour=14))

    def test_heals_no_breach(self, manager: User) -> None:
        handoff = in_pool()
        sweep_pool(now=LATE)
        reset_pool_clocks(now=LATE)
        assert clock(handoff) == (NOW, DUE, None)


@pytest.mark.usefixtures("nobody")
class TestWhoIsTold:
    def test_nobody_before_it_is_due(self, manager: User) -> None:
        in_pool()
        assert sweep_pool(now=DUE - timedelta(seconds=1)) == 0
        assert told(manager) == []

    def test_the_managers_of_the_team_once_a_wait(self, manager: User) -> None:
        UserFactory()
        elsewhere = UserFactory(role=Role.SALES_MANAGER)
        handoff = in_pool()
        assert [sweep_pool(now=LATE), sweep_pool(now=LATE), sweep_pool(now=LATE + SOON)] == [1, 0, 0]
        assert told(manager) == [f"Lead 1, grade A, waits too long in the pool of {north()}"]
        assert told(elsewhere) == []
        row = PoolOverdue.objects.get()
        assert (row.handoff, row.pooled_at, row.due_at, row.at) == (handoff, NOW, DUE, LATE)

    def test_many_leads_are_one_notice(self, manager: User) -> None:
        UserFactory()
        for number in range(4):
            in_pool(number)
        assert sweep_pool(now=LATE) == 4
        assert told(manager) == [f"4 leads wait too long in the pool of {north()}"]
        assert OutboxMessage.objects.filter(key__startswith="notice:pool:").count() == 1

    def test_a_team_without_managers_tells_them_all(self, manager: User) -> None:
        User.objects.filter(pk=manager.pk).update(team=None)
        UserFactory()
        in_pool()
        sweep_pool(now=LATE)
        assert len(told(manager)) == 1

    def test_a_second_wait_is_told_of_again(self, manager: User) -> None:
        rep = UserFactory()
        handoff = in_pool()
        sweep_pool(now=LATE)
        claim(handoff=handoff, by=rep, now=LATE)
        take_back(handoff_ids=[handoff.pk], by=manager, now=LATE)
        sweep_pool(now=LATE + timedelta(hours=2))
        assert len(told(manager)) == 2

    def test_one_that_fell_below_the_gate_is_passed_over_until_it_is_ready_again(self, manager: User) -> None:
        handoff = in_pool()
        judge(handoff.lead, "C", ready=False, at=NOW + SOON)
        sweep(NOW + SOON)
        assert sweep_pool(now=LATE) == 0
        judge(handoff.lead, "A", at=LATE)
        sweep(LATE)
        assert sweep_pool(now=LATE) == 1

    def test_it_is_on_the_timeline(self) -> None:
        handoff = in_pool()
        sweep_pool(now=LATE)
        found = [entry for entry in entries(handoff.lead, 9) if entry.title == "Overdue in the pool"]
        assert [entry.at for entry in found] == [DUE]

    @pytest.mark.parametrize("statement", range(1, 14, 2))
    def test_a_crash_tells_nobody_twice_and_loses_nothing(self, manager: User, statement: int) -> None:
        in_pool()
        with killed_at(statement):
            sweep_pool(now=LATE)
        sweep_pool(now=LATE)
        assert (len(told(manager)), PoolOverdue.objects.count()) == (1, 1)

    def test_its_cost_does_not_grow_with_what_is_due(
        self, django_assert_max_num_queries: Callable[[int], Any]
    ) -> None:
        for number in range(12):
            in_pool(number)
        with django_assert_max_num_queries(16):
            sweep_pool(now=LATE)

    def test_it_reads_what_is_due_by_its_index_alone(self) -> None:
        in_pool()
        with CaptureQueriesContext(connection) as seen:
            sweep_pool(now=NOW)
        statement = next(each["sql"] for each in seen if "pool_event_at" in each["sql"])
        assert "not_ready_since" in statement  # the condition of the partial index
        index = next(each for each in Handoff._meta.indexes if each.name == "handoff_due_in_pool")
        assert index.fields == ["pool_event_at"]


def test_the_beat_sweeps_the_pool(nobody: None, manager: User) -> None:
    from feedback import tasks

    in_pool()
    Handoff.objects.update(pool_event_at=NOW - timedelta(days=900))
    assert tasks.sweep() >= 1
    assert len(told(manager)) == 1
    assert "feedback.tasks.sweep" in {each["task"] for each in django_settings.CELERY_BEAT_SCHEDULE.values()}


@pytest.mark.usefixtures("nobody")
class TestTheFigures:
    def test_what_waits_and_what_waits_too_long(self) -> None:
        for number, grade in enumerate(["A", "A", "B"]):
            in_pool(number, grade)
        Handoff.objects.filter(lead__name="Lead 0").update(not_ready_since=NOW)
        figures = pool_figures(Handoff.objects.all(), now=LATE)
        assert figures == PoolFigures(waiting=2, overdue=1, oldest_since=NOW, fallen=1)
        assert pool_figures(Handoff.objects.none(), now=LATE) == PoolFigures(0, 0, None, 0)

    def test_the_oldest_wait_is_of_those_to_be_worked(self) -> None:
        in_pool(0)
        in_pool(1)
        Handoff.objects.filter(lead__name="Lead 0").update(
            pooled_at=NOW - timedelta(days=89), not_ready_since=NOW
        )
        assert pool_figures(Handoff.objects.all(), now=LATE).oldest_since == NOW


@pytest.mark.usefixtures("nobody")
class TestThePage:
    def page(self, client: Client, person: User) -> str:
        client.force_login(person)
        return client.get(reverse("feedback:pool")).content.decode()

    def test_it_says_how_long_each_lead_waits_and_marks_the_overdue(
        self, client: Client, manager: User, time_machine: Any
    ) -> None:
        in_pool(1)
        in_pool(2, "B")
        time_machine.move_to(NOW + timedelta(hours=2), tick=False)
        text = self.page(client, manager)
        assert "2 sales-ready leads wait for an owner, best first; 1 of them too long" in text
        assert text.count("waits 2 h") == 2
        assert "overdue by 1 h" in " ".join(text.split())
        assert text.index("Lead 1") < text.index("Lead 2")

    def test_its_queries_dont_grow_with_the_rows(
        self, client: Client, manager: User, django_assert_max_num_queries: Callable[[int], Any]
    ) -> None:
        client.force_login(manager)
        in_pool(0)
        with CaptureQueriesContext(connection) as few:
            client.get(reverse("feedback:pool"))
        for number in range(1, 9):
            in_pool(number)
        with django_assert_max_num_queries(len(few)):
            client.get(reverse("feedback:pool"))
