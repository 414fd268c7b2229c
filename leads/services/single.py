"""Adding and editing one lead, by hand or by a program."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from core import audit
from core.errors import Conflict, Invalid, Problem
from core.locking import locked
from leads.checking import checked
from leads.facts import CompanyFacts, FactProblem, LeadFacts
from leads.marks import mark
from leads.models import ChangeCause, Company, ExternalId, Lead
from leads.services.applying import apply
from leads.services.bulk import Outcome, upsert_leads
from leads.services.companies import CompanyBook
from leads.services.extras import add_answers, add_touches
from leads.services.sources import DRIVER, note_leads
from users.models import Organisation, Role, User


@transaction.atomic
def create_lead(*, facts: LeadFacts, by: User | None, now: datetime) -> Lead:
    """Add a lead, whoever else has its e-mail; one that a rep adds is the rep's own.

    Invalid names every value that can't be used; Conflict if an external id is taken.
    """
    good = _usable(facts)
    born = good.created_at or now
    lead = Lead(created_at=born, stage_at=born)
    if by is not None and by.role == Role.REP:
        lead.owner, lead.team = by, by.team
    changes = apply(lead, good, _company(good.company, by, now), now=now, may_clear=True)
    lead.updated_at = now
    _require_identity(lead)
    lead.save()
    _note_driver(lead, changes, by, now)
    _add_ids(lead, good)
    add_touches([(lead, good)], now=now)
    add_answers([(lead, good)], by=by, now=now, currency=Organisation.current().currency)
    _record(by, "lead.create", lead, changes)
    mark([lead.pk], cause=ChangeCause.EDIT, now=now)
    return lead


@transaction.atomic
def update_lead(
    *, lead: Lead, facts: LeadFacts, by: User | None, now: datetime, seen_at: datetime | None = None
) -> Lead:
    """Change a lead by what ``facts`` say ("" clears, None leaves); gives the fresh row.

    ``seen_at`` is the ``updated_at`` that the editor saw: if the lead changed since, it is a Conflict
    and nothing is written. A company name of "" takes the lead out of its company; other facts of the
    company change for all its leads, whose timelines tell it. A repeat writes nothing.
    """
    row = locked(Lead.objects.filter(pk=lead.pk)).get()
    if seen_at is not None and row.updated_at != seen_at:
        raise Conflict(
            "Somebody changed this lead while you were editing. Load it again to see what changed; "
            "nothing of yours was saved."
        )
    good = _usable(facts)
    changes = apply(row, good, _company(good.company, by, now), now=now, may_clear=True)
    if facts.company is not None and facts.company.name == "" and row.company_id:
        changes["company"] = (row.company_id, None)
        row.company, row.updated_at = None, now
    _require_identity(row)
    added = _add_ids(row, good) + len(add_touches([(row, good)], now=now))
    if changes or added:
        row.save()
        _note_driver(row, changes, by, now)
        _record(by, "lead.update", row, changes)
        mark([row.pk], cause=ChangeCause.EDIT, now=now)
    return row


def upsert_lead(*, facts: LeadFacts, by: User | None, now: datetime) -> tuple[Lead, Outcome]:
    """Add or update the lead that ``facts`` mean: by external id, else by e-mail.

    Invalid if a value can't be used, Conflict that names the candidates if several leads fit; nothing
    is written then. A repeat leaves the lead unchanged.
    """
    with transaction.atomic():
        row = upsert_leads(rows=[facts], by=by, now=now, cause=ChangeCause.EDIT).rows[0]
        if row.is_ambiguous:
            candidates = tuple(Problem(str(lead), f"lead {lead.pk}") for lead in row.candidates)
            raise Conflict(f"This {row.reason}.", problems=candidates)
        if row.problems:
            raise _invalid(row.problems)
        if row.lead is None:
            raise Invalid(f"This {row.reason}. Give at least one of them.")
        return row.lead, row.outcome


def _usable(facts: LeadFacts) -> LeadFacts:
    good, problems = checked(facts)
    if problems:
        raise _invalid(problems)
    return good


def _invalid(problems: Iterable[FactProblem]) -> Invalid:
    listed = tuple(Problem(f"“{each.value[:80]}” {each.reason}.", each.field) for each in problems)
    return Invalid(f"{listed[0].where}: {listed[0].message}", problems=listed)


def _require_identity(lead: Lead) -> None:
    if not (lead.email or lead.phone or lead.name or lead.has_external_id):
        raise Invalid("A lead needs a name, an e-mail address, a phone number or an external id.")


def _company(facts: CompanyFacts | None, by: User | None, now: datetime) -> Company | None:
    if facts is None:
        return None
    book = CompanyBook([facts], currency=Organisation.current().currency, now=now)
    company = book.company(facts)
    book.save(by=by)
    book.note(by)
    return company


def _add_ids(lead: Lead, facts: LeadFacts) -> int:
    added = 0
    for system, value in facts.external_ids:
        row, is_new = ExternalId.objects.get_or_create(system=system, value=value, defaults={"lead": lead})
        if row.lead_id != lead.pk:
            raise Conflict(f"{system} {value} is already the id of lead {row.lead_id}.")
        added += is_new
    return added


def _note_driver(lead: Lead, changes: dict[str, tuple[Any, Any]], by: User | None, now: datetime) -> None:
    if DRIVER in changes:
        note_leads([lead.pk], by=by, now=now)


def _record(by: User | None, action: str, lead: Lead, changes: dict[str, tuple[Any, Any]]) -> None:
    audit.record(actor=by, action=action, target=lead, detail={"fields": sorted(changes)}, personal=changes)
