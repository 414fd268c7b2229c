"""Lists ask for scores through the registry, by the live generation alone."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import F
from django.template.loader import render_to_string
from django.test import RequestFactory

from alignment import services as alignment
from alignment.models import Dimension, Version
from leads.models import Lead
from rules.compile import Context, compile_q, prepare
from rules.errors import RuleError
from rules.fields import Use, registry
from rules.tree import parse
from scoring import panels, services
from scoring.facts import facts_of
from scoring.models import Score
from scoring.querysets import live_generation_id
from scoring.registered import COLUMN_FIELDS
from tests.scoring.world import NOW, UTC, ZONE, Person, save

pytestmark = pytest.mark.django_db
CTX = Context(NOW, ZONE)


@pytest.fixture
def ids() -> list[int]:
    """Somebody good, somebody disqualified, and somebody who was not judged yet."""
    version = alignment.install_template(by=None, now=NOW)
    people = [Person(title="Founder", employees=900, country="DE"), Person(title="Student")]
    found = save(people)
    services.activate_due(now=NOW)
    while services.build_range(now=NOW):
        pass
    services.finish_build(now=NOW)
    old = Score.objects.filter(generation_id=live_generation_id() or 0).first()
    assert old is not None
    assert old.version_id == version.pk
    Score.objects.create(**{**_columns(old), "generation_id": old.generation_id + 1, "total": 99})
    return found + save([Person(title="Late")])


def _columns(row: Score) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in Score._meta.concrete_fields}


def meeting(tree: dict[str, Any]) -> list[int]:
    node = parse(tree, use=Use.VIEW)
    rows = prepare(Lead.objects.all(), node, CTX).filter(compile_q(node, CTX))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def test_a_list_is_filtered_by_grade_points_readiness_and_version(ids: list[int]) -> None:
    version = str(Version.objects.get().pk)
    assert meeting({"field": "score.grade", "op": "in", "value": ["D"]})[-1:] == [ids[1]]
    assert meeting({"field": "score.total", "op": "gte", "value": 99}) == []
    assert meeting({"field": "score.is_ready", "op": "is", "value": True}) == []
    assert meeting({"field": "score.version", "op": "in", "value": [version]}) == ids[:2]
    assert meeting({"field": "score.grade", "op": "unknown"}) == [ids[2]]


def test_a_list_is_sorted_by_points_with_unjudged_leads_last(ids: list[int]) -> None:
    rows = prepare(Lead.objects.all(), [registry.get("score.total")], CTX)
    assert list(rows.order_by(F("score__total").desc(nulls_last=True)).values_list("pk", flat=True)) == ids


def test_no_criterion_may_ask_for_a_score() -> None:
    with pytest.raises(RuleError):
        parse({"field": "score.total", "op": "gte", "value": 1}, use=Use.CRITERION)


def test_the_live_generation_is_asked_for_once(ids: list[int], django_assert_num_queries: Any) -> None:
    fields = [registry.get(key) for key in COLUMN_FIELDS]
    with django_assert_num_queries(2):
        rows = prepare(Lead.objects.all(), fields, CTX)
        assert len(rows.values_list(*(field.value(CTX) for field in fields))) == 3


def test_the_lists_column_draws_six_bars_with_their_caps(ids: list[int]) -> None:
    version = Version.objects.get().pk
    values = dict.fromkeys(COLUMN_FIELDS, 3) | {"score.grade": "A", "score.version": version}
    drawn = panels.column_context(values)
    assert [bar["label"] for bar in drawn["bars"]] == [str(each.label) for each in Dimension]
    assert panels.column_context(dict.fromkeys(COLUMN_FIELDS))["bars"] == []


def test_the_lead_page_gets_badge_and_explanation(ids: list[int]) -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    lead = Lead.objects.get(pk=ids[0])
    assert panels.grade_context(request, lead)["score"].lead_id == ids[0]
    assert panels.explanation_context(request, lead)["explanation"].judged.lead_id == ids[0]


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ({}, ""),
        ({"grade": "B", "total": 41}, "The lists still show B with 41 points; they follow within the hour."),
        ({"grade": None, "total": 0}, "The lists still show no grade; they follow within the hour."),
    ],
)
def test_the_explanation_says_what_the_lists_show_while_they_lag_behind(
    ids: list[int], stored: dict[str, object], said: str
) -> None:
    Score.objects.filter(lead_id=ids[0]).update(**stored)
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    context = panels.explanation_context(request, Lead.objects.get(pk=ids[0]))
    assert context["behind"] == said
    page = render_to_string("scoring/_explanation.html", context)
    assert said in page
    assert ("The lists still show" in page) == bool(said)


def test_facts_are_plain_values_by_field(ids: list[int]) -> None:
    facts = facts_of([ids[0], 10**9], now=NOW)
    assert list(facts) == [ids[0]]
    known = facts[ids[0]]
    assert (known["lead.title"], known["company.employees"], known["bant.need.level"]) == (
        "Founder",
        900,
        None,
    )
    assert known["lead.created"] == NOW.astimezone(UTC).isoformat()
