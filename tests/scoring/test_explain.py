"""The explanation adds up to the score, whatever the lead and the version."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import transaction
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from alignment import services as alignment
from alignment.decay import Decay, DecayKind
from alignment.matrix import Matrix
from alignment.models import Definition, Dimension, Version
from alignment.spec import CriterionSpec
from rules.nodes import ActivityMatch, Comparison
from scoring import services
from scoring.engine.running import Judge, Judged
from scoring.engine.statement import Leads
from scoring.explain import Explanation, explain, explain_under, why_of
from scoring.models import GradeOverride, Score
from tests.scoring.strategies import nows, people, versions
from tests.scoring.test_engine_reference import RELAXED
from tests.scoring.world import NOW, ZONE, Did, Person, Said, plain_version, save
from users.models import Organisation

pytestmark = pytest.mark.django_db


def adds_up(explanation: Explanation) -> None:
    for dimension in explanation.dimensions:
        for line in dimension.lines:
            assert line.points == line.full - line.decayed - line.cut
            assert (line.fading_since is None) == (line.decayed == 0)
        assert dimension.points == sum(line.points for line in dimension.lines) - dimension.cut
        assert 0 <= dimension.points <= dimension.cap
    assert explanation.total == sum(dimension.points for dimension in explanation.dimensions)
    assert explanation.is_ready == all(line.is_met for line in explanation.gate)
    assert explanation.why is not None
    if explanation.disqualified_by:
        assert "Disqualified" in explanation.why.words
    else:
        assert f"grade {explanation.computed}" in explanation.why.words
        assert explanation.grade == (
            explanation.override.grade if explanation.override else explanation.computed
        )


@settings(RELAXED, max_examples=25)
@given(st.data())
def test_the_explanation_of_anybody_adds_up_to_the_score(data: st.DataObject) -> None:
    now = data.draw(nows)
    crowd = data.draw(st.lists(people(now), min_size=1, max_size=3))
    specs = [data.draw(versions(1, has_scope=True)), data.draw(versions(2))]
    with transaction.atomic():
        Organisation.objects.update_or_create(pk=1, defaults={"zone": ZONE.key})
        definition = Definition.objects.create(name="Random")
        Version.objects.bulk_create(
            Version(pk=spec.id, definition=definition, number=spec.id) for spec in specs
        )
        ids = save(crowd)
        judged = Judge(specs, now, ZONE).judge(Leads(ids=ids))
        explained = [explain_under(specs, each.lead_id, now=now) for each in judged]
        GradeOverride.objects.update(ended_at=now)
        computed = Judge(specs, now, ZONE).judge(Leads(ids=ids))
        transaction.set_rollback(True)
    for row, explanation, alone in zip(judged, explained, computed, strict=True):
        assert explanation is not None
        assert explanation.judged == row
        assert explanation.computed == alone.grade
        adds_up(explanation)


@pytest.fixture
def live() -> Version:
    """The shipped version, live over nobody."""
    version = alignment.install_template(by=None, now=NOW)
    assert services.activate_due(now=NOW)
    while services.build_range(now=NOW):
        pass
    assert services.finish_build(now=NOW)
    return version


@settings(RELAXED, max_examples=10)
@given(data=st.data())
def test_under_the_shipped_version_too(live: Version, data: st.DataObject) -> None:
    crowd = data.draw(st.lists(people(NOW), min_size=1, max_size=3))
    with transaction.atomic():
        ids = save(crowd)
        generation = Score.objects.values_list("generation_id", flat=True).first()
        explained = [explain(pk, now=NOW) for pk in ids]
        transaction.set_rollback(True)
    assert generation is None
    for explanation in explained:
        assert explanation is not None
        assert explanation.version == live
        adds_up(explanation)


def lines_of(person: Person, *criteria: CriterionSpec) -> Explanation:
    Organisation.objects.update_or_create(pk=1, defaults={"zone": ZONE.key})
    definition = Definition.objects.create(name="One")
    Version.objects.create(pk=1, definition=definition, number=1)
    (pk,) = save([person])
    numbered = tuple(replace(each, id=place) for place, each in enumerate(criteria, 1))
    explanation = explain_under([plain_version(criteria=numbered)], pk, now=NOW)
    assert explanation is not None
    return explanation


def criterion(**parts: object) -> CriterionSpec:
    plain = CriterionSpec(id=0, key="k", label="Label", dimension=Dimension.ENGAGEMENT, points=5)
    return replace(plain, **parts)  # type: ignore[arg-type]  # parts of a criterion, by name


def test_a_line_says_what_age_and_the_cap_took() -> None:
    ago = [Did("webinar", "", NOW - dt.timedelta(days=days)) for days in (0, 14, 28)]
    half = criterion(
        activity=ActivityMatch(("webinar",)),
        is_per_occurrence=True,
        cap=8,
        decay=Decay(DecayKind.HALF_LIFE, 14),
    )
    engagement = lines_of(Person(did=tuple(ago)), half).dimensions[-1]
    (line,) = engagement.lines
    assert (line.full, line.decayed, line.cut, line.points) == (15, 6, 1, 8)
    assert line.value == "3 times"
    assert "halves every 14 days" in line.words
    assert (engagement.points, engagement.decayed, engagement.cut) == (8, 6, 0)


FADING = [
    (Decay(DecayKind.HALF_LIFE, 14), True, 20),
    (Decay(DecayKind.LINEAR, 90), True, 20),
    (Decay(DecayKind.LINEAR, 10), True, 4),
    (Decay(DecayKind.STEP, 7, 50), True, 14),
    (Decay(DecayKind.HALF_LIFE, 14), False, 4),
    (Decay(DecayKind.STEP, 3, 50), False, 2),
]
"""A decay, whether it counts each time, and how many days ago it began to take points of what was done
21 and 5 days ago: where it counts once of the youngest, and never of what is too old to count."""


@pytest.mark.parametrize(("decay", "each_time", "days"), FADING)
def test_a_line_says_since_when_age_takes_points(decay: Decay, each_time: bool, days: int) -> None:
    did = tuple(Did("webinar", "", NOW - dt.timedelta(days=ago)) for ago in (21, 5))
    fades = criterion(
        activity=ActivityMatch(("webinar",)), points=50, is_per_occurrence=each_time, decay=decay
    )
    (line,) = lines_of(Person(did=did), fades).dimensions[-1].lines
    assert line.decayed
    assert line.fading_since == (NOW - dt.timedelta(days=days)).date()


def test_what_counts_in_full_doesnt_fade_since_any_day() -> None:
    did = (Did("webinar", "", NOW - dt.timedelta(days=5)), Did("form", "", NOW))
    lines = lines_of(
        Person(did=did),
        criterion(activity=ActivityMatch(("webinar",)), decay=Decay(DecayKind.WINDOW, 30)),
        criterion(activity=ActivityMatch(("form",)), decay=Decay(DecayKind.HALF_LIFE, 14)),
        criterion(activity=ActivityMatch(("chat",)), decay=Decay(DecayKind.HALF_LIFE, 14)),
    ).dimensions[-1]
    assert [(line.decayed, line.fading_since) for line in lines.lines] == [(0, None)] * 3


def test_while_decay_stands_still_it_began_before_it_stopped() -> None:
    did = tuple(Did("webinar", "", NOW - dt.timedelta(days=ago)) for ago in (60, 35, 1))
    fades = criterion(
        activity=ActivityMatch(("webinar",)),
        points=50,
        is_per_occurrence=True,
        decay=Decay(DecayKind.LINEAR, 10),
    )
    explanation = lines_of(Person(did=did, stopped=NOW - dt.timedelta(days=30)), fades)
    (line,) = explanation.dimensions[-1].lines
    assert (line.full, line.decayed) == (100, 25)
    assert line.fading_since == (NOW - dt.timedelta(days=34)).date()
    assert explanation.decay_stopped_at == NOW - dt.timedelta(days=30)


def test_a_line_names_the_leads_own_value() -> None:
    size = criterion(
        dimension=Dimension.FIT, condition=Comparison("company.employees", "gte", 200), points=30
    )
    known = lines_of(Person(employees=1_500), size).dimensions[4]
    assert known.lines[0].value == "1,500"
    assert (known.points, known.cut, known.lines[0].points) == (20, 10, 30)


def test_a_grade_by_the_total_says_between_which_points() -> None:
    spec = plain_version()
    judged = Judged(1, 1, 0, 0, 0, 0, 0, 0, 55, "B", 0, 0)
    assert why_of(spec, judged).words == "55 points in all: grade B is 55 to 74."
    assert (
        why_of(spec, judged._replace(total=1, grade="D")).words == "1 point in all: grade D is fewer than 30."
    )


def test_a_grade_by_the_matrix_names_its_cell() -> None:
    matrix = Matrix((60, 40, 20), (10, 6, 3), ("AABB", "ABBC", "BCCD", "CDDD"))
    judged = Judged(1, 1, 0, 0, 0, 0, 44, 7, 51, "B", 0, 0)
    why = why_of(plain_version(matrix=matrix), judged)
    assert why.words == "44 points of fit (40 to 59) with 7 points of engagement (6 to 9): grade B."
    assert why.grid is not None
    assert (why.grid.row, why.grid.column) == (1, 1)
    assert why.grid.rows[1] == ("40 to 59", ["A", "B", "B", "C"])
    page = render_to_string("alignment/parts/_grid.html", {"grid": why.grid})
    assert page.count('aria-current="true"') == 1


def test_an_unknown_value_says_so_and_an_answer_is_shown_by_its_label() -> None:
    said = Said("need", 1, NOW, NOW + dt.timedelta(days=1))
    explanation = lines_of(
        Person(said=(said,)),
        criterion(condition=Comparison("company.employees", "gte", 200)),
        criterion(condition=Comparison("bant.need.level", "at_least", "partial")),
    )
    assert [line.value for line in explanation.dimensions[-1].lines] == ["unknown", "Partial"]
    assert [(line.level, line.is_answered) for line in explanation.bant] == [
        (0, False),
        (0, False),
        (1, True),
        (0, False),
    ]


def test_nothing_is_explained_before_the_first_activation_or_of_nobody(live: Version) -> None:
    assert explain(10**9, now=NOW) is None


def test_the_panel_shows_every_line_and_the_total() -> None:
    size = criterion(label="Size & more", condition=Comparison("company.employees", "gte", 200))
    explanation = lines_of(Person(employees=1_500), size)
    page = render_to_string("scoring/_explanation.html", {"explanation": explanation})
    assert "Size &amp; more" in page
    assert "Why D?" in page
    assert page.count("points-sum") == len(Dimension) + 1


def test_the_panel_of_a_lead_without_explanation_says_why() -> None:
    assert "active yet" in render_to_string("scoring/_explanation.html", {"explanation": None})
