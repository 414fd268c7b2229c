"""Adding and updating many leads at once: the path of imports, the API and sample data."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db import IntegrityError, transaction

from core import audit
from core.rows import insert_rows
from leads.checking import checked
from leads.facts import FactProblem, LeadFacts
from leads.marks import mark
from leads.models import ChangeCause, Company, ExternalId, Lead
from leads.models.bant import AnswerSource
from leads.services.applying import apply, write_changed
from leads.services.book import AmbiguousError, LeadBook, Pair
from leads.services.companies import CompanyBook
from leads.services.extras import add_answers, add_touches
from leads.services.sources import DRIVER, note_leads
from users.models import Organisation, User

CHUNK = 1_000


class Outcome(StrEnum):
    """What became of one row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    LEFT_OUT = "left_out"


@dataclass(slots=True)
class RowResult:
    """One row: its outcome, its lead (None if left out), and each value that couldn't be used.

    A row that was left out says why in ``reason``, and names the ``candidates`` where it fits several
    leads; the others keep going without the values named.
    """

    outcome: Outcome
    lead: Lead | None = None
    problems: list[FactProblem] = field(default_factory=list)
    reason: str = ""
    is_ambiguous: bool = False
    candidates: tuple[Lead, ...] = ()


@dataclass(slots=True)
class UpsertResult:
    """One result for each row that was given, in order."""

    rows: list[RowResult] = field(default_factory=list)

    def count(self, outcome: Outcome) -> int:
        """How many rows ended so."""
        return sum(row.outcome is outcome for row in self.rows)


def upsert_leads(
    *,
    rows: Sequence[LeadFacts],
    by: User | None,
    now: datetime,
    cause: str = ChangeCause.IMPORT,
    is_marked: bool = True,
) -> UpsertResult:
    """Add or update a lead for each row, in one transaction and about a dozen queries a thousand rows.

    A row means the lead with one of its external ids, else with its e-mail; a row that fits several
    leads, or has none of e-mail, phone, external id and name, is left out and says why. Values that
    can't be used are left out of their row. Empty values never clear, flags are only set, and a part of
    a name never replaces the whole. A repeat leaves everything unchanged. ``is_marked=False`` is for a
    caller that has everything judged anew.
    """
    try:
        return _upsert(rows, by=by, now=now, cause=cause, is_marked=is_marked)
    except IntegrityError:
        # Somebody added a lead with one of these external ids meanwhile: now it is found.
        return _upsert(rows, by=by, now=now, cause=cause, is_marked=is_marked)


@transaction.atomic
def _upsert(
    rows: Sequence[LeadFacts], *, by: User | None, now: datetime, cause: str, is_marked: bool
) -> UpsertResult:
    result = UpsertResult()
    for start in range(0, len(rows), CHUNK):
        chunk = _Chunk(rows[start : start + CHUNK], now)
        chunk.write(by=by, cause=cause, is_marked=is_marked)
        result.rows += chunk.results
    return result


class _Chunk:
    def __init__(self, rows: Sequence[LeadFacts], now: datetime) -> None:
        self.now = now
        self.currency = Organisation.current().currency
        self.results: list[RowResult] = []
        self.new: list[Lead] = []
        self.changed: dict[int, Lead] = {}
        self.driven: list[Lead] = []
        self.pairs: list[tuple[Lead, Pair]] = []
        self.employed: list[tuple[Lead, Company]] = []
        checks = [checked(row) for row in rows]
        good = [facts for facts, _ in checks]
        self.leads = LeadBook(good)
        self.companies = CompanyBook(
            (facts.company for facts in good if facts.company), currency=self.currency, now=now
        )
        self.facts: list[tuple[Lead, LeadFacts]] = []
        for facts, problems in checks:
            result = self._row(facts)
            result.problems = problems
            self.results.append(result)

    def _row(self, facts: LeadFacts) -> RowResult:
        if not (facts.email or facts.phone or facts.name or facts.external_ids):
            return RowResult(Outcome.LEFT_OUT, reason="has no e-mail, phone, external id or name")
        try:
            lead = self.leads.find(facts)
        except AmbiguousError as error:
            fits = tuple(error.leads)
            return RowResult(Outcome.LEFT_OUT, reason=error.reason, is_ambiguous=True, candidates=fits)
        outcome = Outcome.UNCHANGED
        if lead is None:
            lead, outcome = self._create(facts), Outcome.CREATED
        company = self.companies.company(facts.company) if facts.company else None
        if company:
            self.employed.append((lead, company))
        changes = apply(lead, facts, company, now=self.now)
        if DRIVER in changes:
            self.driven.append(lead)
        fresh = self.leads.add(lead, facts)
        self.pairs += [(lead, pair) for pair in fresh]
        self.facts.append((lead, facts))
        if outcome is Outcome.UNCHANGED and (changes or fresh):
            outcome = Outcome.UPDATED
            if lead.pk:
                self.changed[lead.pk] = lead
        return RowResult(outcome, lead)

    def _create(self, facts: LeadFacts) -> Lead:
        born = facts.created_at or self.now
        lead = Lead(created_at=born, updated_at=self.now, stage_at=born)
        self.new.append(lead)
        return lead

    def write(self, *, by: User | None, cause: str, is_marked: bool) -> None:
        """Write everything; companies first, for leads point at them."""
        source = AnswerSource.REP if cause == ChangeCause.EDIT else AnswerSource.IMPORT
        companies = self.companies.save(by=by, source=source)
        if cause == ChangeCause.EDIT:
            self.companies.note(by)
        for lead, company in self.employed:
            lead.company = company  # takes over the id that the company got just now
        Lead.objects.bulk_create(self.new)
        write_changed(self.changed.values())
        note_leads((lead.pk for lead in self.driven), by=by, source=source, now=self.now)
        ids = [(lead.pk, system, value) for lead, (system, value) in self.pairs]
        insert_rows(ExternalId, ("lead_id", "system", "value"), ids)
        told = add_answers(self.facts, by=by, now=self.now, currency=self.currency)
        told |= add_touches(self.facts, now=self.now)
        touched = {lead.pk for lead in self.new} | self.changed.keys() | told
        if is_marked:
            mark(touched, cause=cause, now=self.now)
        if touched:
            counts = {"created": len(self.new), "updated": len(self.changed), "rows": len(self.results)}
            counts |= {"companies": companies} if companies else {}
            span = {"first": min(touched), "last": max(touched)}
            audit.record(actor=by, action=f"leads.{cause}", target_type="lead", detail=counts | span)
