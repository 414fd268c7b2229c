"""Why this owner: what is stored with each assignment, and how it reads. Pure.

A trace is JSON of a bounded size: ``why`` in a sentence, the ``rule`` (id, name, way, team; null where none
matched), ``looked`` as pairs of a name and what was said of them, and how many ``more`` there were. What a
person decided has ``why`` alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from feedback.models import RoutingRule
from feedback.routing.roster import DEALT, Choice


@dataclass(frozen=True, slots=True)
class Looked:
    """Somebody who was looked at and didn't get the lead."""

    name: str
    said: str


@dataclass(frozen=True, slots=True)
class Trace:
    """A stored trace as a page shows it; without details where a person decided."""

    why: str
    rule: str
    how: str
    looked: list[Looked]
    more: int

    @property
    def has_details(self) -> bool:
        return bool(self.how or self.looked)


def trace_of(choice: Choice) -> dict[str, Any]:
    """What is stored of a choice."""
    route = choice.route
    rule = {"id": route.rule_id, "name": route.name, "way": route.way, "team": route.team}
    return {
        "why": choice.why,
        "rule": rule if route.rule_id is not None else None,
        "looked": [list(each) for each in choice.looked],
        "more": choice.more,
    }


def by_hand(why: str) -> dict[str, Any]:
    """What is stored where a person decided."""
    return {"why": why}


def read_trace(detail: Mapping[str, Any]) -> Trace:
    """A stored trace, ready to be shown."""
    rule = detail.get("rule")
    how = ""
    if rule:
        way = DEALT[RoutingRule.Way(rule["way"])]
        how = f"Rule “{rule['name']}” matched: to {rule['team'] or 'any team'}, {way}."
    elif "rule" in detail:
        how = "No rule matched: least loaded, the owner of the company first."
    looked = [Looked(name, said) for name, said in detail.get("looked", ())]
    return Trace(detail.get("why", ""), rule["name"] if rule else "", how, looked, detail.get("more", 0))
