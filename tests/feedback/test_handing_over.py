"""Somebody leaves, is away or has too much: their work goes on with others, who are told what happened."""

from collections import Counter
from datetime import timedelta

import pytest

from core.errors import Conflict, Invalid
from core.models import AuditEntry
from feedback.models import Assignment, AssignmentTrace, Handoff, Notification, RoutingRule
from feedback.services import handing_over
from feedback.services.assigning import claim
from feedback.services.attempts import log_attempt, set_callback
from feedback.services.decisions import accept
from feedback.services.handing_over import HandedOver, Way, hand_over, open_work
from feedback.services.pooling import HELD_FOR, take_back
from feedback.services.routing import RuleContent, add_rule
from feedback.why import brief_of, trace_of_owner
from leads.models import Company, Lead
from tests.factories import TeamFactory, UserFactory
from tests.feedback.world import NOW, SOON, active_version, assigned, away, make_lead, sweep, waiting
from users.models import Role, User

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


@pytest.fixture(autouse=True)
def manager() -> User:
    active_version()
    return UserFactory(role=Role.SALES_MANAGER, name="Mia")


@pytest.fixture
def rep() -> User:
    return UserFactory(name="Ana")


def accepted(rep: User) -> Assignment:
    row = assigned(rep)
    accept(assignment=row, by=rep, now=NOW + SOON)
    return row


def holders() -> Counter[str]:
    return Counter(Assignment.objects.filter(ended_at=None).values_list("owner__name", flat=True))


class TestByTheRules:
    def test_the_work_is_dealt_to_the_others(self, rep: User, manager: User) -> None:
        for _ in range(4):
            assigned(rep)
        accepted(rep)
        others = UserFactory(name="Ben"), UserFactory(name="Cleo")
        done = hand_over(rep=rep, way=Way.RULES, to=None, by=manager, now=LATER)
        assert done == HandedOver(given=5)
        assert sorted(holders().values()) == [2, 3]
        assert set(holders()) == {each.name for each in others}
        assert set(Lead.objects.values_list("owner__name", flat=True)) == {"Ben", "Cleo"}
        why = trace_of_owner(Assignment.objects.filter(ended_at=None).first()).why  # type: ignore[arg-type]  # there are five
        assert why.startswith("Mia handed over the work of Ana. ")

    def test_a_rule_decides_for_each(self, rep: User, manager: User) -> None:
        south = TeamFactory(name="South")
        UserFactory(name="Ben", team=south)
        UserFactory(name="Cleo")
        german = {"field": "lead.country", "op": "in", "value": ["DE"]}
        way = RoutingRule.Way.ROUND_ROBIN
        content = RuleContent(name="DE", condition=german, team=south, way=way, is_owner_first=True)
        add_rule(content=content, by=manager)
        row = assigned(rep, make_lead(50, country="DE"))
        hand_over(rep=rep, way=Way.RULES, to=None, by=manager, now=LATER)
        new = Assignment.objects.get(handoff=row.handoff, ended_at=None)
        assert (new.owner.name, new.handoff.team) == ("Ben", south)
        assert ["Ana", "hands it over"] not in AssignmentTrace.objects.get(assignment=new).detail["looked"]

    def test_colleagues_of_a_company_go_to_whoever_works_there_already(
        self, rep: User, manager: User
    ) -> None:
        company = Company.objects.create(name="Acme")
        UserFactory(name="Idle")
        there = UserFactory(name="Cleo")
        for number in range(3):
            assigned(there, make_lead(90 + number))
        assigned(there, make_lead(60, company=company))
        assigned(rep, make_lead(61, company=company), at=NOW + SOON)
        hand_over(rep=rep, way=Way.RULES, to=None, by=manager, now=LATER)
        assert holders() == {"Cleo": 5}

    def test_what_nobody_has_room_for_waits_and_what_was_accepted_never_does(
        self, rep: User, manager: User, settings: pytest.FixtureRequest
    ) -> None:
        settings.HANDOFF_CAPACITY = 1  # type: ignore[attr-defined] # pytest-django's settings
        undecided, taken = [assigned(rep) for _ in range(3)], accepted(rep)
        UserFactory(name="Ben")
        done = hand_over(rep=rep, way=Way.RULES, to=None, by=manager, now=LATER)
        assert (done.given, done.pooled, done.kept) == (2, 2, 0)
        assert Counter(Handoff.objects.values_list("state", flat=True)) == {
            "waiting": 2,
            "assigned": 1,
            "accepted": 1,
        }
        assert not Assignment.objects.filter(pk__in=[each.pk for each in undecided], ended_at=None).exists()
        assert Assignment.objects.get(handoff=taken.handoff, ended_at=None).owner.name == "Ben"

    def test_where_nobody_else_is_here_accepted_leads_stay(self, rep: User, manager: User) -> None:
        accepted(rep)
        assigned(rep)
        done = hand_over(rep=rep, way=Way.RULES, to=None, by=manager, now=LATER)
        assert done == HandedOver(pooled=1, kept=1)

    def test_many_are_handed_over_in_batches_and_a_repeat_goes_on(
        self, rep: User, manager: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(handing_over, "CHUNK", 2)
        for _ in range(5):
            assigned(rep)
        UserFactory(name="Ben")
        assert hand_over(rep=rep, way=Way.RULES, to=None, by=manager, now=LATER).given == 5
        assert AuditEntry.objects.filter(action="work_handed_over").count() == 3
        assert hand_over(rep=rep, way=Way.RULES, to=None, by=manager, now=LATER) == HandedOver()


class TestToOneRep:
    def test_they_get_all_of_it_and_one_notice(self, rep: User, manager: User) -> None:
        assigned(rep)
        accepted(rep)
        ben = UserFactory(name="Ben")
        done = hand_over(rep=rep, way=Way.REP, to=ben, by=manager, now=LATER)
        assert (done.given, holders()) == (2, {"Ben": 2})
        assert Notification.objects.filter(user=ben).count() == 1

    def test_somebody_who_takes_no_leads_is_refused(self, rep: User, manager: User) -> None:
        row, ben = assigned(rep), UserFactory(name="Ben")
        away(ben)
        for to, says in ((ben, "takes no leads now"), (rep, "has them already"), (None, "Choose who")):
            with pytest.raises(Invalid, match=says):
                hand_over(rep=rep, way=Way.REP, to=to, by=manager, now=LATER)
        assert Assignment.objects.get(ended_at=None) == row


class TestToThePool:
    def test_undecided_leads_wait_to_be_claimed_and_accepted_ones_stay(
        self, rep: User, manager: User
    ) -> None:
        row, kept = assigned(rep), accepted(rep)
        done = hand_over(rep=rep, way=Way.POOL, to=None, by=manager, now=LATER)
        assert done == HandedOver(pooled=1, kept=1)
        row.handoff.refresh_from_db()
        assert (row.handoff.state, row.handoff.held_until) == ("waiting", LATER + HELD_FOR)
        assert list(open_work(rep)) == [kept]


class TestTakingBack:
    def test_a_lead_is_held_to_be_claimed_then_dealt_to_somebody_else(self, rep: User, manager: User) -> None:
        row, ben = assigned(rep), UserFactory(name="Ben")
        for _ in range(3):
            assigned(ben)
        assert take_back(handoff_ids=[row.handoff_id], by=manager, now=LATER) == 1
        lead = Lead.objects.get(pk=row.handoff.lead_id)
        assert (lead.owner, lead.team) == (None, rep.team)
        assert Notification.objects.filter(user=rep, text="Mia took back a lead from you").exists()
        assert sweep(LATER + SOON).assigned == 0
        assert sweep(LATER + HELD_FOR).assigned == 1
        new = Assignment.objects.get(handoff=row.handoff, ended_at=None)
        assert (new.owner, new.handoff.held_until) == (ben, None)
        assert ["Ana", "had it before"] in AssignmentTrace.objects.get(assignment=new).detail["looked"]

    def test_it_can_be_claimed_at_once(self, rep: User, manager: User) -> None:
        row = assigned(rep)
        take_back(handoff_ids=[row.handoff_id], by=manager, now=LATER)
        ben = UserFactory(name="Ben")
        claimed = claim(handoff=row.handoff, by=ben, now=LATER + SOON)
        assert (claimed.owner, claimed.handoff.held_until) == (ben, None)

    def test_where_nobody_else_is_it_goes_back_rather_than_waiting(self, rep: User, manager: User) -> None:
        row = assigned(rep)
        take_back(handoff_ids=[row.handoff_id], by=manager, now=LATER)
        assert sweep(LATER + HELD_FOR).assigned == 1
        assert Assignment.objects.get(ended_at=None).owner == rep

    def test_a_repeat_changes_nothing(self, rep: User, manager: User) -> None:
        row = assigned(rep)
        take_back(handoff_ids=[row.handoff_id], by=manager, now=LATER)
        assert take_back(handoff_ids=[row.handoff_id], by=manager, now=LATER + SOON) == 0

    def test_if_one_was_decided_nothing_is_taken(self, rep: User, manager: User) -> None:
        row, decided = assigned(rep), accepted(rep)
        with pytest.raises(Conflict, match="decided on meanwhile"):
            take_back(handoff_ids=[row.handoff_id, decided.handoff_id], by=manager, now=LATER)
        assert Assignment.objects.filter(ended_at=None).count() == 2

    def test_not_more_than_two_hundred_at_once(self, manager: User) -> None:
        with pytest.raises(Invalid, match="at most 200"):
            take_back(handoff_ids=range(1, 202), by=manager, now=LATER)


class TestTheBrief:
    def test_it_tells_what_happened_and_what_was_promised(self, rep: User, manager: User) -> None:
        row = assigned(rep)
        log_attempt(assignment=row, kind="email", result="sent", by=rep, now=NOW + SOON)
        log_attempt(
            assignment=row,
            kind="call",
            result="no_answer",
            note="Try in the morning.",
            by=rep,
            now=NOW + 2 * SOON,
        )
        promised = LATER + timedelta(days=1)
        set_callback(assignment=row, at=promised, by=rep, now=NOW + 3 * SOON)
        ben = UserFactory(name="Ben")
        hand_over(rep=rep, way=Way.REP, to=ben, by=manager, now=LATER)
        new = Assignment.objects.get(ended_at=None)
        assert new.callback_at == promised
        brief = brief_of(new, now=LATER)
        assert brief is not None
        assert (brief.before, brief.until, brief.note) == (rep, LATER, "Try in the morning.")
        assert brief.happened.startswith("1 call, 1 e-mail; the last on ")
        assert brief.happened.endswith(": call by Ana, no answer.")
        assert brief.promised.startswith("Ana planned to call back on ")
        log_attempt(assignment=new, kind="call", result="reached", by=ben, now=LATER + SOON)
        new.refresh_from_db()
        assert brief_of(new, now=LATER + SOON) is None  # they know the lead themselves now

    def test_a_promise_that_has_passed_is_said_and_not_planned_anew(self, rep: User, manager: User) -> None:
        row = accepted(rep)
        set_callback(assignment=row, at=NOW + 3 * SOON, by=rep, now=NOW + 2 * SOON)
        hand_over(rep=rep, way=Way.REP, to=UserFactory(name="Ben"), by=manager, now=LATER)
        new = Assignment.objects.get(ended_at=None)
        brief = brief_of(new, now=LATER)
        assert brief is not None
        assert new.callback_at is None
        assert "that has passed" in brief.promised
        assert brief.happened.startswith("Nobody had tried to reach them. Ana accepted it on ")

    def test_a_lead_that_nobody_had_before_has_none(self, rep: User) -> None:
        row = assigned(rep)
        assert brief_of(row, now=NOW) is None
        claimed = claim(handoff=waiting(), by=rep, now=NOW)
        assert brief_of(claimed, now=NOW) is None
