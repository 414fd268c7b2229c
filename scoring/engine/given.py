"""Judging what was: leads at a moment of the past, on the facts stored then, by the same statement.

Each lead is judged at its own moment. Activities and BANT answers are never changed, so they are taken
as of then; all other facts as ``scoring.facts.facts_of`` stored them then, and as they are today where
nothing was stored. Grades set by hand are no rule and don't count. Relative dates go by the day, so the
leads of one day share the text of a statement.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from alignment.spec import VersionSpec
from leads.days import day_number
from rules.fields import Field, registry
from rules.nodes import fields_in
from scoring.engine import answers, stored
from scoring.engine.branch import BANT, trees_of
from scoring.engine.dialect import is_postgres
from scoring.engine.plan import Plan
from scoring.engine.running import Judged, quiet
from scoring.engine.statement import SELECTIONS, Choice, Leads, slots_of, statement_of
from scoring.engine.text import Slot, Sql

CHUNK = 1_000
"""Leads in one statement: a moment's work, so that nobody waits for it."""


@dataclass(frozen=True, slots=True)
class Past:
    """A lead at ``at`` (aware), with the facts stored then; None or empty where none were.

    ``id`` is the caller's own. Of the rows of one moment each is another lead.
    """

    id: int
    lead_id: int
    at: dt.datetime
    facts: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the versions say of a row; ``is_stored`` is False where facts of today had to do."""

    id: int
    judged: Judged
    is_stored: bool


Missing = frozenset[str]
Read = tuple[Past, dict[str, object]]


class PastJudge:
    """Versions in their order, judging the past; days begin in ``zone``, the company's.

    RuleError if a condition asks for a field that isn't there any more.
    """

    def __init__(self, specs: Sequence[VersionSpec], zone: ZoneInfo) -> None:
        self.specs = tuple(specs)
        self.zone = zone
        asked = [key for spec in specs for tree in trees_of(spec) for key in fields_in(tree)]
        keys = dict.fromkeys([*stored.BANT_FIELDS, *asked])
        self.fields = [registry.get(key) for key in keys]
        self.wanted = answers.wanted(keys) | {(each, answers.LEVEL) for each in BANT}

    def judge(self, rows: Iterable[Past]) -> Iterator[Verdict]:
        """The verdict on each row whose lead is still there, the oldest first; nothing is written."""
        days: dict[tuple[int, Missing], list[Read]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: (row.at, row.id)):
            values, missing = stored.read(row.facts or {}, self.fields)
            days[day_number(row.at, self.zone), missing].append((row, values))
        for (_day, missing), found in days.items():
            query = self._compiled(found[0][0].at, missing)
            for chunk in _by_moment(found):
                yield from self._run(query, chunk, is_stored=not missing)

    def _compiled(self, at: dt.datetime, missing: Missing) -> Sql:
        """The statement for the day of ``at``; the fields in ``missing`` are read from the leads."""
        selection = SELECTIONS[Choice.LIST]()
        known = self._known(missing, selection)
        plan = Plan([self.specs], selection, at, self.zone, known=known, takes_overrides=False)
        return statement_of(plan).whole

    def _known(self, missing: Missing, selection: Sql) -> answers.Known:
        fields: list[Field] = [field for field in self.fields if field.key not in missing]
        if fields:
            return stored.known(fields)
        return answers.Known(answers.answer_pass(self.wanted, selection, is_past=True), {})

    def _run(self, query: Sql, chunk: Sequence[Read], *, is_stored: bool) -> Iterator[Verdict]:
        ids = {row.lead_id: row.id for row, _values in chunk}
        facts = json.dumps([{"lead_id": row.lead_id, **values} for row, values in chunk])
        slots = slots_of(chunk[0][0].at, self.zone, Leads(ids=ids)) | {Slot.FACTS: facts}
        # On SQLite a transaction would keep writers waiting, and there is nothing to set.
        with transaction.atomic() if is_postgres() else nullcontext(), connection.cursor() as cursor:
            quiet(cursor)
            cursor.execute(*query.bind(slots))
            found = [Judged(*row) for row in cursor.fetchall()]
        for judged in found:
            yield Verdict(ids[judged.lead_id], judged, is_stored)


def _by_moment(rows: Sequence[Read]) -> Iterator[list[Read]]:
    """Rows of one moment together, at most ``CHUNK``; they are in the order of time."""
    chunk: list[Read] = []
    for row in rows:
        if chunk and (row[0].at != chunk[0][0].at or len(chunk) == CHUNK):
            yield chunk
            chunk = []
        chunk.append(row)
    if chunk:
        yield chunk
