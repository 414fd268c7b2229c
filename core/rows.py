"""Inserting many plain rows: by COPY on PostgreSQL, which takes a fraction of the time of objects."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models

from core.fields import CodedField


def insert_rows(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert ``rows``: tuples with a value for each column of ``model`` in ``names``, in this order.

    Values are numbers, text without null characters, or None; the columns are all but the id. No object
    is made: what ``save`` or a field would fill in has to be there, folded text too. ValueError for a word
    that a coded column lacks, IntegrityError on a conflict; a repeat inserts again. Without rows nothing is
    asked of the database.
    """
    if not rows:
        return
    fields = [model._meta.get_field(name) for name in names]
    columns = [str(field.column) for field in fields]  # type: ignore[union-attr]  # no relation without one
    coded = {place: field for place, field in enumerate(fields) if isinstance(field, CodedField)}
    if coded:
        rows = [_stored(row, coded) for row in rows]
    if connection.vendor == "postgresql":
        texts = [
            column
            for field, column in zip(fields, columns, strict=True)
            if isinstance(field, models.CharField | models.TextField) and not field.null
        ]
        _copy(model._meta.db_table, columns, texts, rows)
    else:
        _insert(model._meta.db_table, columns, rows)


def _stored(row: Sequence[Any], coded: Mapping[int, CodedField]) -> list[Any]:
    values = list(row)
    for place, field in coded.items():
        values[place] = field.get_prep_value(values[place])
    return values


def _copy(table: str, columns: list[str], texts: list[str], rows: Sequence[Sequence[Any]]) -> None:
    """CSV writes None and "" alike: ``texts`` are the columns in which it means ""."""
    content = io.StringIO()
    csv.writer(content).writerows(rows)
    content.seek(0)
    options = f", FORCE_NOT_NULL ({_names(texts)})" if texts else ""
    statement = f"COPY {_names([table])} ({_names(columns)}) FROM STDIN WITH (FORMAT csv{options})"
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(statement, content)


def _insert(table: str, columns: list[str], rows: Sequence[Sequence[Any]]) -> None:
    places = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {_names([table])} ({_names(columns)}) VALUES ({places})",  # noqa: S608 - our names
            rows,
        )


def _names(names: Iterable[str]) -> str:
    return ", ".join(connection.ops.quote_name(name) for name in names)
