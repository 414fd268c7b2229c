"""Reading trees: what is refused, where the problem is said to be, and that nothing crashes it."""

import json
from typing import Any

import pytest

from rules.fields import Field, FieldType, Registry, Use
from rules.tree import MAX_NODES, Not, RuleError, fields_in, parse, parse_json, to_data
from rules.words import in_words
from tests.rules.world import FIELDS, KINDS

TITLE = {"field": "lead.title", "op": "known"}


def read(data: object, use: Use = Use.CRITERION) -> dict[str, Any]:
    return to_data(parse(data, use=use, registry=FIELDS, kinds=KINDS))


def refused(data: object, use: Use = Use.CRITERION) -> list[tuple[str, str]]:
    with pytest.raises(RuleError) as caught:
        parse(data, use=use, registry=FIELDS, kinds=KINDS)
    return [(problem.where, problem.message) for problem in caught.value.problems]


def compare(field: str, op: str, *value: object) -> dict[str, object]:
    return {"field": field, "op": op} | ({"value": value[0]} if value else {})


@pytest.mark.parametrize(
    "data",
    [
        {"all": []},
        {"any": [{"not": {"all": [TITLE]}}]},
        compare("company.employees", "between", [1, 5.5]),
        compare("lead.nurture_until", "on", "2028-02-29"),
        compare("lead.title", "matches_any", ["*Director*", "VP"]),
        compare("lead.do_not_call", "is", False),
        {"activity": {"kind": "page_view", "detail": "*price*"}, "at_least": 2, "within_days": 30},
        {"activity": {"kind": ["page_view", "download"]}, "at_least": 1},
    ],
)
def test_a_tree_comes_back_as_it_was(data: dict[str, Any]) -> None:
    assert read(data) == data
    assert parse_json(json.dumps(data), use=Use.CRITERION, registry=FIELDS, kinds=KINDS) == parse(
        data, use=Use.CRITERION, registry=FIELDS, kinds=KINDS
    )


def test_what_means_the_same_has_one_form() -> None:
    assert read(compare("company.employees", "eq", 200.0))["value"] == 200
    assert read({"activity": {"kind": ["webinar"]}}) == {"activity": {"kind": "webinar"}, "at_least": 1}


def test_problems_are_located_by_path_and_come_all_at_once() -> None:
    data = {"all": [TITLE, {"any": []}, {"not": compare("company.employees", "gte", "n/a")}, {"al": []}]}
    assert refused(data) == [
        ("all[2].not.value", "“Employees” needs a number, not “n/a”."),
        ("all[3].al", "“al” is unknown here. Did you mean “all”?"),
    ]


@pytest.mark.parametrize(
    ("data", "where", "words"),
    [
        (None, "", "not nothing"),
        ("x", "", "not “x”"),
        ([], "", "not a list"),
        ({}, "", "Is empty"),
        ({"all": {}}, "all", "takes a list"),
        ({"all": [], "any": []}, "", "“all” and “any”: keep one"),
        ({"not": None}, "not", "not nothing"),
        ({**TITLE, "values": 3}, "values", "Did you mean “value”?"),
        ({"all": [], 5: 1}, "?", "unknown here"),
        (compare("company.emploees", "known"), "field", "Did you mean “company.employees”?"),
        (compare("lead.title\0", "known"), "field", "There is no field"),
        ({"field": ["lead.title"], "op": "known"}, "field", "not a list"),
        (compare("lead.name", "known"), "field", "can't be used in a criterion"),
        (compare("lead.title", "contain", "x"), "op", "Did you mean “contains”?"),
        (compare("lead.title", "gte", "x"), "op", "has no operator “gte”"),
        ({"field": "lead.title"}, "op", "It has: is, is_not"),
        ({"field": "lead.title", "op": ["is"]}, "op", "has no operator a list"),
        (compare("lead.title", "known", None), "value", "takes no value"),
        (compare("lead.title", "is"), "value", "needs a value"),
        (compare("lead.title", "is", ""), "value", "isn't empty"),
        (compare("lead.title", "is", "\u0301"), "value", "isn't empty"),
        (compare("lead.title", "is", 5), "value", "needs a text, not 5"),
        (compare("lead.title", "is", "a\0b"), "value", "can't be stored"),
        (compare("lead.title", "is", "a\ud800b"), "value", "can't be stored"),
        (compare("lead.title", "is", "x" * 501), "value", "at most 500 characters"),
        (compare("lead.title", "in", []), "value", "1 to 1,000 values"),
        (compare("lead.title", "in", "x"), "value", "1 to 1,000 values"),
        (compare("lead.title", "in", ["x"] * 1001), "value", "1 to 1,000 values"),
        (compare("lead.title", "in", ["x", 5]), "value[1]", "not 5"),
        (compare("lead.title", "matches_any", ["*"]), "value[0]", "besides “*”"),
        (compare("lead.title", "matches_any", ["a*" * 11]), "value[0]", "at most 10"),
        (compare("company.employees", "gte", True), "value", "not true"),
        (compare("company.employees", "gte", None), "value", "not nothing"),
        (compare("company.employees", "gte", float("nan")), "value", "finite"),
        (compare("company.employees", "gte", float("-inf")), "value", "finite"),
        (compare("company.employees", "gte", 10**400), "value", "between"),
        (compare("company.revenue", "gte", 1e16), "value", "between"),
        (compare("company.employees", "between", [5]), "value", "two values"),
        (compare("company.employees", "between", [5, 1]), "value", "lower value first"),
        (compare("lead.nurture_until", "on", "2026-02-30"), "value", "such as “2026-11-30”"),
        (compare("lead.nurture_until", "on", "20260230"), "value", "such as"),
        (compare("lead.nurture_until", "on", "2026-W01-1"), "value", "such as"),
        (compare("lead.nurture_until", "on", "9999-12-31"), "value", "2999-12-31"),
        (compare("lead.stopped", "within_last_days", 36_501), "value", "36,500"),
        (compare("lead.stopped", "within_last_days", 1.5), "value", "not 1.5"),
        (compare("lead.stopped", "within_last_days", float("nan")), "value", "not nan"),
        (compare("lead.stopped", "within_last_days", -1), "value", "from 0"),
        (compare("lead.do_not_call", "is", 1), "value", "true or false"),
        (compare("lead.stage", "is", "nurtured"), "value", "Did you mean “nurture”?"),
        (compare("lead.stage", "is", "zzz"), "value", "Choose one of: inquiry"),
        (compare("lead.country", "is", " "), "value", "has no choice"),
        (compare("bant.budget", "at_least", "high"), "value", "unmet, partial, met"),
        ({"activity": "page_view"}, "activity", "is an object"),
        ({"activity": {}}, "activity", "is an object"),
        ({"activity": {"kind": "pageview"}}, "activity.kind", "Did you mean “page_view”?"),
        ({"activity": {"kind": []}}, "activity.kind", "1 to 20"),
        ({"activity": {"kind": [1]}}, "activity.kind", "1 to 20"),
        ({"activity": {"kind": "webinar", "page": 1}}, "activity.page", "unknown here"),
        ({"activity": {"kind": "webinar", "detail": "*"}}, "activity.detail", "besides"),
        ({"activity": {"kind": "webinar"}, "at_least": 0}, "at_least", "from 1"),
        ({"activity": {"kind": "webinar"}, "at_least": True}, "at_least", "not true"),
        ({"activity": {"kind": "webinar"}, "within_days": 3_651}, "within_days", "3,650"),
        ({"activity": {"kind": "webinar"}, "within_days": "30"}, "within_days", "not “30”"),
    ],
)
def test_bad_input_is_refused_with_a_place_and_a_reason(data: object, where: str, words: str) -> None:
    place, message = refused(data)[0]
    assert place == where
    assert words in message


def nested(depth: int, leaf: object = TITLE) -> object:
    data = leaf
    for _ in range(depth - 1):
        data = {"not": data}
    return data


def test_ten_levels_are_read_and_eleven_are_not() -> None:
    assert read(nested(10)) == nested(10)
    assert refused(nested(11)) == [
        (".".join(["not"] * 10), "Conditions are nested at most 10 deep. Split this one up.")
    ]


@pytest.mark.parametrize("depth", [100, 100_000])
@pytest.mark.parametrize("around", ['{"not":%s}', '{"all":[%s]}', "[%s]"])
def test_a_very_deep_tree_is_an_error_like_any_other(depth: int, around: str) -> None:
    opens, closes = around.split("%s")
    text = opens * depth + "{}" + closes * depth
    with pytest.raises(RuleError):
        parse_json(text, use=Use.CRITERION, registry=FIELDS, kinds=KINDS)


def test_a_very_deep_value_is_an_error_like_any_other() -> None:
    value: object = []
    tree: object = TITLE
    for _ in range(100_000):
        value, tree = [value], {"not": tree}
    assert refused(compare("lead.title", "in", value))[0][0] == "value[0]"
    assert refused(compare("lead.title", "is", value))[0][1] == "“Job title” needs a text, not a list."
    assert "10 deep" in refused(tree)[0][1]


def test_two_hundred_parts_are_read_and_more_are_not() -> None:
    assert len(read({"any": [TITLE] * (MAX_NODES - 1)})["any"]) == MAX_NODES - 1
    assert "at most 200 parts" in refused({"any": [TITLE] * MAX_NODES})[0][1]
    assert "at most 200 parts" in refused({"any": [TITLE] * 1_000_000})[0][1]


def test_all_lists_together_hold_five_thousand_values() -> None:
    thousand = compare("lead.title", "in", ["x"] * 1_000)
    assert read({"any": [thousand] * 5})
    assert "5,000" in refused({"any": [thousand] * 6})[0][1]


@pytest.mark.parametrize(
    "text",
    ["", "{", "nonsense", '{"all": [NaN]}', '{"all": [], "all": []}', "9" * 5_000, " " * 1_000_001, "\ud800"],
)
def test_text_that_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(RuleError):
        parse_json(text, use=Use.CRITERION, registry=FIELDS)


def test_the_number_of_problems_shown_is_bounded() -> None:
    assert len(refused({"all": [None] * 150})) == 20


def test_the_fields_of_a_tree_are_known_once_each() -> None:
    other = compare("bant.budget", "unknown")
    node = parse({"any": [TITLE, {"not": {"all": [other, TITLE]}}]}, use=Use.CRITERION, registry=FIELDS)
    assert fields_in(node) == ("lead.title", "bant.budget")


def test_trees_are_values() -> None:
    one, two = (parse({"not": TITLE}, use=Use.CRITERION, registry=FIELDS) for _ in range(2))
    assert one == two
    assert len({one, two}) == 1
    assert isinstance(one, Not)


def test_choices_that_must_be_looked_up_are_looked_up_once_a_tree() -> None:
    asked: list[int] = []

    def owners() -> tuple[tuple[str, str], ...]:
        asked.append(1)
        return (("1", "Ann"), ("2", "Bo"))

    fields = Registry()
    uses = frozenset({Use.VIEW})
    owner = Field(
        key="lead.owner", label="Owner", type=FieldType.CHOICE, uses=uses, lookup="x", choices=owners
    )
    fields.register(owner)
    node = parse({"any": [compare("lead.owner", "in", ["1", "2"])] * 50}, use=Use.VIEW, registry=fields)
    assert len(asked) == 1
    assert in_words(node.children[0], fields) == "Owner is Ann or Bo"  # type: ignore[union-attr] # an any
    assert len(asked) == 2
