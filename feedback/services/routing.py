"""Changing the routing rules: written, moved, switched, deleted. They count for what is dealt later."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core import audit
from core.errors import Conflict, Invalid, Problem
from core.locking import locked
from feedback.models import RoutingRule
from feedback.services.cursors import hold_cursor
from feedback.services.dealing import place_anew
from feedback.texts import checked_text
from rules.fields import Use
from rules.nodes import to_data
from rules.tree import parse
from users.models import Team, User

MOST_RULES = 50
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleContent:
    """What a rule says; ``condition`` None is every lead, ``team`` None any team."""

    name: str
    condition: dict[str, Any] | None
    team: Team | None
    way: str
    is_owner_first: bool


@transaction.atomic
def add_rule(*, content: RuleContent, by: User) -> RoutingRule:
    """Write a rule below the others; it is at work at once. Invalid as for ``change_rule``."""
    rules = _lock()
    if len(rules) >= MOST_RULES:
        raise Invalid(f"There are {MOST_RULES} rules, and no more are allowed. Delete one first.")
    row = RoutingRule(position=rules[-1].position + 1 if rules else 1)
    _write(row, content, rules)
    row.save()
    return _done(row, "routing_rule.added", by)


@transaction.atomic
def change_rule(*, rule: RoutingRule, content: RuleContent, revision: int, by: User) -> RoutingRule:
    """Write a rule anew in its place.

    Invalid for a name that is empty, too long or taken, and for a condition that can't be used; Conflict if
    it was changed since ``revision``, or deleted.
    """
    rules = _lock()
    row = _find(rules, rule)
    if row.revision != revision:
        raise Conflict(f"Somebody changed “{row.name}” meanwhile. Load the page again to see how.")
    _write(row, content, rules)
    row.revision += 1
    row.save()
    return _done(row, "routing_rule.changed", by)


@transaction.atomic
def move_rule(*, rule: RoutingRule, is_up: bool, by: User) -> RoutingRule:
    """One place up or down; at the end nothing happens."""
    rules = _lock()
    row = _find(rules, rule)
    place = rules.index(row)
    aim = place - 1 if is_up else place + 1
    if not 0 <= aim < len(rules):
        return row
    rules.insert(aim, rules.pop(place))
    for position, each in enumerate(rules, 1):
        each.position = position
    RoutingRule.objects.bulk_update(rules, ["position"])
    return _done(row, "routing_rule.moved", by)


@transaction.atomic
def switch_rule(*, rule: RoutingRule, is_on: bool, by: User) -> RoutingRule:
    """Let a rule decide, or not for now. A repeat changes nothing."""
    row = _find(_lock(), rule)
    if row.is_on == is_on:
        return row
    row.is_on, row.revision = is_on, row.revision + 1
    row.save(update_fields=["is_on", "revision"])
    return _done(row, "routing_rule.switched_on" if is_on else "routing_rule.switched_off", by)


@transaction.atomic
def delete_rule(*, rule: RoutingRule, by: User) -> None:
    """Delete a rule. Leads that it dealt keep their owners and say why. Conflict if it is gone already."""
    row = _find(_lock(), rule)
    _done(row, "routing_rule.deleted", by)
    row.delete()


def _lock() -> list[RoutingRule]:
    """All rules in their order, locked; nobody deals meanwhile."""
    hold_cursor()
    return sorted(locked(RoutingRule.objects.all()), key=lambda row: (row.position, row.pk))


def _find(rules: list[RoutingRule], rule: RoutingRule) -> RoutingRule:
    row = next((each for each in rules if each.pk == rule.pk), None)
    if row is None:
        raise Conflict(f"“{rule.name}” was deleted meanwhile.")
    return row


def _write(row: RoutingRule, content: RuleContent, rules: list[RoutingRule]) -> None:
    name = checked_text(content.name, limit=LONGEST_NAME, where="name")
    if not name:
        raise _invalid("Give the rule a name: each lead that it deals says it.", "name")
    if any(each.name.casefold() == name.casefold() and each.pk != row.pk for each in rules):
        raise _invalid(f"There is a rule “{name}” already. Choose another name.", "name")
    if content.way not in RoutingRule.Way.values:
        raise _invalid("Choose one of the ways to deal.", "way")
    condition = {"all": []} if content.condition is None else content.condition
    row.condition = to_data(parse(condition, use=Use.ROUTING))
    row.name, row.team, row.way, row.is_owner_first = name, content.team, content.way, content.is_owner_first


def _done(row: RoutingRule, action: str, by: User) -> RoutingRule:
    place_anew()
    detail = {"rule": row.pk, "position": row.position, "team": row.team_id, "way": row.way}
    audit.record(actor=by, action=action, target=row, detail=detail)
    return row


def _invalid(message: str, where: str) -> Invalid:
    return Invalid(message, problems=(Problem(message, where),))
