"""The rules in their order: read once, then asked of a whole batch of leads in one statement."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    Count,
    Exists,
    OuterRef,
    QuerySet,
    Value,
    When,
)

from core.deadlines import TooSlow, at_most
from feedback.models import Handoff, RoutingRule
from feedback.routing.roster import DEALT, DEFAULT, Route
from leads.models import Lead
from rules.compile import compile_q, prepare
from rules.context import Context
from rules.errors import RuleError
from rules.fields import Use, registry
from rules.nodes import All, Node, fields_in
from rules.tree import parse
from rules.words import in_words
from users.models import Organisation

PATIENCE = 1.0
"""Seconds until counting is given up."""
UNDECIDED = (Handoff.State.WAITING, Handoff.State.ASSIGNED)


@dataclass(frozen=True, slots=True)
class ReadRule:
    """A rule with its condition as a tree; None with a ``problem`` if it can't be read any more, because
    a field is gone. Then it matches no lead."""

    row: RoutingRule
    node: Node | None
    problem: str = ""

    @property
    def is_at_work(self) -> bool:
        """Whether it may decide on leads."""
        return self.row.is_on and self.node is not None

    @property
    def condition(self) -> str:
        """``Country is Germany and Grade is A``; of a rule for every lead ``every lead``."""
        if self.node is None:
            return "…"
        return "every lead" if self.node == All(()) else in_words(self.node)

    @property
    def dealt(self) -> str:
        """``in turn by weight``."""
        return DEALT[RoutingRule.Way(self.row.way)]

    @property
    def route(self) -> Route:
        """How it deals a lead."""
        row = self.row
        team = row.team.name if row.team is not None else ""
        return Route(row.pk, row.name, row.team_id, team, row.way, row.is_owner_first)


class Rules:
    """All rules in their order, those that are switched off too."""

    def __init__(self, all_: Sequence[ReadRule]) -> None:
        self.all = all_
        self.at_work = [rule for rule in all_ if rule.is_at_work]

    def routes(self, lead_ids: Iterable[int], *, now: datetime) -> dict[int, Route]:
        """How each lead is dealt: by the first rule that matches, else as all others (one query, two if a
        rule asks for the score; none without rules)."""
        ids = list(lead_ids)
        if not self.at_work or not ids:
            return dict.fromkeys(ids, DEFAULT)
        by_id = {rule.row.pk: rule.route for rule in self.at_work}
        rows = self._decided(Lead.objects.filter(pk__in=ids), now).values_list("pk", "rule")
        return dict.fromkeys(ids, DEFAULT) | {lead: by_id.get(rule, DEFAULT) for lead, rule in rows}

    def holds(self, lead_id: int, *, now: datetime) -> set[int]:
        """The rules that match one lead, by id, whether or not an earlier one decides."""
        leads, ctx = self._prepared(Lead.objects.filter(pk=lead_id), now)
        asked = {
            f"rule_{rule.row.pk}": Case(
                When(compile_q(rule.node, ctx), then=Value(True)),
                default=Value(False),
                output_field=BooleanField(),
            )
            for rule in self.at_work
            if rule.node is not None
        }
        row = leads.annotate(**asked).values(*asked).first() if asked else None
        return {int(name.removeprefix("rule_")) for name, is_met in (row or {}).items() if is_met}

    def counts(self, *, now: datetime) -> Counter[int | None] | None:
        """How many leads that wait for an owner or a decision each rule decides on now, None for those that
        no rule matches; None if it is too slow to count."""
        undecided = Handoff.objects.filter(lead=OuterRef("pk"), state__in=UNDECIDED)
        rows = self._decided(Lead.objects.filter(Exists(undecided)), now).order_by().values_list("rule")
        try:
            with at_most(PATIENCE):
                return Counter(dict(rows.annotate(count=Count("pk"))))
        except TooSlow:
            return None

    def _decided(self, leads: QuerySet[Lead], now: datetime) -> QuerySet[Any]:
        leads, ctx = self._prepared(leads, now)
        matches = [
            When(compile_q(rule.node, ctx), then=Value(rule.row.pk))
            for rule in self.at_work
            if rule.node is not None
        ]
        first = Case(*matches, default=None, output_field=BigIntegerField(null=True))
        return leads.annotate(rule=first)

    def _prepared(self, leads: QuerySet[Lead], now: datetime) -> tuple[QuerySet[Lead], Context]:
        ctx = Context(now, Organisation.current().tz)
        keys = {key for rule in self.at_work if rule.node is not None for key in fields_in(rule.node)}
        return prepare(leads, [registry.get(key) for key in sorted(keys)], ctx), ctx


def load_rules() -> Rules:
    """Read all rules (1 query)."""
    return Rules([read_rule(row) for row in RoutingRule.objects.select_related("team")])


def read_rule(row: RoutingRule) -> ReadRule:
    """The rule with its condition read; what can't be read is said, not raised."""
    try:
        return ReadRule(row, parse(row.condition, use=Use.ROUTING))
    except RuleError as error:
        return ReadRule(row, None, error.message)
