"""What is known of a lead where the version that judges it looks: the row of its explanation, by name."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from alignment.spec import CriterionSpec, VersionSpec
from leads.models import BantAnswer, BantDimension, BantLevel, Lead
from leads.querysets import answers_that_count
from rules.nodes import ActivityCount
from scoring.engine.activities import Measure, measure_of_count
from scoring.engine.branch import value_name
from scoring.engine.dialect import is_postgres
from scoring.engine.running import quiet
from scoring.engine.statement import Leads, explained, slots_of


@dataclass(frozen=True, slots=True)
class Known:
    """The lead under ``spec``, the version in whose scope it is; ``answers`` are those that count."""

    spec: VersionSpec
    lead: Lead
    now: datetime
    zone: ZoneInfo
    row: Mapping[str, Any]
    names: Mapping[Measure, str]
    answers: Mapping[str, BantAnswer] = field(default_factory=dict)

    def is_unknown(self, key: str) -> bool:
        """Whether a fact that the version asks for is not there."""
        return self.row[value_name(key)] in (None, "")

    def has(self, key: str) -> bool:
        """Whether the lead has a phone number or an e-mail address, by the key of the field."""
        return bool(getattr(self.lead, key.removeprefix("lead.")))

    def points(self, criterion: CriterionSpec) -> int:
        """What the criterion gives now."""
        return int(self.row[f"c{criterion.id}"])

    def count(self, node: ActivityCount) -> int:
        """How many activities a condition finds."""
        return int(self.row[f"n_{self.names[measure_of_count(node)]}"])

    def level(self, dimension: BantDimension) -> BantLevel:
        """How far it is met, by an answer or inferred."""
        place = list(BantDimension).index(dimension)
        return BantLevel(int(self.row["bant"]) >> 2 * place & 3)

    @property
    def disqualified_by(self) -> list[str]:
        """The labels of what forces D."""
        return [each.label for place, each in enumerate(self.spec.disqualifiers) if self.row[f"d{place}"]]

    @property
    def is_by_hand(self) -> bool:
        """Whether somebody set the grade."""
        return self.row.get("override_id") is not None


def known_of(specs: Sequence[VersionSpec], lead: Lead, *, now: datetime, zone: ZoneInfo) -> Known | None:
    """The lead under the version that judges it; None in no scope. A query for each version, and one."""
    slots = slots_of(now, zone, Leads(ids=[lead.pk]))
    for spec, names, query in explained(specs, now, zone):
        with transaction.atomic() if is_postgres() else nullcontext(), connection.cursor() as cursor:
            quiet(cursor)
            cursor.execute(*query.bind(slots))
            rows = cursor.fetchall()
            columns = [column[0] for column in cursor.description]
        if rows:
            row = dict(zip(columns, rows[0], strict=True))
            return Known(spec, lead, now, zone, row, names, answers_that_count([lead.pk], now=now)[lead.pk])
    return None
