"""All row locks of the project: in id order, and only inside a transaction.

``no_key`` keeps a locked row referable, so that a worker that inserts a row pointing at it is not
blocked at commit. SQLite ignores row locks: there a write transaction holds the whole database.
"""

from collections.abc import Iterable
from typing import TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)


def locked(rows: models.QuerySet[Row], *, skip_locked: bool = False) -> models.QuerySet[Row]:
    """``rows`` locked for update in primary-key order; RuntimeError outside a transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("A row lock needs a transaction.")
    return rows.select_for_update(no_key=True, skip_locked=skip_locked, of=("self",)).order_by("pk")


def locked_ids(rows: models.QuerySet[Row], ids: Iterable[int]) -> list[Row]:
    """The rows with these ids, locked in id order."""
    return list(locked(rows.filter(pk__in=sorted(set(ids)))))
