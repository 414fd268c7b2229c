"""The only place where a condition becomes SQL.

Everything compiled here is two-valued where it counts: a null is not true, and ``not`` turns exactly
what is not true, so a lead meets either a condition or its negation, in filter() and in When, on
SQLite and PostgreSQL. To-many rows are reached by Exists only; nothing here can repeat a lead.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar, cast

from django.db.models import BooleanField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.lookups import GreaterThanOrEqual

from core.errors import Problem
from core.text import fold
from rules.activities import ActivityRegistry, activities
from rules.context import Context
from rules.errors import RuleError
from rules.fields import Field, Registry, registry
from rules.lookups import LikeAny, always, like, negate
from rules.nodes import ActivityCount, ActivityMatch, All, Any_, Comparison, Node, Not, fields_in
from rules.operators import OPERATORS, build

__all__ = [
    "Context",
    "compile_activity_q",
    "compile_detail_q",
    "compile_q",
    "day_number",
    "field_expression",
    "prepare",
]

EPOCH = date(1970, 1, 1)
SECONDS_A_DAY = 86_400


def compile_q(
    node: Node, ctx: Context, registry: Registry = registry, kinds: ActivityRegistry = activities
) -> Q:
    """``node`` as a condition on rows of Lead, for filter() and for Case(When()).

    Run ``prepare`` on the queryset first. RuleError if a field or operator is no longer registered.
    """

    def compiled(node: Node) -> Q:
        match node:
            case All(children):
                return Q(*map(compiled, children)) if children else always(True)
            case Any_(children):
                return Q(*map(compiled, children), _connector=Q.OR) if children else always(False)
            case Not(child):
                return negate(compiled(child))
            case Comparison():
                return _comparison(node, ctx, registry)
            case ActivityCount():
                return _activity_count(node, ctx, kinds)

    return compiled(node)


Rows = TypeVar("Rows", bound=QuerySet[Any])


def prepare(
    queryset: Rows, needs: Node | Iterable[Field], ctx: Context, registry: Registry = registry
) -> Rows:
    """``queryset`` with the annotations and joins that the fields of a tree, or fields, rely on.

    Each preparation runs once however many fields share it; call this once for all trees of a query.
    """
    fields = needs if isinstance(needs, Iterable) else [registry.get(key) for key in fields_in(needs)]
    prepared: QuerySet[Any] = queryset
    for step in dict.fromkeys(field.prepare for field in fields):
        prepared = step(prepared, ctx) if step else prepared
    return cast("Rows", prepared)


def field_expression(field: Field, ctx: Context) -> Combinable:
    """The value of one field, for columns and explanations; null is unknown."""
    return field.value(ctx)


def compile_activity_q(match: ActivityMatch, ctx: Context) -> Q:
    """``match`` as a condition on activity rows: kind and detail, without any time."""
    condition = Q(kind__in=match.kinds)
    return condition if match.detail is None else condition & compile_detail_q(match.detail, ctx)


def compile_detail_q(pattern: str, ctx: Context) -> Q:
    """Whether the detail of an activity row is like ``pattern``."""
    return Q(LikeAny(F("detail_folded"), [like(fold(pattern))]))


def day_number(day: date) -> int:
    """Whole days since 1970-01-01, as activities store their day."""
    return (day - EPOCH).days


def _comparison(node: Comparison, ctx: Context, registry: Registry) -> Q:
    field = registry.get(node.field)
    operator = OPERATORS[field.type].get(node.op)
    if operator is None:
        raise RuleError(Problem(f"“{field.label}” has no operator “{node.op}” any more."))
    return build(operator, field, node.value, ctx)


def _activity_count(node: ActivityCount, ctx: Context, kinds: ActivityRegistry) -> Q:
    """The nth match exists: the database may stop at it, and no row is joined."""
    if node in ctx.given:
        given = ctx.given[node]
        is_settled = isinstance(getattr(given, "output_field", None), BooleanField)
        return Q(given if is_settled else GreaterThanOrEqual(given, Value(node.at_least)))
    rows = kinds.rows().filter(compile_activity_q(node.match, ctx), lead_id=OuterRef("pk"))
    rows = rows.filter(at_epoch__lte=int(ctx.now.timestamp()))
    if node.within_days is not None:
        first = day_number(ctx.today) - node.within_days
        # The day decides; the moment, with two days to spare for any zone, lets the index skip old rows.
        rows = rows.filter(day__gte=first, at_epoch__gte=(first - 2) * SECONDS_A_DAY)
    return Q(Exists(rows.order_by()[node.at_least - 1 :]))
