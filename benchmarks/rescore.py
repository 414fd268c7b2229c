"""Rescoring every lead under a new activation, against what the machine can do at best."""

import argparse
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from benchmarks.setting import interleaved, start_django

if TYPE_CHECKING:  # it needs Django, which starts later
    from benchmarks.rescoring import Rescoring


def options(parser: argparse.ArgumentParser) -> None:
    """The size of the base."""
    parser.add_argument("--leads", type=int, default=200_000)
    parser.add_argument("--activities", type=int, default=None, help="default: 8 a lead")
    parser.add_argument("--runs", type=int, default=3, help="interleaved runs; the medians count")


def run(options: argparse.Namespace) -> dict[str, Any]:
    """The figures; ``ratio`` is rescore to the floor on one core, ``ratio_update`` to the bare update.

    ``ratio_parallel_floor`` is rescore to the floor with the server's own parallel settings.
    """
    before_load = os.getloadavg()[0]
    start_django()
    from benchmarks import base, floor
    from benchmarks.rescoring import Rescoring

    now = datetime.now(UTC)
    activities = options.activities if options.activities is not None else 8 * options.leads
    base.make_base(options.leads, activities, now)
    floor.make_floor()
    rescoring = Rescoring(now)
    seconds = _seconds(rescoring, now, options.runs)
    figures: dict[str, Any] = {f"{name}_seconds": round(value, 3) for name, value in seconds.items()}
    return {
        "leads": options.leads,
        "activities": activities,
        "criteria": len(rescoring.spec.criteria),
        "criteria_on_activities": len([each for each in rescoring.spec.criteria if each.activity]),
        **figures,
        "ratio": round(seconds["rescore"] / seconds["floor"], 3),
        "ratio_parallel_floor": round(seconds["rescore"] / seconds["floor_parallel"], 3),
        "ratio_update": round(seconds["rescore"] / seconds["bare_update"], 3),
        "runs": options.runs,
        "load": [round(before_load, 1), round(os.getloadavg()[0], 1)],
        "postgresql": rescoring.server(),
    }


def _seconds(rescoring: "Rescoring", now: datetime, runs: int) -> dict[str, float]:
    """The medians of what is measured, in turn."""
    from benchmarks import base, floor

    horizon = rescoring.spec.horizon
    since = 0 if horizon is None else int((now - timedelta(days=horizon)).timestamp())

    def before() -> None:
        floor.empty_floor()
        rescoring.clear()
        base.vacuum("floor_lead", "floor_activity", "floor_score", "scoring_score")
        rescoring.checkpoint()

    def judge() -> None:
        with floor.one_core():
            rescoring.judge()

    measured: dict[str, Callable[[], object]] = {
        "judge": judge,
        "rescore": rescoring.rescore,
        "floor": partial(floor.floor_on_one_core, since),
        "floor_parallel": partial(floor.floor, since),
        "bare_update": floor.bare_update,
    }
    return interleaved(measured, runs=runs, before=before)
