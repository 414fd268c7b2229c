"""URL parameters become the same trees, and come back."""

from typing import Any

import pytest
from hypothesis import given, settings

from rules.fields import CONDITION_USES, Field, FieldType, Registry, Use
from rules.query import parse_query, to_query
from rules.tree import RuleError, parse, to_data
from tests.rules.strategies import comparisons
from tests.rules.world import FIELDS, KINDS


def asked(**params: list[str]) -> list[dict[str, Any]]:
    data = to_data(parse_query(named(params), use=Use.VIEW, registry=FIELDS))
    children: list[dict[str, Any]] = data["all"]
    return children


def named(params: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name.replace("__", "."): given for name, given in params.items()}


def problem(**params: list[str]) -> tuple[str, str]:
    with pytest.raises(RuleError) as caught:
        parse_query(named(params), use=Use.VIEW, registry=FIELDS)
    found = caught.value.problems[0]
    return found.where, found.message


def test_a_field_alone_takes_the_usual_operator_of_its_type() -> None:
    assert asked(stage=["nurture", "customer"]) == [
        {"field": "lead.stage", "op": "in", "value": ["nurture", "customer"]}
    ]
    assert asked(lead__title=["vp"]) == [{"field": "lead.title", "op": "contains", "value": "vp"}]


def test_an_operator_follows_the_field() -> None:
    assert asked(company__employees__gte=["200"], employees__lt=["1e3"]) == [
        {"field": "company.employees", "op": "gte", "value": 200},
        {"field": "company.employees", "op": "lt", "value": 1000},
    ]


def test_two_values_stand_in_one_parameter_and_flags_take_a_one() -> None:
    assert asked(seats__between=["1, 5"], renewal__unknown=["1"], do_not_call=["no"]) == [
        {"field": "attribute.seats", "op": "between", "value": [1, 5]},
        {"field": "attribute.renewal", "op": "unknown"},
        {"field": "lead.do_not_call", "op": "is", "value": False},
    ]


def test_blank_and_ignored_parameters_are_left_out() -> None:
    params = {"lead.title": ["", " "], "page": ["2"], "lead.stage": ["", "nurture"]}
    node = parse_query(params, use=Use.VIEW, registry=FIELDS, ignore=frozenset({"page"}))
    assert to_data(node) == {"all": [{"field": "lead.stage", "op": "in", "value": ["nurture"]}]}


def test_problems_name_the_parameter() -> None:
    assert problem(stage=["nurture"], employees__gte=["n/a"]) == (
        "employees.gte",
        "“Employees” needs a number, not “n/a”.",
    )
    assert problem(stage=["nurtured"])[0] == "stage"
    assert problem(emploees=["1"])[0] == "emploees"
    assert "no operator “near”" in problem(employees__near=["1"])[1]
    assert "finite" in problem(seats=["1e999"])[1]
    assert "two values" in problem(seats__between=["1"])[1]
    assert "Takes “1”" in problem(seats__known=["maybe"])[1]


def test_every_bad_parameter_is_named_at_once() -> None:
    with pytest.raises(RuleError) as caught:
        parse_query({"nothing": ["1"], "nobody": ["1"]}, use=Use.VIEW, registry=FIELDS)
    assert [each.where for each in caught.value.problems] == ["nothing", "nobody"]


def test_a_short_name_of_two_fields_is_refused() -> None:
    fields = Registry()
    for key in ("lead.city", "company.city"):
        fields.register(Field(key=key, label=key, type=FieldType.NUMBER, uses=CONDITION_USES, lookup="x"))
    with pytest.raises(RuleError, match=r"“lead\.city” or “company\.city”"):
        parse_query({"city": ["1"]}, use=Use.VIEW, registry=fields)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(comparisons())
def test_a_comparison_survives_the_way_to_the_url_and_back(data: dict[str, Any]) -> None:
    node = parse({"all": [data]}, use=Use.VIEW, registry=FIELDS, kinds=KINDS)
    pairs = to_query(node, registry=FIELDS)
    assert pairs is not None
    params: dict[str, list[str]] = {}
    for name, text in pairs:
        params.setdefault(name, []).append(text)
    assert parse_query(params, use=Use.VIEW, registry=FIELDS) == node


@pytest.mark.parametrize(
    "data",
    [
        {"any": [{"field": "lead.title", "op": "known"}]},
        {"all": [{"not": {"field": "lead.title", "op": "known"}}]},
        {"all": [{"field": "lead.stage", "op": "in", "value": ["nurture"]}] * 2},
    ],
)
def test_what_parameters_cannot_say_is_not_said_wrongly(data: dict[str, Any]) -> None:
    assert to_query(parse(data, use=Use.VIEW, registry=FIELDS), registry=FIELDS) is None
