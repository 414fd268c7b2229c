"""Imported by a worker of the fire: it takes a moment between judging and committing, and between ranges.

So faults and edits meet workers in the middle of their work, with the locks in place and without. Who
waits for just that moment asks ``is_being_judged``.
"""

import time
from collections.abc import Iterable

from django.db import connection

from scoring.engine.running import Change, Judge
from scoring.engine.statement import Leads
from scoring.services import marks, writing

MOMENT = 0.1
JUDGED = 4_711
"""The class of the advisory locks, one for each lead that a worker has judged and not yet committed."""


def write(generation: int, changes: Iterable[Change], today: int) -> None:
    """Write, and hold the transaction open."""
    found = list(changes)
    writing.write(generation, found, today)
    with connection.cursor() as cursor:
        for change in found:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [JUDGED, change.new.lead_id])
    time.sleep(MOMENT)


def is_being_judged(lead_id: int) -> bool:
    """Whether a worker has judged the lead and not yet committed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks "
            "WHERE locktype = 'advisory' AND classid = %s AND objid = %s)",
            [JUDGED, lead_id],
        )
        return bool(cursor.fetchone()[0])


def fill(self: Judge, generation: int, leads: Leads) -> int:
    """Fill a range, and hold the transaction open."""
    done = filled(self, generation, leads)
    time.sleep(MOMENT)
    return done


filled = Judge.fill
marks.write = write  # type: ignore[attr-defined]  # as marks.py imported it
Judge.fill = fill  # type: ignore[method-assign]  # that is the point
