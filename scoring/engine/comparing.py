"""Judging leads under two sets of versions in one statement: the same facts, the same moment, other rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from alignment.spec import VersionSpec
from scoring.engine.running import quiet
from scoring.engine.statement import Leads, side_by_side, slots_of
from scoring.engine.text import Slot, Sql, glue

COLUMNS = ("lead_id", "old_grade", "new_grade", "old_total", "new_total", "was_ready", "is_ready")


class Moved(NamedTuple):
    """What a lead is and what it would be; the columns of ``models.PreviewScore``."""

    lead_id: int
    old_grade: str | None
    new_grade: str | None
    old_total: int
    new_total: int
    was_ready: bool
    is_ready: bool

    @property
    def change(self) -> int:
        """In points."""
        return self.new_total - self.old_total

    @property
    def is_moved(self) -> bool:
        """Whether anything differs."""
        return bool(self.change) or self.old_grade != self.new_grade or self.was_ready != self.is_ready


@dataclass(frozen=True, slots=True)
class Comparer:
    """Two sets of versions, each in its order, at one moment.

    Both sides are judged: held against the stored scores, what time alone did since they were refreshed
    would look like the work of the new rules. Without ``old`` versions everybody comes from no grade.
    """

    old: Sequence[VersionSpec]
    new: Sequence[VersionSpec]
    now: datetime
    zone: ZoneInfo

    def compare(self, leads: Leads) -> list[Moved]:
        """Each of the leads that exists, in their order; nothing is written."""
        query = glue("{compared} ORDER BY 1", compared=self._compared(leads))
        with connection.cursor() as cursor:
            quiet(cursor)
            cursor.execute(*query.bind(self._slots(leads)))
            rows = cursor.fetchall()
        return [Moved._make((*row[:-2], *map(bool, row[-2:]))) for row in rows]  # SQLite has 0 and 1

    def fill(self, preview: int, leads: Leads) -> int:
        """Write them as rows of ``preview``, which has none of them yet; gives how many."""
        query = glue(
            "INSERT INTO scoring_previewscore (preview_id, {columns}) SELECT {preview}, moved.* "
            "FROM ({compared}) moved ORDER BY moved.lead_id",
            columns=", ".join(COLUMNS),
            preview=Sql("%s", (preview,)),
            compared=self._compared(leads),
        )
        with connection.cursor() as cursor:
            quiet(cursor)
            cursor.execute(*query.bind(self._slots(leads)))
            return int(cursor.rowcount)

    def _compared(self, leads: Leads) -> Sql:
        """A row for each lead. Each side has one: they are put together by grouping, as a join of two such
        queries, whose sizes the planner can't know, may end in a loop over both."""
        both = side_by_side([self.old, self.new], leads.choice, self.now, self.zone)
        return glue(
            "WITH {tables} SELECT lead_id, MAX(old_grade) AS old_grade, MAX(new_grade) AS new_grade, "
            "COALESCE(MAX(old_total), 0) AS old_total, COALESCE(MAX(new_total), 0) AS new_total, "
            "COALESCE(MAX(old_gate) = 0, FALSE) AS was_ready, COALESCE(MAX(new_gate) = 0, FALSE) AS is_ready "
            "FROM (SELECT lead_id, grade AS old_grade, total AS old_total, gate AS old_gate, "
            "NULL AS new_grade, NULL AS new_total, NULL AS new_gate FROM ({old}) old_side UNION ALL "
            "SELECT lead_id, NULL, NULL, NULL, grade, total, gate FROM ({new}) new_side) sides "
            "GROUP BY lead_id",
            tables=both.tables,
            old=both.selects[0],
            new=both.selects[1],
        )

    def _slots(self, leads: Leads) -> dict[Slot, object]:
        return slots_of(self.now, self.zone, leads)
