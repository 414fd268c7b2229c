"""The few places where PostgreSQL and SQLite need different words for the same."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F, IntegerField
from django.db.models.expressions import Expression
from django.db.models.functions import TruncDate

from scoring.engine.text import Slot, Sql, glue


def is_postgres() -> bool:
    """Whether this process works on PostgreSQL; otherwise it is SQLite."""
    return connection.vendor == "postgresql"


def can_gather_bits() -> bool:
    """Whether there is ``BIT_OR`` over rows."""
    return is_postgres()


def can_remember() -> bool:
    """Whether the database keeps what a subquery beside a row gave for the same values."""
    return is_postgres()


def fence() -> str:
    """The end of a subquery that the planner is not to merge with the query around it."""
    return " OFFSET 0" if is_postgres() else " LIMIT -1 OFFSET 0"


def least(first: Sql | str, second: Sql | str) -> Sql:
    """The smaller of two numbers, neither of them null."""
    return glue("LEAST({a}, {b})" if is_postgres() else "MIN({a}, {b})", a=first, b=second)


def greatest(first: Sql | str, second: Sql | str) -> Sql:
    """The larger of two numbers, neither of them null."""
    return glue("GREATEST({a}, {b})" if is_postgres() else "MAX({a}, {b})", a=first, b=second)


def weight_at(weights: Sequence[int], age: Sql) -> Sql:
    """The weight (0 to 1000) at ``age`` days; null or 0 past the end of the table."""
    if is_postgres():
        table = Sql("%s", ("{" + ",".join(map(str, weights)) + "}",))
        return glue("({table}::int[])[{age} + 1]", table=table, age=age)
    table = Sql("%s", ("".join(f"{weight:04d}" for weight in weights),))
    return glue("CAST(substr({table}, ({age}) * 4 + 1, 4) AS integer)", table=table, age=age)


def first_of_each(of: str, order: str, columns: str, rows: Sql) -> Sql:
    """``columns`` of the first row of each ``of`` in the ``order`` of its rows ("FROM ... WHERE ...")."""
    if is_postgres():
        template = "SELECT DISTINCT ON ({of}) {columns} {rows} ORDER BY {of}, {order}"
    else:
        template = (
            "SELECT {columns} FROM (SELECT {columns}, ROW_NUMBER() OVER (PARTITION BY {of} ORDER BY {order}) "
            "AS place {rows}) WHERE place = 1"
        )
    return glue(template, of=of, columns=columns, rows=rows, order=order)


def among(column: str, slot: Slot) -> Sql:
    """Whether ``column`` is one of the ids in ``slot``."""
    if is_postgres():
        return Sql(f"{column} = ANY(%s)", (slot,))
    return Sql(f"{column} IN (SELECT value FROM json_each(%s))", (slot,))  # noqa: S608 - a column of ours


def id_list(ids: Collection[int]) -> object:
    """Ids as ``among`` wants them."""
    return list(ids) if is_postgres() else json.dumps(list(ids))


def moment(now: datetime) -> object:
    """A moment as the database compares it."""
    return connection.ops.adapt_datetimefield_value(now)


class DayNumber(Expression):
    """The day of a moment column in ``zone``, in whole days since 1970-01-01; null for null."""

    def __init__(self, column: str, zone: ZoneInfo) -> None:
        super().__init__(output_field=IntegerField())
        self.day: Any = TruncDate(F(column), tzinfo=zone)

    def get_source_expressions(self) -> list[Any]:
        """The day, for Django to resolve."""
        return [self.day]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        """The day, resolved."""
        (self.day,) = exprs

    def as_postgresql(self, compiler: Any, _connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Dates subtract to whole days."""
        text, params = compiler.compile(self.day)
        return f"({text} - DATE '1970-01-01')", tuple(params)

    def as_sqlite(self, compiler: Any, _connection: Any) -> tuple[str, tuple[Any, ...]]:
        """A day begins at half past a Julian day."""
        text, params = compiler.compile(self.day)
        return f"CAST(julianday({text}) - 2440587.5 AS integer)", tuple(params)
