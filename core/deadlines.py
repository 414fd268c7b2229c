"""Queries that may take only so long: an ugly question is given up, not waited for."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

STEPS = 10_000
"""How many steps of SQLite's machine lie between two looks at the clock: about a millisecond."""


class TooSlow(Exception):
    """The query was given up after its time; nothing was changed by it."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Read inside this, never write: a statement that takes longer raises TooSlow and is rolled back."""
    try:
        with _on_sqlite(seconds) if _is_sqlite() else _on_postgresql(seconds):
            yield
    except OperationalError as error:
        if "interrupted" in str(error) or "statement timeout" in str(error):
            raise TooSlow from error
        raise


def _is_sqlite() -> bool:
    return connection.vendor == "sqlite"


@contextmanager
def _on_postgresql(seconds: float) -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{int(seconds * 1000)}ms"])
        yield
        cursor.execute("SET LOCAL statement_timeout TO DEFAULT")


@contextmanager
def _on_sqlite(seconds: float) -> Iterator[None]:
    """Without a transaction of its own: here each one keeps others from writing."""
    connection.ensure_connection()
    end = time.monotonic() + seconds
    own = connection.connection
    own.set_progress_handler(lambda: int(time.monotonic() > end), STEPS)
    try:
        yield
    finally:
        own.set_progress_handler(None, 0)
