"""A version is a document and back, exactly; what is no document is refused with the place and the reason."""

import copy
import json
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alignment.document import document_of, read_document
from alignment.models import Definition, Version
from alignment.services.documents import write_document
from core.errors import Invalid
from tests.alignment.documents import stored_drafts
from tests.alignment.factories import make_draft

pytestmark = pytest.mark.django_db


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_document_to_rows_to_document_is_the_same(data: st.DataObject) -> None:
    with transaction.atomic():
        definition = Definition.objects.create(name="Random")
        document = document_of(data.draw(stored_drafts(definition, 1)))
        other = make_draft(definition, number=2)
        write_document(other, read_document(document))
        again = document_of(Version.objects.get(pk=other.pk))
        assert again == document
        assert json.dumps(again) == json.dumps(document)
        transaction.set_rollback(True)


@pytest.fixture
def document() -> dict[str, Any]:
    return copy.deepcopy(document_of(make_draft()))


def problems(document: object) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        read_document(document)
    assert caught.value.message.startswith("This definition can't be read.")
    return {problem.where: problem.message for problem in caught.value.problems}


def test_what_says_nothing_is_left_out(document: dict[str, Any]) -> None:
    assert list(document) == [
        *("bantam_definition", "position", "grades", "sales_ready", "dimensions", "criteria"),
        *("disqualifiers", "reasons", "terms"),
    ]
    assert document["criteria"] == [
        {"key": "always", "label": "Everybody", "dimension": "need", "points": 20, "condition": {"all": []}}
    ]
    assert document["terms"][0] == {"grade": "A", "response": "1 hour", "decision": "2 days"}
    assert document["terms"][3] == {"grade": "D", "handed_over": False}


def test_a_problem_inside_a_tree_is_located_from_the_top(document: dict[str, Any]) -> None:
    wrong = {"all": [{"field": "company.employes", "op": "gte", "value": 1}]}
    document["criteria"].append({**document["criteria"][0], "key": "typo", "condition": wrong})
    found = problems(document)
    assert list(found) == ["criteria[1].condition.all[0].field"]
    assert "company.employees" in found["criteria[1].condition.all[0].field"]


def test_an_unknown_key_is_refused_with_the_one_that_was_meant(document: dict[str, Any]) -> None:
    document["criterias"] = document.pop("criteria")
    document["reasons"][0]["sugestion"] = "Ask."
    found = problems(document)
    assert found["criterias"] == "“criterias” is unknown here. Did you mean “criteria”?"
    assert found["reasons[0].sugestion"] == "“sugestion” is unknown here. Did you mean “suggestion”?"


def test_missing_keys_are_all_said_at_once(document: dict[str, Any]) -> None:
    del document["dimensions"], document["criteria"][0]["points"], document["terms"][0]["decision"]
    assert problems(document) == {
        "dimensions": "“dimensions” is missing.",
        "criteria[0].points": "“points” is missing.",
        "terms[0].decision": "“decision” is missing.",
    }


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        (2, "written by a later release (schema 2)"),
        (None, "begins with"),
        ("1", "begins with"),
        (True, "begins"),
    ],
)
def test_another_schema_is_refused_with_one_sentence(schema: object, said: str) -> None:
    found = problems({"bantam_definition": schema, "stuff": 1} if schema else {"stuff": 1})
    assert list(found) == ["bantam_definition"]
    assert (
        said in found["bantam_definition"]
        or found["bantam_definition"] == "“bantam_definition” says nothing."
    )


@pytest.mark.parametrize("data", [None, [], "x", 5, {}])
def test_what_is_no_definition_at_all_is_refused(data: object) -> None:
    assert problems(data)


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("grades", "B"), 75, "grades"),
        (("grades", "A"), 101, "grades.A"),
        (("grades", "A"), True, "grades.A"),
        (("sales_ready", "grade"), "E", "sales_ready.grade"),
        (("sales_ready", "bant_count"), 5, "sales_ready.bant_count"),
        (("sales_ready", "bant_level"), "unmet", "sales_ready.bant_level"),
        (("sales_ready", "must_have"), {"feild": 1}, "sales_ready.must_have.feild"),
        (("dimensions", "fit", "met_when"), {"all": []}, "dimensions.fit.met_when"),
        (("dimensions", "budget", "cap"), 101, "dimensions.budget.cap"),
        (("dimensions", "budgets"), {"cap": 1}, "dimensions.budgets"),
        (("criteria", 0), "always", "criteria[0]"),
        (("criteria", 0, "key"), "ümlaut", "criteria[0].key"),
        (("criteria", 0, "label"), " ", "criteria[0].label"),
        (("criteria", 0, "label"), "\0", "criteria[0].label"),
        (("criteria", 0, "points"), 1.5, "criteria[0].points"),
        (("criteria", 0, "activity"), {"kind": "page_view"}, "criteria[0]"),
        (("criteria", 0, "decay"), {"kind": "window", "days": 9}, "criteria[0].decay"),
        (("reasons", 0, "needs_text"), "yes", "reasons[0].needs_text"),
        (("terms", 0, "response"), "1 week", "terms[0].response"),
        (("terms", 0, "response"), "0 days", "terms[0].response"),
        (("terms", 1, "grade"), "A", "terms[1]"),
        (("terms", 0, "may_pause"), "sometimes", "terms[0].may_pause"),
        (("terms", 0, "ladder"), [{"step": "x", "percent": 5, "tell": ["boss"]}], "terms[0].ladder[0].tell"),
        (
            ("terms", 0, "ladder"),
            [{"step": "x", "percent": 5, "tell": ["owner"], "takes": True}],
            "terms[0].ladder[0].takes",
        ),
        (("commitments",), [{"kind": "acceptance", "amount": 101}], "commitments[0].amount"),
        (("commitments",), [{"kind": "feedback", "grade": "A", "amount": 9}], "commitments[0].grade"),
        (("commitments",), {"kind": "feedback"}, "commitments"),
        (("matrix",), {"fit": [9, 9, 1], "engagement": [3, 2, 1], "grades": ["AAAA"] * 4}, "matrix.fit[1]"),
        (("scope",), {"activity": {"kind": "page_veiw"}}, "scope.activity.kind"),
    ],
)
def test_a_wrong_value_is_located(
    document: dict[str, Any], path: tuple[Any, ...], value: object, where: str
) -> None:
    place: Any = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert list(problems(document)) == [where]


def test_the_same_key_twice_is_refused(document: dict[str, Any]) -> None:
    document["criteria"] *= 2
    assert problems(document) == {"criteria[1]": "There is another criterion like this before it."}


def test_an_endless_list_is_refused(document: dict[str, Any]) -> None:
    document["reasons"] *= 301
    assert "at most 300" in problems(document)["reasons"]


def test_undo_may_write_back_a_condition_whose_field_is_gone(document: dict[str, Any]) -> None:
    gone = {"field": "lead.shoe_size", "op": "gte", "value": 44}
    document["criteria"][0]["condition"] = gone
    assert list(problems(document)) == ["criteria[0].condition.field"]
    draft = make_draft()
    write_document(draft, read_document(document, checks_conditions=False))
    assert draft.criteria.get().condition == gone


def test_a_place_in_the_order_that_isnt_said_stays(document: dict[str, Any]) -> None:
    del document["position"]
    draft = make_draft(position=7)
    write_document(draft, read_document(document))
    draft.refresh_from_db()
    assert draft.position == 7


def test_reading_a_version_takes_six_queries(django_assert_num_queries: Any) -> None:
    draft = make_draft()
    with django_assert_num_queries(6):
        document_of(draft)
