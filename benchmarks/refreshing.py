"""The daily refresh: when nothing changed, against the floor of judging; and a day later, with memory."""

import statistics
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from benchmarks.setting import interleaved
from benchmarks.team import Team

if TYPE_CHECKING:  # it needs Django, which starts later
    from benchmarks.rescoring import Rescoring

DAY = timedelta(days=1)
WRITTEN = ("scoring_score", "scoring_scorechange")


def refreshing(rescoring: "Rescoring", since: int, runs: int) -> dict[str, Any]:
    """``refresh_ratio`` and what it wrote by PostgreSQL's statistics; the base is rescored first."""
    from benchmarks import base, floor

    rescoring.clear()
    rescoring.rescore()
    rescoring.tell()
    base.vacuum(*WRITTEN)
    rescoring.backdate()

    def before() -> None:
        rescoring.forget_refreshes()
        base.vacuum(*WRITTEN)
        rescoring.checkpoint()

    def refresh() -> None:
        start = rescoring.log_position()
        with floor.one_core():
            changed.append(rescoring.refresh())
        logged.append(rescoring.log_position() - start)

    changed: list[int] = []
    logged: list[int] = []
    tuples = rescoring.tuples_written(*WRITTEN)
    measured: dict[str, Callable[[], object]] = {
        "refresh": refresh,
        "refresh_floor": partial(floor.judge_floor, since),
    }
    seconds = interleaved(measured, runs=runs, before=before)
    return {
        **{f"{name}_seconds": round(value, 3) for name, value in seconds.items()},
        "refresh_ratio": round(seconds["refresh"] / seconds["refresh_floor"], 3),
        "refresh_changed": sum(changed),
        "refresh_tuples_written": rescoring.tuples_written(*WRITTEN) - tuples,
        "refresh_log_mb": round(statistics.median(logged) / 2**20, 1),
    }


def next_day(now: datetime, leads: int) -> dict[str, Any]:
    """One worker process does all that workers do, a refresh a day later last; its peak memory after each.

    Every lead is expected to be judged and told of under the live generation.
    """
    from django.db import transaction

    from leads.marks import mark

    with transaction.atomic():
        mark(range(1, min(leads, 5_000) + 1), cause="edit", now=now)
    with Team(1) as team:
        marked = team.do("marked", now.timestamp())[0]
        later = team.do("refresh", (now + DAY).timestamp())[0]
    return {
        "next_day_seconds": round(later["seconds"], 2),
        "next_day_changed": later["done"],
        "marked_peak_mb": marked["peak_mb"],
        "refresh_peak_mb": later["peak_mb"],
    }
