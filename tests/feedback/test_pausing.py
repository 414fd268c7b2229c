"""Pausing the clocks of a lead: where the terms allow it, what moves, what ends it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core.errors import Conflict, Invalid, NotAllowed
from core.hooks import TimelineEntry
from core.models import AuditEntry
from feedback import querysets
from feedback.calendars import load_calendars
from feedback.lead_page import entries
from feedback.models import Assignment, Handoff, Pause, SlaEvent
from feedback.querysets import undecided
from feedback.queue import clock_of
from feedback.reports import sla as report
from feedback.services import attempts, decisions, pausing
from feedback.services.assigning import reassign
from feedback.services.sla import sweep
from leads.models import Lead
from tests.factories import UserFactory, north
from tests.feedback.world import NOW, active_version, assigned
from users.models import Role, User

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SOON = NOW + timedelta(minutes=15)
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


@pytest.fixture
def rep() -> User:
    return UserFactory(role=Role.REP)


@pytest.fixture
def row(rep: User) -> Assignment:
    """To be answered within a working hour of ``NOW``, a Monday at ten; the terms allow pauses."""
    version = active_version(grade="A", source="Fair", may_pause=True)
    made = assigned(rep)
    Handoff.objects.update(term=version.terms.get(source="Fair"))
    return fresh(made)


def fresh(row: Assignment) -> Assignment:
    return Assignment.objects.select_related("handoff__term", "handoff__lead", "owner").get(pk=row.pk)


def last_told() -> TimelineEntry:
    return next(iter(entries(Lead.objects.get(), 50)))


def paused(row: Assignment, *, at: datetime = SOON, until: datetime = MONDAY, why: str = "Away") -> Pause:
    return pausing.pause(assignment=row, until=until, reason=why, by=row.owner, now=at)


class TestPausing:
    def test_both_due_moments_move_by_the_working_time_of_the_pause(self, row: Assignment) -> None:
        before = fresh(row)
        paused(row, until=SOON + 2 * HOUR)
        after = fresh(row)
        # From 10:15 to 12:15 with lunch from 12 on: an hour and three quarters.
        assert after.response_due_at == datetime(2026, 11, 23, 13, 45, tzinfo=UTC)
        assert after.decision_due_at - before.decision_due_at == timedelta(minutes=105)

    def test_it_is_in_the_audit_log_and_on_the_timeline(self, row: Assignment) -> None:
        made = paused(row, why=" Out of office until Monday ")
        entry = AuditEntry.objects.get(action="handoff.paused")
        assert entry.detail["pause"] == made.pk
        told = last_told()
        assert (told.title, told.detail) == (
            "Clock paused until Mon 30 Nov, 09:00",
            "Out of office until Monday",
        )

    def test_terms_that_dont_allow_it_refuse_it_and_say_so(self, rep: User) -> None:
        row = assigned(rep)
        with pytest.raises(NotAllowed, match="The agreement lets nobody pause the clock of grade A"):
            paused(row)
        assert not Pause.objects.exists()

    @pytest.mark.parametrize(
        ("change", "place", "said"),
        [
            ({"why": "  "}, "reason", "Say in a few words why"),
            ({"why": "x" * 201}, "reason", "at most 200"),
            ({"until": SOON}, "until", "still to come"),
            (
                {"until": NOW + timedelta(days=30)},
                "until",
                "At most 10 working days in all: Mon 7 Dec, 10:15",
            ),
            (
                {"at": NOW + timedelta(hours=2), "until": NOW + timedelta(hours=3)},
                "until",
                "doesn't run before",
            ),
        ],
    )
    def test_what_cant_be_is_refused_at_its_place(
        self, row: Assignment, change: dict[str, Any], place: str, said: str
    ) -> None:
        Assignment.objects.update(response_due_at=MONDAY)
        with pytest.raises(Invalid, match=said) as caught:
            paused(row, **change)
        assert [problem.where for problem in caught.value.problems] == [place]
        assert not Pause.objects.exists()

    def test_a_moment_is_needed(self, row: Assignment) -> None:
        with pytest.raises(Invalid, match="still to come"):
            pausing.pause(assignment=row, until=None, reason="Away", by=row.owner, now=NOW)

    def test_a_second_pause_while_one_runs_is_a_conflict(self, row: Assignment) -> None:
        paused(row)
        with pytest.raises(Conflict, match="is paused already"):
            paused(row, at=SOON + HOUR)
        assert Pause.objects.count() == 1

    def test_the_next_pause_follows_the_first_and_both_count(self, row: Assignment) -> None:
        first = paused(row, until=SOON + timedelta(minutes=30))
        paused(row, at=SOON + HOUR, until=datetime(2026, 11, 23, 13, 30, tzinfo=UTC))
        assert Pause.objects.get(pk=first.pk).ended_at == first.until
        # 15 minutes worked, 30 paused, 30 worked, 45 before lunch and 30 after it paused, 15 left.
        assert fresh(row).response_due_at == datetime(2026, 11, 23, 13, 45, tzinfo=UTC)

    def test_all_pauses_together_last_ten_working_days_at_most(self, row: Assignment) -> None:
        paused(row, until=datetime(2026, 12, 4, 18, 0, tzinfo=UTC))
        later = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
        with pytest.raises(Invalid, match="Mon 7 Dec, 10:15 at the latest"):
            paused(row, at=later, until=later + timedelta(days=1))

    def test_what_is_overdue_isnt_paused(self, row: Assignment) -> None:
        with pytest.raises(Conflict, match="a pause heals nothing"):
            paused(row, at=NOW + 2 * HOUR)

    def test_nothing_is_paused_once_both_clocks_have_stopped(self, row: Assignment) -> None:
        attempts.log_attempt(assignment=row, kind="call", by=row.owner, now=NOW)
        decisions.accept(assignment=row, by=row.owner, now=NOW)
        with pytest.raises(Conflict, match="nothing to pause"):
            paused(fresh(row))

    def test_a_lead_that_was_given_away_isnt_paused(self, row: Assignment) -> None:
        to, manager = UserFactory(name="Ben"), UserFactory(role=Role.SALES_MANAGER)
        reassign(handoff_ids=[row.handoff_id], to=to, by=manager, now=NOW)
        with pytest.raises(Conflict, match="was given to Ben"):
            paused(row)


class TestWhilePaused:
    def test_it_sorts_below_and_says_so(self, rep: User, row: Assignment) -> None:
        other = assigned(rep, at=NOW + timedelta(minutes=5))
        made = paused(row)
        assert list(undecided(SOON)) == [other, row]
        assert [each.is_later for each in undecided(SOON)] == [0, 2]  # type: ignore[attr-defined] # annotated
        assert [each.is_later for each in undecided(MONDAY)] == [0, 0]  # type: ignore[attr-defined] # annotated
        clock = clock_of(fresh(row), load_calendars(), now=SOON + HOUR)
        assert clock is not None
        assert (clock.pause, clock.minutes, clock.is_at_risk) == (made, 45, False)

    def test_a_call_back_that_has_come_brings_it_up_again(self, rep: User, row: Assignment) -> None:
        assigned(rep)
        paused(row)
        attempts.set_callback(assignment=row, at=SOON + HOUR, by=rep, now=SOON)
        assert list(undecided(SOON))[-1] == row
        Assignment.objects.exclude(pk=row.pk).update(response_due_at=SOON + 3 * HOUR)
        assert undecided(SOON + HOUR).first() == row

    def test_the_ladder_waits(self, row: Assignment) -> None:
        paused(row, until=SOON + 2 * HOUR)
        assert sweep(now=SOON + 2 * HOUR) == 0
        assert sweep(now=datetime(2026, 11, 23, 13, 35, tzinfo=UTC)) == 1  # ten minutes are left
        assert sweep(now=datetime(2026, 11, 23, 13, 46, tzinfo=UTC)) == 1
        assert list(SlaEvent.objects.values_list("step", flat=True)) == ["at_risk", "breached"]

    def test_it_is_neither_at_risk_nor_overdue(self, row: Assignment) -> None:
        at = NOW + timedelta(minutes=46)
        sweep(now=at)
        rows = Assignment.objects.all()
        assert rows.filter(report.at_risk(at)).exists()
        paused(row, at=at)
        later = at + 3 * HOUR
        assert not rows.filter(report.at_risk(later) | report.breached(later)).exists()
        assert not rows.filter(report.counted("response", later)).exists()

    def test_late_after_the_pause_is_missed_all_the_same(self, row: Assignment) -> None:
        paused(row)
        late = MONDAY + 2 * HOUR
        assert Assignment.objects.filter(report.missed("response", late), report.breached(late)).exists()


class TestTheEnd:
    def test_ended_early_the_clock_goes_on_with_what_was_left(self, row: Assignment) -> None:
        paused(row)
        at = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
        pausing.resume(assignment=row, by=row.owner, now=at)
        assert fresh(row).response_due_at == at + timedelta(minutes=45)
        assert AuditEntry.objects.filter(action="handoff.resumed").count() == 1
        assert last_told().title == "The clock goes on"

    def test_a_repeat_is_a_conflict(self, row: Assignment) -> None:
        paused(row)
        pausing.resume(assignment=row, by=row.owner, now=SOON + HOUR)
        with pytest.raises(Conflict, match="isn't paused"):
            pausing.resume(assignment=row, by=row.owner, now=SOON + HOUR)

    def test_a_pause_that_is_over_by_itself_cant_be_ended(self, row: Assignment) -> None:
        paused(row)
        with pytest.raises(Conflict, match="isn't paused"):
            pausing.resume(assignment=row, by=row.owner, now=MONDAY)
        assert Pause.objects.get().ended_at is None

    def test_a_response_ends_it_and_the_pause_is_no_time_of_the_reps(self, row: Assignment) -> None:
        paused(row)
        at = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
        attempts.log_attempt(assignment=row, kind="call", by=row.owner, now=at)
        after = fresh(row)
        assert Pause.objects.get().ended_at == at
        assert (after.response_minutes, after.responded_at) == (15, at)
        assert Assignment.objects.filter(report.met("response")).exists()

    def test_a_clock_of_the_server_that_was_set_back_ends_it_as_it_began(self, row: Assignment) -> None:
        made = paused(row)
        pausing.resume(assignment=row, by=row.owner, now=SOON - timedelta(minutes=5))
        assert Pause.objects.get().ended_at == made.starts_at

    def test_a_note_doesnt_end_it(self, row: Assignment) -> None:
        paused(row)
        attempts.log_attempt(assignment=row, kind="note", note="Hm", by=row.owner, now=SOON + HOUR)
        assert Pause.objects.get().ended_at is None

    def test_a_decision_ends_it_and_an_undo_takes_it_up_again(self, row: Assignment) -> None:
        paused(row)
        before, at = fresh(row), SOON + HOUR
        decision = decisions.accept(assignment=row, by=row.owner, now=at)
        assert Pause.objects.get().ended_at == at
        assert fresh(row).decision_minutes == 15
        assert fresh(row).response_due_at == datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
        decisions.undo(decision=decision, by=row.owner, now=at + timedelta(seconds=9))
        after = fresh(row)
        assert Pause.objects.get().ended_at is None
        for name in ("response_due_at", "decision_due_at", "next_event_at"):
            assert getattr(after, name) == getattr(before, name), name

    def test_a_return_ends_it(self, row: Assignment) -> None:
        paused(row)
        decisions.give_back(assignment=row, text="Not mine.", by=row.owner, now=SOON + HOUR)
        assert Pause.objects.get().ended_at == SOON + HOUR

    def test_the_next_owner_begins_with_clocks_that_run(self, row: Assignment) -> None:
        paused(row)
        to, manager = UserFactory(name="Ben"), UserFactory(role=Role.SALES_MANAGER, team=north())
        reassign(handoff_ids=[row.handoff_id], to=to, by=manager, now=SOON + HOUR)
        new = fresh(Assignment.objects.get(ended_at=None))
        clock = clock_of(new, load_calendars(), now=SOON + HOUR)
        assert clock is not None
        assert clock.pause is None
        assert not Assignment.objects.filter(querysets.paused(SOON + HOUR)).exists()


class TestTheDatabase:
    def test_two_that_run_are_impossible(self, row: Assignment) -> None:
        paused(row)
        with pytest.raises(IntegrityError), transaction.atomic():
            Pause.objects.create(
                assignment=row, starts_at=SOON, until=SOON + HOUR, reason="Again", by=row.owner
            )

    def test_it_ends_after_it_begins(self, row: Assignment) -> None:
        with pytest.raises(IntegrityError, match="pause_ends_after_it_starts"), transaction.atomic():
            Pause.objects.create(assignment=row, starts_at=NOW, until=NOW, reason="Away", by=row.owner)

    def test_it_isnt_ended_outside_its_time(self, row: Assignment) -> None:
        made = paused(row)
        made.ended_at = made.until + HOUR
        with pytest.raises(IntegrityError, match="pause_is_ended_within_it"), transaction.atomic():
            made.save()
