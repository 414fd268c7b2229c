"""What a statement is made of: passes over activities, answers and overrides, a branch for each version."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, chain
from zoneinfo import ZoneInfo

from alignment.spec import VersionSpec
from rules.compile import Context
from rules.nodes import ActivityCount, Node, fields_in
from scoring.engine import answers
from scoring.engine.activities import Measure, Pass, activity_pass, measure_of_count
from scoring.engine.branch import BANT, Branch, counts_in, measures_of, outside, trees_of
from scoring.engine.dialect import fence
from scoring.engine.overrides import override_pass
from scoring.engine.points import totals_of
from scoring.engine.text import Column, Sql, glue, join


class Plan:
    """Versions and the passes that they share: all that judge leads, or two sets of them to be compared.

    Each of ``sides`` has its versions in their order.
    """

    def __init__(
        self,
        sides: Sequence[Sequence[VersionSpec]],
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
        reached = [_reached(side) for side in sides]
        every = [spec for side in reached for spec in side]
        bare = Context(now, zone)
        measures = [each for spec in every for each in measures_of(spec, is_explained=is_explained)]
        yes_or_no = set() if is_explained else _yes_or_no(every)
        totals = [each for rank, spec in enumerate(every) for each in totals_of(spec, rank)]
        self.activities = activity_pass(
            measures, selection, bare, yes_or_no=yes_or_no, totals=[] if is_explained else totals
        )
        keys = {key for spec in every for tree in trees_of(spec) for key in fields_in(tree)}
        self.wanted = answers.wanted(keys) | {(each, answers.LEVEL) for each in BANT}
        given: dict[object, Column] = dict(answers.given(self.wanted))
        given |= _counts(every, self.activities)
        given |= known.columns if known else {}
        self.ctx = Context(now, zone, given=given)
        firsts = accumulate(map(len, reached), initial=0)
        self.sides = [
            self._side(side, first, is_explained=is_explained)
            for side, first in zip(reached, firsts, strict=False)
        ]

    def _side(self, specs: Sequence[VersionSpec], first: int, *, is_explained: bool) -> "Side":
        """A branch for each version, numbered from ``first``."""
        scopes = tuple(spec.scope for spec in specs if spec.scope is not None)
        branches = [
            Branch(
                spec,
                first + place,
                scopes[:place],
                self.ctx,
                self.activities,
                self.selection,
                is_explained,
                self.takes_overrides,
            )
            for place, spec in enumerate(specs)
        ]
        return Side(tuple(branches), scopes)

    def select(self, side: "Side") -> Sql:
        """The SELECT of what is stored (``branch.STORED``), also for leads in no scope of ``side``."""
        selects = [branch.judged() for branch in side.branches]
        if side.is_open:
            joins = self.joins() if side.scopes else Sql("")
            selects.append(outside(side.scopes, self.ctx, self.selection, joins))
        return glue("SELECT * FROM ({union}) judged WHERE 1 = 1", union=join(" UNION ALL ", selects))

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
        for branch in chain.from_iterable(side.branches for side in self.sides):
            tables.append(glue("{name} AS ({facts})", name=f"facts_{branch.rank}", facts=branch.facts()))
            name = f"sums_{branch.rank}"
            tables.append(glue("{name} AS ({sums}{fence})", name=name, sums=branch.sums(), fence=fence()))
        return join(", ", tables)


@dataclass(frozen=True, slots=True)
class Side:
    """Versions in the order in which a lead is offered to them, and their scopes."""

    branches: tuple[Branch, ...]
    scopes: tuple[Node, ...]

    @property
    def is_open(self) -> bool:
        """Whether a lead may be in none of the scopes."""
        return len(self.scopes) == len(self.branches)


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
