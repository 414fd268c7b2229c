"""The registry of fields."""

from typing import Any

import pytest

from rules.activities import ActivityKind, ActivityRegistry
from rules.attributes import attribute_expression
from rules.errors import RuleError
from rules.fields import CONDITION_USES, Field, FieldType, Registry, Use
from rules.operators import OPERATORS, Arity


def number(key: str = "lead.size", **more: Any) -> Field:
    given = {"key": key, "label": "Size", "type": FieldType.NUMBER, "uses": CONDITION_USES, "lookup": "size"}
    return Field(**(given | more))


def test_a_field_is_found_by_its_key_and_use() -> None:
    fields = Registry()
    shown = number("lead.shown", uses=frozenset({Use.COLUMN}))
    fields.register(number(), shown)
    assert fields.for_use(Use.COLUMN) == (shown,)
    assert fields.get("lead.shown", Use.COLUMN) is shown
    with pytest.raises(RuleError, match="can't be used in a scope"):
        fields.get("lead.shown", Use.SCOPE)
    with pytest.raises(RuleError, match=r"Did you mean “lead\.size”\?"):
        fields.get("lead.sise", Use.SCOPE)


def test_provided_fields_come_and_go() -> None:
    fields, kept = Registry(), [number("attribute.one")]
    fields.register_provider("attribute", lambda: kept)
    assert fields.get("attribute.one") in fields.all()
    kept.clear()
    with pytest.raises(RuleError):
        fields.get("attribute.one")


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "size"},
        {"key": "Lead.size"},
        {"key": "lead.size or 1"},
        {"lookup": ""},
        {"expression": lambda _ctx: None},
        {"type": FieldType.TEXT},
        {"type": FieldType.LEVEL},
        {"type": FieldType.LEVEL, "choices": lambda: (("a", "A"),)},
    ],
)
def test_a_field_that_cannot_work_is_refused_at_start(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Field"):
        number(**wrong)


def test_a_key_is_registered_once() -> None:
    fields, kinds = Registry(), ActivityRegistry()
    kind = ActivityKind(key="call", label="call", plural="calls")
    fields.register(number())
    kinds.register(kind)
    with pytest.raises(ValueError, match="twice"):
        fields.register(number())
    with pytest.raises(ValueError, match="twice"):
        kinds.register(kind)
    assert kinds.all() == (kind,)


@pytest.mark.parametrize("key", ["a__b", "A", "1a", "a'b", 'a"b', "a b", "", "a%s", "_a", "a_"])
def test_a_custom_field_key_that_is_no_slug_never_reaches_the_sql(key: str) -> None:
    with pytest.raises(ValueError, match="slug"):
        attribute_expression("extra", key, FieldType.NUMBER)


def test_a_custom_field_cannot_be_a_moment() -> None:
    with pytest.raises(ValueError, match="moment"):
        attribute_expression("extra", "at", FieldType.MOMENT)


@pytest.mark.parametrize("kind", FieldType)
def test_each_type_has_operators_that_can_be_read_and_asked_for_unknowns(kind: FieldType) -> None:
    table = OPERATORS[kind]
    assert {"known", "unknown"} < table.keys()
    for key, operator in table.items():
        assert operator.key == key
        assert operator.label
        assert (operator.check is None) == (operator.arity is Arity.NONE)
