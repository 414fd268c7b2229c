"""Accepting, rejecting, attempts, callbacks and outcomes: what is written, and what is refused."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from alignment.models import Reason
from core.errors import ApplicationError, Conflict, Invalid
from core.models import AuditEntry
from feedback.models import Assignment, Attempt, Decision, Outcome
from feedback.services import attempts, decisions, outcomes
from feedback.services.assigning import reassign
from leads.models import Lead, Stage, StageChange
from tests.factories import UserFactory
from tests.feedback.world import NOW, SOON, active_version, assigned, make_lead
from users.models import Role, User

pytestmark = pytest.mark.django_db
LATER = NOW + SOON


@pytest.fixture
def rep() -> User:
    active_version()
    return UserFactory(name="Ana")


@pytest.fixture
def row(rep: User) -> Assignment:
    return assigned(rep)


def reason(row: Assignment, key: str = "no_need") -> int:
    return Reason.objects.get(version=row.handoff.version_id, key=key).pk


def fresh(row: Assignment) -> Assignment:
    return Assignment.objects.select_related("handoff__lead").get(pk=row.pk)


class TestAccepting:
    def test_it_stops_the_decision_clock_and_moves_the_lead(self, row: Assignment, rep: User) -> None:
        decision = decisions.accept(assignment=row, by=rep, now=LATER)
        now = fresh(row)
        assert (now.decided_at, now.decision_minutes, now.ended_at) == (LATER, 5, None)
        assert (now.handoff.state, now.handoff.accepted_at) == ("accepted", LATER)
        assert (now.handoff.lead.stage, now.handoff.lead.decay_stopped_at) == (Stage.ACCEPTED, LATER)
        assert (decision.version, decision.facts["lead.stage"]) == (row.handoff.version, Stage.SALES_READY)

    def test_the_response_clock_runs_on(self, row: Assignment, rep: User) -> None:
        decisions.accept(assignment=row, by=rep, now=LATER)
        assert fresh(row).responded_at is None
        assert fresh(row).next_event_at is not None

    def test_a_second_click_is_answered_kindly_and_writes_nothing(self, row: Assignment, rep: User) -> None:
        decisions.accept(assignment=row, by=rep, now=LATER)
        before = AuditEntry.objects.count()
        with pytest.raises(Conflict, match="already accepted by you on Mon 23 Nov"):
            decisions.accept(assignment=row, by=rep, now=LATER + SOON)
        assert (Decision.objects.count(), AuditEntry.objects.count()) == (1, before)
        assert fresh(row).decided_at == LATER

    def test_somebody_else_is_told_who_accepted_it(self, row: Assignment, rep: User) -> None:
        decisions.accept(assignment=row, by=rep, now=LATER)
        with pytest.raises(Conflict, match="already accepted by Ana"):
            decisions.reject(
                assignment=row, reason_id=reason(row), by=UserFactory(role=Role.SALES_MANAGER), now=LATER
            )

    def test_a_lead_that_was_given_away_says_to_whom(self, row: Assignment, rep: User) -> None:
        other = UserFactory(name="Ben")
        reassign(handoff_ids=[row.handoff_id], to=other, by=other, now=LATER)
        with pytest.raises(Conflict, match="was given to Ben on Mon 23 Nov"):
            decisions.accept(assignment=row, by=rep, now=LATER)


class TestRejecting:
    def test_the_lead_rests_without_an_owner_and_ages_again(self, row: Assignment, rep: User) -> None:
        decisions.reject(assignment=row, reason_id=reason(row), text=" no project ", by=rep, now=LATER)
        now, lead = fresh(row), Lead.objects.get()
        assert (now.decided_at, now.ended_at, now.next_event_at) == (LATER, LATER, None)
        assert (now.handoff.state, now.handoff.closed_at) == ("rejected", LATER)
        assert (lead.stage, lead.owner, lead.team) == (Stage.NURTURE, None, rep.team)
        assert lead.nurture_until == (NOW + timedelta(days=30)).date()
        assert lead.decay_stopped_at is None
        assert Decision.objects.get().text == "no project"

    @pytest.mark.parametrize(
        ("key", "text", "message"),
        [
            ("", "because", "Choose a reason"),
            ("other", "  ", "needs a few words"),
            ("no_need", "x" * 100_000, "at most 1,000 characters; this has 100,000"),
            ("no_need", "nul \0 byte", "can't be stored"),
        ],
    )
    def test_what_is_missing_is_said_and_nothing_is_written(
        self, row: Assignment, rep: User, key: str, text: str, message: str
    ) -> None:
        with pytest.raises(Invalid, match=message):
            decisions.reject(
                assignment=row, reason_id=reason(row, key) if key else None, text=text, by=rep, now=LATER
            )
        assert (fresh(row).handoff.state, Decision.objects.count()) == ("assigned", 0)

    def test_a_reason_of_another_version_is_refused(self, row: Assignment, rep: User) -> None:
        foreign = Reason.objects.get(version=active_version(), key="no_need")
        with pytest.raises(Invalid, match="reasons listed for this lead"):
            decisions.reject(assignment=row, reason_id=foreign.pk, by=rep, now=LATER)

    def test_a_closed_handoff_takes_no_further_act(self, row: Assignment, rep: User) -> None:
        decisions.reject(assignment=row, reason_id=reason(row), by=rep, now=LATER)
        acts: list[Callable[[], object]] = [
            lambda: decisions.accept(assignment=row, by=rep, now=LATER),
            lambda: decisions.reject(assignment=row, reason_id=reason(row), by=rep, now=LATER),
            lambda: attempts.log_attempt(assignment=row, kind="call", by=rep, now=LATER),
            lambda: attempts.set_callback(assignment=row, at=LATER + SOON, by=rep, now=LATER),
            lambda: outcomes.qualify(assignment=row, by=rep, now=LATER),
        ]
        for act in acts:
            with pytest.raises(Conflict, match="already rejected by you"):
                act()


class TestAttempts:
    @pytest.mark.parametrize("kind", ["call", "email", "meeting"])
    def test_the_first_genuine_one_stops_the_response_clock(
        self, row: Assignment, rep: User, kind: str
    ) -> None:
        attempts.log_attempt(assignment=row, kind=kind, result="no_answer", by=rep, now=LATER)
        attempts.log_attempt(assignment=row, kind=kind, by=rep, now=LATER + SOON)
        assert (fresh(row).responded_at, fresh(row).response_minutes) == (LATER, 5)
        assert Attempt.objects.count() == 2

    def test_a_bare_note_stops_nothing(self, row: Assignment, rep: User) -> None:
        attempts.log_attempt(assignment=row, kind="note", note="Wants a quote", by=rep, now=LATER)
        assert fresh(row).responded_at is None

    def test_an_empty_note_is_refused(self, row: Assignment, rep: User) -> None:
        with pytest.raises(Invalid, match="Write the note first"):
            attempts.log_attempt(assignment=row, kind="note", note="  ", by=rep, now=LATER)

    def test_do_not_call_is_obeyed(self, rep: User) -> None:
        row = assigned(rep, make_lead(7, do_not_call=True))
        with pytest.raises(Invalid, match="asked not to be called"):
            attempts.log_attempt(assignment=row, kind="call", by=rep, now=LATER)
        attempts.log_attempt(assignment=row, kind="email", by=rep, now=LATER)

    def test_so_is_unsubscribed(self, rep: User) -> None:
        row = assigned(rep, make_lead(7, is_unsubscribed=True))
        with pytest.raises(Invalid, match="unsubscribed from e-mail"):
            attempts.log_attempt(assignment=row, kind="email", by=rep, now=LATER)
        attempts.log_attempt(assignment=row, kind="call", by=rep, now=LATER)

    @pytest.mark.parametrize(
        ("kind", "result", "note"), [("fax", "", ""), ("call", "won", ""), ("call", "", "x" * 100_000)]
    )
    def test_what_is_no_attempt_is_refused(
        self, row: Assignment, rep: User, kind: str, result: str, note: str
    ) -> None:
        with pytest.raises(Invalid):
            attempts.log_attempt(assignment=row, kind=kind, result=result, note=note, by=rep, now=LATER)
        assert not Attempt.objects.exists()

    def test_a_lead_that_was_accepted_can_still_be_called(self, row: Assignment, rep: User) -> None:
        decisions.accept(assignment=row, by=rep, now=LATER)
        attempts.log_attempt(assignment=row, kind="call", by=rep, now=LATER)
        assert fresh(row).responded_at == LATER


class TestCallbacks:
    def test_a_moment_to_come_is_kept_and_can_be_removed(self, row: Assignment, rep: User) -> None:
        attempts.set_callback(assignment=row, at=LATER + SOON, by=rep, now=LATER)
        assert fresh(row).callback_at == LATER + SOON
        attempts.set_callback(assignment=row, at=None, by=rep, now=LATER)
        assert fresh(row).callback_at is None

    @pytest.mark.parametrize("gap", [timedelta(0), -SOON, timedelta(days=400)])
    def test_the_past_and_the_far_future_are_refused(
        self, row: Assignment, rep: User, gap: timedelta
    ) -> None:
        with pytest.raises(Invalid, match="moment"):
            attempts.set_callback(assignment=row, at=LATER + gap, by=rep, now=LATER)


class TestOutcomes:
    @pytest.fixture(autouse=True)
    def _accepted(self, row: Assignment, rep: User) -> None:
        decisions.accept(assignment=row, by=rep, now=LATER)

    def test_a_qualified_lead_stays_in_work(self, row: Assignment, rep: User) -> None:
        outcome = outcomes.qualify(assignment=row, by=rep, now=LATER)
        now = fresh(row)
        assert (now.handoff.state, now.ended_at, now.handoff.lead.stage) == ("qualified", None, "qualified")
        assert (outcome.version, bool(outcome.facts)) == (row.handoff.version, True)

    def test_a_won_lead_is_a_customer_with_an_amount(self, row: Assignment, rep: User) -> None:
        outcomes.win(assignment=row, amount="1200.50", currency="eur", by=rep, now=LATER)
        won, now = Outcome.objects.get(), fresh(row)
        assert (won.amount, won.currency, won.amount_reporting) == (
            Decimal("1200.50"),
            "EUR",
            Decimal("1200.50"),
        )
        assert (now.handoff.state, now.ended_at) == ("won", LATER)
        assert list(StageChange.objects.order_by("id").values_list("to_stage", flat=True))[-2:] == [
            "qualified",
            "customer",
        ]

    def test_an_amount_without_a_rate_is_kept_unconverted(self, row: Assignment, rep: User) -> None:
        outcomes.win(assignment=row, amount=5, currency="CHF", by=rep, now=LATER)
        assert Outcome.objects.get().amount_reporting is None

    def test_won_may_follow_qualified(self, row: Assignment, rep: User) -> None:
        outcomes.qualify(assignment=row, by=rep, now=LATER)
        outcomes.win(assignment=row, amount=5, currency="EUR", by=rep, now=LATER + SOON)
        assert fresh(row).handoff.closed_at == LATER
        assert Outcome.objects.count() == 2

    @pytest.mark.parametrize(
        "amount", ["n/a", "", "1e30", "-5", "0", "0.004", "12.345", "NaN", "Infinity", None, "1,5"]
    )
    def test_what_is_no_amount_is_refused(self, row: Assignment, rep: User, amount: object) -> None:
        with pytest.raises(Invalid, match="amount"):
            outcomes.win(assignment=row, amount=amount, currency="EUR", by=rep, now=LATER)
        assert fresh(row).handoff.state == "accepted"

    @pytest.mark.parametrize("currency", ["", "EURO", "12E", "é€r"])
    def test_what_is_no_currency_is_refused(self, row: Assignment, rep: User, currency: str) -> None:
        with pytest.raises(Invalid, match="three-letter code"):
            outcomes.win(assignment=row, amount=5, currency=currency, by=rep, now=LATER)

    def test_a_lost_lead_says_why_and_ages_again(self, row: Assignment, rep: User) -> None:
        with pytest.raises(Invalid, match="why it was lost"):
            outcomes.lose(assignment=row, text=" ", by=rep, now=LATER)
        outcomes.lose(assignment=row, text="Chose another", by=rep, now=LATER)
        lead = fresh(row).handoff.lead
        assert (lead.stage, lead.decay_stopped_at, lead.owner) == ("lost", None, rep)

    def test_a_second_click_writes_nothing(self, row: Assignment, rep: User) -> None:
        outcomes.win(assignment=row, amount=5, currency="EUR", by=rep, now=LATER)
        with pytest.raises(Conflict, match="already won"):
            outcomes.win(assignment=row, amount=5, currency="EUR", by=rep, now=LATER)
        with pytest.raises(Conflict, match="already won"):
            outcomes.lose(assignment=row, text="no", by=rep, now=LATER)
        assert Outcome.objects.count() == 1

    def test_qualifying_twice_is_refused(self, row: Assignment, rep: User) -> None:
        outcomes.qualify(assignment=row, by=rep, now=LATER)
        with pytest.raises(Conflict, match="already qualified"):
            outcomes.qualify(assignment=row, by=rep, now=LATER)


def test_an_undecided_lead_has_no_outcome_yet(row: Assignment, rep: User) -> None:
    with pytest.raises(ApplicationError, match=r"Accept .* first"):
        outcomes.qualify(assignment=row, by=rep, now=LATER)
