"""Versions that give an A to the leads that meet one condition, and decisions of the past about leads."""

from datetime import timedelta
from typing import Any

from alignment.models import Criterion, Definition, Version
from feedback.models import Decision, Outcome
from leads.models import Lead
from scoring.facts import facts_of
from tests.alignment.factories import make_draft
from tests.feedback.world import NOW, assigned, go_live
from users.models import User

DAY = timedelta(days=1)
CHIEF = {"field": "lead.title", "op": "contains", "value": "chief"}
GERMAN = {"field": "lead.country", "op": "is", "value": "DE"}
WEBINAR = {"activity": {"kind": "webinar"}, "at_least": 1, "within_days": 20}


def drafted(condition: dict[str, Any], definition: Definition | None = None) -> Version:
    """A draft that gives an A, which is sales-ready, to leads that meet the condition, and else a D."""
    version = make_draft(definition, floor_a=20, floor_b=15, floor_c=10, gate_bant_count=0)
    Criterion.objects.filter(version=version).update(condition=condition)
    return version


def activate(version: Version) -> Version:
    """The draft comes into force, alone."""
    Version.objects.filter(pk=version.pk).update(status=Version.Status.ACTIVE)
    version.refresh_from_db()
    go_live(version)
    return version


def active() -> Version:
    """The version in force."""
    return Version.objects.get(status=Version.Status.ACTIVE)


def decide(rep: User, lead: Lead, kind: str = "accept", *, ago: timedelta = DAY, end: str = "") -> Decision:
    """The rep decided about the lead so long before ``NOW``; ``end`` is what became of it."""
    row = assigned(rep, lead, at=NOW - ago - DAY)
    decision = Decision.objects.create(
        handoff=row.handoff,
        kind=kind,
        reason=row.handoff.version.reasons.first() if kind == "reject" else None,
        by=rep,
        at=NOW - ago,
        version=row.handoff.version,
        facts=facts_of([lead.pk], now=NOW - ago)[lead.pk],
    )
    if end:
        amount: dict[str, Any] = {"amount": 5, "currency": "EUR"} if end == "won" else {}
        Outcome.objects.create(
            handoff=row.handoff, kind=end, by=rep, at=NOW, version=row.handoff.version, facts={}, **amount
        )
    type(row.handoff).objects.filter(pk=row.handoff_id).update(state="rejected")
    type(row).objects.filter(pk=row.pk).update(ended_at=NOW - ago)
    return decision
