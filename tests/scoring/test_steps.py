"""The cheapest steps: what is proposed in which words and order, and what never is."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alignment.models import Dimension, Grade
from alignment.spec import CriterionSpec, DimensionSpec, DisqualifierSpec, VersionSpec
from leads.facts import AnswerFacts
from leads.models import BantDimension, BantLevel, Lead
from leads.services import record_answer
from rules.fields import FieldType
from rules.nodes import ActivityCount, ActivityMatch, All, Any_, Comparison, Node, Not
from scoring.engine.running import Judge
from scoring.engine.statement import Leads
from scoring.steps import NextSteps, State
from scoring.steps.finding import steps_under
from scoring.steps.outcome import Effort
from tests.leads.custom import make as own_field
from tests.scoring.stepping import fresh
from tests.scoring.test_steps_promises import assert_kept
from tests.scoring.world import CAPS, NOW, ZONE, ByHand, Did, Person, Said, plain_version, save
from users.models import Organisation

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(days=90)
BASE = Comparison("lead.created", "within_last_days", 0)
"""It holds for everybody who is saved here."""
WEBINAR = ActivityMatch(("webinar",))


@pytest.fixture(autouse=True)
def _zone(db: None) -> None:
    Organisation.objects.update_or_create(pk=1, defaults={"zone": ZONE.key})


def criterion(number: int, dimension: Dimension, points: int, **parts: Any) -> CriterionSpec:
    return CriterionSpec(
        id=number, key=f"k{number}", label=f"L{number}", dimension=dimension, points=points, **parts
    )


def version(*asked: tuple[Dimension, int, Node | ActivityMatch], **parts: Any) -> VersionSpec:
    """A version in which everybody has 60 points (an A takes 75, a B 55) and what is asked gives more."""
    caps = dict.fromkeys(CAPS, 100)
    sure = criterion(1, Dimension.FIT, 60, condition=BASE)
    more = [
        criterion(number, dimension, points, **_what(what))
        for number, (dimension, points, what) in enumerate(asked, 2)
    ]
    rules = {
        "gate_bant_count": 0,
        "dimensions": tuple(DimensionSpec(dimension=each, cap=cap) for each, cap in caps.items()),
        "criteria": (sure, *more),
    }
    return plain_version(**(rules | parts))


def _what(what: Node | ActivityMatch) -> dict[str, Any]:
    return {"activity": what} if isinstance(what, ActivityMatch) else {"condition": what}


def find(specs: VersionSpec | Sequence[VersionSpec], person: Person | None = None, **lead: Any) -> NextSteps:
    """The steps of a person, all of whose promises are held against doing them."""
    (pk,) = save([person or Person()])
    if lead:
        Lead.objects.filter(pk=pk).update(**lead)
    versions = [specs] if isinstance(specs, VersionSpec) else list(specs)
    found = steps_under(versions, fresh(pk), now=NOW)
    assert_kept(found, versions, pk, NOW, ZONE)
    return found


def texts(found: NextSteps) -> list[str]:
    return [step.text for step in found.steps]


def met(dimension: str) -> Comparison:
    return Comparison(f"bant.{dimension}.level", "is", "met")


BUDGET = (Dimension.BUDGET, 15, met("budget"))


class TestWords:
    def test_a_question_says_what_is_asked_what_it_is_worth_and_what_it_makes(self) -> None:
        found = find(version(BUDGET))
        assert texts(found)[0] == (
            "Ask what they may spend: a budget that is there (met) is worth +15 and makes it A."
        )
        assert found.text == "Grade B with 60 points, sales-ready."
        (gain,) = found.steps[0].gains
        assert (gain.dimension, gain.points) == ("budget", 15)

    def test_a_date_in_a_window_is_promised_for_every_day_of_it(self) -> None:
        soon = Comparison("bant.timeframe.purchase_on", "within_next_days", 90)
        found = find(version((Dimension.TIMEFRAME, 15, soon)))
        text = "Ask when they plan to buy: within the next 90 days (partial) is worth +15 and makes it A."
        assert texts(found)[0] == text

    def test_a_window_of_which_a_day_is_worth_less_is_named_by_the_day_that_was_tried(self) -> None:
        soon = Comparison("bant.timeframe.purchase_on", "within_next_days", 90)
        rushed = Comparison("bant.timeframe.purchase_on", "within_next_days", 7)
        rules = version((Dimension.TIMEFRAME, 15, soon), (Dimension.TIMEFRAME, -9, rushed))
        assert "on 20 February 2027, for example (partial)" in texts(find(rules))[0]

    def test_an_amount_that_a_criterion_asks_for_is_named(self) -> None:
        large = Comparison("bant.budget.amount", "gte", 50_000)
        found = find(version((Dimension.BUDGET, 15, large)))
        assert "a budget that is planned, of €50,000 (partial)" in texts(found)[0]

    def test_a_fact_is_looked_up_and_its_value_is_an_example(self) -> None:
        size = Comparison("company.employees", "gte", 1_200)
        (text,) = texts(find(version((Dimension.FIT, 15, size))))
        assert text == (
            "Look up how many work for the company: 1,200, for example, is worth +15 and makes it A."
        )

    @pytest.mark.parametrize(
        ("kind", "op", "value", "said"),
        [
            (FieldType.TEXT, "contains", "Lean", "“Lean”"),
            (FieldType.NUMBER, "gte", 3, "3"),
            (FieldType.BOOLEAN, "is", True, "yes"),
            (FieldType.CHOICE, "in", ("Gold",), "“Gold”"),
            (FieldType.DATE, "after", dt.date(2027, 1, 1), "2 January 2027"),
        ],
    )
    def test_a_field_of_the_companys_own_is_looked_up_like_any_other(
        self, kind: FieldType, op: str, value: Any, said: str
    ) -> None:
        choices = {"choices": ("Gold", "Silver")} if kind is FieldType.CHOICE else {}
        field = own_field("Machines", kind, **choices)
        asked = Comparison(f"attribute.{field.slug}", op, value)
        (text,) = texts(find(version((Dimension.FIT, 15, asked))))
        assert text == f"Look up “Machines”: {said}, for example, is worth +15 and makes it A."

    def test_a_country_goes_by_its_name(self) -> None:
        market = Comparison("lead.country", "in", ("DE", "FR"))
        (text,) = texts(find(version((Dimension.FIT, 15, market))))
        assert text.startswith("Look up the person's country: Germany, for example, is worth +15")

    def test_a_number_to_call_is_found(self) -> None:
        reachable = Comparison("lead.has_phone", "is", True)
        assert texts(find(version((Dimension.FIT, 15, reachable)))) == [
            "Find a phone number: having it is worth +15 and makes it A."
        ]

    def test_an_invitation_names_what_the_criterion_wants(self) -> None:
        demo = ActivityCount(ActivityMatch(("call", "form"), "*demo*"), 2, 30)
        (text,) = texts(find(version((Dimension.NEED, 15, demo))))
        assert text == "Invite to fill in a form “demo”: sending it 2 times is worth +15 and makes it A."

    def test_who_is_not_to_be_called_is_asked_by_mail(self) -> None:
        found = find(version(BUDGET), Person(do_not_call=True))
        assert texts(found)[0].startswith("Ask by e-mail what they may spend")

    def test_who_is_neither_to_be_called_nor_written_to_is_asked_nothing(self) -> None:
        rules = version(BUDGET, (Dimension.NEED, 15, WEBINAR))
        assert find(rules, Person(do_not_call=True), is_unsubscribed=True).state is State.NONE
        assert len(find(rules, Person(do_not_call=True)).steps) == 2

    def test_what_was_answered_before_is_asked_again_with_what_was_said(self) -> None:
        said = Said("budget", 1, NOW - dt.timedelta(days=2), LATER)
        found = find(version(BUDGET), Person(said=(said,)))
        assert texts(found) == [
            "Ask again what they may spend: a budget that is there (met) is worth +15 and makes it A."
        ]
        assert found.steps[0].effort is Effort.ASK_AGAIN


class TestOrder:
    def test_a_question_comes_before_a_fact_and_a_fact_before_an_invitation(self) -> None:
        size = Comparison("company.employees", "gte", 200)
        rules = version((Dimension.ENGAGEMENT, 40, WEBINAR), (Dimension.FIT, 30, size), BUDGET)
        efforts = [step.effort for step in find(rules).steps]
        assert efforts == [Effort.ASK, Effort.LOOK_UP, Effort.INVITE]

    def test_of_one_question_the_answer_that_asks_least_is_shown(self) -> None:
        planned = Comparison("bant.budget.level", "at_least", "partial")
        (text,) = texts(find(version((Dimension.BUDGET, 15, planned))))
        assert "(partial)" in text

    def test_the_answer_that_asks_more_is_shown_too_if_it_makes_more_of_it(self) -> None:
        planned = Comparison("bant.budget.level", "at_least", "partial")
        rules = version((Dimension.BUDGET, 1, planned), BUDGET, floor_b=61)
        assert [step.after.grade for step in find(rules).steps] == ["B", "A"]

    def test_two_together_only_where_no_single_step_suffices(self) -> None:
        need = (Dimension.NEED, 9, met("need"))
        found = find(version((Dimension.BUDGET, 8, met("budget")), need))
        assert found.steps[0].effort is Effort.TWO
        assert texts(found)[0] == (
            "Ask what they need it for (met: a need that is certain) and ask what they may spend "
            "(met: a budget that is there): together that is worth +17 and makes it A."
        )
        alone = find(version((Dimension.BUDGET, 15, met("budget")), need))
        assert {step.effort for step in alone.steps} == {Effort.ASK}

    def test_two_facts_of_one_condition_belong_together(self) -> None:
        size, title = (
            Comparison("company.employees", "gte", 200),
            Comparison("lead.title", "contains", "head"),
        )
        both = All((size, title))
        found = find(version((Dimension.FIT, 15, both)))
        assert [step.effort for step in found.steps] == [Effort.TWO]
        assert "(200, for example) and look up the job title (“head”, for example)" in texts(found)[0]

    def test_where_nothing_suffices_the_nearest_is_said_with_its_points(self) -> None:
        found = find(version((Dimension.BUDGET, 3, met("budget"))))
        assert found.state is State.NEAREST
        assert texts(found) == ["Ask what they may spend: a budget that is there (met) is worth +3."]


class TestSound:
    def test_a_fact_that_is_known_is_never_changed(self) -> None:
        market = Comparison("lead.country", "is", "DE")
        assert find(version((Dimension.FIT, 15, market)), Person(country="FR")).state is State.NONE
        assert find(version((Dimension.FIT, 15, market)), Person(country="")).state is State.STEPS

    def test_what_nobody_can_do_anything_about_is_not_proposed(self) -> None:
        gone = ActivityMatch(("unsubscribe", "email_open"))
        old = Comparison("lead.created", "more_than_days_ago", 10)
        refused = Comparison("lead.do_not_call", "is", True)
        rules = version((Dimension.FIT, 15, old), (Dimension.FIT, 15, refused), (Dimension.NEED, 15, gone))
        assert find(rules).state is State.NONE

    def test_a_cap_takes_from_what_a_step_is_worth(self) -> None:
        dimensions = tuple(DimensionSpec(dimension=each, cap=100 if each == "fit" else 15) for each in CAPS)
        found = find(version((Dimension.BUDGET, 40, met("budget")), dimensions=dimensions))
        assert found.steps[0].points == 15

    def test_a_step_that_would_disqualify_is_left_out(self) -> None:
        few = Comparison("company.employees", "lte", 5)
        small = DisqualifierSpec(id=1, key="d", label="Small", condition=few)
        assert find(version((Dimension.FIT, 15, few), disqualifiers=(small,))).state is State.NONE

    def test_who_is_disqualified_is_told_by_what_and_nothing_else(self) -> None:
        student = DisqualifierSpec(id=1, key="d", label="Studies", condition=BASE)
        found = find(version(BUDGET, disqualifiers=(student,)))
        assert (found.state, found.text) == (
            State.DISQUALIFIED,
            "Grade D whatever the points: Studies. Nothing lifts that.",
        )

    def test_an_a_that_is_ready_is_told_so_and_nothing_else(self) -> None:
        found = find(version(BUDGET, floor_a=60))
        assert (found.state, found.text) == (
            State.DONE,
            "Grade A and sales-ready: nothing is left to lift.",
        )

    def test_a_lead_in_no_scope_is_told_so(self) -> None:
        found = find(version(BUDGET, scope=Not(BASE)))
        assert (found.state, found.text) == (
            State.OUTSIDE,
            "This lead is in no definition's scope, so it gets no grade.",
        )

    def test_a_fact_that_brings_another_definition_is_judged_by_that(self) -> None:
        market = Comparison("lead.country", "is", "DE")
        german = version(BUDGET, scope=market, floor_a=60)
        others = replace(version((Dimension.FIT, 1, market)), id=2, definition_id=2)
        found = find([german, others])
        assert found.steps[0].after.version_id == german.id
        assert found.steps[0].makes_grade == "A"

    def test_a_grade_set_by_hand_is_not_moved_by_points(self) -> None:
        found = find(version(BUDGET), Person(by_hand=(ByHand("C", LATER),)))
        assert found.state is State.BY_HAND
        assert "set by hand" in found.text

    def test_what_the_gate_misses_makes_it_ready(self) -> None:
        rules = version(gate_bant_count=2, gate_bant_level=BantLevel.PARTIAL)
        found = find(rules, Person(said=(Said("need", 2, NOW, LATER),)))
        assert {step.makes_ready for step in found.steps} == {True}
        assert texts(found)[0].endswith("a budget that is planned (partial) makes it sales-ready.")

    def test_a_must_have_that_is_missing_makes_it_ready(self) -> None:
        must = Any_((Comparison("lead.has_phone", "is", True), Comparison("lead.has_email", "is", True)))
        found = find(version(gate_must_have=must, gate_grade=Grade.B))
        assert [step.makes_ready for step in found.steps] == [True, True]

    def test_what_facts_say_of_a_dimension_is_never_asked_down(self) -> None:
        inferred = DimensionSpec(dimension=Dimension.BUDGET, cap=100, met_when=BASE)
        dimensions = (inferred, *(DimensionSpec(dimension=each, cap=100) for each in list(CAPS)[1:]))
        found = find(version(BUDGET, dimensions=dimensions))
        assert texts(found) == [
            "Ask what they may spend: a budget that is there (met) is worth +15 and makes it A."
        ]

    def test_an_unknown_that_costs_points_is_worth_finding(self) -> None:
        silent = Comparison("lead.title", "unknown")
        found = find(version((Dimension.FIT, -6, silent), floor_b=60, floor_a=99))
        assert texts(found) == [
            "Look up the job title: “Employee”, for example, is worth +6 and makes it B and sales-ready."
        ]


class TestCost:
    def test_nothing_is_written_and_few_statements_are_asked(self) -> None:
        rules = version(BUDGET, (Dimension.ENGAGEMENT, 15, WEBINAR))
        did = tuple(Did("webinar", "", NOW - dt.timedelta(days=day)) for day in range(40))
        (plain, busy) = save([Person(), Person(did=did)])
        for pk in (plain, busy):
            lead = fresh(pk)
            steps_under([rules], lead, now=NOW)
            with CaptureQueriesContext(connection) as captured:
                steps_under([rules], lead, now=NOW)
            asked = [each["sql"] for each in captured if each["sql"].startswith(("SELECT", "WITH"))]
            others = {each["sql"].split()[0] for each in captured} - {"SELECT", "WITH"}
            assert others <= {"SAVEPOINT", "RELEASE", "SET"}
            assert len(asked) <= 5

    def test_what_was_promised_is_promised_again_until_it_is_done(self) -> None:
        (pk,) = save([Person()])
        rules = [version(BUDGET)]
        first = steps_under(rules, fresh(pk), now=NOW)
        assert steps_under(rules, fresh(pk), now=NOW) == first
        said = AnswerFacts(dimension=BantDimension.BUDGET, level=BantLevel.MET)
        record_answer(lead=fresh(pk), answer=said, by=None, now=NOW)
        assert steps_under(rules, fresh(pk), now=NOW).state is State.DONE
        (judged,) = Judge(rules, NOW, ZONE).judge(Leads(ids=[pk]))
        assert judged.grade == "A"
