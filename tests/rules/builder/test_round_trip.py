"""Any condition can be shown, sent by a browser and read back as the same condition."""

from typing import Any

from hypothesis import example, given, settings

from rules.builder import BuilderState
from rules.fields import Use
from rules.tree import parse, to_data
from rules.words import in_words
from tests.rules.builder.forms import sent_by
from tests.rules.strategies import trees
from tests.rules.world import FIELDS, KINDS

ODD_TEXT = {"field": "lead.title", "op": "is", "value": ' two\nlines "and" space '}
ODD_LINES = {"field": "lead.title", "op": "in", "value": ["a\r\nb", ' "q" ', '"', "x\u2028y", "\t1,000"]}
NOT_NOT: dict[str, Any] = {"not": {"not": {"not": {"all": []}}}}
DEEP: dict[str, Any] = {"field": "lead.title", "op": "known"}
for _ in range(9):
    DEEP = {"any": [DEEP]}
AGAIN = {"field": "lead.stage", "op": "in", "value": ["nurture", "inquiry", "nurture"]}
KINDS_TWICE = {"activity": {"kind": ["webinar", "page_view"], "detail": " *a "}, "at_least": 10_000}


@example(data=ODD_TEXT)
@example(data=ODD_LINES)
@example(data=NOT_NOT)
@example(data=DEEP)
@example(data={"all": [AGAIN]})
@example(data={"any": [KINDS_TWICE, {"field": "company.revenue", "op": "eq", "value": 5e-324}]})
@given(data=trees())
@settings(deadline=None, max_examples=150)
def test_what_is_shown_of_any_tree_is_read_back_as_that_tree(data: dict[str, Any]) -> None:
    node = parse(data, use=Use.CRITERION, registry=FIELDS, kinds=KINDS)
    shown = BuilderState.from_tree(node, Use.CRITERION, registry=FIELDS, kinds=KINDS)
    again = BuilderState.from_post(sent_by(shown), "condition", Use.CRITERION, registry=FIELDS, kinds=KINDS)
    assert again.root == shown.root
    assert again.tree() == to_data(node)
    assert again.sentence == in_words(node, FIELDS, KINDS)
