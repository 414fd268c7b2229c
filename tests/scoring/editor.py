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
        finish(options.own, options.gate.with_name("finish"))
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


def finish(own: list[int], may_begin: Path) -> None:
    """Change each of one's own leads while a worker has judged it and not yet committed.

    Nobody changes it after that, so without the lock this change stays lost. It begins when the file is
    there: a generation that is still being built would judge the lead again.
    """
    from django.db import connection
    from django.db.utils import InterfaceError, OperationalError

    while not may_begin.exists():
        time.sleep(0.02)
    for pk in own:
        limit = time.monotonic() + LONG_PATIENCE
        is_met = False
        while not is_met and time.monotonic() < limit:
            try:
                turn(pk)
                is_met = meet_judged(pk)
            except (InterfaceError, OperationalError):
                connection.close()
        turn(pk)


def meet_judged(pk: int) -> bool:
    """Wait until a worker has judged the lead and not yet committed; False once its mark is gone."""
    from leads.models import ChangedLead
    from tests.scoring.slow import is_being_judged

    while ChangedLead.objects.filter(pk=pk).exists():
        if is_being_judged(pk):
            return True
        time.sleep(0.005)
    return False


def meet(pk: int) -> None:
    """Wait a little until a worker holds the lead's mark: the last change of a burst comes just then."""
    from django.db import connection, transaction
    from django.db.utils import InterfaceError, OperationalError

    from core.locking import locked
    from leads.models import ChangedLead

    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        try:
            with transaction.atomic():
                is_there = ChangedLead.objects.filter(pk=pk).exists()
                if not is_there or not locked(ChangedLead.objects.filter(pk=pk), skip_locked=True):
                    return
        except (InterfaceError, OperationalError):
            connection.close()
        time.sleep(0.005)


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
