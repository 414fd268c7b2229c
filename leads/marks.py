"""Marking leads whose facts changed, so that they are judged again."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from django.db import connection, transaction

from core.hooks import hooks
from leads.models import ChangeCause, ChangedLead, Lead

BATCH = 1_000
RELEASED = "recycle"
"""The cause where sales let go of a lead and true age counts again: a fact, and not what time alone does."""


def mark(lead_ids: Iterable[int], *, cause: str, now: datetime, is_aside: bool = False) -> int:
    """Mark leads as changed, in the transaction of the change; gives how many.

    The last cause is the one that the history tells. ``is_aside`` is for what seldom changes points
    itself, like a move from stage to stage: an answer that waits to be judged stays the cause.

    ON CONFLICT DO UPDATE waits for a worker that holds the mark and then sets a fresh one, where *do
    nothing* would lose it; going in lead order keeps two markers from waiting for each other. A repeat
    is harmless. On commit the registered hooks are told. RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A mark is set in the transaction of the change it stands for.")
    ids = sorted(set(lead_ids))
    rest = iter(ids)
    while batch := list(islice(rest, BATCH)):
        ChangedLead.objects.bulk_create(
            [ChangedLead(lead_id=lead_id, cause=cause, marked_at=now) for lead_id in batch],
            update_conflicts=True,
            unique_fields=["lead"],
            update_fields=["marked_at"] if is_aside else ["cause", "marked_at"],
        )
    if ids:
        transaction.on_commit(_tell)
    return len(ids)


def mark_companies(company_ids: Iterable[int], *, now: datetime) -> int:
    """Mark every lead of these companies; gives how many."""
    return mark(_leads_of(set(company_ids)), cause=ChangeCause.COMPANY, now=now)


def _leads_of(company_ids: set[int]) -> Iterator[int]:
    if company_ids:
        leads = Lead.objects.filter(company_id__in=company_ids)
        yield from leads.values_list("pk", flat=True).iterator(chunk_size=BATCH)


def _tell() -> None:
    for tell in hooks.lead_marked:
        tell()
