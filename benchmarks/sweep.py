"""The sweep over the SLA clocks: as much due among few assignments and among many."""

import argparse
import os
import statistics
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.setting import start_django

SMALL, LARGE = "sweep_small", "sweep_large"
DUE = """
UPDATE feedback_assignment SET assigned_at = %s - interval '5 hours',
  response_due_at = %s - interval '1 hour', next_event_at = %s - interval '1 hour'
WHERE id IN (SELECT id FROM feedback_assignment WHERE ended_at IS NULL ORDER BY id LIMIT %s)
"""


def options(parser: argparse.ArgumentParser) -> None:
    """How much is due, and among how many."""
    parser.add_argument("--due", type=int, default=500)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=7, help="interleaved pairs; the medians count")
    parser.add_argument("--minute", type=int, default=2_000, help="so many fall due at once, measured alone")


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Milliseconds of a sweep in each base; ``ratio`` is the large one's to the small one's.

    ``minute_ms`` is a sweep by which ``--minute`` steps fall due, in the large base: how late the last is.
    """
    before_load = os.getloadavg()[0]
    start_django()
    from django.db import connection

    now = datetime.now(UTC)
    template = str(connection.settings_dict["NAME"])
    sizes = {SMALL: options.small, LARGE: options.large}
    for name, size in sizes.items():
        _prepare(name, template, size, now)
    milliseconds: dict[str, list[float]] = {name: [] for name in sizes}
    for _run in range(options.runs):
        for name in sizes:
            milliseconds[name].append(_sweep(name, options.due, now))
    small, large = (statistics.median(milliseconds[name]) for name in sizes)
    ratios = [big / little for little, big in zip(*milliseconds.values(), strict=True)]
    return {
        "due": options.due,
        "small": options.small,
        "large": options.large,
        "small_ms": round(small, 1),
        "large_ms": round(large, 1),
        "ratio": round(statistics.median(ratios), 3),
        "minute_due": options.minute,
        "minute_ms": round(_sweep(LARGE, options.minute, now), 1),
        "runs": options.runs,
        "load": [round(before_load, 1), round(os.getloadavg()[0], 1)],
    }


def _prepare(name: str, template: str, size: int, now: datetime) -> None:
    from benchmarks import base, handed_over

    handed_over.use(name, like=template)
    base.make_base(size, 1, now)
    handed_over.make_handoffs(size, handed_over.make_team(), now)


def _sweep(name: str, due: int, now: datetime) -> float:
    """Let ``due`` assignments fall due and sweep, with what the last sweep wrote taken back; milliseconds."""
    from django.db import connection

    from benchmarks import handed_over
    from benchmarks.base import vacuum
    from feedback.models import SlaEvent
    from feedback.services import sla

    handed_over.use(name)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE feedback_slaevent, feedback_notification, core_outboxmessage")
        cursor.execute(DUE, [now, now, now, due])
    vacuum("feedback_assignment")
    start = time.perf_counter()
    sla.sweep(now=now + timedelta(seconds=1))
    spent = 1_000 * (time.perf_counter() - start)
    swept = SlaEvent.objects.values("assignment").distinct().count()
    if swept < due * 0.9:  # outside of working hours fewer minutes have passed: then nothing is due
        raise RuntimeError(f"Only {swept} of {due} were due: the benchmark's clock stands at a bad hour.")
    return spent
