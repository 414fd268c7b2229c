"""Running the statement: judge, judge and fill a generation, or find what a judgement would change."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import IntegrityError, connection, transaction

from alignment.spec import VersionSpec
from leads.days import day_number
from scoring.engine.branch import DIMENSIONS, STORED
from scoring.engine.dialect import is_postgres
from scoring.engine.statement import SELECTIONS, Leads, slots_of, statement
from scoring.engine.text import Slot, Sql, glue
from scoring.models import Score


class Judged(NamedTuple):
    """What a lead is worth; the fields of ``models.Score`` without generation and day."""

    lead_id: int
    version_id: int | None
    budget: int
    authority: int
    need: int
    timeframe: int
    fit: int
    engagement: int
    total: int
    grade: str | None
    bant: int
    gate: int

    @property
    def points(self) -> tuple[int, ...]:
        """The six dimensions in their order."""
        return tuple(getattr(self, each) for each in DIMENSIONS)

    @property
    def is_ready(self) -> bool:
        """Whether the gate misses nothing."""
        return self.gate == 0


class Change(NamedTuple):
    """A new judgement and the stored one; None if there is none yet."""

    new: Judged
    old: Judged | None


class Judge:
    """Versions in their order at one moment; each call is one statement."""

    def __init__(self, specs: Sequence[VersionSpec], now: datetime, zone: ZoneInfo) -> None:
        self.specs = tuple(specs)
        self.now = now
        self.zone = zone

    @property
    def today(self) -> int:
        """The day in the company's zone, as ``Score.as_of``."""
        return day_number(self.now, self.zone)

    def judge(self, leads: Leads) -> list[Judged]:
        """The judgement of each lead that exists; nothing is written."""
        query = statement(self.specs, leads.choice, self.now, self.zone).whole
        return [Judged(*row) for row in self._fetch(query, leads, 0)]

    def fill(self, generation: int, leads: Leads) -> int:
        """Write the leads of a range that ``generation`` lacks, in lead order; gives how many.

        A row that is there is newer than this statement's snapshot and stays. Runs in a transaction.
        """
        if not self._has_rows(generation, leads):
            try:
                with transaction.atomic():
                    return self._insert(generation, leads)
            except IntegrityError:
                pass  # a worker judged one of these leads meanwhile
        return self._insert(generation, leads, "ON CONFLICT (generation_id, lead_id) DO NOTHING")

    def _insert(self, generation: int, leads: Leads, otherwise: str = "") -> int:
        # Looking for conflicts costs half as much again as writing, so it is for ranges that have some.
        parts = statement(self.specs, leads.choice, self.now, self.zone)
        query = glue(
            "INSERT INTO scoring_score (generation_id, as_of, {stored}) WITH {tables} "
            "SELECT {generation}, {today}, {stored} FROM ({select}) judged WHERE 1 = 1 "
            "ORDER BY lead_id {otherwise}",
            stored=", ".join(STORED),
            tables=parts.tables,
            select=parts.select,
            generation=Sql("%s", (Slot.GENERATION,)),
            today=Sql("%s", (Slot.TODAY,)),
            otherwise=otherwise,
        )
        with connection.cursor() as cursor:
            quiet(cursor)
            cursor.execute(*query.bind(self._slots(leads, generation)))
            return int(cursor.rowcount)

    def _has_rows(self, generation: int, leads: Leads) -> bool:
        rows = Score.objects.filter(generation_id=generation, lead_id__gte=leads.low, lead_id__lte=leads.high)
        return rows.exists()

    def changes(self, generation: int, leads: Leads) -> list[Change]:
        """What judging now would change in ``generation``, in lead order; nothing is written."""
        parts = statement(self.specs, leads.choice, self.now, self.zone)
        compared = STORED[1:]
        query = glue(
            "WITH {tables} SELECT {new}, {old} FROM ({select}) judged LEFT JOIN scoring_score score "
            "ON score.generation_id = {generation} AND score.lead_id = judged.lead_id AND {chosen} "
            "WHERE score.lead_id IS NULL OR ({compared}) IS DISTINCT FROM ({stored}) ORDER BY 1",
            tables=parts.tables,
            new=", ".join(f"judged.{each}" for each in STORED),
            old=", ".join(f"score.{each}" for each in STORED),
            select=parts.select,
            generation=Sql("%s", (Slot.GENERATION,)),
            # Said again: the planner would read the scores of every lead.
            chosen=SELECTIONS[leads.choice]().on("score.lead_id"),
            compared=", ".join(f"judged.{each}" for each in compared),
            stored=", ".join(f"score.{each}" for each in compared),
        )
        width = len(STORED)
        return [
            Change(Judged(*row[:width]), None if row[width] is None else Judged(*row[width:]))
            for row in self._fetch(query, leads, generation)
        ]

    def _fetch(self, query: Sql, leads: Leads, generation: int) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            quiet(cursor)
            cursor.execute(*query.bind(self._slots(leads, generation)))
            return list(cursor.fetchall())

    def _slots(self, leads: Leads, generation: int) -> dict[Slot, object]:
        return {**slots_of(self.now, self.zone, leads), Slot.GENERATION: generation}


def quiet(cursor: object) -> None:
    """No just-in-time compiling for this transaction: it takes longer than the judging."""
    if is_postgres():
        cursor.execute("SET LOCAL jit = off")  # type: ignore[attr-defined]  # any database cursor
