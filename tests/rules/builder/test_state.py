"""Rows that people build: what buttons do, what stays when a field changes, and where problems stand."""

from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from core.errors import Invalid
from rules.builder import BuilderError, BuilderState
from rules.builder.items import Group, Row
from rules.fields import Use
from rules.tree import MAX_DEPTH, MAX_NODES
from tests.rules.builder.forms import sent_by
from tests.rules.world import FIELDS, KINDS

TITLE = {"field": "lead.title", "op": "contains", "value": "director"}
LARGE = {"field": "company.employees", "op": "gte", "value": 200}
GERMAN = {"field": "lead.stage", "op": "in", "value": ["nurture"]}


def shown(data: dict[str, Any] | None, **more: Any) -> BuilderState:
    return BuilderState.from_tree(data, Use.CRITERION, registry=FIELDS, kinds=KINDS, **more)


def typed(**inputs: str | list[str]) -> BuilderState:
    """A builder as sent: ``condition-0-field`` is written ``_0_field``."""
    post = QueryDict(mutable=True)
    for name, value in inputs.items():
        post.setlist("condition" + name.replace("_", "-"), value if isinstance(value, list) else [value])
    return BuilderState.from_post(post, "condition", Use.CRITERION, registry=FIELDS, kinds=KINDS)


def row(state: BuilderState, place: int = 0) -> Row:
    item = state.root.children[place]
    assert isinstance(item, Row)
    return item


def test_a_condition_is_added_at_the_end_and_takes_the_focus() -> None:
    state = shown({"all": [TITLE]})
    assert state.apply("condition:add:")
    assert state.root.children[1] == Row()
    assert state.focus_id == "condition-1-field"
    assert "added" in state.note


def test_a_group_is_added_with_a_blank_row_and_asks_the_other_way() -> None:
    state = shown({"all": [TITLE]})
    state.apply("condition:group:")
    assert state.root.children[1] == Group("any", (Row(),))
    assert state.focus_id == "condition-1-0-field"


def test_after_a_removal_the_focus_goes_to_the_next_row_then_the_last_then_the_button() -> None:
    state = shown({"all": [TITLE, LARGE, GERMAN]})
    state.apply("condition:remove:1")
    assert state.focus_id == "condition-1-field"
    state.apply("condition:remove:1")
    assert state.focus_id == "condition-0-field"
    state.apply("condition:remove:0")
    assert state.focus_id == "condition-add"
    assert state.tree() == {"all": []}


def test_moving_down_enters_a_group_passes_through_it_and_leaves_it() -> None:
    state = shown({"all": [TITLE, {"any": [LARGE]}, GERMAN]})
    state.apply("condition:down:0")
    assert state.tree() == {"all": [{"any": [TITLE, LARGE]}, GERMAN]}
    assert state.focus_id == "condition-0-0-down"
    state.apply("condition:down:0-0")
    state.apply("condition:down:0-1")
    assert state.tree() == {"all": [{"any": [LARGE]}, TITLE, GERMAN]}


def test_moving_up_is_the_way_back() -> None:
    state = shown({"all": [TITLE, {"any": [LARGE]}, GERMAN]})
    for _ in range(3):
        state.apply(
            "condition:down:" + (state.focus_id.removeprefix("condition-").removesuffix("-down") or "0")
        )
    for _ in range(3):
        state.apply("condition:up:" + state.focus_id.removeprefix("condition-").rpartition("-")[0])
    assert state.tree() == {"all": [TITLE, {"any": [LARGE]}, GERMAN]}


def test_a_copy_stands_behind_the_original() -> None:
    state = shown({"all": [{"not": LARGE}, TITLE]})
    state.apply("condition:copy:0")
    assert state.tree() == {"all": [{"not": LARGE}, {"not": LARGE}, TITLE]}


def test_an_action_of_another_builder_is_none_of_ours() -> None:
    state = shown({"all": [TITLE]})
    assert not state.apply("scope:add:")
    assert state.tree() == {"all": [TITLE]}


@pytest.mark.parametrize(
    "action", ["add:7", "remove:", "up:", "copy:", "explode:0", "add:x", "add:0", "", "down:9"]
)
def test_an_action_that_makes_no_sense_changes_nothing(action: str) -> None:
    state = shown({"all": [TITLE]})
    assert state.apply(f"condition:{action}")
    assert state.tree() == {"all": [TITLE]}


def test_what_would_be_too_deep_changes_nothing_and_says_so() -> None:
    data: dict[str, Any] = {"all": [TITLE]}
    for _ in range(MAX_DEPTH - 2):
        data = {"any": [data]}
    state = shown(data)
    innermost = "-".join(["0"] * (MAX_DEPTH - 2))
    state.apply(f"condition:group:{innermost}")
    assert "at most 10 deep" in state.note
    assert state.tree() == data


def test_what_would_be_too_large_changes_nothing_and_says_so() -> None:
    state = shown({"any": [TITLE] * (MAX_NODES - 1)})
    state.apply("condition:add:")
    assert "at most 200 parts" in state.note
    assert len(state.root.children) == MAX_NODES - 1


def test_another_field_of_the_same_type_keeps_operator_and_value() -> None:
    state = typed(_0_field="company.industry", _0_op="starts_with", _0_value="Soft")
    state.apply("condition:field:0")
    assert row(state) == Row(field="company.industry", op="starts_with", value=("Soft",))


def test_another_type_of_field_keeps_only_what_it_can_read() -> None:
    kept = typed(_0_field="company.employees", _0_op="contains", _0_value="200")
    kept.apply("condition:field:0")
    assert kept.tree() == {"all": [LARGE]}
    lost = typed(_0_field="company.employees", _0_op="contains", _0_value="director")
    lost.apply("condition:field:0")
    assert row(lost).value == ("",)
    assert lost.focus_id == "condition-0-field"


def test_another_operator_keeps_the_values_that_fit() -> None:
    pair = typed(_0_field="company.employees", _0_op="between", _0_value="200")
    pair.apply("condition:op:0")
    assert row(pair).value == ("200", "")
    lines = typed(_0_field="lead.title", _0_op="in", _0_value="director")
    lines.apply("condition:op:0")
    assert row(lines).value == ("director",)
    days = typed(_0_field="lead.nurture_until", _0_op="before", _0_value="30")
    days.apply("condition:op:0")
    assert row(days).value == ("",)


def test_asking_for_activities_starts_with_once() -> None:
    state = typed(_0_field="activity", _0_op="contains", _0_value="x")
    state.apply("condition:field:0")
    assert row(state) == Row(field="activity", times="1")


def test_a_number_is_read_as_people_write_it() -> None:
    for text in ("1200", "1,200", "1 200", "1\u202f200", " 1200.0 "):
        assert typed(_0_field="company.employees", _0_op="eq", _0_value=text).tree() == {
            "all": [{"field": "company.employees", "op": "eq", "value": 1200}]
        }


@pytest.mark.parametrize(
    ("inputs", "where", "says"),
    [
        ({"_0_field": ""}, "condition-0-field", "Choose what to ask"),
        ({"_0_field": "company.employees"}, "condition-0-op", "Choose how to compare"),
        ({"_0_field": "company.employees", "_0_op": "gte"}, "condition-0-value", "Fill this in"),
        (
            {"_0_field": "company.employees", "_0_op": "between", "_0_value": ["5", ""]},
            "condition-0-value-2",
            "Fill this in",
        ),
        (
            {"_0_field": "company.employees", "_0_op": "between", "_0_value": ["5", "n/a"]},
            "condition-0-value-2",
            "“Employees” needs a number, not “n/a”",
        ),
        (
            {"_0_field": "company.employees", "_0_op": "between", "_0_value": ["5", "1"]},
            "condition-0-value",
            "lower value first",
        ),
        ({"_0_field": "lead.gone", "_0_op": "eq"}, "condition-0-field", "There is no field “lead.gone”"),
        ({"_0_field": "lead.stage", "_0_op": "gte"}, "condition-0-op", "has no operator “gte”"),
        (
            {"_0_field": "lead.title", "_0_op": "matches_any", "_0_value": "*vp*\n\n*"},
            "condition-0-value",
            "Line 2: “Job title” needs a letter",
        ),
        (
            {"_0_field": "lead.nurture_until", "_0_op": "before", "_0_value": "soon"},
            "condition-0-value",
            "needs a date such as",
        ),
        (
            {"_0_field": "lead.stage", "_0_op": "in", "_0_value": ["lost"]},
            "condition-0-value",
            "no choice “lost”",
        ),
        ({"_0_field": "lead.stage", "_0_op": "in"}, "condition-0-value", "Choose at least one"),
        ({"_0_field": "lead.stage", "_0_op": "is"}, "condition-0-value", "Choose one."),
        ({"_0_field": "activity"}, "condition-0-kinds", "Choose at least one"),
        (
            {"_0_field": "activity", "_0_kinds": "page_view", "_0_times": "often"},
            "condition-0-times",
            "whole number of times",
        ),
        (
            {"_0_field": "activity", "_0_kinds": "page_view", "_0_window": "-1"},
            "condition-0-window",
            "whole number of days",
        ),
        (
            {"_0_field": "activity", "_0_kinds": "page_view", "_0_detail": "*"},
            "condition-0-detail",
            "needs a letter",
        ),
        ({"_0_field": "activity", "_0_kinds": "dance"}, "condition-0-kinds", "There is no activity “dance”"),
    ],
)
def test_what_cannot_be_read_stays_as_typed_with_the_problem_at_its_input(
    inputs: dict[str, Any], where: str, says: str
) -> None:
    state = typed(**inputs)
    with pytest.raises(BuilderError) as caught:
        state.tree()
    assert [problem.where for problem in caught.value.problems] == [where]
    assert says in state.problems[where]
    page = render_to_string("rules/builder.html", {"builder": state})
    assert f'id="{where}-error"' in page
    assert f'aria-describedby="{where}-error' in page
    sent = sent_by(state)
    for name, value in inputs.items():
        given = value if isinstance(value, list) else [value]
        kept = sent.getlist("condition" + name.replace("_", "-"))
        assert [text.replace("\r", "") for text in kept] == given


def test_two_problems_are_counted_in_the_message() -> None:
    state = typed(_0_field="", _1_field="company.employees", _1_op="eq", _1_value="many")
    with pytest.raises(BuilderError, match="2 places in the condition need attention"):
        state.tree()


def test_a_blank_row_is_no_problem_before_one_saves() -> None:
    state = typed(_0_field="", _1_field="company.employees", _1_op="eq", _1_value="many")
    assert list(state.problems) == ["condition-1-value"]


def test_a_field_that_was_removed_is_shown_and_named() -> None:
    state = shown({"all": [{"field": "attribute.old", "op": "eq", "value": 5}, TITLE]})
    page = render_to_string("rules/builder.html", {"builder": state})
    assert "“attribute.old”" in page
    assert "There is no field “attribute.old”" in page
    assert sent_by(state).getlist("condition-0-value") == ["5"]


def test_a_choice_that_was_removed_is_shown_and_named() -> None:
    state = shown({"field": "lead.stage", "op": "in", "value": ["old", "nurture"]})
    assert "“old” (no longer a choice)" in render_to_string("rules/builder.html", {"builder": state})
    assert state.problems == {
        "condition-0-value": "“Stage” has no choice “old”. Choose one of: inquiry, nurture, customer."
    }


def test_the_sentence_leaves_open_what_is_not_read_yet() -> None:
    state = typed(_0_field="company.employees", _0_op="gte", _0_value="200", _1_field="", _1_not="1")
    assert state.sentence == "Employees is at least 200 and not (…)"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"_0_field": "lead.stage", "_0_op": "in"}, "Stage is one of …"),
        ({"_0_field": "lead.stage"}, "Stage …"),
        (
            {"_0_field": "lead.nurture_until", "_0_op": "within_next_days"},
            "Nurture until is within the next …",
        ),
        ({"_0_field": "company.employees", "_0_op": "gte", "_0_value": "many"}, "Employees is at least …"),
        ({"_0_field": "activity"}, "an activity …"),
        ({"_0_field": "attribute.gone", "_0_op": "eq"}, "…"),
    ],
)
def test_a_row_is_said_as_far_as_it_has_come(row: dict[str, str], said: str) -> None:
    assert typed(**row).sentence == said


def test_a_new_builder_has_one_blank_row_and_says_nothing_yet() -> None:
    state = shown(None)
    page = render_to_string("rules/builder.html", {"builder": state})
    assert "Nothing is asked yet." in page
    assert "Counting" not in page
    assert state.is_blank
    assert state.tree_or_none() is None
    with pytest.raises(BuilderError):
        state.tree()


def test_one_row_alone_is_that_condition_and_two_are_both() -> None:
    state = typed(_bare="1", _match="all", _0_field="lead.title", _0_op="known")
    assert state.tree() == {"field": "lead.title", "op": "known"}
    state.apply("condition:copy:0")
    assert state.tree() == {"all": [{"field": "lead.title", "op": "known"}] * 2}


@pytest.mark.parametrize(
    "data", [{"any": 5}, {"say": 1}, {"all": ["x"]}, {"all": [{"op": "eq"}]}, {"not": None}, {"activity": 1}]
)
def test_data_that_is_no_condition_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        shown(data)


def test_a_form_with_more_rows_or_deeper_ones_than_a_builder_shows_is_refused() -> None:
    with pytest.raises(Invalid, match="at most 200 parts"):
        typed(**{f"_{place}_field": "" for place in range(2 * MAX_NODES + 1)})
    with pytest.raises(Invalid, match="at most 200 parts"):
        typed(**{"_0" * 12 + "_field": "lead.title"})


@pytest.mark.parametrize("prefix", ["", "a-b", "A", "x" * 41, "a b", 'a"'])
def test_a_prefix_that_is_no_name_is_refused(prefix: str) -> None:
    with pytest.raises(Invalid):
        shown(None, prefix=prefix)


def test_two_builders_of_one_form_keep_apart() -> None:
    post = QueryDict(
        "a-0-field=lead.title&a-0-op=known&b-0-field=lead.title&b-0-op=unknown&b-0-0=x&b-match=any"
    )
    both = [BuilderState.from_post(post, each, Use.CRITERION, registry=FIELDS, kinds=KINDS) for each in "ab"]
    assert [each.sentence for each in both] == ["Job title is known", "Job title is unknown"]


def test_patterns_are_explained_where_they_are_typed() -> None:
    said = "vp* begins with it"
    for op, is_explained in (("matches_any", True), ("in", False)):
        page = render_to_string(
            "rules/builder.html", {"builder": typed(_0_field="lead.title", _0_op=op, _0_value="vp*")}
        )
        assert (said in page) == is_explained
