"""Rows that say how far something was read; one of them is the lock under which leads are dealt."""

from core.locking import locked
from feedback.models import LogCursor

DEALING = "score_changes"
POOLS = "pools"
"""How far the pools were placed anew since the rules changed."""


def hold_cursor() -> LogCursor:
    """One worker deals at a time: this row is its lock, and is taken first. Needs a transaction."""
    LogCursor.objects.get_or_create(name=DEALING)
    return locked(LogCursor.objects.filter(name=DEALING)).get()
