"""Facts made fit to store: values that can't be used are taken out and named."""

import difflib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from leads import buying, cleaning
from leads.custom import values
from leads.custom.definitions import definitions
from leads.facts import CompanyFacts, FactProblem, LeadFacts
from leads.models import Company, ExternalId, Lead

MAX_EMPLOYEES = 20_000_000
MAX_MONEY = Decimal(10) ** 15
MAX_EXTRAS = 500
Check = Callable[[str], Any]


def _limit(model: type[Lead] | type[Company] | type[ExternalId], name: str) -> int:
    limit: int = getattr(model._meta.get_field(name), "max_length", 0)
    return limit


def _texts(model: type[Lead] | type[Company], *names: str) -> dict[str, Check]:
    return {name: partial(cleaning.text, limit=_limit(model, name)) for name in names}


def _language(raw: str) -> str:
    return cleaning.text(raw, _limit(Lead, "language")).lower().replace("_", "-")


LEAD_CHECKS: Mapping[str, Check] = {
    **_texts(Lead, "name", "title", "city", "source", "driver"),
    "email": cleaning.email,
    "country": cleaning.country,
    "language": _language,
}
COMPANY_CHECKS: Mapping[str, Check] = {
    **_texts(Company, "name", "industry", "city", *buying.TEXTS),
    **buying.CHOICE_CHECKS,
    "domain": cleaning.domain,
    "country": cleaning.country,
}


def checked(facts: LeadFacts) -> tuple[LeadFacts, list[FactProblem]]:
    """A copy of ``facts`` with only usable values, and what was taken out. A repeat changes nothing."""
    problems: list[FactProblem] = []
    good = replace(facts)
    _run(good, LEAD_CHECKS, "", problems)
    company = replace(facts.company) if facts.company else None
    if company:
        _run(company, COMPANY_CHECKS, "company.", problems)
        _numbers(company, problems)
        good.company = company if company.name or company.domain else None
    region = good.country or (company.country if company else "") or ""
    _phone(good, region, problems)
    good.external_ids = tuple(_ids(facts.external_ids, problems))
    good.extra = _extra(facts.extra, problems)
    good.attributes = _attributes(facts.attributes, problems)
    good.campaign = cleaning.plain(facts.campaign)[:160]
    return good, problems


def _run(
    facts: LeadFacts | CompanyFacts, checks: Mapping[str, Check], prefix: str, problems: list[FactProblem]
) -> None:
    for name, check in checks.items():
        if raw := getattr(facts, name):
            value, reason = cleaning.attempt(check, raw)
            setattr(facts, name, value)
            if reason:
                problems.append(FactProblem(prefix + name, raw, reason))


def _numbers(company: CompanyFacts, problems: list[FactProblem]) -> None:
    employees, revenue = company.employees, company.revenue
    if employees is not None and not 0 <= employees <= MAX_EMPLOYEES:
        problems.append(FactProblem("company.employees", str(employees), "is no number of people"))
        company.employees = None
    if revenue is not None and not (revenue.is_finite() and abs(revenue) <= MAX_MONEY):
        problems.append(FactProblem("company.revenue", str(revenue), "is too large"))
        company.revenue = None


def _phone(facts: LeadFacts, region: str, problems: list[FactProblem]) -> None:
    if facts.phone:
        try:
            facts.phone = cleaning.phone(facts.phone, region)[0]
        except cleaning.UnusableError as error:
            problems.append(FactProblem("phone", facts.phone, error.reason))
            facts.phone = None


def _ids(pairs: tuple[tuple[str, str], ...], problems: list[FactProblem]) -> list[tuple[str, str]]:
    good = []
    for system, raw in pairs:
        value, name = cleaning.plain(raw), cleaning.plain(system).lower()
        if len(value) > _limit(ExternalId, "value") or not 0 < len(name) <= _limit(ExternalId, "system"):
            problems.append(FactProblem("external_id", raw, "is too long for an id"))
        elif value:
            good.append((name, value))
    return good


def _extra(extra: dict[str, str], problems: list[FactProblem]) -> dict[str, str]:
    good: dict[str, str] = {}
    for name, raw in extra.items():
        value = cleaning.plain(raw)
        if len(value) > cleaning.MAX_EXTRA or len(good) >= MAX_EXTRAS:
            problems.append(FactProblem(name, raw, "is too long to keep"))
        elif value:
            good[cleaning.plain(name)[:200]] = value
    return good


def _attributes(given: Mapping[str, Any], problems: list[FactProblem]) -> dict[str, Any]:
    good: dict[str, Any] = {}
    for slug, raw in given.items():
        definition = definitions().get(slug)
        where = f"attributes.{cleaning.plain(slug)[:60]}"
        if definition is None:
            problems.append(FactProblem(where, cleaning.plain(slug), _unknown(slug)))
            continue
        try:
            good[slug] = values.checked(definition, raw)
        except cleaning.UnusableError as error:
            problems.append(FactProblem(where, _told(raw), error.reason))
    return good


def _told(raw: object) -> str:
    return raw if isinstance(raw, str) else json.dumps(raw, default=str)[:200]


def _unknown(slug: str) -> str:
    near = difflib.get_close_matches(slug[:60], definitions(), n=1)
    return f"is no custom field, but “{near[0]}” is one" if near else "is no custom field"
