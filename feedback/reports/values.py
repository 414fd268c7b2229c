"""All whole numbers of a group out of the database, and exact percentiles of them.

The databases hand the numbers over, by ``ARRAY_AGG`` or ``JSON_GROUP_ARRAY``; what is made of them is worked
out here once, so both give the same figure to the last digit.
"""

import json
from array import array
from base64 import b64decode, b64encode
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from itertools import accumulate
from math import ceil
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Aggregate, Func, IntegerField, Q
from django.db.models.expressions import Combinable
from django.db.models.sql.compiler import SQLCompiler

Compiled = tuple[str, Any]


class ValuesOf(Aggregate):
    """The values of a column or expression in each group, as a list in no order; null is left out."""

    function = "ARRAY_AGG"
    name = "ValuesOf"

    def __init__(self, column: str, *, filter: Q | None = None) -> None:  # noqa: A002 - as in every aggregate
        known = Q(**{f"{column}__isnull": False})
        super().__init__(
            column, filter=known if filter is None else known & filter, output_field=IntegerField()
        )

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> Compiled:
        sql, parameters = super().as_sql(compiler, connection, **context)
        # As text, which json reads several times as fast as psycopg2 reads an array.
        return f"({sql})::text", parameters

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Compiled:
        return super().as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **context)

    @property
    def convert_value(self) -> Callable[..., list[int]]:
        return _listed


def _listed(value: str | None, expression: object, connection: object) -> list[int]:
    """``{1,2}`` is how PostgreSQL writes an array, ``[1,2]`` is SQLite's."""
    found: list[int] = json.loads(f"[{value[1:-1]}]") if value else []
    return found


class QuarterOf(Func):
    """The quarter of an hour in which a moment lies, counted from 1970."""

    output_field = IntegerField()
    arity = 1

    def __init__(self, moment: str | Combinable) -> None:
        super().__init__(moment)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> Compiled:
        template = "FLOOR(DATE_PART('epoch', %(expressions)s) / 900)::integer"
        return super().as_sql(compiler, connection, template=template, **context)

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Compiled:
        template = "(CAST(STRFTIME('%%%%s', %(expressions)s) AS INTEGER) / 900)"
        return super().as_sql(compiler, connection, template=template, **context)


def packed(values: Counter[int]) -> str:
    """The values and how often each occurs, as short text."""
    ordered = sorted(values)
    return b64encode(array("i", [*ordered, *(values[each] for each in ordered)]).tobytes()).decode()


def unpacked(text: str) -> Counter[int]:
    """What ``packed`` was given."""
    numbers = array("i")
    numbers.frombytes(b64decode(text))
    half = len(numbers) // 2
    return Counter(dict(zip(numbers[:half], numbers[half:], strict=True)))


def percentiles(values: Counter[int], *percents: int) -> list[float]:
    """The values below which each of ``percents`` of those given lie, between two where it falls so.

    As PERCENTILE_CONT: 50 is the median as everybody knows it, the mean of the two in the middle of an even
    count. Nothing of nothing. ``values`` says how often each occurs.
    """
    if not values:
        return []
    ordered = sorted(values)
    ends = list(accumulate(values[value] for value in ordered))
    found = []
    for percent in percents:
        place = Fraction((ends[-1] - 1) * percent, 100)
        first = ordered[bisect_right(ends, int(place))]
        second = ordered[bisect_right(ends, ceil(place))]
        found.append(float(first + (second - first) * (place % 1)))
    return found
