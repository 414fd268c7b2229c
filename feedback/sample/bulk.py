"""Writing persons as leads with their activities, in chunks, through the services of imports."""

import datetime as dt
from collections.abc import Iterable, Sequence

from feedback.sample.persons import Deed, Persona
from leads.facts import ActivityFacts
from leads.services import add_activities, upsert_leads
from users.models import User


def import_persons(
    persons: Sequence[Persona], *, by: User | None, now: dt.datetime, is_marked: bool
) -> list[int]:
    """Write persons as leads; gives the ids of their leads, in order."""
    result = upsert_leads(rows=[person.facts for person in persons], by=by, now=now, is_marked=is_marked)
    ids = []
    for person, row in zip(persons, result.rows, strict=True):
        if row.lead is None:
            raise RuntimeError(f"Sample lead {person.number} was left out: it {row.reason}.")
        ids.append(row.lead.pk)
    return ids


def import_deeds(
    deeds: Iterable[tuple[int, Deed]], *, by: User | None, now: dt.datetime, is_marked: bool
) -> int:
    """Write (lead's id, deed); gives how many."""
    items = [activity(lead_id, deed) for lead_id, deed in deeds]
    result = add_activities(items=items, by=by, now=now, is_marked=is_marked)
    if result.problems:
        raise RuntimeError(f"Sample activities were left out: {result.problems[0]}")
    return result.created


def activity(lead_id: int, deed: Deed) -> ActivityFacts:
    """A deed as the services take it."""
    at = dt.datetime.fromtimestamp(deed.at, dt.UTC)
    return ActivityFacts(kind=deed.kind, at=at, detail=deed.detail, campaign=deed.campaign, lead_id=lead_id)
