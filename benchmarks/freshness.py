"""How soon a change is graded: changes at a steady rate, workers and beat as docker-compose.yml runs them."""

import argparse
import os
import time
from datetime import UTC, datetime
from typing import Any

from benchmarks.setting import start_django

SERVER = {"track_commit_timestamp": "on"}
"""What PostgreSQL is started with besides the settings of docker-compose.yml: the measuring's clock."""
QUIET_SECONDS = 120
SHOWN = ("scoring.tasks.judge", "feedback.tasks.open_wanted", "feedback.tasks.sweep")
"""The tasks whose runs and seconds are told."""


def options(parser: argparse.ArgumentParser) -> None:
    """The size of the base and the load."""
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--activities", type=int, default=None, help="default: 8 a lead")
    parser.add_argument("--criteria", type=int, help="8 of them on activities; default: the shipped template")
    parser.add_argument("--rate", type=float, default=200.0, help="changes a second")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--warm", type=float, default=10.0, help="seconds before, whose changes don't count")
    parser.add_argument("--changers", type=int, default=4, help="processes that make the changes")
    parser.add_argument("--workers", type=int, default=2, help="processes of the Celery worker")


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Milliseconds from the commit of a change to the commit of the score that includes it."""
    before_load = os.getloadavg()[0]
    start_django()
    from benchmarks import measured, stopwatch
    from benchmarks.rescoring import Rescoring
    from benchmarks.running import product

    now = datetime.now(UTC)
    rescoring = Rescoring(now, measured.template(options.criteria))
    _prepare(rescoring, options, now)
    stopwatch.install()
    with product(options.workers) as spent:
        made = _change(options)
        load = [round(before_load, 1), round(os.getloadavg()[0], 1)]
        seconds_to_quiet = _wait_until_quiet()
        burst = _burst(options)
    figures = stopwatch.read(options.warm)
    return {
        "leads": options.leads,
        "criteria": len(rescoring.spec.criteria),
        "workers": options.workers,
        **figures,
        "lost": figures["never_judged"] + len(stopwatch.wrong_scores(rescoring)),
        "asked_per_second": options.rate,
        **made,
        "seconds_to_quiet": seconds_to_quiet,
        **burst,
        "tasks": {name: spent.tasks.get(name) for name in SHOWN},
        "worker_processor_seconds": spent.processor,
        "load": load,
        "postgresql": rescoring.server(),
    }


def _prepare(rescoring: Any, options: argparse.Namespace, now: datetime) -> None:
    from benchmarks import base

    activities = options.activities if options.activities is not None else 8 * options.leads
    base.make_base(options.leads, activities, now)
    rescoring.rescore()
    rescoring.tell()
    base.vacuum("scoring_score", "scoring_scorechange")


def _change(options: argparse.Namespace) -> dict[str, Any]:
    """Make the changes from several processes, each at its part of the rate; what that cost themselves."""
    from benchmarks.team import Team

    rate = options.rate / options.changers
    shares: list[dict[str, Any]] = [
        {"seed": number, "rate": rate, "seconds": options.warm + options.seconds, "leads": options.leads}
        for number in range(options.changers)
    ]
    with Team(options.changers) as team:
        answers = team.do("change", time.time(), shares)
    used = sum(each["processor"] for each in answers)
    made = int(rate * (options.warm + options.seconds)) * options.changers
    return {
        "changers": options.changers,
        "most_behind_seconds": max(each["done"] for each in answers),
        "processor_ms_a_change": round(1000 * used / max(made, 1), 2),
    }


def _burst(options: argparse.Namespace) -> dict[str, Any]:
    """A thousand activities of one lead as fast as they go; how often it was judged for them."""
    from benchmarks import stopwatch
    from benchmarks.team import Team

    before = stopwatch.judgements(1)
    with Team(options.changers) as team:
        started = time.monotonic()
        team.do("burst", time.time(), [{"count": 1_000 // options.changers}] * options.changers)
        seconds = time.monotonic() - started
    _wait_until_quiet()
    return {"burst_seconds": round(seconds, 2), "burst_judgements": stopwatch.judgements(1) - before}


def _wait_until_quiet() -> float:
    """Wait until no mark is left; gives the seconds that took."""
    from leads.models import ChangedLead

    start = time.monotonic()
    while ChangedLead.objects.exists() and time.monotonic() - start < QUIET_SECONDS:
        time.sleep(0.1)
    return round(time.monotonic() - start, 1)
