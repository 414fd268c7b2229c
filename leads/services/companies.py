"""Finding, creating and changing the companies that leads work for."""

from collections.abc import Iterable, Set
from datetime import datetime
from typing import Any

from django.db.models import Q

from core import audit
from core.locking import locked_ids
from core.text import fold
from leads.buying import COMPANY_NAMES, TEXTS
from leads.facts import CompanyFacts
from leads.marks import mark_companies
from leads.models import Company
from leads.models.bant import AnswerSource
from leads.money import convert
from leads.services.sources import note_companies
from users.models import User

NAME_LIMIT = 400
FILLED = ("name", "domain", "industry", "employees", "country", "city", *sorted(COMPANY_NAMES))
FOLDED = [f"{name}_folded" for name in ("name", "industry", *TEXTS)]
WRITTEN = [*FILLED, *FOLDED, "revenue", "revenue_currency", "revenue_reporting"]


class CompanyBook:
    """The companies that a batch of facts names: found by web domain, else by folded name.

    Two queries find and lock them; ``save`` writes what is new or changed with two more, and marks
    the leads of changed companies. Use it inside a transaction.
    """

    def __init__(self, facts: Iterable[CompanyFacts], *, currency: str, now: datetime) -> None:
        self._currency, self._now = currency, now
        self._by_domain: dict[str, Company] = {}
        self._by_name: dict[str, Company] = {}
        self._new: list[Company] = []
        self._changed: dict[int, Company] = {}
        self._changes: dict[int, dict[str, tuple[Any, Any]]] = {}
        for company in _known(list(facts)):
            self._index(company)

    def company(self, facts: CompanyFacts) -> Company:
        """The company that the facts name, changed by what they say; perhaps not yet saved."""
        company = self._find(facts)
        if company is None:
            company = Company(name=facts.name or facts.domain or "", created_at=self._now)
            self._new.append(company)
            self._fill(company, facts)
        elif self._fill(company, facts) and company.pk:
            self._changed[company.pk] = company
        self._index(company)
        return company

    def save(self, *, by: User | None, source: str = AnswerSource.REP) -> int:
        """Write new and changed companies and mark the leads of changed ones; gives how many changed.

        ``by`` and ``source`` are kept with what is said of buying centres.
        """
        Company.objects.bulk_create(self._new)
        Company.objects.bulk_create(
            [self._changed[pk] for pk in sorted(self._changed)],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=WRITTEN,
        )
        mark_companies(self._changed, now=self._now)
        said: dict[int, Set[str]] = {
            each.pk: {name for name in COMPANY_NAMES if _is_known(each, name)} for each in self._new
        }
        said |= {pk: COMPANY_NAMES & told.keys() for pk, told in self._changes.items()}
        note_companies(said, by=by, source=source, now=self._now)
        return len(self._changed)

    def note(self, by: User | None) -> None:
        """Write who changed which company, with the values: for edits, which the timelines of all its leads
        show. An import writes one row for all it did."""
        for pk, changes in sorted(self._changes.items()):
            audit.record(
                actor=by,
                action="company.update",
                target=self._changed[pk],
                detail={"fields": sorted(changes)},
                personal=changes,
            )

    def _find(self, facts: CompanyFacts) -> Company | None:
        if facts.domain and (company := self._by_domain.get(facts.domain)):
            return company
        company = self._by_name.get(_key(facts.name)) if facts.name else None
        differs = company and facts.domain and company.domain not in ("", facts.domain)
        return None if differs else company

    def _index(self, company: Company) -> None:
        self._by_name.setdefault(_key(company.name), company)
        if company.domain:
            self._by_domain.setdefault(company.domain, company)

    def _fill(self, company: Company, facts: CompanyFacts) -> bool:
        said = {name: value for name in FILLED if (value := getattr(facts, name)) not in (None, "")}
        if facts.revenue is not None:
            currency = facts.revenue_currency or self._currency
            said |= {"revenue": facts.revenue, "revenue_currency": currency}
            said["revenue_reporting"] = convert(facts.revenue, currency, self._currency)
        if facts.name and company.pk and _key(facts.name) == _key(company.name):
            del said["name"]  # another spelling of the same name is no change
        changed = {name: value for name, value in said.items() if getattr(company, name) != value}
        if changed and company.pk:
            told = self._changes.setdefault(company.pk, {})
            for name, value in changed.items():
                told[name] = (told[name][0] if name in told else getattr(company, name), value)
        for name, value in changed.items():
            setattr(company, name, value)
        return bool(changed)


def _is_known(company: Company, name: str) -> bool:
    return getattr(company, name) not in (None, "")


def _key(name: str) -> str:
    return fold(name)[:NAME_LIMIT]


def _known(facts: list[CompanyFacts]) -> list[Company]:
    domains = {each.domain for each in facts if each.domain}
    names = {_key(each.name) for each in facts if each.name}
    if not domains and not names:
        return []
    found = Company.objects.filter(Q(domain__in=domains) & ~Q(domain="") | Q(name_folded__in=names))
    return locked_ids(Company.objects.all(), found.values_list("pk", flat=True))
