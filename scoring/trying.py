"""One lead under a version that isn't in force and under those that are, side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from alignment import spec
from alignment.models import Version
from alignment.spec import VersionSpec
from leads.facts import ActivityFacts, LeadFacts
from leads.services import add_activities, create_lead
from rules.nodes import ActivityMatch
from scoring.comparison import Comparison, compare
from scoring.engine.branch import counts_in, trees_of
from scoring.explain import explain, explain_under
from scoring.previews import versions_with


@dataclass(frozen=True, slots=True)
class Deed:
    """So many activities of one sort, so many days ago."""

    match: ActivityMatch
    times: int
    days_ago: int


def specs_with(version: Version) -> list[VersionSpec]:
    """What would be in force with ``version``; RuleError if a part of it can't be read."""
    return [spec.load(each) for each in versions_with(version)]


def try_lead(version: Version, lead_id: int, *, now: datetime) -> Comparison | None:
    """The lead under what is in force and with ``version`` in its place; None if there is no such lead."""
    new = explain_under(specs_with(version), lead_id, now=now)
    return None if new is None else compare(explain(lead_id, now=now), new)


def try_facts(version: Version, facts: LeadFacts, deeds: Sequence[Deed], *, now: datetime) -> Comparison:
    """As ``try_lead``, for somebody who isn't there. Invalid names each value that can't be used.

    The facts are written as rows by the same services as any lead's, judged, and rolled back: so text is
    folded, companies are joined, answers and activities are counted as always, and nothing is left,
    neither a mark nor a message. Only numbers of the id sequences are used up.
    """
    with transaction.atomic():
        lead = create_lead(facts=facts, by=None, now=now)
        add_activities(items=list(_activities(lead.pk, deeds, now)), by=None, now=now, is_marked=False)
        found = try_lead(version, lead.pk, now=now)
        transaction.set_rollback(True)
    assert found is not None  # noqa: S101 - the lead was written just now
    return found


def _activities(lead_id: int, deeds: Sequence[Deed], now: datetime) -> Iterator[ActivityFacts]:
    for deed in deeds:
        at = now - timedelta(days=deed.days_ago)
        detail = (deed.match.detail or "").replace("*", "")
        for _ in range(deed.times):
            yield ActivityFacts(kind=deed.match.kinds[0], at=at, detail=detail, lead_id=lead_id)


def matches_in(specs: Sequence[VersionSpec]) -> list[ActivityMatch]:
    """The sorts of activities that any of the versions asks about, each once, in their order."""
    counted = [each.activity for spec in specs for each in spec.criteria if each.activity is not None]
    asked = [node.match for spec in specs for tree in trees_of(spec) for node in counts_in(tree)]
    return list(dict.fromkeys([*counted, *asked]))
