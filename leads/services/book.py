"""Finding the leads that a batch of facts means."""

from collections.abc import Sequence

from core.locking import locked_ids
from core.text import fold
from leads.facts import LeadFacts
from leads.models import ExternalId, Lead

Pair = tuple[str, str]


class AmbiguousError(Exception):
    """Several leads answer to the same facts."""

    def __init__(self, leads: Sequence[Lead]) -> None:
        super().__init__("ambiguous")
        self.leads = leads

    @property
    def reason(self) -> str:
        """Why, for people, with the candidates."""
        named = ", ".join(f"{lead} (no. {lead.pk})" if lead.pk else str(lead) for lead in self.leads[:5])
        more = f" and {len(self.leads) - 5} more" if len(self.leads) > 5 else ""
        return f"fits several leads: {named}{more}. Merge them or name one by its external id"


class LeadBook:
    """The leads that a batch may mean: by external id, else by folded e-mail.

    Three queries find them and lock them in id order; ``add`` makes a new one known to later rows of
    the same batch. Use it inside a transaction.
    """

    def __init__(self, rows: Sequence[LeadFacts]) -> None:
        pairs = _ids({pair for row in rows for pair in row.external_ids})
        emails = {fold(row.email) for row in rows if row.email}
        same = Lead.objects.filter(email_folded__in=emails) if emails else Lead.objects.none()
        ids = {*pairs.values(), *same.values_list("pk", flat=True)}
        leads = {lead.pk: lead for lead in locked_ids(Lead.objects.all(), ids)} if ids else {}
        self._by_pair = {pair: leads[pk] for pair, pk in pairs.items() if pk in leads}
        self._by_email: dict[str, list[Lead]] = {}
        for lead in leads.values():
            self._add_email(lead)

    def find(self, facts: LeadFacts) -> Lead | None:
        """The lead these facts mean; None for a new one; AmbiguousError where several fit."""
        named: list[Lead] = []
        for pair in facts.external_ids:
            lead = self._by_pair.get(pair)
            if lead is not None and not any(lead is other for other in named):
                named.append(lead)
        if not named and facts.email:
            named = self._by_email.get(fold(facts.email), [])
        if len(named) > 1:
            raise AmbiguousError(named)
        return named[0] if named else None

    def add(self, lead: Lead, facts: LeadFacts) -> list[Pair]:
        """Make the lead known by these facts; gives the external ids that are new."""
        fresh = [pair for pair in dict.fromkeys(facts.external_ids) if pair not in self._by_pair]
        self._by_pair.update(dict.fromkeys(fresh, lead))
        if facts.email:
            self._add_email(lead)
        return fresh

    def _add_email(self, lead: Lead) -> None:
        known = self._by_email.setdefault(fold(lead.email), [])
        if lead.email and not any(lead is other for other in known):
            known.append(lead)


def _ids(pairs: set[Pair]) -> dict[Pair, int]:
    by_system: dict[str, list[str]] = {}
    for system, value in pairs:
        by_system.setdefault(system, []).append(value)
    return {
        (system, value): lead_id
        for system, wanted in by_system.items()
        for value, lead_id in ExternalId.objects.filter(system=system, value__in=wanted).values_list(
            "value", "lead_id"
        )
    }
