"""Typed reading of a JSON column, the same on SQLite and PostgreSQL.

Plain JSON comparisons are not: a number stored as "n/a" is more than 100 on one database and less on
the other, and a missing key differs from null. Here a value of any other type than the one asked for
is SQL NULL, which conditions call unknown.
"""

import re
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, DateField, F, FloatField, TextField
from django.db.models import Field as ModelField
from django.db.models.expressions import Func

from rules.fields import FieldType
from rules.values import MAX_NUMBER

SLUG = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")

# {value} is the JSON value, {text} its text. PostgreSQL may reorder AND, hence CASE in CASE: a cast is
# reached only by what can be cast. SQLite's date() passes "2026-02-31" on unless it has to add to it.
NUMBER_LIMITS = f"BETWEEN -{MAX_NUMBER} AND {MAX_NUMBER}"
POSTGRESQL = {
    FieldType.TEXT: "CASE WHEN jsonb_typeof({value}) = 'string' THEN {text} END",
    FieldType.NUMBER: (
        "CASE WHEN jsonb_typeof({value}) = 'number' THEN CASE WHEN ({value})::numeric "
        + NUMBER_LIMITS
        + " THEN ({value})::double precision END END"
    ),
    FieldType.DATE: (
        "CASE WHEN jsonb_typeof({value}) = 'string' THEN"
        " CASE WHEN {text} ~ '^(?!0000)[0-9]{{4}}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'"
        " THEN (jsonb_path_query_first({value}, '$.datetime(\"YYYY-MM-DD\")', '{{}}', true)"
        " #>> '{{}}')::date END END"
    ),
    FieldType.BOOLEAN: "CASE WHEN jsonb_typeof({value}) = 'boolean' THEN ({value})::boolean END",
}
SQLITE = {
    FieldType.TEXT: "CASE WHEN {type} = 'text' THEN {value} END",
    FieldType.NUMBER: (
        "CASE WHEN {type} IN ('integer', 'real') AND {value} " + NUMBER_LIMITS + " THEN {value} END"
    ),
    FieldType.DATE: (
        "CASE WHEN {type} = 'text' AND date({value}, '+0 days') = {value} AND {value} >= '0001'"
        " THEN {value} END"
    ),
    FieldType.BOOLEAN: "CASE WHEN {type} IN ('true', 'false') THEN {value} END",
}
OUTPUT: "dict[FieldType, type[ModelField[Any, Any]]]" = {
    FieldType.TEXT: TextField,
    FieldType.NUMBER: FloatField,
    FieldType.DATE: DateField,
    FieldType.BOOLEAN: BooleanField,
}
SAME_AS = {
    FieldType.CHOICE: FieldType.TEXT,
    FieldType.LEVEL: FieldType.TEXT,
    FieldType.MONEY: FieldType.NUMBER,
}


class AttributeValue(Func):
    """The value under ``key`` of a JSON object column, or null if it is missing or of another type."""

    arity = 1

    def __init__(self, column: str, key: str, kind: FieldType) -> None:
        super().__init__(F(column), output_field=OUTPUT[kind]())
        self.key, self.kind = key, kind

    def as_postgresql(
        self, compiler: Any, connection: BaseDatabaseWrapper, **_context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """``jsonb_typeof`` decides before anything is cast."""
        column, params = compiler.compile(self.source_expressions[0])
        parts = {"value": f"({column} -> '{self.key}')", "text": f"({column} ->> '{self.key}')"}
        return _filled(POSTGRESQL[self.kind], parts, tuple(params))

    def as_sqlite(
        self, compiler: Any, connection: BaseDatabaseWrapper, **_context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """``json_type`` decides before anything is compared."""
        column, params = compiler.compile(self.source_expressions[0])
        path = f"""'$."{self.key}"'"""
        parts = {"value": f"json_extract({column}, {path})", "type": f"json_type({column}, {path})"}
        return _filled(SQLITE[self.kind], parts, tuple(params))


def _filled(template: str, parts: dict[str, str], params: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    times = sum(template.count(f"{{{name}}}") for name in parts)
    return template.format(**parts), params * times


def attribute_expression(column: str, key: str, kind: FieldType) -> AttributeValue:
    """The value of type ``kind`` under ``key`` in the JSON object ``column`` (an ORM path from Lead).

    ``key`` is a slug: it becomes part of the SQL text, so anything else is a ValueError. Conditions on
    text need a column of folded values. Moments aren't kept in JSON: ValueError.
    """
    if not SLUG.fullmatch(key):
        raise ValueError(f"{key!r} is no slug of a custom field: use a-z, 0-9 and single _.")
    kind = SAME_AS.get(kind, kind)
    if kind not in OUTPUT:
        raise ValueError(f"A custom field can't be a {kind}.")
    return AttributeValue(column, key, kind)
