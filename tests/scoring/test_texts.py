"""Conditions on one text are tried once for each different text, and come to the same."""

import pytest

from alignment.models import Dimension
from alignment.spec import CriterionSpec, DisqualifierSpec, VersionSpec
from rules.nodes import ActivityCount, ActivityMatch, All, Any_, Comparison, Node, Not
from scoring.engine.running import Judge, Judged
from scoring.engine.statement import Choice, Leads, statement
from tests.scoring.world import NOW, ZONE, Person, plain_version, save

CHIEFS = Comparison("lead.title", "matches_any", ("*chief*", "*director*", "vp*", "ceo"))
WORKERS = Comparison("lead.title", "matches_any", ("*manager*", "*lead"))
HELPERS = Comparison(
    "lead.title", "matches_any", ("*assistant*", "*junior*", "*trainee*", "*intern", "*clerk")
)
STUDENTS = Comparison("lead.title", "contains", "student")
VISITED = ActivityCount(ActivityMatch(("page_view",)))
TITLES = (
    "Chief of Staff",
    "VP Sales",
    "CEO",
    "ceo of one",
    "Team Lead",
    "Student director",
    "",
    "Geschäftsführer",
)


def version(*conditions: Node) -> VersionSpec:
    """Worth 1, 2, 4 ... points, so that the sum tells which held; students are disqualified."""
    criteria = tuple(
        CriterionSpec(
            id=number, key=f"k{number}", label="L", dimension=Dimension.FIT, points=2**number, condition=each
        )
        for number, each in enumerate(conditions)
    )
    return plain_version(
        criteria=criteria, disqualifiers=(DisqualifierSpec(id=1, key="d", label="D", condition=STUDENTS),)
    )


def judged(spec: VersionSpec) -> list[Judged]:
    ids = save([Person(title=title) for title in TITLES])
    return sorted(Judge([spec], NOW, ZONE).judge(Leads(ids[0], ids[-1])))


def text_of(spec: VersionSpec) -> str:
    return statement([spec], Choice.RANGE, NOW, ZONE).whole.text


@pytest.mark.django_db
def test_each_title_gets_what_its_patterns_are_worth() -> None:
    rows = judged(version(CHIEFS, WORKERS, Not(CHIEFS), HELPERS))
    assert [row.total for row in rows] == [1, 1, 1, 4, 6, 1, 4, 4]
    assert [row.gate & 8 for row in rows] == [0, 0, 0, 0, 0, 8, 0, 0]


@pytest.mark.django_db
def test_many_patterns_on_one_text_are_remembered_where_the_database_can(on_postgres: bool) -> None:
    assert ("LATERAL" in text_of(version(CHIEFS, WORKERS, HELPERS))) is on_postgres


@pytest.mark.django_db
def test_few_patterns_are_tried_in_their_place() -> None:
    assert "LATERAL" not in text_of(version(WORKERS))


@pytest.mark.django_db
def test_a_condition_that_asks_for_something_else_too_is_not_remembered() -> None:
    is_large = Comparison("company.employees", "gte", 5)
    mixed: list[Node] = [Any_((CHIEFS, WORKERS, HELPERS, VISITED)), All((CHIEFS, WORKERS, HELPERS, is_large))]
    assert "LATERAL" not in text_of(version(*mixed))
