"""Facts as a decision stored them, as columns of a statement: typed, and refused where they don't fit."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    DecimalField,
    FloatField,
)
from django.db.models import Field as ModelField

from core.text import fold
from rules.context import Folded
from rules.fields import Field, FieldType
from scoring.engine.answers import KINDS, Known
from scoring.engine.dialect import is_postgres, moment
from scoring.engine.text import Column, Slot, Sql

FOLDED_SIZE = 400
"""As long as the folded columns are that conditions compare on the leads of today."""
BANT_FIELDS = tuple(f"bant.{dimension}.level" for dimension in ("budget", "authority", "need", "timeframe"))


@dataclass(frozen=True, slots=True)
class Shape:
    """A type of fact: its column on PostgreSQL, what SQLite casts it to if it must, and its reading.

    ``read`` gives the value for JSON; ValueError, TypeError or ArithmeticError if it is of another type.
    """

    column: str
    cast: str
    output: "ModelField[Any, Any]"
    read: Callable[[Any], object]


def _text(raw: Any) -> object:
    if not isinstance(raw, str):
        raise TypeError(raw)
    return raw


def _number(raw: Any) -> object:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise TypeError(raw)
    return raw


def _money(raw: Any) -> object:
    return str(Decimal(raw if isinstance(raw, str) else str(_number(raw))))


def _whole(raw: Any) -> object:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise TypeError(raw)
    return raw


def _boolean(raw: Any) -> object:
    if not isinstance(raw, bool):
        raise TypeError(raw)
    return raw


def _date(raw: Any) -> object:
    return dt.date.fromisoformat(raw).isoformat()


def _moment(raw: Any) -> object:
    at = dt.datetime.fromisoformat(raw)
    return str(moment(at if at.tzinfo else at.replace(tzinfo=dt.UTC)))


TEXT = Shape("text", "", CharField(), _text)
WHOLE = Shape("bigint", "", BigIntegerField(), _whole)
SHAPES: Mapping[FieldType, Shape] = {
    FieldType.TEXT: TEXT,
    FieldType.CHOICE: TEXT,
    FieldType.LEVEL: TEXT,
    FieldType.NUMBER: Shape("double precision", "", FloatField(), _number),
    FieldType.MONEY: Shape("numeric", "NUMERIC", DecimalField(max_digits=18, decimal_places=2), _money),
    FieldType.DATE: Shape("date", "", DateField(), _date),
    FieldType.MOMENT: Shape("timestamptz", "", DateTimeField(), _moment),
    FieldType.BOOLEAN: Shape("boolean", "", BooleanField(), _boolean),
}


def shape_of(field: Field) -> Shape:
    """The shape of a field's facts; a choice that is stored as a number is one."""
    return WHOLE if field.stored else SHAPES[field.type]


def read(facts: Mapping[str, Any], fields: Sequence[Field]) -> tuple[dict[str, object], frozenset[str]]:
    """The values of ``fields`` by the names of their columns, and the keys that weren't stored.

    A fact of another type than its field has today counts as not stored. Without the four BANT levels
    nothing counts as stored: they were always written together.
    """
    values: dict[str, object] = {}
    missing = set()
    for field in fields:
        try:
            values |= _values(field, facts[field.key])
        except (KeyError, ValueError, TypeError, ArithmeticError):
            missing.add(field.key)
    if any(key.startswith("bant.") for key in missing):
        return {}, frozenset(field.key for field in fields)
    return values, frozenset(missing)


def known(fields: Sequence[Field]) -> Known:
    """The table of a list of ``read`` values (``Slot.FACTS``), each with its ``lead_id``."""
    columns: dict[str, Shape] = {}
    given: dict[object, Column] = {}
    for field in fields:
        name, shape = column_of(field.key), shape_of(field)
        columns[name] = shape
        given[field.key] = Column(f"answers.{name}", shape.output)
        if field.type is FieldType.TEXT:
            columns[f"{name}_folded"] = TEXT
            given[Folded(field.key)] = Column(f"answers.{name}_folded", TEXT.output)
    return Known(_table({"lead_id": WHOLE, **columns}), given)


def column_of(key: str) -> str:
    """The column of a field; a BANT answer's is the one that the pass over answers would give it."""
    first, *rest = key.split(".")
    if first == "bant" and rest[-1] in KINDS:
        return f"{rest[0]}_{KINDS[rest[-1]][0]}"
    return f"f_{key.replace('.', '__')}"


def _values(field: Field, raw: Any) -> dict[str, object]:
    name = column_of(field.key)
    value = None if raw is None else shape_of(field).read(raw)
    if field.type is not FieldType.TEXT:
        return {name: value}
    return {name: value, f"{name}_folded": None if value is None else fold(str(value))[:FOLDED_SIZE]}


def _table(columns: Mapping[str, Shape]) -> Sql:
    facts = (Slot.FACTS,)
    if is_postgres():
        typed = ", ".join(f"{name} {shape.column}" for name, shape in columns.items())
        return Sql(
            f"answers AS MATERIALIZED (SELECT * FROM jsonb_to_recordset(%s::jsonb) AS known({typed}))",  # noqa: S608 - names of fields, which are slugs
            facts,
        )
    picked = ", ".join(f"{_extracted(name, shape)} AS {name}" for name, shape in columns.items())
    return Sql(f"answers AS MATERIALIZED (SELECT {picked} FROM json_each(%s))", facts)  # noqa: S608 - as above


def _extracted(name: str, shape: Shape) -> str:
    value = f"json_extract(value, '$.{name}')"
    return f"CAST({value} AS {shape.cast})" if shape.cast else value
