"""Answers and touches that come with the facts of many leads; what is there already is not added again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from core.text import fold
from leads.facts import AnswerFacts, LeadFacts
from leads.models import BantAnswer, Campaign, Lead, Touch
from leads.models.bant import AnswerSource
from leads.money import convert
from users.models import User

VALID_FOR = timedelta(days=180)


def answer_row(
    lead: Lead,
    facts: AnswerFacts,
    *,
    source: str,
    author: User | None,
    at: datetime,
    currency: str,
    expires_at: datetime | None = None,
) -> BantAnswer:
    """An unsaved answer; ``currency`` is the reporting currency."""
    return BantAnswer(
        lead=lead,
        dimension=facts.dimension,
        level=facts.level,
        amount=facts.amount,
        currency=(facts.currency or currency) if facts.amount is not None else "",
        amount_reporting=convert(facts.amount, facts.currency, currency),
        text=facts.text[:300],
        purchase_on=facts.purchase_on,
        evidence=facts.evidence[:500],
        source=source,
        author=author,
        at=at,
        expires_at=expires_at or at + VALID_FOR,
    )


def add_answers(
    facts: Sequence[tuple[Lead, LeadFacts]], *, by: User | None, now: datetime, currency: str
) -> set[int]:
    """Add the imported answers that the leads don't have yet; gives the ids of leads with a new one."""
    rows = [
        answer_row(lead, answer, source=AnswerSource.IMPORT, author=by, at=now, currency=currency)
        for lead, row in facts
        for answer in row.answers
    ]
    if not rows:
        return set()
    there = BantAnswer.objects.filter(
        lead_id__in={row.lead_id for row in rows}, source=AnswerSource.IMPORT, expires_at__gt=now
    )
    seen = {_said(answer) for answer in there}
    fresh = {_said(row): row for row in rows if _said(row) not in seen}.values()
    BantAnswer.objects.bulk_create(fresh)
    return {row.lead_id for row in fresh}


def _said(answer: BantAnswer) -> tuple[Any, ...]:
    return (
        answer.lead_id,
        answer.dimension,
        answer.level,
        answer.amount,
        answer.text,
        answer.purchase_on,
        answer.evidence,
    )


def campaigns_named(names: set[str]) -> dict[str, Campaign]:
    """Campaigns by folded name; those that are missing are created."""
    folded = {fold(name): name for name in names if fold(name)}
    if not folded:
        return {}
    known = {row.name_folded: row for row in Campaign.objects.filter(name_folded__in=folded)}
    if missing := [Campaign(name=name) for key, name in folded.items() if key not in known]:
        Campaign.objects.bulk_create(missing, ignore_conflicts=True)
        known = {row.name_folded: row for row in Campaign.objects.filter(name_folded__in=folded)}
    return known


def add_touches(facts: Sequence[tuple[Lead, LeadFacts]], *, now: datetime) -> set[int]:
    """Add a touch for each lead and campaign that have none yet; gives the ids of leads with a new one."""
    wanted = [(lead, row) for lead, row in facts if row.campaign]
    campaigns = campaigns_named({row.campaign for _, row in wanted})
    if not campaigns:
        return set()
    there = Touch.objects.filter(lead_id__in={lead.pk for lead, _ in wanted}, campaign__in=campaigns.values())
    seen = set(there.values_list("lead_id", "campaign_id"))
    fresh: dict[tuple[int, int], Touch] = {}
    for lead, row in wanted:
        campaign = campaigns[fold(row.campaign)]
        key = (lead.pk, campaign.pk)
        if key not in seen:
            fresh.setdefault(key, Touch(lead=lead, campaign=campaign, at=row.created_at or now))
    Touch.objects.bulk_create(fresh.values(), ignore_conflicts=True)
    return {lead_id for lead_id, _ in fresh}
