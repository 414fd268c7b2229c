"""Judging a lead as it would be after each of many steps, in one statement that writes nothing.

The statement is the engine's own, text and all. Before it stand tables of the names that it reads, which
take the place of the real ones inside it: ``leads_lead`` holds a row for each try, numbered from 0,
``leads_company`` a company for each, and every table that hangs on a lead holds the lead's own rows once
for each try, besides what the try adds. So companies are joined and answers and activities are counted as
they always are; there is nothing to roll back, nothing to lock and nothing that anybody else could see.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import DecimalField, Field, ForeignKey, Model

from alignment.spec import VersionSpec
from leads.models import KIND_CODES, Activity, Company, Lead
from rules.nodes import fields_in
from scoring.engine.branch import trees_of
from scoring.engine.dialect import is_postgres
from scoring.engine.running import Judged, quiet
from scoring.engine.statement import Leads, Statement, slots_of, statement
from scoring.engine.text import Sql, glue, join
from scoring.steps.parts import Parts
from scoring.steps.tries import Row, Tries, columns_of
from scoring.trying import matches_in


def judge_tries(
    specs: Sequence[VersionSpec],
    lead: Lead,
    tries: Sequence[Parts],
    *,
    now: datetime,
    zone: ZoneInfo,
    currency: str,
) -> list[Judged | None]:
    """What ``lead`` (with its company) would be after each of ``tries``; an empty one leaves it as it is.

    None where the facts can't be written. One query; ``lead_id`` is the number of the try.
    """
    rows = Tries(lead, now, zone, currency)
    numbers = Leads(ids=[number for number, parts in enumerate(tries) if rows.add(number, parts)])
    engine = statement(specs, numbers.choice, now, zone)
    query = glue(
        "WITH {tries}, {tables} {select}",
        tries=join(", ", _tables(rows, engine, _asked(specs))),
        tables=engine.tables,
        select=engine.select,
    )
    # On SQLite a transaction would keep writers waiting, and there is nothing to set.
    with transaction.atomic() if is_postgres() else nullcontext(), connection.cursor() as cursor:
        quiet(cursor)
        cursor.execute(*query.bind(slots_of(now, zone, numbers)))
        found = {row[0]: Judged(*row) for row in cursor.fetchall()}
    return [found.get(number) for number in range(len(tries))]


def _tables(rows: Tries, engine: Statement, asked: Sql) -> Iterator[Sql]:
    """What takes the place of the real tables, by the same names."""
    yield glue("leads_lead AS ({rows})", rows=_listed(Lead, rows.leads))
    yield glue("leads_company AS ({rows})", rows=_listed(Company, rows.companies))
    text = engine.whole.text
    for model in _hanging_on_leads():
        if model._meta.db_table in text:
            own = _own(model, rows.lead, asked if model is Activity else Sql(""))
            added = rows.added.get(model)
            both = [own, _listed(model, added)] if added else [own]
            yield glue("{name} AS ({rows})", name=model._meta.db_table, rows=join(" UNION ALL ", both))


def _hanging_on_leads() -> "Iterator[type[Model]]":
    """Every model with rows of a lead."""
    for relation in Lead._meta.related_objects:
        if isinstance(relation.field, ForeignKey) and relation.field.column == "lead_id":
            yield relation.related_model


def _own(model: type[Model], lead: Lead, asked: Sql) -> Sql:
    """The lead's own rows, once for each try. Here the name still means the real table."""
    columns = ("tries.id AS lead_id" if name == "lead_id" else f"own.{name}" for name in _names(model))
    table = model._meta.db_table
    return glue(
        "SELECT {columns} FROM {table} own CROSS JOIN leads_lead tries WHERE own.lead_id = {lead}{asked}",
        columns=", ".join(columns),
        table=table if is_postgres() else f"main.{table}",  # SQLite would take it for the one being made
        lead=Sql("%s", (lead.pk,)),
        asked=asked,
    )


def _listed(model: type[Model], rows: Sequence[Row]) -> Sql:
    """Rows as a query with the columns of ``model`` and their types."""
    listed = (json.dumps(rows),)
    if is_postgres():
        columns, table = ", ".join(_names(model)), model._meta.db_table
        return Sql(f"SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)", listed)  # noqa: S608 - names of ours
    picked = ", ".join(map(_extracted, columns_of(model)))
    return Sql(f"SELECT {picked} FROM json_each(%s)", listed)  # noqa: S608 - as above


def _extracted(column: "Field[Any, Any]") -> str:
    value = f"json_extract(value, '$.{column.column}')"
    number = f"CAST({value} AS NUMERIC)" if isinstance(column, DecimalField) else value
    return f"{number} AS {column.column}"


def _names(model: type[Model]) -> list[str]:
    return [str(each.column) for each in columns_of(model)]


def _asked(specs: Sequence[VersionSpec]) -> Sql:
    """Which activities can matter: those of a kind that any version asks about."""
    keys = {key for spec in specs for tree in trees_of(spec) for key in fields_in(tree)}
    if any(key.startswith("activity.") for key in keys):
        return Sql("")
    kinds = {KIND_CODES[kind] for match in matches_in(specs) for kind in match.kinds}
    return Sql(f" AND own.kind IN ({', '.join(map(str, sorted(kinds))) or 'NULL'})")
