"""Every field that a criterion may use answers every operator of its type."""

from typing import Any

import pytest
from django.db.models import Case, IntegerField, Value, When

from leads.models import Lead
from rules.compile import compile_q, field_expression, prepare
from rules.fields import Field, FieldType, Use, registry
from rules.operators import OPERATORS, Arity
from rules.tree import parse
from rules.words import in_words
from tests.rules.world import Facts, context, save

pytestmark = pytest.mark.django_db
CTX = context()
SAMPLES: dict[FieldType, object] = {
    FieldType.TEXT: "Größe_%*",
    FieldType.NUMBER: 1.5,
    FieldType.MONEY: 100,
    FieldType.DATE: "2026-11-30",
    FieldType.MOMENT: "2026-11-30",
    FieldType.BOOLEAN: True,
}
ASKED = [field for field in registry.fixed() if Use.CRITERION in field.uses]


def sample(field: Field, op: str) -> object:
    if op.endswith(("_days", "_ago", "_ahead")):
        return 30
    choices = field.options()
    return SAMPLES.get(field.type) or (choices[-1][0] if choices else "any")


def comparison(field: Field, op: str) -> dict[str, Any]:
    data: dict[str, Any] = {"field": field.key, "op": op}
    match OPERATORS[field.type][op].arity:
        case Arity.NONE:
            return data
        case Arity.ONE:
            return data | {"value": sample(field, op)}
        case Arity.PAIR | Arity.MANY:
            return data | {"value": [sample(field, op)] * 2}


def can_be_asked(field: Field) -> bool:
    """A choice that has none yet takes no value."""
    return (
        field.type not in (FieldType.CHOICE, FieldType.LEVEL) or field.open_choices or bool(field.options())
    )


def test_criteria_have_fields_of_the_lead_to_use() -> None:
    assert {"lead.title", "company.employees"} <= {field.key for field in ASKED}


@pytest.mark.parametrize("field", ASKED, ids=lambda field: field.key)
def test_a_registered_field_answers_every_operator_in_two_values(field: Field) -> None:
    save(Facts(), CTX.zone)
    save(Facts(title="Größe_%*", company=("x", 2, 100.0)), CTX.zone)
    ops = OPERATORS[field.type] if can_be_asked(field) else ("known", "unknown")
    for op in ops:
        data = comparison(field, op)
        node, opposite = (parse(each, use=Use.CRITERION) for each in (data, {"not": data}))
        assert in_words(node).startswith(field.label)
        leads = prepare(Lead.objects.all(), node, CTX)
        ours, others = compile_q(node, CTX), compile_q(opposite, CTX)
        assert leads.filter(ours).count() + leads.filter(others).count() == 2
        hits = Case(When(ours, then=Value(1)), When(others, then=Value(2)), output_field=IntegerField())
        assert None not in leads.annotate(hit=hits).values_list("hit", flat=True)
    leads = prepare(Lead.objects.all(), [field], CTX)
    assert leads.annotate(shown=field_expression(field, CTX)).count() == 2
    assert len(leads.annotate(shown=field_expression(field, CTX)).values_list("shown")) == 2
