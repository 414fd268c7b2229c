"""The SQL means what the reference says, on whichever database this runs."""

from typing import Any

import pytest
from django.db import transaction
from django.db.models import Case, IntegerField, Value, When
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads.models import Lead
from rules.compile import compile_q, prepare
from rules.context import Context
from rules.fields import Use
from rules.tree import parse, to_data
from tests.rules.reference import holds
from tests.rules.strategies import contexts, facts, trees
from tests.rules.world import FIELDS, KINDS, Facts, save

pytestmark = pytest.mark.django_db
SHARED_DATABASE = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
usual = settings(
    max_examples=200, deadline=None, suppress_health_check=SHARED_DATABASE, derandomize=True, database=None
)
many = settings(max_examples=3_000, deadline=None, database=None, suppress_health_check=SHARED_DATABASE)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Context, list[Facts], list[dict[str, Any]]]:
    """A moment, some leads and some conditions."""
    ctx = draw(contexts())
    return (
        ctx,
        draw(st.lists(facts(ctx), min_size=1, max_size=4)),
        draw(st.lists(trees(), min_size=1, max_size=3)),
    )


def judged(data: dict[str, Any], ctx: Context) -> tuple[set[int], set[int]]:
    """The leads that meet ``data`` by filter(), and by Case(When())."""
    node = parse(data, use=Use.CRITERION, registry=FIELDS, kinds=KINDS)
    again = parse(to_data(node), use=Use.CRITERION, registry=FIELDS, kinds=KINDS)
    assert again == node
    condition = compile_q(node, ctx, FIELDS, KINDS)
    leads = prepare(Lead.objects.all(), node, ctx, FIELDS)
    filtered = list(leads.filter(condition).values_list("pk", flat=True))
    assert len(filtered) == len(set(filtered))
    case = Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())
    cases = dict(leads.annotate(hit=case).values_list("pk", "hit"))
    return set(filtered), {pk for pk, hit in cases.items() if hit}


def check(world: tuple[Context, list[Facts], list[dict[str, Any]]]) -> None:
    ctx, leads, conditions = world
    with transaction.atomic():
        rows = {save(lead, ctx.zone).pk: lead for lead in leads}
        for data in conditions:
            expected = {pk for pk, lead in rows.items() if holds(data, lead, ctx)}
            assert judged(data, ctx) == (expected, expected), data
            rest = set(rows) - expected
            assert judged({"not": data}, ctx) == (rest, rest), data
        transaction.set_rollback(True)


@usual
@given(worlds())
def test_a_condition_means_the_same_in_sql_as_in_the_reference(
    db: None, world: tuple[Context, list[Facts], list[dict[str, Any]]]
) -> None:
    check(world)


@pytest.mark.long
@many
@given(worlds())
def test_thousands_of_conditions_mean_the_same_in_sql_as_in_the_reference(
    db: None, world: tuple[Context, list[Facts], list[dict[str, Any]]]
) -> None:
    check(world)
