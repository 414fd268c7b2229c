"""The whole statement: the passes, a branch for each version, and leads in no scope; its text is kept.

A version never changes and its text is kept per process and day, for as long as the custom fields that it
asks for stay as they are: parameters that change with the moment or the leads are slots, filled in when
it runs.
"""

import threading
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

from django.db import connection

from alignment.spec import VersionSpec
from leads.days import day_number
from rules.fields import registry
from rules.nodes import fields_in
from scoring.engine.activities import Measure
from scoring.engine.branch import trees_of
from scoring.engine.dialect import among, id_list, moment
from scoring.engine.plan import Plan
from scoring.engine.text import Slot, Sql, glue

KEPT = 32


class Choice(StrEnum):
    """Which leads are judged: a range of ids or a list."""

    RANGE = "range"
    LIST = "list"


SELECTIONS = {
    Choice.RANGE: lambda: Sql("{id} BETWEEN %s AND %s", (Slot.LOW, Slot.HIGH)),
    Choice.LIST: lambda: among("{id}", Slot.IDS),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """``WITH {tables}`` and for each side the SELECT of its judged columns (``branch.STORED``)."""

    tables: Sql
    selects: tuple[Sql, ...]

    @property
    def select(self) -> Sql:
        """Of the only side; ValueError if there are two."""
        (select,) = self.selects
        return select

    @property
    def whole(self) -> Sql:
        """The only side, as one query."""
        return glue("WITH {tables} {select}", tables=self.tables, select=self.select)


@dataclass(frozen=True, slots=True)
class Leads:
    """The leads to judge: all from ``low`` to ``high``, or those in ``ids``."""

    low: int = 0
    high: int = 0
    ids: Collection[int] | None = None

    @property
    def choice(self) -> Choice:
        """How they are named."""
        return Choice.RANGE if self.ids is None else Choice.LIST

    def slots(self) -> dict[Slot, object]:
        """What to fill in."""
        if self.ids is None:
            return {Slot.LOW: self.low, Slot.HIGH: self.high}
        return {Slot.IDS: id_list(self.ids)}


def slots_of(now: datetime, zone: ZoneInfo, leads: Leads) -> dict[Slot, object]:
    """The values for a run at ``now`` (aware) over ``leads``."""
    slots = {Slot.TODAY: day_number(now, zone), Slot.NOW: moment(now), Slot.EPOCH: int(now.timestamp())}
    return {**slots, **leads.slots()}


def statement(specs: Sequence[VersionSpec], choice: Choice, now: datetime, zone: ZoneInfo) -> Statement:
    """The statement for these versions in their order, good for the whole day of ``now`` in ``zone``."""
    return side_by_side([specs], choice, now, zone)


def side_by_side(
    sides: Sequence[Sequence[VersionSpec]], choice: Choice, now: datetime, zone: ZoneInfo
) -> Statement:
    """As ``statement`` for each side's versions, with passes that all sides share."""
    return _daily(
        choice.value, sides, now, zone, lambda at: statement_of(Plan(sides, SELECTIONS[choice](), at, zone))
    )


Text = TypeVar("Text")


def _daily(
    name: str,
    sides: Sequence[Sequence[VersionSpec]],
    now: datetime,
    zone: ZoneInfo,
    build: Callable[[datetime], Text],
) -> Text:
    """What ``build`` makes of ``now``, kept for the day unless a condition goes by the hour."""
    specs = [spec for side in sides for spec in side]
    versions = tuple(map(tuple, sides))
    key = (name, connection.vendor, versions, zone.key, day_number(now, zone), _edition(specs))
    with _lock:
        if key in _kept:
            return cast("Text", _kept[key])
    found = build(now)
    midnight = datetime.combine(now.astimezone(zone).date(), time.min, tzinfo=zone)
    if found == build(midnight):
        with _lock:
            while len(_kept) >= KEPT:
                _kept.pop(next(iter(_kept)))
            _kept[key] = found
    return found


def _edition(specs: Sequence[VersionSpec]) -> Hashable:
    """What the custom fields are, if a condition asks for one: the same condition may mean other SQL then."""
    keys = {key for spec in specs for tree in trees_of(spec) for key in fields_in(tree)}
    return registry.edition() if any(map(registry.is_provided, keys)) else None


_kept: dict[tuple[object, ...], object] = {}
_lock = threading.Lock()


def statement_of(plan: Plan) -> Statement:
    """The whole statement of a plan."""
    return Statement(plan.tables(), tuple(map(plan.select, plan.sides)))


Explained = tuple[VersionSpec, Mapping[Measure, str], Sql]


def explained(specs: Sequence[VersionSpec], now: datetime, zone: ZoneInfo) -> list[Explained]:
    """For each version a query over a list of leads: the judged columns, then every column of the facts.

    The branches are those of ``statement``, with more columns; the first that has a row is the one
    that judges the lead. Beside it the names of the columns that count activities.
    """
    return _daily("explained", [specs], now, zone, lambda at: _explained(specs, at, zone))


def _explained(specs: Sequence[VersionSpec], now: datetime, zone: ZoneInfo) -> list[Explained]:
    plan = Plan([specs], SELECTIONS[Choice.LIST](), now, zone, is_explained=True)
    branches = plan.sides[0].branches
    queries = [
        glue(
            "WITH {tables} SELECT judged.*, facts.* FROM ({judged}) judged "
            "JOIN {facts} facts ON facts.lead_id = judged.lead_id",
            tables=plan.tables(),
            judged=branch.judged(),
            facts=f"facts_{branch.rank}",
        )
        for branch in branches
    ]
    names = plan.activities.names if plan.activities else {}
    return [(branch.spec, names, query) for branch, query in zip(branches, queries, strict=True)]
