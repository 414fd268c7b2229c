"""Leads for the engine's tests: facts as plain values, and the same facts as rows."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from alignment.models import Dimension, Grade
from alignment.spec import DimensionSpec, VersionSpec
from core.text import fold
from leads.days import day_number
from leads.models import Activity, BantAnswer, BantLevel, Campaign, Company, Lead, Touch
from scoring.models import GradeOverride

UTC = dt.UTC
ZONE = ZoneInfo("Europe/Berlin")
NOW = dt.datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
CAPS = dict(zip(Dimension, (15, 15, 20, 15, 20, 15), strict=True))


@dataclass(frozen=True)
class Did:
    """An activity."""

    kind: str
    detail: str
    at: dt.datetime


@dataclass(frozen=True)
class Said:
    """A BANT answer; ``level`` from 0 (unmet) to 2 (met)."""

    dimension: str
    level: int
    at: dt.datetime
    expires_at: dt.datetime
    source: str = "rep"
    amount: Decimal | None = None
    purchase_on: dt.date | None = None


@dataclass(frozen=True)
class ByHand:
    """A grade that somebody set, and perhaps ended before its time."""

    grade: str
    ends_at: dt.datetime
    is_ended: bool = False


@dataclass(frozen=True)
class Person:
    """All the facts of a lead that the tests' conditions ask for."""

    title: str = ""
    country: str = ""
    do_not_call: bool = False
    employees: int | None = None
    revenue: Decimal | None = None
    created: dt.datetime = NOW
    stopped: dt.datetime | None = None
    said: tuple[Said, ...] = ()
    did: tuple[Did, ...] = field(default=())
    by_hand: tuple[ByHand, ...] = ()
    name: str | None = None
    email: str = ""
    phone: str = ""
    city: str = ""
    language: str = ""
    source: str = ""
    stage: str = "inquiry"
    is_unsubscribed: bool = False
    company: str | None = None
    domain: str = ""
    industry: str = ""
    company_country: str = ""
    buying: str = ""
    by_rfp: bool | None = None
    incumbent: str = ""
    incumbent_relationship: str = ""
    company_driver: str = ""
    department_driver: str = ""
    politics: str = ""
    driver: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    touches: tuple[tuple[str, dt.datetime], ...] = ()

    @property
    def has_company(self) -> bool:
        """Whether anything is known of a company."""
        texts = (self.company, self.domain, self.industry, self.company_country, self.buying, self.incumbent)
        more = (self.incumbent_relationship, self.company_driver, self.department_driver, self.politics)
        known = (self.employees, self.revenue, self.by_rfp)
        return any(texts) or any(more) or any(each is not None for each in known)


def save(people: Sequence[Person], zone: ZoneInfo = ZONE) -> list[int]:
    """Make rows of the people; their ids in order."""
    companies = _companies(people)
    leads = Lead.objects.bulk_create(
        Lead(
            name=f"Lead {number}" if each.name is None else each.name,
            has_external_id=True,
            email=each.email,
            phone=each.phone,
            title=each.title,
            country=each.country,
            city=each.city,
            language=each.language,
            source=each.source,
            driver=each.driver,
            stage=each.stage,
            do_not_call=each.do_not_call,
            is_unsubscribed=each.is_unsubscribed,
            company=companies[number] if each.has_company else None,
            decay_stopped_at=each.stopped,
            created_at=each.created,
            attributes=dict(each.attributes),
            attributes_folded={
                key: fold(value) for key, value in each.attributes.items() if isinstance(value, str)
            },
        )
        for number, each in enumerate(people)
    )
    for lead, person in zip(leads, people, strict=True):
        add(lead.pk, person.did, person.said, zone)
        set_by_hand(lead.pk, person.by_hand)
        for campaign, at in person.touches:
            reach(lead.pk, campaign, at)
    return [lead.pk for lead in leads]


def _companies(people: Sequence[Person]) -> list[Company]:
    return Company.objects.bulk_create(
        Company(
            name=f"Company {number}" if each.company is None else each.company,
            domain=each.domain,
            industry=each.industry,
            country=each.company_country,
            employees=each.employees,
            revenue_reporting=each.revenue,
            buying=each.buying,
            by_rfp=each.by_rfp,
            incumbent=each.incumbent,
            incumbent_relationship=each.incumbent_relationship,
            driver=each.company_driver,
            department_driver=each.department_driver,
            politics=each.politics,
        )
        for number, each in enumerate(people)
    )


def add(lead_id: int, did: Sequence[Did], said: Sequence[Said] = (), zone: ZoneInfo = ZONE) -> None:
    """Write activities and answers of a lead, past the services (no mark)."""
    Activity.objects.bulk_create(
        Activity(
            lead_id=lead_id,
            kind=each.kind,
            detail=each.detail,
            at_epoch=int(each.at.timestamp()),
            day=day_number(each.at, zone),
        )
        for each in did
    )
    BantAnswer.objects.bulk_create(
        BantAnswer(
            lead_id=lead_id,
            dimension=each.dimension,
            level=each.level,
            source=each.source,
            amount_reporting=each.amount,
            purchase_on=each.purchase_on,
            at=each.at,
            expires_at=each.expires_at,
        )
        for each in said
    )


def reach(lead_id: int, name: str, at: dt.datetime) -> None:
    """Write a touch of a lead by a campaign, past the services (no mark)."""
    campaign, _is_new = Campaign.objects.get_or_create(name_folded=fold(name), defaults={"name": name})
    Touch.objects.create(lead_id=lead_id, campaign=campaign, at=at)


def set_by_hand(lead_id: int, every: Sequence[ByHand]) -> None:
    """Write grades set by hand, past the services (no mark)."""
    GradeOverride.objects.bulk_create(
        GradeOverride(
            lead_id=lead_id,
            grade=each.grade,
            reason="Because",
            at=each.ends_at - dt.timedelta(days=1),
            ends_at=each.ends_at,
            ended_at=each.ends_at - dt.timedelta(hours=1) if each.is_ended else None,
        )
        for each in every
    )


def plain_version(**parts: object) -> VersionSpec:
    """A version without criteria, to be given some; caps as shipped, gate: B and 3 of 4 at partial."""
    spec = VersionSpec(
        id=1,
        definition_id=1,
        number=1,
        scope=None,
        position=1,
        floor_a=75,
        floor_b=55,
        floor_c=30,
        gate_grade=Grade.B,
        gate_bant_count=3,
        gate_bant_level=BantLevel.PARTIAL,
        gate_must_have=None,
        dimensions=tuple(DimensionSpec(dimension=each, cap=cap) for each, cap in CAPS.items()),
        criteria=(),
        disqualifiers=(),
    )
    return replace(spec, **parts)  # type: ignore[arg-type]  # the fields of the version, by name
