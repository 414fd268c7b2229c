"""Writing checked facts into a lead in memory, and many leads to the database at once."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from core.text import fold
from leads import cleaning
from leads.custom import storing
from leads.facts import LeadFacts
from leads.models import Company, Lead

TEXTS = ("name", "email", "phone", "title", "country", "city", "language", "source", "driver")
FLAGS = ("do_not_call", "is_unsubscribed")
WRITTEN = [
    *TEXTS,
    *FLAGS,
    "name_folded",
    "email_folded",
    "has_free_mail",
    "title_folded",
    "source_folded",
    "driver_folded",
    "phone_e164",
    "company",
    "has_external_id",
    "extra",
    "attributes",
    "attributes_folded",
    "updated_at",
]


def apply(
    lead: Lead, facts: LeadFacts, company: Company | None, *, now: datetime, may_clear: bool = False
) -> dict[str, tuple[Any, Any]]:
    """Write checked facts into ``lead`` without saving; gives each changed field's old and new value.

    Unless ``may_clear``, an empty value or a flag that is off leaves what is there: an old file must
    not undo a refusal. Neither does a part of the name we have: many lists hold surnames only.
    """
    said: dict[str, Any] = {name: value for name in TEXTS if (value := getattr(facts, name)) is not None}
    said |= {name: value for name in FLAGS if (value := getattr(facts, name)) is not None}
    if not may_clear:
        said = {name: value for name, value in said.items() if value not in ("", False)}
        if _is_part(said.get("name", ""), lead.name):
            del said["name"]
    if facts.external_ids:
        said["has_external_id"] = True
    if new_extra := {key: value for key, value in facts.extra.items() if lead.extra.get(key) != value}:
        said["extra"] = lead.extra | new_extra
    changes = {name: (getattr(lead, name), value) for name, value in said.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    for name, (_, value) in changes.items():
        setattr(lead, name, value)
    attributes = facts.attributes
    if not may_clear:
        attributes = {slug: value for slug, value in attributes.items() if value is not None}
    if attributes:
        changes |= storing.put(lead, attributes)
    _apply_company(lead, company, changes)
    if {"phone", "country"} & changes.keys() or (lead.phone and not lead.phone_e164):
        region = lead.country or (company.country if company else "")
        lead.phone_e164 = cleaning.phone(lead.phone, region)[1]
    if changes:
        lead.updated_at = now
    return changes


def _is_part(name: str, whole: str) -> bool:
    """Whether ``name`` is some of the words of ``whole``, but not all: ``Sample`` of ``Rita Sample``."""
    return bool(name) and set(fold(name).split()) < set(fold(whole).split())


def _apply_company(lead: Lead, company: Company | None, changes: dict[str, tuple[Any, Any]]) -> None:
    same = lead._state.fields_cache.get("company") is company  # both may be unsaved, without an id
    if company is None or same or (company.pk and company.pk == lead.company_id):
        return
    changes["company"] = (lead.company_id, company.name)
    lead.company = company


def write_changed(leads: Iterable[Lead]) -> None:
    """Write locked, changed leads with one statement a batch, folded columns included."""
    rows = sorted(leads, key=lambda lead: lead.pk)
    Lead.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=WRITTEN)
