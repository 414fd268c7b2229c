"""Leads graded by custom fields through the engine, whatever another process does to the fields meanwhile."""

from typing import Any

import pytest

from alignment.checking import broken_parts
from alignment.document import document_of, file_of, read_file
from alignment.models import Criterion, Dimension, Version, VersionDimension
from alignment.spec import load
from core.errors import Invalid
from leads import services as leads
from leads.facts import LeadFacts
from leads.marks import mark
from leads.models import ChangeCause, CustomField, Lead
from leads.services.field_runs import run_fields
from rules.fields import registry
from scoring import services
from scoring.engine.given import Past, PastJudge
from scoring.explain import explain
from scoring.facts import facts_of
from scoring.models import Score
from tests.alignment.factories import make_draft
from tests.feedback.world import go_live
from tests.leads.custom import NOW, make_all
from tests.scoring.world import ZONE
from users.models import Organisation

pytestmark = pytest.mark.django_db
VALUES: dict[str, Any] = {
    "seats": 40,
    "need_in_words": "Größere Lager",
    "renewal": "2026-12-01",
    "opted_in": True,
    "plan": "Gold",
}
CONDITIONS: dict[str, dict[str, Any]] = {
    "seats": {"op": "gte", "value": 40},
    "need_in_words": {"op": "contains", "value": "GROSSERE"},
    "renewal": {"op": "within_next_days", "value": 30},
    "opted_in": {"op": "is", "value": True},
    "plan": {"op": "in", "value": ["Gold"]},
}
WORTH = {slug: 2**place for place, slug in enumerate(CONDITIONS)}
SHOWN = {
    "seats": "40 seats",
    "need_in_words": "Größere Lager",
    "renewal": "1 December 2026",
    "opted_in": "Opted in: yes",
    "plan": "Gold",
}
ALL = sum(WORTH.values())


@pytest.fixture
def fields() -> dict[str, CustomField]:
    Organisation.objects.update_or_create(pk=1, defaults={"zone": ZONE.key})
    return make_all()


@pytest.fixture
def version(fields: dict[str, CustomField]) -> Version:
    """In force, with a criterion for each type of field, of which each combination has its own sum."""
    draft = make_draft()
    VersionDimension.objects.filter(version=draft, dimension=Dimension.FIT).update(cap=100)
    for slug, condition in CONDITIONS.items():
        tree = {"field": f"attribute.{slug}", **condition}
        Criterion.objects.create(
            version=draft, key=slug, label=slug, dimension=Dimension.FIT, points=WORTH[slug], condition=tree
        )
    draft.status = Version.Status.ACTIVE
    draft.save(update_fields=["status"])
    go_live(draft)
    return draft


def lead_with(**attributes: Any) -> Lead:
    return leads.create_lead(facts=LeadFacts(name="Rita", attributes=attributes), by=None, now=NOW)


def fit(lead: Lead) -> int:
    """The points for fit once every mark was worked off."""
    while services.judge_marked(now=NOW):
        pass
    return Score.objects.get(lead_id=lead.pk).fit


def by_another_process(field: CustomField, **columns: Any) -> None:
    """Change a field, and have the leads judged, while this process knows nothing of it."""
    CustomField.objects.filter(pk=field.pk).update(**columns)
    mark(Lead.objects.values_list("pk", flat=True), cause=ChangeCause.EDIT, now=NOW)


def test_each_type_of_field_decides(version: Version) -> None:
    everything, nothing = lead_with(**VALUES), lead_with()
    single = {slug: lead_with(**{slug: value}) for slug, value in VALUES.items()}
    assert (fit(everything), fit(nothing)) == (ALL, 0)
    assert {slug: fit(lead) for slug, lead in single.items()} == WORTH


def test_the_explanation_shows_what_the_lead_has(version: Version) -> None:
    lead, other = lead_with(**VALUES), lead_with()
    assert fit(lead) == ALL
    shown, unknown = explain(lead.pk, now=NOW), explain(other.pk, now=NOW)
    assert shown is not None
    assert unknown is not None
    lines = {line.key: line for dimension in shown.dimensions for line in dimension.lines}
    assert {slug: lines[slug].value for slug in VALUES} == SHOWN
    assert lines["seats"].words == "Seats is at least 40 seats"
    lines = {line.key: line for dimension in unknown.dimensions for line in dimension.lines}
    assert {lines[slug].value for slug in VALUES} == {"unknown"}


@pytest.mark.parametrize("slug", VALUES)
def test_a_change_of_a_value_changes_the_score(version: Version, slug: str) -> None:
    lead = lead_with(**VALUES)
    assert fit(lead) == ALL
    leads.update_lead(lead=lead, facts=LeadFacts(attributes={slug: None}), by=None, now=NOW)
    assert fit(lead) == ALL - WORTH[slug]


def test_a_field_that_is_retired_counts_for_nobody_until_it_is_back(
    version: Version, fields: dict[str, CustomField]
) -> None:
    lead = lead_with(**VALUES)
    assert fit(lead) == ALL
    leads.retire_field(field=fields["plan"], by=None, now=NOW)
    run_fields(clock=lambda: NOW)
    assert fit(lead) == ALL - WORTH["plan"]
    assert [each.where for each in broken_parts(version)] == ["criterion_plan.field"]
    leads.restore_field(field=fields["plan"], by=None, now=NOW)
    run_fields(clock=lambda: NOW)
    assert fit(lead) == ALL


def test_a_worker_sees_at_once_what_another_process_did_to_a_field(
    version: Version, fields: dict[str, CustomField], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        lead = lead_with(**VALUES)
        assert fit(lead) == ALL
    by_another_process(fields["seats"], retired_at=NOW)
    assert fit(lead) == ALL - WORTH["seats"]
    by_another_process(fields["seats"], retired_at=None)
    assert fit(lead) == ALL


def test_the_kept_text_of_a_condition_goes_with_the_type_of_its_field(fields: dict[str, CustomField]) -> None:
    draft = make_draft()
    known = {"field": "attribute.need_in_words", "op": "known"}
    Criterion.objects.create(
        version=draft, key="known", label="Known", dimension=Dimension.FIT, points=5, condition=known
    )
    draft.status = Version.Status.ACTIVE
    draft.save(update_fields=["status"])
    go_live(draft)
    lead = lead_with(**VALUES)
    assert fit(lead) == 5
    before = load(draft.pk)
    by_another_process(fields["need_in_words"], type="number")
    assert fit(lead) == 0
    assert load(draft.pk) == before


def test_a_choice_that_is_gone_is_no_answer_any_more(
    version: Version, fields: dict[str, CustomField]
) -> None:
    lead = lead_with(**VALUES)
    by_another_process(fields["plan"], choices=["Silver"])
    assert fit(lead) == ALL - WORTH["plan"]


def test_the_past_is_judged_by_the_values_of_then(version: Version) -> None:
    lead = lead_with(**VALUES)
    facts = facts_of([lead.pk], now=NOW)[lead.pk]
    assert {slug: facts[f"attribute.{slug}"] for slug in VALUES} == VALUES
    gone = dict.fromkeys(VALUES)
    leads.update_lead(lead=lead, facts=LeadFacts(attributes=gone), by=None, now=NOW)
    judge = PastJudge([load(version.pk)], ZONE)
    later = {key: value for key, value in facts.items() if key != "attribute.plan"}
    found = {
        name: next(judge.judge([Past(1, lead.pk, NOW, stored)]))
        for name, stored in (("then", facts), ("today", None), ("in part", later))
    }
    assert {name: each.judged.fit for name, each in found.items()} == {
        "then": ALL,
        "today": 0,
        "in part": ALL - WORTH["plan"],
    }
    assert {name: each.is_stored for name, each in found.items()} == {
        "then": True,
        "today": False,
        "in part": False,
    }


def test_a_definition_file_names_custom_fields_and_the_nearest_of_an_unknown_one(version: Version) -> None:
    text = file_of(version)
    assert "attribute.seats" in text
    read_file(text.encode())
    with pytest.raises(Invalid) as refused:
        read_file(text.replace("attribute.seats", "attribute.seatz").encode())
    assert "Did you mean “attribute.seats”" in " ".join(each.message for each in refused.value.problems)


def test_versions_without_custom_fields_cost_no_query_more(
    fields: dict[str, CustomField], django_assert_num_queries: Any, django_capture_on_commit_callbacks: Any
) -> None:
    plain = make_draft()
    plain.status = Version.Status.ACTIVE
    plain.save(update_fields=["status"])
    with django_capture_on_commit_callbacks(execute=True):
        load(plain.pk)
    registry.renew()
    with django_assert_num_queries(0):
        load(plain.pk)
    assert document_of(plain)
