"""What the ORM compiles for the engine, taken apart: the columns of a query and where they come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    ExpressionWrapper,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import Combinable

from scoring.engine.text import Sql


@dataclass(frozen=True, slots=True)
class Parts:
    """Columns by the name they were asked for, and the FROM clause with its joins."""

    columns: dict[str, Sql]
    source: Sql


def flag(condition: Q, worth: int = 1) -> Case:
    """``worth`` where the condition holds, else 0."""
    number = IntegerField()
    return Case(When(condition, then=Value(worth)), default=Value(0), output_field=number)


def truth(condition: Q) -> "ExpressionWrapper[Any]":
    """Whether the condition holds; it doesn't where this is null."""
    return ExpressionWrapper(condition, BooleanField())


def take_apart(rows: QuerySet[Any], columns: Mapping[str, Combinable]) -> Parts:
    """``columns`` over ``rows`` (joins and annotations only, no filters) as pieces of SQL."""
    query = rows.order_by().annotate(**{f"_{name}": column for name, column in columns.items()})
    asked = query.values_list(*(f"_{name}" for name in columns))
    compiler = asked.query.get_compiler(connection=connection, elide_empty=False)
    compiler.pre_sql_setup()
    found = {
        alias.removeprefix("_"): Sql(text, tuple(params))
        for _column, (text, params), alias in compiler.select
        if alias
    }
    source, params = compiler.get_from_clause()
    return Parts({name: found[name] for name in columns}, Sql(" ".join(source), tuple(params)))
