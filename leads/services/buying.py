"""Writing what sales learned of a company's buying centre, and what drives a person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from core import audit
from core.display import listed
from core.errors import Conflict, Invalid, Problem
from core.locking import locked
from leads.buying import BY_KEY, BuyingFact, Value
from leads.cleaning import UnusableError
from leads.marks import mark, mark_companies
from leads.models import ChangeCause, Company, Lead
from leads.services.sources import note_companies, note_leads
from users.models import User

Changes = dict[str, tuple[Any, Any]]


@transaction.atomic
def update_buying(
    *, lead: Lead, said: Mapping[str, str], seen: Mapping[str, str], by: User, now: datetime
) -> int:
    """Write what ``said`` says of the lead's buying centre; gives how many facts changed.

    Both mappings go from a fact's key (``company.buying``, ``lead.driver``) to its text, "" for nothing.
    ``said`` may have some of the facts, the others stay; ``seen`` has what the editor saw of them. Who
    said each changed fact is kept, all leads of the company are judged anew, and the timelines of all of
    them tell it. Invalid names each text that can't be used; Conflict if somebody changed one of the
    facts meanwhile to anything else than what is said now: nothing is written then. A repeat writes
    nothing. Whoever calls has checked that ``by`` may edit the lead.
    """
    values = _values(said)
    row = locked(Lead.objects.filter(pk=lead.pk)).get()
    company = locked(Company.objects.filter(pk=row.company_id)).first() if row.company_id else None
    owners: dict[type, Company | Lead | None] = {Company: company, Lead: row}
    if company is None and any(fact.owner is Company and value for fact, value in values.items()):
        raise Invalid("No company is known of this lead. Edit the lead and name its company first.")
    _refuse_stale(values, seen, owners)
    ours = _put(company, values, Company) if company else {}
    own = _put(row, values, Lead)
    if company and ours:
        audit.record(actor=by, action="company.update", target=company, **_told(ours))
        note_companies({company.pk: ours}, by=by, now=now)
        mark_companies([company.pk], now=now)
    if own:
        row.updated_at = now
        row.save(update_fields=["updated_at"])
        audit.record(actor=by, action="lead.update", target=row, **_told(own))
        note_leads([row.pk], by=by, now=now)
        mark([row.pk], cause=ChangeCause.EDIT, now=now)
    return len(ours) + len(own)


def _values(said: Mapping[str, str]) -> dict[BuyingFact, Value]:
    values: dict[BuyingFact, Value] = {}
    problems = []
    for key, raw in said.items():
        fact = BY_KEY.get(key)
        if fact is None:
            problems.append(Problem(f"“{key[:60]}” is no fact of a buying centre.", key[:60]))
            continue
        try:
            values[fact] = fact.read(raw)
        except UnusableError as error:
            problems.append(Problem(f"This {error.reason}.", key))
    if problems:
        raise Invalid(problems[0].message, problems=tuple(problems))
    return values


def _refuse_stale(
    values: Mapping[BuyingFact, Value], seen: Mapping[str, str], owners: Mapping[type, Company | Lead | None]
) -> None:
    """What somebody else wrote meanwhile isn't overwritten; that both say the same is no conflict."""
    changed = [fact for fact, value in values.items() if _is_stale(fact, value, seen, owners[fact.owner])]
    if changed:
        which = listed([f"“{fact.label}”" for fact in changed])
        raise Conflict(
            f"Somebody changed {which} while you were editing. Load it again to see what it says now; "
            "nothing of yours was saved."
        )


def _is_stale(fact: BuyingFact, value: Value, seen: Mapping[str, str], owner: Company | Lead | None) -> bool:
    if owner is None or fact.key not in seen:
        return False
    current = getattr(owner, fact.name)
    return fact.raw(current) != seen[fact.key] and current != value


def _put(row: Company | Lead, values: Mapping[BuyingFact, Value], owner: type) -> Changes:
    """Write what differs into the row, folded copies too; gives the old and the new value of each."""
    changes: Changes = {}
    for fact, value in values.items():
        if fact.owner is owner and getattr(row, fact.name) != value:
            changes[fact.name] = (getattr(row, fact.name), value)
            setattr(row, fact.name, value)
    if changes:
        columns = {field.name for field in row._meta.concrete_fields}
        row.save(update_fields=[*changes, *(columns & {f"{name}_folded" for name in changes})])
    return changes


def _told(changes: Changes) -> dict[str, Any]:
    return {"detail": {"fields": sorted(changes)}, "personal": changes}
