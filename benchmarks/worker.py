"""A worker of a benchmark, as a process of its own that says when it is ready and waits to be told.

``python -m benchmarks.worker`` reads one JSON line for each piece of work and answers with one.
"""

import json
import re
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.setting import start_django


def main() -> int:
    """Do what each line says until there are no more: its ``work``, ``now`` (seconds) and share of ids."""
    start_django(migrated=True)
    from django.db import connection

    connection.ensure_connection()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        told = json.loads(line)
        start, used = time.perf_counter(), time.process_time()
        done = WORK[told["work"]](told, datetime.fromtimestamp(told["now"], tz=UTC))
        spent = {"seconds": time.perf_counter() - start, "processor": time.process_time() - used}
        print(json.dumps({"done": done, "peak_mb": peak_mb(), **spent}), flush=True)
    return 0


def peak_mb() -> float:
    """The most memory this process ever held, in MB; its own, whatever its parent had."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return round(int(found[1]) / 1024, 1) if found else 0.0


def _build(_told: dict[str, Any], now: datetime) -> int:
    from scoring import services

    done = 0
    while services.build_range(now=now):
        done += 1
    return done


def _log(_told: dict[str, Any], now: datetime) -> int:
    from scoring import services
    from scoring.services.logging import finish_logging

    done = 0
    while services.log_activation_range(now=now):
        done += 1
    finish_logging()
    return done


def _refresh(_told: dict[str, Any], now: datetime) -> int:
    from scoring import services

    return services.refresh(now=now)


def _marked(_told: dict[str, Any], now: datetime) -> int:
    from scoring import services

    done = 0
    while count := services.judge_marked(now=now):
        done += count
    return done


def _floor(told: dict[str, Any], _now: datetime) -> int:
    from benchmarks import floor

    floor.floor_share(told["since"], told["low"], told["high"])
    return 0


def _change(told: dict[str, Any], _now: datetime) -> float:
    """Changes at a steady rate, made up for when late; gives the seconds that it was behind at most."""
    from benchmarks.changes import Changes

    changes = Changes(told["seed"])
    start, behind = time.monotonic(), 0.0
    for number in range(int(told["rate"] * told["seconds"])):
        late = time.monotonic() - start - number / told["rate"]
        behind = max(behind, late)
        if late < 0:
            time.sleep(-late)
        changes.change(changes.dice.randint(2, told["leads"]))
    return round(behind, 2)


def _burst(told: dict[str, Any], _now: datetime) -> int:
    """Activities of lead 1, each delivered on its own, one right after the other."""
    from django.utils import timezone

    from leads.facts import ActivityFacts
    from leads.services import add_activities

    for _ in range(told["count"]):
        now = timezone.now()
        did = ActivityFacts(kind="page_view", detail="/pricing", at=now, lead_id=1)
        add_activities(items=[did], by=None, now=now)
    return int(told["count"])


WORK: dict[str, Callable[[dict[str, Any], datetime], float]] = {
    "build": _build,
    "log": _log,
    "refresh": _refresh,
    "marked": _marked,
    "floor": _floor,
    "change": _change,
    "burst": _burst,
}


if __name__ == "__main__":
    sys.exit(main())
