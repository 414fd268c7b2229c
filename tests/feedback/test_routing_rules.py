"""Rules send leads to teams: judged in one statement, the first that matches decides."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from core.errors import Conflict, Invalid
from core.models import AuditEntry
from feedback.models import Assignment, AssignmentTrace, Handoff, RepSettings, RoutingRule, RoutingTurn
from feedback.routing import DEFAULT, load_rules
from feedback.services import handoffs
from feedback.services.routing import (
    RuleContent,
    add_rule,
    change_rule,
    delete_rule,
    move_rule,
    switch_rule,
)
from leads.models import Company, Lead
from rules.errors import RuleError
from tests.factories import TeamFactory, UserFactory
from tests.feedback.world import (
    NOW,
    SOON,
    active_version,
    assigned,
    away,
    judge,
    make_lead,
    ready_lead,
    sweep,
)
from users.models import Organisation, Role, Team, User

pytestmark = pytest.mark.django_db
GERMANY = {"field": "lead.country", "op": "in", "value": ["DE"]}
GRADE_A = {"field": "score.grade", "op": "in", "value": ["A"]}
Way = RoutingRule.Way


@pytest.fixture(autouse=True)
def manager() -> User:
    active_version()
    return UserFactory(role=Role.SALES_MANAGER)


@pytest.fixture
def south() -> Team:
    return TeamFactory(name="South")


def content(name: str = "Germany", condition: dict[str, Any] | None = GERMANY, **more: Any) -> RuleContent:
    fields = {"team": None, "way": Way.LEAST_LOADED, "is_owner_first": True} | more
    return RuleContent(name=name, condition=condition, **fields)


def rule(name: str = "Germany", condition: dict[str, Any] | None = GERMANY, **more: Any) -> RoutingRule:
    return add_rule(content=content(name, condition, **more), by=UserFactory(role=Role.SALES_MANAGER))


def owner_of(lead: Lead) -> User | None:
    lead.refresh_from_db()
    return lead.owner


def test_a_rule_sends_leads_to_its_team(south: Team) -> None:
    UserFactory()
    there = UserFactory(team=south)
    rule(team=south)
    leads = [ready_lead(number, country="DE") for number in range(3)]
    other = ready_lead(9, country="FR")
    sweep()
    assert {owner_of(lead) for lead in leads} == {there}
    assert owner_of(other) != there
    trace = AssignmentTrace.objects.get(assignment__handoff__lead=leads[0]).detail
    assert trace["rule"]["name"] == "Germany"
    assert trace["why"].startswith("Rule “Germany”: ")
    assert AssignmentTrace.objects.get(assignment__handoff__lead=other).detail["rule"] is None


def test_the_first_rule_that_matches_decides_and_moving_one_changes_that(south: Team, manager: User) -> None:
    here, there = UserFactory(), UserFactory(team=south)
    everything = rule("All", None, team=here.team)
    german = rule(team=south)
    first = ready_lead(1, country="DE")
    sweep()
    move_rule(rule=german, is_up=True, by=manager)
    second = ready_lead(2, country="DE")
    sweep(NOW + SOON)
    assert (owner_of(first), owner_of(second)) == (here, there)
    assert list(RoutingRule.objects.values_list("name", "position")) == [("Germany", 1), ("All", 2)]
    assert move_rule(rule=german, is_up=True, by=manager) == german  # at the top nothing happens
    assert everything.name == "All"


def test_the_grade_of_a_lead_may_decide(south: Team) -> None:
    UserFactory()
    best = UserFactory(team=south)
    rule("The best", {"all": [GRADE_A, GERMANY]}, team=south)
    good, fair = ready_lead(1, "A", country="DE"), ready_lead(2, "B", country="DE")
    sweep()
    assert owner_of(good) == best
    assert owner_of(fair) != best


def test_a_rule_that_is_off_or_cant_be_read_matches_nothing(south: Team, manager: User) -> None:
    UserFactory()
    UserFactory(team=south)
    broken = rule("Broken", None, team=south)
    RoutingRule.objects.filter(pk=broken.pk).update(
        condition={"field": "lead.shoe_size", "op": "gte", "value": 40}
    )
    off = switch_rule(rule=rule("Off", None, team=south), is_on=False, by=manager)
    lead = ready_lead(1)
    rules = load_rules()
    assert rules.routes([lead.pk], now=NOW) == {lead.pk: DEFAULT}
    assert [bool(each.problem) for each in rules.all] == [True, False]
    assert "lead.shoe_size" in rules.all[0].problem
    assert switch_rule(rule=off, is_on=False, by=manager).revision == off.revision


@pytest.mark.parametrize("count", [2, 20])
def test_many_leads_and_rules_are_judged_in_one_statement(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        rule(f"Rule {number}", {"all": [GRADE_A, GERMANY]})
    leads = [ready_lead(number, country="DE") for number in range(count)]
    Organisation.current()  # made where there is none
    rules = load_rules()
    with django_assert_num_queries(3):  # the zone, the live generation, the statement
        routes = rules.routes([lead.pk for lead in leads], now=NOW)
    assert {route.name for route in routes.values()} == {"Rule 0"}


def test_the_queries_of_a_release_dont_grow_with_leads_or_reps(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(3):
        rule(f"Rule {number}", {"all": [GRADE_A, GERMANY]}, way=Way.ROUND_ROBIN)
    for _ in range(12):
        UserFactory()
    for number in range(60):
        ready_lead(number, country="DE")
    with django_assert_max_num_queries(190):  # 12 owners: each their leads, an audit row, a lock
        sweep()
    assert Assignment.objects.count() == 60


@pytest.mark.parametrize(("way", "shares"), [(Way.WEIGHTED, (6, 2)), (Way.ROUND_ROBIN, (4, 4))])
def test_each_way_deals_as_it_says_over_many_sweeps(south: Team, way: str, shares: tuple[int, int]) -> None:
    quick, other = UserFactory(team=south), UserFactory(team=south)
    RepSettings.objects.create(user=quick, weight=3)
    rule("All", None, team=south, way=way)
    for number in range(8):
        ready_lead(number)
        sweep(NOW + number * SOON)
    counts = Counter(Assignment.objects.values_list("owner", flat=True))
    assert (counts[quick.pk], counts[other.pk]) == shares
    assert RoutingTurn.objects.count() == 2


def test_a_rule_may_pass_over_the_owner_of_the_company() -> None:
    company = Company.objects.create(name="Acme")
    owner, idle = UserFactory(), UserFactory()
    assigned(owner, make_lead(50, company=company))
    rule("Fair", None, is_owner_first=False)
    lead = ready_lead(1, company=company)
    sweep()
    assert owner_of(lead) == idle


def test_without_room_leads_wait_in_the_pool_of_the_rules_team(
    south: Team, settings: pytest.FixtureRequest
) -> None:
    settings.HANDOFF_CAPACITY = 1  # type: ignore[attr-defined] # pytest-django's settings
    UserFactory()
    UserFactory(team=south)
    rule(team=south)
    leads = [ready_lead(number, country="DE") for number in range(4)]
    sweep()
    assert Counter(Handoff.objects.values_list("team__name", "state")) == {
        ("South", "waiting"): 3,
        ("South", "assigned"): 1,
    }
    for lead in leads:
        lead.refresh_from_db()
    assert {lead.team for lead in leads} == {south}


def test_a_team_without_reps_keeps_the_leads_of_its_rule(south: Team) -> None:
    UserFactory()
    away(UserFactory(team=south))
    rule(team=south)
    ready_lead(1, country="DE")
    assert sweep().assigned == 0
    assert Handoff.objects.get().team == south


def test_leads_that_wait_move_to_the_pool_that_the_changed_rules_name(south: Team, manager: User) -> None:
    rep = UserFactory()
    away(rep)
    row = rule(team=rep.team)
    lead = ready_lead(1, country="DE")
    sweep()
    assert Handoff.objects.get().team == rep.team
    there = UserFactory(team=south)
    change_rule(rule=row, content=content(team=south), revision=1, by=manager)
    assert sweep(NOW + SOON).assigned == 1
    assert owner_of(lead) == there


def test_the_nightly_comparison_sees_that_facts_of_waiting_leads_changed(south: Team) -> None:
    rep = UserFactory()
    away(rep)
    away(UserFactory(team=south))
    rule("A", GRADE_A, team=rep.team)
    rule("Others", None, team=south)
    lead = ready_lead(1, "A")
    sweep()
    assert Handoff.objects.get().team == rep.team
    judge(lead, "B", at=NOW + SOON)
    handoffs.compare_all(now=NOW + timedelta(hours=12))
    assert Handoff.objects.get().team == south


# Writing them


def test_a_change_is_audited_and_counts_the_revision(manager: User) -> None:
    row = rule()
    changed = change_rule(rule=row, content=content("Deutschland", way=Way.WEIGHTED), revision=1, by=manager)
    assert (changed.name, changed.way, changed.revision, changed.position) == (
        "Deutschland",
        "weighted",
        2,
        1,
    )
    actions = AuditEntry.objects.filter(target_type="routingrule").values_list("action", flat=True)
    assert set(actions) == {"routing_rule.added", "routing_rule.changed"}


def test_who_saves_over_a_change_is_told_and_changes_nothing(manager: User) -> None:
    row = rule()
    change_rule(rule=row, content=content("First"), revision=1, by=manager)
    with pytest.raises(Conflict, match="Somebody changed “First” meanwhile"):
        change_rule(rule=row, content=content("Second"), revision=1, by=manager)
    assert RoutingRule.objects.get().name == "First"


def test_a_deleted_rule_is_gone_and_its_leads_keep_their_owner_and_why(manager: User) -> None:
    rep, row = UserFactory(), rule()
    lead = ready_lead(1, country="DE")
    sweep()
    delete_rule(rule=row, by=manager)
    assert owner_of(lead) == rep
    assert AssignmentTrace.objects.get().detail["rule"]["name"] == "Germany"
    with pytest.raises(Conflict, match="deleted meanwhile"):
        delete_rule(rule=row, by=manager)


@pytest.mark.parametrize(
    ("wrong", "where", "says"),
    [
        ({"name": "  "}, "name", "Give the rule a name"),
        ({"name": "x" * 81}, "name", "at most 80"),
        ({"name": "germany"}, "name", "already"),
        ({"name": "New", "way": "dice"}, "way", "Choose one of the ways"),
    ],
)
def test_what_cant_be_a_rule_is_refused(wrong: dict[str, Any], where: str, says: str) -> None:
    rule()
    with pytest.raises(Invalid, match=says) as refused:
        rule(**wrong)
    assert refused.value.problems[0].where == where
    assert RoutingRule.objects.count() == 1


def test_a_condition_may_ask_only_what_routing_knows() -> None:
    with pytest.raises(RuleError, match="can't be used in routing"):
        rule("State", {"field": "handoff.state", "op": "in", "value": ["won"]})


def test_there_is_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedback.services.routing.MOST_RULES", 2)
    rule("1")
    rule("2")
    with pytest.raises(Invalid, match="no more are allowed"):
        rule("3")


def test_how_many_open_leads_each_rule_decides_on_now() -> None:
    first, second = rule(), rule("Others", {"field": "lead.country", "op": "in", "value": ["FR", "DE"]})
    rep = UserFactory()
    for number, country in enumerate(("DE", "DE", "FR", "US")):
        assigned(rep, make_lead(number, country=country))
    make_lead(9, country="DE")  # nobody's
    assert load_rules().counts(now=NOW) == {first.pk: 2, second.pk: 1, None: 1}
