"""The whole statement: the passes, a branch for each version, and leads in no scope.

A version never changes and its text is kept per process and day, for as long as the custom fields that it
asks for stay as they are: parameters that change with the moment or the leads are slots, filled in when
it runs.
"""

import threading
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

from django.db import connection

from alignment.spec import VersionSpec
from leads.days import day_number
from rules.compile import Context
from rules.fields import registry
from rules.nodes import ActivityCount, Node, fields_in
from scoring.engine import answers
from scoring.engine.activities import Measure, Pass, activity_pass, measure_of_count
from scoring.engine.branch import BANT, Branch, counts_in, measures_of, outside, trees_of
from scoring.engine.dialect import among, fence, id_list, moment
from scoring.engine.overrides import override_pass
from scoring.engine.points import totals_of
from scoring.engine.text import Column, Slot, Sql, glue, join

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
    """``WITH {tables}`` and the SELECT of the judged columns (``branch.STORED``)."""

    tables: Sql
    select: Sql

    @property
    def whole(self) -> Sql:
        """Both, as one query."""
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
    return _daily(choice.value, specs, now, zone, lambda at: _compiled(specs, choice, at, zone))


Text = TypeVar("Text")


def _daily(
    name: str, specs: Sequence[VersionSpec], now: datetime, zone: ZoneInfo, build: Callable[[datetime], Text]
) -> Text:
    """What ``build`` makes of ``now``, kept for the day unless a condition goes by the hour."""
    key = (name, connection.vendor, tuple(specs), zone.key, day_number(now, zone), _edition(specs))
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


def _compiled(specs: Sequence[VersionSpec], choice: Choice, now: datetime, zone: ZoneInfo) -> Statement:
    return statement_of(Plan(specs, SELECTIONS[choice](), now, zone))


def statement_of(plan: "Plan") -> Statement:
    """The whole statement of a plan, with the leads that are in no scope."""
    selects = [branch.judged() for branch in plan.branches]
    if plan.is_open:
        selects.append(outside(plan.scopes, plan.ctx, plan.selection, plan.joins()))
    select = glue("SELECT * FROM ({union}) judged WHERE 1 = 1", union=join(" UNION ALL ", selects))
    return Statement(plan.tables(), select)


class Plan:
    """The versions with the passes that they share."""

    def __init__(
        self,
        specs: Sequence[VersionSpec],
        selection: Sql,
        now: datetime,
        zone: ZoneInfo,
        *,
        is_explained: bool = False,
        known: answers.Known | None = None,
        takes_overrides: bool = True,
    ) -> None:
        self.selection = selection
        self.takes_overrides = takes_overrides
        self.known = known
        reached = _reached(specs)
        self.scopes: tuple[Node, ...] = tuple(spec.scope for spec in reached if spec.scope is not None)
        self.is_open = len(self.scopes) == len(reached)
        bare = Context(now, zone)
        measures = [each for spec in reached for each in measures_of(spec, is_explained=is_explained)]
        yes_or_no = set() if is_explained else _yes_or_no(reached)
        totals = [each for rank, spec in enumerate(reached) for each in totals_of(spec, rank)]
        self.activities = activity_pass(
            measures, selection, bare, yes_or_no=yes_or_no, totals=[] if is_explained else totals
        )
        keys = {key for spec in reached for tree in trees_of(spec) for key in fields_in(tree)}
        self.wanted = answers.wanted(keys) | {(each, answers.LEVEL) for each in BANT}
        given: dict[object, Column] = dict(answers.given(self.wanted))
        given |= _counts(reached, self.activities)
        given |= known.columns if known else {}
        self.ctx = Context(now, zone, given=given)
        self.branches = [
            Branch(
                spec,
                rank,
                self.scopes[:rank],
                self.ctx,
                self.activities,
                selection,
                is_explained,
                takes_overrides,
            )
            for rank, spec in enumerate(reached)
        ]

    def joins(self) -> Sql:
        """The joins of the passes to ``leads_lead``."""
        answered = Sql(" LEFT JOIN answers ON answers.lead_id = leads_lead.id")
        return join("", [*([self.activities.joins()] if self.activities else []), answered])

    def tables(self) -> Sql:
        """Every common table expression."""
        tables = self.activities.tables() if self.activities else []
        tables.append(self.known.table if self.known else answers.answer_pass(self.wanted, self.selection))
        if self.takes_overrides:
            tables.append(override_pass(self.selection))
        for branch in self.branches:
            tables.append(glue("{name} AS ({facts})", name=f"facts_{branch.rank}", facts=branch.facts()))
            name = f"sums_{branch.rank}"
            tables.append(glue("{name} AS ({sums}{fence})", name=name, sums=branch.sums(), fence=fence()))
        return join(", ", tables)


def _reached(specs: Sequence[VersionSpec]) -> list[VersionSpec]:
    """The versions up to the first that takes every lead: the others are never asked."""
    reached = []
    for spec in specs:
        reached.append(spec)
        if spec.scope is None:
            break
    return reached


def _counts(specs: Sequence[VersionSpec], activities: Pass | None) -> dict[object, Column]:
    """The column of each question about activities, by its node."""
    if activities is None:
        return {}
    return {node: activities.asked(measure_of_count(node)) for node in _nodes(specs)}


def _yes_or_no(specs: Sequence[VersionSpec]) -> set[Measure]:
    """The counts of which no condition asks for more than one."""
    nodes = list(_nodes(specs))
    more = {measure_of_count(node) for node in nodes if node.at_least > 1}
    return {measure_of_count(node) for node in nodes} - more


def _nodes(specs: Sequence[VersionSpec]) -> Iterator[ActivityCount]:
    return (node for spec in specs for tree in trees_of(spec) for node in counts_in(tree))


Explained = tuple[VersionSpec, Mapping[Measure, str], Sql]


def explained(specs: Sequence[VersionSpec], now: datetime, zone: ZoneInfo) -> list[Explained]:
    """For each version a query over a list of leads: the judged columns, then every column of the facts.

    The branches are those of ``statement``, with more columns; the first that has a row is the one
    that judges the lead. Beside it the names of the columns that count activities.
    """
    return _daily("explained", specs, now, zone, lambda at: _explained(specs, at, zone))


def _explained(specs: Sequence[VersionSpec], now: datetime, zone: ZoneInfo) -> list[Explained]:
    plan = Plan(specs, SELECTIONS[Choice.LIST](), now, zone, is_explained=True)
    queries = [
        glue(
            "WITH {tables} SELECT judged.*, facts.* FROM ({judged}) judged "
            "JOIN {facts} facts ON facts.lead_id = judged.lead_id",
            tables=plan.tables(),
            judged=branch.judged(),
            facts=f"facts_{branch.rank}",
        )
        for branch in plan.branches
    ]
    names = plan.activities.names if plan.activities else {}
    return [(branch.spec, names, query) for branch, query in zip(plan.branches, queries, strict=True)]
