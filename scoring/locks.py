"""The one lock that is on no row: which generations are live or being built.

Whoever writes scores of more than one generation shares it, from before reading which there are until
the commit; a flip or a cancellation takes it alone. So no score is ever written, or told of in the
history, under a generation that stopped being what the writer took it for. SQLite has one writer.
"""

from django.db import connection

KEY = 6_205_101


def share_generations() -> None:
    """Keep live and building generations as they are until this transaction ends."""
    _take("pg_advisory_xact_lock_shared")


def take_generations() -> None:
    """Wait until nobody shares them, then keep everybody out until this transaction ends."""
    _take("pg_advisory_xact_lock")


def _take(function: str) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("A lock needs a transaction.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [KEY])
