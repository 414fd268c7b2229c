"""The lead page as a view-model: what is known, what happened, and the panels of higher apps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from core.display import money, number
from core.hooks import LeadPanel, TimelineEntry, hooks
from core.models import AuditEntry
from leads import buying, countries
from leads.custom.definitions import definitions
from leads.custom.values import shown
from leads.models import Activity, ActivityKind, BantAnswer, BantDimension, Lead
from leads.querysets import answers_that_count
from users.models import Organisation

STEP = 30
MOST = 600
ICONS = {
    ActivityKind.PAGE_VIEW: "globe",
    ActivityKind.EMAIL_OPEN: "mail",
    ActivityKind.EMAIL_CLICK: "link",
    ActivityKind.EMAIL_REPLY: "mail",
    ActivityKind.FORM: "form",
    ActivityKind.DOWNLOAD: "download",
    ActivityKind.WEBINAR: "screen",
    ActivityKind.EVENT: "calendar",
    ActivityKind.CALL: "phone",
    ActivityKind.UNSUBSCRIBE: "ban",
}

COMPANY_FIELDS = {
    "name": "name",
    "domain": "website",
    "industry": "industry",
    "employees": "employees",
    "revenue": "yearly revenue",
    "country": "country",
    "city": "city",
    **{fact.name: fact.told for fact in buying.OF_COMPANY},
}


@dataclass(frozen=True, slots=True)
class DimensionStatus:
    """One BANT dimension with the answer that counts now, if any."""

    dimension: str
    label: str
    answer: BantAnswer | None

    @property
    def detail(self) -> str:
        """The amount, date or words that came with the answer."""
        if self.answer is None:
            return ""
        parts = []
        if self.answer.amount is not None:
            parts.append(money(self.answer.amount, self.answer.currency))
        if day := self.answer.purchase_on:
            parts.append(f"by {day.day} {day:%b %Y}")
        if self.answer.text:
            parts.append(self.answer.text)
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class ShownPanel:
    """A panel of another app, drawn, and the address it can be fetched from again."""

    slot: str
    html: SafeString
    url: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """What happened, newest first; ``next_limit`` is 0 when that is all."""

    entries: list[TimelineEntry]
    next_limit: int


def statuses(lead: Lead, *, now: datetime) -> list[DimensionStatus]:
    """The four dimensions with the latest answers that have not expired (one query)."""
    latest = answers_that_count([lead.pk], now=now)[lead.pk]
    return [DimensionStatus(each.value, str(each.label), latest.get(each.value)) for each in BantDimension]


def panels(request: HttpRequest, lead: Lead, slot: str) -> list[ShownPanel]:
    """The panels that higher apps registered for a slot, in order."""
    found = sorted((each for each in hooks.lead_panels if each.slot == slot), key=lambda each: each.order)
    return [ShownPanel(slot, draw(request, lead, each), _address(lead, each)) for each in found]


def draw(request: HttpRequest, lead: Lead, panel: LeadPanel) -> SafeString:
    """One panel as it is now."""
    context = {"lead": lead, **panel.context(request, lead)}
    return render_to_string(panel.template, context, request)


def _address(lead: Lead, panel: LeadPanel) -> str:
    return reverse("leads:panel", args=[lead.pk, panel.slot, panel.order])


def timeline(lead: Lead, limit: int) -> Timeline:
    """The newest ``limit`` entries of every source together."""
    wanted = min(max(limit, STEP), MOST)
    found = [*_activities(lead, wanted + 1), *_answers(lead, wanted + 1), *_moves(lead, wanted + 1)]
    found += _company_changes(lead, wanted + 1)
    for source in hooks.timelines:
        found += list(source.entries(lead, wanted + 1))
    found.append(TimelineEntry(at=lead.created_at, kind="plus", title="Became known", detail=lead.source))
    found.sort(key=lambda entry: entry.at, reverse=True)
    has_more = len(found) > wanted and wanted < MOST
    return Timeline(found[:wanted], wanted + STEP if has_more else 0)


def _activities(lead: Lead, limit: int) -> Iterable[TimelineEntry]:
    rows: Iterable[Activity] = lead.activities.select_related("campaign").order_by("-at_epoch")[:limit]
    for row in rows:
        title, icon = str(row.get_kind_display()), ICONS.get(ActivityKind(row.kind), "dot")
        campaign = f"campaign {row.campaign}" if row.campaign else ""
        yield TimelineEntry(at=row.at, kind=icon, title=title, detail=row.detail, who=campaign)


def _answers(lead: Lead, limit: int) -> Iterable[TimelineEntry]:
    for row in lead.answers.select_related("author").order_by("-at", "-id")[:limit]:
        detail = ". ".join(filter(None, (DimensionStatus("", "", row).detail, row.evidence)))
        who = str(row.author) if row.author else str(row.get_source_display())
        title = f"{row.get_dimension_display()}: {str(row.get_level_display()).lower()}"
        yield TimelineEntry(at=row.at, kind="note", title=title, detail=detail, who=who)


def _moves(lead: Lead, limit: int) -> Iterable[TimelineEntry]:
    for row in lead.stage_changes.select_related("by")[:limit]:
        title = f"{row.get_from_stage_display()} → {row.get_to_stage_display()}"
        yield TimelineEntry(at=row.at, kind="flag", title=title, detail=row.cause, who=str(row.by or ""))


def _company_changes(lead: Lead, limit: int) -> Iterable[TimelineEntry]:
    """Who changed the company by hand, perhaps by a lead of another team."""
    if lead.company_id is None:
        return
    rows = AuditEntry.objects.filter(
        target_type="company", target_id=lead.company_id, action="company.update"
    )
    for row in rows.select_related("actor").prefetch_related("values")[:limit]:
        values = [each for each in row.values.all() if each.field in COMPANY_FIELDS]
        detail = ", ".join(
            f"{COMPANY_FIELDS[each.field]} {_company_value(each.field, each.before)} → "
            f"{_company_value(each.field, each.after)}"
            for each in values
        )
        title = f"Facts of {lead.company} changed"
        yield TimelineEntry(at=row.at, kind="edit", title=title, detail=detail, who=str(row.actor or ""))


def _company_value(field: str, text: str | None) -> str:
    """A value of an audit row, in words where it is a choice of the buying centre."""
    return (buying.told(field, text) if field in buying.COMPANY_NAMES else text) or "–"


def facts(lead: Lead) -> list[tuple[str, str]]:
    """What is known of the person, besides how to reach them."""
    pairs = [
        ("Job title", lead.title),
        ("Country", countries.country_name(lead.country) if lead.country else ""),
        ("City", lead.city),
        ("Language", lead.language),
        ("Source", lead.source),
    ]
    return [(label, value) for label, value in pairs if value]


def custom_facts(lead: Lead) -> list[tuple[str, str]]:
    """The lead's values of the company's own fields, in their order; one of another type isn't shown."""
    known = ((each.label, shown(each, lead.attributes.get(slug))) for slug, each in definitions().items())
    return [(label, value) for label, value in known if value]


def company_facts(lead: Lead) -> list[tuple[str, str]]:
    """What is known of the lead's company."""
    company = lead.company
    if company is None:
        return []
    revenue = ""
    if company.revenue is not None:
        revenue = money(company.revenue, company.revenue_currency or Organisation.current().currency)
    pairs = [
        ("Industry", company.industry),
        ("Employees", number(company.employees) if company.employees is not None else ""),
        ("Yearly revenue", revenue),
        ("Country", countries.country_name(company.country) if company.country else ""),
        ("City", company.city),
    ]
    return [(label, value) for label, value in pairs if value]


def known_elsewhere(lead: Lead) -> dict[str, Any]:
    """The ids and columns that came with imports."""
    return {
        "external_ids": list(lead.external_ids.order_by("system", "value")[:50]),
        "extra": sorted(lead.extra.items()),
    }
