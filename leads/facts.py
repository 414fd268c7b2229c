"""What a source says of leads, as plain values: the input of every service that writes them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from leads.models import BantDimension, BantLevel


@dataclass(slots=True, kw_only=True)
class CompanyFacts:
    """A company as a source names it; None or "" says nothing."""

    name: str | None = None
    domain: str | None = None
    industry: str | None = None
    employees: int | None = None
    revenue: Decimal | None = None
    revenue_currency: str | None = None
    country: str | None = None
    city: str | None = None
    buying: str | None = None
    by_rfp: bool | None = None
    incumbent: str | None = None
    incumbent_relationship: str | None = None
    driver: str | None = None
    department_driver: str | None = None
    politics: str | None = None


@dataclass(slots=True, kw_only=True)
class AnswerFacts:
    """One BANT answer; ``amount`` is in ``currency`` (empty: the reporting currency)."""

    dimension: BantDimension
    level: BantLevel
    amount: Decimal | None = None
    currency: str = ""
    text: str = ""
    purchase_on: date | None = None
    evidence: str = ""


@dataclass(slots=True, kw_only=True)
class LeadFacts:
    """A lead as a source knows it. None: it says nothing, the lead keeps what it has; "" clears it.

    ``attributes`` are values of custom fields by their slugs, as JSON has them; None clears. ``external_ids``
    are (system, id); ``campaign`` is a name that becomes a touch at ``created_at``,
    else at the moment of writing; ``created_at`` counts for new leads only.
    """

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    title: str | None = None
    country: str | None = None
    city: str | None = None
    language: str | None = None
    source: str | None = None
    driver: str | None = None
    do_not_call: bool | None = None
    is_unsubscribed: bool | None = None
    created_at: datetime | None = None
    campaign: str = ""
    company: CompanyFacts | None = None
    external_ids: tuple[tuple[str, str], ...] = ()
    extra: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    answers: tuple[AnswerFacts, ...] = ()


@dataclass(slots=True, kw_only=True)
class OutcomeFacts:
    """What another system says came of a lead, named by an external id or an e-mail.

    ``kind`` is a word such as ``closed won``; ``amount`` is in ``currency`` (empty: the reporting currency).
    """

    kind: str
    amount: Decimal | None = None
    currency: str = ""
    text: str = ""
    external_id: tuple[str, str] | None = None
    email: str = ""


@dataclass(slots=True, kw_only=True)
class ActivityFacts:
    """Something a lead did. The lead is named by its id, an external id or its e-mail, in this order.

    ``dedup_key`` makes a repeated delivery harmless; without one every delivery counts.
    """

    kind: str
    at: datetime
    detail: str = ""
    campaign: str = ""
    dedup_key: str | None = None
    lead_id: int | None = None
    external_id: tuple[str, str] | None = None
    email: str = ""


@dataclass(frozen=True, slots=True)
class FactProblem:
    """A value that can't be used: the field, the value as given, and why."""

    field: str
    value: str
    reason: str
