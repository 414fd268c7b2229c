"""The latest unexpired BANT answer of each dimension, in one grouped pass."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, CharField, DateField, DecimalField, Field

from leads.models import BantDimension
from scoring.engine.dialect import first_of_each
from scoring.engine.text import Column, Slot, Sql, glue, join

LEVEL = "level"
KINDS: Mapping[str, tuple[str, "Field[Any, Any]"]] = {
    "level": ("level", BigIntegerField()),
    "amount": ("amount_reporting", DecimalField(max_digits=18, decimal_places=2)),
    "source": ("source", CharField(max_length=10)),
    "purchase_on": ("purchase_on", DateField()),
}
"""What a field ``bant.<dimension>.<what>`` reads, by its last part."""

Wanted = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """What takes the place of the answers of today: ``answers AS (...)`` with the same columns, and
    further columns of it by what they stand for in a condition (``Context.given``)."""

    table: Sql
    columns: Mapping[object, Column]


def wanted(keys: Iterable[str]) -> set[Wanted]:
    """The (dimension, column) that fields with these keys ask for, as far as this pass has them."""
    parts = (key.split(".") for key in keys if key.startswith("bant."))
    known = (part for part in parts if len(part) == 3 and part[2] in KINDS)
    return {(part[1], KINDS[part[2]][0]) for part in known if part[1] in BantDimension.values}


def wanted_by(key: str) -> Wanted | None:
    """The dimension and the column of an answer that a field asks for; None if it asks for something else."""
    return next(iter(wanted([key])), None)


def given(every: Iterable[Wanted]) -> dict[object, Column]:
    """The columns of the pass by the key of the field that they stand for."""
    named = {(dimension, column) for dimension, column in every}
    return {
        f"bant.{dimension}.{what}": Column(name_of(dimension, column), output)
        for dimension in BantDimension.values
        for what, (column, output) in KINDS.items()
        if (dimension, column) in named
    }


def name_of(dimension: str, column: str = LEVEL) -> str:
    """The column of the pass, null where there is no answer."""
    return f"answers.{dimension}_{column}"


def answer_pass(every: Iterable[Wanted], selection: Sql, *, is_past: bool = False) -> Sql:
    """The answers of the chosen leads, a row for each lead that has one. ``selection`` is on ``{id}``.

    ``is_past`` leaves out what was said after the moment. Judging now takes every row that is there: it
    may have been written a moment after a worker looked at its clock.
    """
    columns = sorted(every)
    picked = [
        Sql(f"MAX(CASE WHEN dimension = %s THEN {column} END) AS {dimension}_{column}", (dimension,))
        for dimension, column in columns
    ]
    rows = glue(
        "FROM leads_bantanswer WHERE {chosen} AND expires_at > {now}{past}",
        chosen=selection.on("leads_bantanswer.lead_id"),
        now=Sql("%s", (Slot.NOW,)),
        past=Sql(" AND at <= %s", (Slot.NOW,)) if is_past else "",
    )
    asked = ", ".join(["lead_id", "dimension", *sorted({column for _dimension, column in columns})])
    return glue(
        "answers AS (SELECT lead_id, {picked} FROM ({latest}) latest GROUP BY lead_id)",
        picked=join(", ", picked),
        latest=first_of_each("lead_id, dimension", "at DESC, id DESC", asked, rows),
    )
