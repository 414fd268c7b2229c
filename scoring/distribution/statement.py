"""One statement that counts the live base by every axis and grade; its columns are those of the lead list.

Grade, points and readiness are asked of the registry: what is counted is what the list filters by.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models.expressions import Combinable

from leads.models import Lead
from rules.compile import prepare
from rules.context import Context
from rules.fields import registry
from scoring.distribution.axes import AXES, BIN, LAST_BIN
from scoring.distribution.models import GradeCount
from scoring.engine.dialect import is_postgres
from scoring.engine.orm import Parts, take_apart
from scoring.engine.running import quiet
from scoring.engine.text import Sql, glue, join

TOP = 20
"""Groups of an axis that are named; the others are counted together."""
UNJUDGED = "?"
POINTS = "points"
SCORE = {"grade": "score.grade", "total": "score.total", "ready": "score.is_ready"}


@dataclass(frozen=True, slots=True)
class Line:
    """As ``models.GradeCountLine``, which says what it means."""

    axis: str
    key: str
    label: str
    is_rest: bool
    grade: str
    leads: int
    points: int
    ready: int


BASE = """
SELECT {keys}, {labels},
  CASE WHEN {grade} IS NOT NULL THEN {grade} WHEN {total} IS NULL THEN '?' ELSE '' END AS grade,
  CASE WHEN {grade} IS NOT NULL THEN {total} ELSE 0 END AS points,
  CASE WHEN {ready} THEN 1 ELSE 0 END AS ready,
  COALESCE(first_touch.campaign_id, 0) AS campaign,
  CASE WHEN {grade} IS NULL THEN -1 WHEN {total} >= {last} THEN {last}
    ELSE {total} / {bin} * {bin} END AS points_bin
FROM {source} LEFT JOIN first_touch ON first_touch.lead_id = leads_lead.id
"""
# The first touch of every lead in one pass: the list's subquery, asked a million times, takes much longer.
COUNTED = """
first_touch AS (
  SELECT lead_id, campaign_id FROM (
    SELECT lead_id, campaign_id, ROW_NUMBER() OVER (PARTITION BY lead_id ORDER BY at, id) AS place
    FROM leads_touch) touches
  WHERE place = 1),
base AS MATERIALIZED ({base}),
grouped AS ({groups}),
sizes AS (SELECT axis, key, SUM(leads) AS leads FROM grouped WHERE key <> '' GROUP BY axis, key),
ranked AS (
  SELECT axis, key, ROW_NUMBER() OVER (PARTITION BY axis ORDER BY leads DESC, key {binary}) > {top} AS is_rest
  FROM sizes)
"""
SELECT = """
SELECT {first} grouped.axis, CASE WHEN is_rest THEN '' ELSE grouped.key END AS named,
  MIN(CASE WHEN is_rest THEN '' ELSE label END), COALESCE(is_rest, FALSE) AS folded, grade,
  CAST(SUM(leads) AS bigint), CAST(SUM(points) AS bigint), CAST(SUM(ready) AS bigint)
FROM grouped LEFT JOIN ranked ON ranked.axis = grouped.axis AND ranked.key = grouped.key
WHERE 1 = 1
GROUP BY grouped.axis, CASE WHEN is_rest THEN '' ELSE grouped.key END, COALESCE(is_rest, FALSE), grade
"""
GROUP = """
SELECT '{axis}' AS axis, {key} AS key, {label} AS label, grade, COUNT(*) AS leads, SUM(points) AS points,
  SUM(ready) AS ready
FROM base GROUP BY {column}, grade
"""


def lines_of(now: datetime, zone: ZoneInfo) -> list[Line]:
    """Count now; nothing is written."""
    tables, select = _query(now, zone, Sql(""))
    query = glue("WITH {tables} {select}", tables=tables, select=select)
    with transaction.atomic(), connection.cursor() as cursor:
        quiet(cursor)
        cursor.execute(*query.bind({}))
        return [_line(*row) for row in cursor.fetchall()]


def write_lines(count: GradeCount, now: datetime, zone: ZoneInfo) -> int:
    """Count and store, without a row leaving the database; gives how many lines. In a transaction."""
    tables, select = _query(now, zone, Sql("CAST(%s AS bigint),", (count.pk,)))
    query = glue(
        "INSERT INTO scoring_gradecountline "
        "(count_id, axis, key, label, is_rest, grade, leads, points, ready) WITH {tables} {select}",
        tables=tables,
        select=select,
    )
    with connection.cursor() as cursor:
        quiet(cursor)
        cursor.execute(*query.bind({}))
        return int(cursor.rowcount)


def _line(  # noqa: PLR0913 - the columns of the statement
    axis: str, key: str, label: str, is_rest: object, grade: str, leads: int, points: int, ready: int
) -> Line:
    return Line(axis, key, label, bool(is_rest), grade, leads, points, ready)


def _query(now: datetime, zone: ZoneInfo, first: Sql) -> tuple[Sql, Sql]:
    parts = _parts(Context(now, zone))
    tables = glue(
        COUNTED,
        base=_base(parts),
        groups=join(" UNION ALL ", [*map(_group, AXES), _bins()]),
        binary='COLLATE "C"' if is_postgres() else "COLLATE BINARY",
        top=Sql("%s", (TOP,)),
    )
    return tables, glue(SELECT, first=first)


def _parts(ctx: Context) -> Parts:
    """The columns of the list, and those of the axes, over all leads."""
    fields = [registry.get(each) for each in (*SCORE.values(), *(axis.field for axis in AXES.values()))]
    columns: dict[str, Combinable] = {name: registry.get(key).value(ctx) for name, key in SCORE.items()}
    for axis in AXES.values():
        if axis.column is not None:
            columns[f"key_{axis.key}"] = axis.column(ctx)
        if axis.label is not None:
            columns[f"label_{axis.key}"] = axis.label(ctx)
    return take_apart(prepare(Lead.objects.all(), fields, ctx), columns)


def _base(parts: Parts) -> Sql:
    def named(prefix: str) -> Sql:
        columns = {name: each for name, each in parts.columns.items() if name.startswith(prefix)}
        return join(", ", [glue(f"{{column}} AS {name}", column=each) for name, each in columns.items()])

    return glue(
        BASE,
        keys=named("key_"),
        labels=named("label_"),
        grade=parts.columns["grade"],
        total=parts.columns["total"],
        ready=parts.columns["ready"],
        source=parts.source,
        last=str(LAST_BIN),
        bin=str(BIN),
    )


def _group(key: str) -> Sql:
    axis = AXES[key]
    if axis.column is None:
        text = "CASE WHEN campaign = 0 THEN '' ELSE CAST(campaign AS varchar) END"
        return glue(GROUP, axis=key, key=text, label="''", column="campaign")
    column = f"key_{key}"
    label = f"COALESCE(MIN(label_{key}), '')" if axis.label is not None else "''"
    return glue(GROUP, axis=key, key=f"COALESCE(CAST({column} AS varchar), '')", label=label, column=column)


def _bins() -> Sql:
    text = "CASE WHEN points_bin < 0 THEN '' ELSE CAST(points_bin AS varchar) END"
    return glue(GROUP, axis=POINTS, key=text, label="''", column="points_bin")
