"""Rows that say how far something was read; one of them is the lock under which leads are dealt."""

from datetime import datetime, timedelta

from django.db import transaction

from core.locking import locked
from feedback.models import LogCursor

DEALING = "score_changes"
POOLS = "pools"
"""How far the pools were placed anew since the rules changed."""
STAGES = "stage_changes"
"""How far the moves between stages were followed."""
SETTLED_AFTER = timedelta(minutes=2)
"""Longer than any transaction that writes to a log lasts: then no lower id can still be committed."""


def hold_cursor(name: str = DEALING) -> LogCursor:
    """One worker deals at a time: this row is its lock, and is taken first. Needs a transaction."""
    LogCursor.objects.get_or_create(name=name)
    return locked(LogCursor.objects.filter(name=name)).get()


@transaction.atomic
def advance(name: str, newest: int, now: datetime) -> None:
    """Move on to what was the newest row some time ago: by now every lower id is committed."""
    cursor = hold_cursor(name)
    if cursor.seen_at is None or now - cursor.seen_at >= SETTLED_AFTER:
        cursor.last_id = max(cursor.last_id, cursor.seen_id)
        cursor.seen_id, cursor.seen_at = newest, now
        cursor.save(update_fields=["last_id", "seen_id", "seen_at"])
