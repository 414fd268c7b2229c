"""Somebody who changes leads without pause, as a process of its own: ``python -m tests.scoring.editor``.

Each change is a transaction of a real service. One whose connection was cut didn't happen and isn't
counted; a deadlock or any other error ends the process.
"""

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

BURST = 4
HOT = 12
PATIENCE = 0.4
LONG_PATIENCE = 60.0


def main() -> int:
    """Make ``--changes`` changes of the leads from ``--first`` to ``--last``.

    Each adds a byte to ``--progress``; how many may be made by now stands in ``--gate``.
    """
    parser = argparse.ArgumentParser()
    for name in ("--seed", "--changes", "--first", "--last"):
        parser.add_argument(name, type=int, required=True)
    parser.add_argument("--own", type=int, nargs="+", required=True, help="leads that nobody else changes")
    for name in ("--progress", "--gate"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--lossy", action="store_true", help="take out the lock of the marks")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    if options.lossy:
        take_out_the_lock()
    with options.progress.open("ab", buffering=0) as progress:
        edit(options, progress)
        finish(options.own)
    return 0


def take_out_the_lock() -> None:
    """Marks that don't wait for a worker that holds the row: ON CONFLICT DO NOTHING."""
    from leads.models import ChangedLead

    create = ChangedLead.objects.bulk_create

    def lossy(rows: list[ChangedLead], **_conflicts: object) -> list[ChangedLead]:
        return create(rows, ignore_conflicts=True)

    ChangedLead.objects.bulk_create = lossy  # type: ignore[method-assign, assignment]  # that is the point


def edit(options: argparse.Namespace, progress: Any) -> None:
    """A few changes of one lead, then of another, so that they meet the worker that judges it."""
    from benchmarks.changes import Changes
    from leads.facts import LeadFacts
    from leads.services import create_lead

    changes = Changes(options.seed)
    dice = changes.dice
    done = 0
    while done < options.changes:
        while done >= int(options.gate.read_text() or 0):
            time.sleep(0.02)
        hot = min(options.first + HOT, options.last)
        pk = dice.randint(options.first, dice.choice((hot, options.last)))
        burst = min(BURST, options.changes - done)
        for _ in range(burst - 1):
            done += tried(lambda: changes.change(pk), progress)  # noqa: B023 - called at once
        meet(pk)
        done += tried(lambda: turn(pk), progress)  # noqa: B023
        if dice.random() < 0.02 and done < options.changes:
            facts = LeadFacts(name=f"New {options.seed} {done}", title="Founder")
            done += tried(lambda: create_lead(facts=facts, by=None, now=now()), progress)  # noqa: B023


def finish(own: list[int]) -> None:
    """Change each of one's own leads while a worker has judged it and not yet committed.

    Nobody changes it after that, so without the lock this change stays lost.
    """
    from tests.scoring.slow import JUDGED

    for pk in own:
        limit = time.monotonic() + LONG_PATIENCE
        is_met = False
        while not is_met and time.monotonic() < limit:
            turn(pk)
            is_met = meet(pk, LONG_PATIENCE, JUDGED)
        turn(pk)


def meet(pk: int, patience: float = PATIENCE, judged: int = 0) -> bool:
    """Wait until a worker holds the lead's mark, or given ``judged`` also that lock; False if none came.

    It gives up after ``patience`` seconds and when the mark is gone.
    """
    from django.db import connection
    from django.db.utils import InterfaceError, OperationalError

    limit = time.monotonic() + patience
    while time.monotonic() < limit:
        try:
            is_marked, is_held = look(pk, judged)
        except (InterfaceError, OperationalError):
            connection.close()
            continue
        if is_held or not is_marked:
            return is_held
        time.sleep(0.005)
    return False


def look(pk: int, judged: int) -> tuple[bool, bool]:
    """Whether the lead is marked, and whether a worker holds the mark and, given ``judged``, that lock."""
    from django.db import connection, transaction

    from core.locking import locked
    from leads.models import ChangedLead

    mark = ChangedLead.objects.filter(pk=pk)
    with transaction.atomic():
        if not mark.exists():
            return False, False
        is_held = not locked(mark, skip_locked=True)
        if is_held and judged:
            with connection.cursor() as cursor:
                cursor.execute("SELECT NOT pg_try_advisory_xact_lock(%s)", [judged])
                is_held = bool(cursor.fetchone()[0])
        return True, is_held


def turn(pk: int) -> None:
    """A change that no judgement can overlook: a student is disqualified."""
    from leads.facts import LeadFacts
    from leads.models import Lead
    from leads.services import update_lead

    lead = Lead.objects.get(pk=pk)
    title = "Founder" if lead.title == "Student" else "Student"
    update_lead(lead=lead, facts=LeadFacts(title=title), by=None, now=now())


def now() -> Any:
    from django.utils import timezone

    return timezone.now()


def tried(change: Any, progress: Any) -> bool:
    """Whether the change was made; False if the database cut the connection."""
    from django.db import connection
    from django.db.utils import InterfaceError, OperationalError

    try:
        change()
    except (InterfaceError, OperationalError) as problem:
        if "deadlock" in str(problem):
            raise
        connection.close()
        return False
    progress.write(b".")
    return True


if __name__ == "__main__":
    sys.exit(main())
