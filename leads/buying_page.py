"""The buying-centre panel as a view-model: each fact with who said it and when."""

from dataclasses import dataclass

from django.db.models import Q

from leads.buying import FACTS, BuyingFact
from leads.models import Company, FactSource, Lead
from leads.models.bant import AnswerSource


@dataclass(frozen=True, slots=True)
class Line:
    """One fact: ``raw`` is what a form sends, ``word`` what people read; both "" while it is unknown.

    ``source`` is None while nobody said it.
    """

    fact: BuyingFact
    raw: str
    word: str
    source: FactSource | None

    @property
    def who(self) -> str:
        """Who said it; "" while nobody did."""
        if self.source is None:
            return ""
        if self.source.source == AnswerSource.IMPORT:
            return "An import"
        return str(self.source.by or "Somebody who left")


@dataclass(frozen=True, slots=True)
class BuyingPanel:
    """The panel of one lead; without a company only what drives the person stands in it."""

    company: Company | None
    lines: list[Line]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known yet."""
        return not any(line.raw for line in self.lines)


def panel(lead: Lead) -> BuyingPanel:
    """The facts of a lead whose company is at hand (1 query)."""
    of_company = Q(company_id=lead.company_id) if lead.company_id else Q(pk__in=[])
    rows = FactSource.objects.filter(of_company | Q(lead_id=lead.pk)).select_related("by")
    sources = {(Company if row.company_id else Lead, row.fact): row for row in rows}
    owners: dict[type, Company | Lead | None] = {Company: lead.company, Lead: lead}
    lines = []
    for fact in FACTS:
        if (owner := owners[fact.owner]) is not None:
            value = getattr(owner, fact.name)
            source = sources.get((fact.owner, fact.name))
            lines.append(Line(fact, fact.raw(value), fact.word(value), source))
    return BuyingPanel(lead.company, lines)
