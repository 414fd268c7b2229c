"""The fields that leads register: each can be asked, shown and is right about one lead."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from leads import services
from leads.facts import ActivityFacts, AnswerFacts, CompanyFacts, LeadFacts
from leads.models import BantDimension, BantLevel, Lead
from rules.compile import compile_q, field_expression, prepare
from rules.context import Context
from rules.fields import Use, registry
from rules.operators import OPERATORS
from rules.tree import parse
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CTX = Context(NOW, ZoneInfo("Europe/Berlin"))
OURS = [
    field.key
    for field in registry.fixed()
    if field.key.split(".")[0] in {"lead", "company", "bant", "activity", "campaign"}
]


@pytest.fixture
def rita() -> Lead:
    lead = services.create_lead(
        facts=LeadFacts(
            name="Rita Sample",
            email="rita@gmail.com",
            title="Ärztin",
            country="DE",
            campaign="Summer",
            company=CompanyFacts(name="Acme", employees=120, revenue=Decimal(5_000_000)),
        ),
        by=UserFactory(),
        now=NOW,
    )
    answer = AnswerFacts(
        dimension=BantDimension.TIMEFRAME, level=BantLevel.PARTIAL, purchase_on=date(2026, 12, 1)
    )
    services.record_answer(lead=lead, answer=answer, by=None, now=NOW)
    old = AnswerFacts(dimension=BantDimension.TIMEFRAME, level=BantLevel.MET)
    services.record_answer(lead=lead, answer=old, by=None, now=datetime(2026, 1, 1, tzinfo=UTC))
    items = [
        ActivityFacts(kind="form", at=datetime(2026, 11, day, 9, tzinfo=UTC), lead_id=lead.pk)
        for day in (3, 1)
    ]
    services.add_activities(items=items, by=None, now=NOW)
    services.create_lead(facts=LeadFacts(name="Other"), by=None, now=NOW)
    return lead


def matching(tree: dict[str, Any]) -> list[Lead]:
    node = parse(tree, use=Use.VIEW)
    return list(prepare(Lead.objects.all(), node, CTX).filter(compile_q(node, CTX)))


@pytest.mark.parametrize(
    ("key", "op", "value"),
    [
        ("lead.title", "is", "arztin"),
        ("lead.has_email", "is", True),
        ("lead.has_free_mail", "is", True),
        ("lead.country", "in", ["DE"]),
        ("company.employees", "gte", 100),
        ("company.revenue", "gte", 5_000_000),
        ("bant.timeframe.level", "is", "partial"),
        ("bant.timeframe.source", "is", "rep"),
        ("bant.timeframe.purchase_on", "within_next_days", 10),
        ("activity.count", "eq", 2),
        ("activity.last_at", "on", "2026-11-03"),
        ("campaign.first", "is", "summer"),
    ],
)
def test_a_field_finds_the_lead_it_is_true_of(rita: Lead, key: str, op: str, value: object) -> None:
    assert matching({"field": key, "op": op, "value": value}) == [rita]


def test_an_owner_is_found_by_number(rita: Lead) -> None:
    assert matching({"field": "lead.owner", "op": "is", "value": str(rita.owner_id)}) == [rita]


@pytest.mark.parametrize("key", OURS)
def test_every_field_can_be_asked_and_shown(rita: Lead, key: str) -> None:
    field = registry.get(key)
    assert len(Lead.objects.annotate(value=field_expression(field, CTX)).values_list("value")) == 2
    if Use.VIEW in field.uses:
        assert "unknown" in OPERATORS[field.type]
        known = len(matching({"field": key, "op": "known"}))
        assert known + len(matching({"field": key, "op": "unknown"})) == 2


def test_owner_and_team_are_no_part_of_a_criterion() -> None:
    assert Use.CRITERION not in registry.get("lead.owner").uses | registry.get("lead.team").uses
