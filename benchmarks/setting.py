"""What every benchmark needs: PostgreSQL's settings, Django on it, and a clock."""

import os
import re
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path

COMPOSE = Path(__file__).resolve().parent.parent / "docker-compose.yml"
SETTING = re.compile(r"\b([a-z_]+)=([A-Za-z0-9.]+)")
POSTGRES = frozenset(
    {
        "shared_buffers",
        "work_mem",
        "maintenance_work_mem",
        "effective_cache_size",
        "max_wal_size",
        "wal_compression",
        "random_page_cost",
        "jit",
        "checkpoint_timeout",
    }
)


def postgres_settings() -> dict[str, str]:
    """The settings of docker-compose.yml's PostgreSQL, so that a benchmark measures what is deployed."""
    found = dict(SETTING.findall(COMPOSE.read_text())) if COMPOSE.exists() else {}
    return {name: value for name, value in found.items() if name in POSTGRES}


def start_django(*, migrated: bool = False) -> None:
    """Django on the database of ``DATABASE_URL``, with all tables unless they were ``migrated`` before."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("BANTAM_SECRET_KEY", "only for benchmarks, and long enough that nobody complains")
    import django

    django.setup()
    from django.core.management import call_command

    if not migrated:
        call_command("migrate", verbosity=0)


def interleaved(
    measured: Mapping[str, Callable[[], object]], *, runs: int, before: Callable[[], object]
) -> dict[str, float]:
    """The median seconds of each, run by turns so that a busy moment hits all; ``before`` isn't timed."""
    seconds: dict[str, list[float]] = {name: [] for name in measured}
    for _run in range(runs):
        for name, work in measured.items():
            before()
            start = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(each) for name, each in seconds.items()}
