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
    """The size of the base, the version, and which parts are measured."""
    parser.add_argument("--leads", type=int, default=200_000)
    parser.add_argument("--activities", type=int, default=None, help="default: 8 a lead")
    parser.add_argument(
        "--criteria", type=int, help="default: those of the shipped template; eight on activities"
    )
    parser.add_argument("--workers", type=int, default=2, help="worker processes; 1 leaves scaling out")
    parser.add_argument("--runs", type=int, default=3, help="interleaved runs; the medians count")
    parser.add_argument("--growth", action="store_true", help="rescore a tenth of the base first")


def run(options: argparse.Namespace) -> dict[str, Any]:
    """The figures; ``ratio`` is rescore to the floor on one core, ``ratio_update`` to the bare update.

    ``ratio_parallel_floor`` is rescore to the floor with the server's own parallel settings,
    ``judge_ratio`` judging to what it has to read at least.
    """
    before_load = os.getloadavg()[0]
    start_django()
    from benchmarks import measured
    from benchmarks.onelead import one_lead
    from benchmarks.refreshing import next_day, refreshing
    from benchmarks.rescoring import Rescoring
    from benchmarks.scaling import scaling

    now = datetime.now(UTC)
    activities = options.activities if options.activities is not None else 8 * options.leads
    rescoring = Rescoring(now, measured.template(options.criteria))
    tenth = _tenth(rescoring, options.leads, activities, now, options.runs) if options.growth else None
    since = _prepare(rescoring, options.leads, activities, now)
    seconds = _seconds(rescoring, since, options.runs)
    figures = {
        "leads": options.leads,
        "activities": activities,
        **_version(rescoring),
        **{f"{name}_seconds": round(value, 3) for name, value in seconds.items()},
        **_ratios(seconds),
        **_growth(seconds, tenth),
        **one_lead(rescoring, options.leads),
    }
    if options.workers > 1:
        figures |= scaling(rescoring, options.leads, since, options.workers, options.runs)
    figures |= refreshing(rescoring, since, options.runs)
    figures |= next_day(now, options.leads)
    load = [round(before_load, 1), round(os.getloadavg()[0], 1)]
    return {**figures, "runs": options.runs, "load": load, "postgresql": rescoring.server()}


def _version(rescoring: "Rescoring") -> dict[str, int]:
    on_activities = [each for each in rescoring.spec.criteria if each.activity]
    return {
        "criteria": len(rescoring.spec.criteria),
        "criteria_on_activities": len(on_activities),
        "criteria_capped_daily": len([each for each in on_activities if each.daily_cap]),
    }


def _ratios(seconds: dict[str, float]) -> dict[str, float]:
    return {
        "ratio": round(seconds["rescore"] / seconds["floor"], 3),
        "ratio_parallel_floor": round(seconds["rescore"] / seconds["floor_parallel"], 3),
        "ratio_update": round(seconds["rescore"] / seconds["bare_update"], 3),
        "judge_ratio": round(seconds["judge"] / seconds["judge_floor"], 3),
    }


def _growth(seconds: dict[str, float], tenth: dict[str, float] | None) -> dict[str, float]:
    """How many times longer ten times the leads take, and the floor with them."""
    if tenth is None:
        return {}
    return {
        "tenth_rescore_seconds": round(tenth["rescore"], 3),
        "growth": round(seconds["rescore"] / tenth["rescore"], 2),
        "floor_growth": round(seconds["floor"] / tenth["floor"], 2),
    }


def _tenth(rescoring: "Rescoring", leads: int, activities: int, now: datetime, runs: int) -> dict[str, float]:
    from benchmarks import base, floor

    since = _prepare(rescoring, leads // 10, activities // 10, now)
    seconds = _seconds(rescoring, since, runs)
    rescoring.clear()
    floor.drop_floor()
    base.drop_base()
    return seconds


def _prepare(rescoring: "Rescoring", leads: int, activities: int, now: datetime) -> int:
    """The base and the floor's tables; gives the epoch second from which activities count."""
    from benchmarks import base, floor

    base.make_base(leads, activities, now)
    floor.make_floor()
    horizon = rescoring.spec.horizon
    return 0 if horizon is None else int((now - timedelta(days=horizon)).timestamp())


def _seconds(rescoring: "Rescoring", since: int, runs: int) -> dict[str, float]:
    """The medians of what is measured, in turn."""
    from benchmarks import base, floor

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
        "judge_floor": partial(floor.judge_floor, since),
        "rescore": rescoring.rescore,
        "floor": partial(floor.floor_on_one_core, since),
        "floor_parallel": partial(floor.floor, since),
        "bare_update": floor.bare_update,
    }
    return interleaved(measured, runs=runs, before=before)
