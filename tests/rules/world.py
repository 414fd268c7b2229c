"""A small world to ask about: a registry over real lead rows, and facts that can be made into such rows."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, OuterRef, Subquery

from leads.models import Activity, BantAnswer, Company, Lead
from rules.activities import ActivityKind, ActivityRegistry
from rules.attributes import attribute_expression
from rules.context import Context
from rules.fields import CONDITION_USES, Field, FieldType, Registry, Use

UTC = dt.UTC
LEVELS = ("unmet", "partial", "met")
STAGES = ("inquiry", "nurture", "customer")
EPOCH = dt.datetime(1970, 1, 1, tzinfo=UTC)


def context(
    now: dt.datetime = dt.datetime(2026, 11, 22, 15, 0, tzinfo=UTC), zone: str = "Europe/Berlin"
) -> Context:
    """A context at a fixed moment."""
    return Context(now, ZoneInfo(zone))


def _budget(ctx: Context) -> Subquery:
    answers = BantAnswer.objects.filter(lead=OuterRef("pk"), dimension="budget", expires_at__gt=ctx.now)
    return Subquery(answers.order_by("-at", "-id").values("level")[:1])


def _attribute(key: str, kind: FieldType, **more: Any) -> Field:
    return Field(
        key=f"attribute.{key}",
        label=key.title(),
        type=kind,
        uses=CONDITION_USES,
        expression=lambda _ctx: attribute_expression("extra", key, kind),
        **more,
    )


def _field(key: str, label: str, kind: FieldType, lookup: str = "", **more: Any) -> Field:
    return Field(key=key, label=label, type=kind, uses=CONDITION_USES, lookup=lookup, **more)


FIELDS = Registry()
FIELDS.register(
    _field("lead.title", "Job title", FieldType.TEXT, "title", folded_lookup="title_folded"),
    _field(
        "company.industry",
        "Industry",
        FieldType.TEXT,
        "company__industry",
        folded_expression=lambda _ctx: F("company__industry_folded"),
    ),
    _field("company.employees", "Employees", FieldType.NUMBER, "company__employees"),
    _field("company.revenue", "Revenue", FieldType.MONEY, "company__revenue_reporting", unit="EUR"),
    _field("lead.nurture_until", "Nurture until", FieldType.DATE, "nurture_until"),
    _field("lead.stopped", "Stopped", FieldType.MOMENT, "decay_stopped_at"),
    _field("lead.do_not_call", "Do not call", FieldType.BOOLEAN, "do_not_call"),
    _field(
        "lead.stage",
        "Stage",
        FieldType.CHOICE,
        "stage",
        choices=tuple((stage, stage.title()) for stage in STAGES),
    ),
    _field(
        "lead.country",
        "Country",
        FieldType.CHOICE,
        "country",
        choices=lambda: (("DE", "Germany"), ("FR", "France")),
        open_choices=True,
    ),
    _field(
        "bant.budget",
        "Budget",
        FieldType.LEVEL,
        expression=_budget,
        choices=tuple((level, level.title()) for level in LEVELS),
        stored={level: number for number, level in enumerate(LEVELS)},
    ),
    _attribute("seats", FieldType.NUMBER),
    _attribute("renewal", FieldType.DATE),
    _attribute("opted", FieldType.BOOLEAN),
    _attribute("plan", FieldType.CHOICE, choices=(("gold", "Gold"), ("silver", "Silver"))),
    Field(
        key="lead.name",
        label="Name",
        type=FieldType.TEXT,
        uses=frozenset({Use.COLUMN, Use.VIEW}),
        lookup="name",
        folded_lookup="name_folded",
    ),
)
KINDS = ActivityRegistry()
KINDS.register(
    ActivityKind(key="page_view", label="page view", plural="page views", detail="page address"),
    ActivityKind(key="download", label="download", plural="downloads", detail="file"),
    ActivityKind(key="webinar", label="webinar attended", plural="webinars attended"),
)
KINDS.register_rows(Activity.objects.all)


@dataclass
class Facts:
    """All that is known of one lead; ``company`` is None or (industry, employees, revenue)."""

    title: str = ""
    company: tuple[str, int | None, float | None] | None = None
    nurture_until: dt.date | None = None
    stopped: dt.datetime | None = None
    do_not_call: bool = False
    stage: str = "inquiry"
    country: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    answers: list[tuple[int, dt.datetime, dt.datetime]] = field(default_factory=list)
    activities: list[tuple[str, str, dt.datetime]] = field(default_factory=list)


def day_of(moment: dt.datetime, zone: dt.tzinfo) -> int:
    """Days since 1970-01-01 in ``zone``, as activities store them."""
    return (moment.astimezone(zone).date() - EPOCH.date()).days


def save(facts: Facts, zone: dt.tzinfo) -> Lead:
    """Make rows of ``facts``."""
    company = None
    if facts.company:
        industry, employees, revenue = facts.company
        company = Company.objects.create(
            name="Acme", industry=industry, employees=employees, revenue_reporting=revenue
        )
    lead = Lead.objects.create(
        name="Lea",
        title=facts.title,
        company=company,
        nurture_until=facts.nurture_until,
        decay_stopped_at=facts.stopped,
        do_not_call=facts.do_not_call,
        stage=facts.stage,
        country=facts.country,
        extra=facts.extra,
    )
    for level, at, expires_at in facts.answers:
        BantAnswer.objects.create(
            lead=lead, dimension="budget", level=level, source="rep", at=at, expires_at=expires_at
        )
    for kind, detail, at in facts.activities:
        seconds = (at - EPOCH) // dt.timedelta(seconds=1)
        Activity.objects.create(lead=lead, kind=kind, detail=detail, at_epoch=seconds, day=day_of(at, zone))
    return lead
