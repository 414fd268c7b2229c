"""The page of follow-up over a base of handoffs: every look at it that a manager may take, in turn."""

import argparse
import os
import statistics
import time
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import time_machine

from benchmarks.setting import start_django

TARGET_MS = 300
CLOCKS = ("response", "decision")


def options(parser: argparse.ArgumentParser) -> None:
    """The size of the base."""
    parser.add_argument("--handoffs", type=int, default=1_000_000)
    parser.add_argument("--reps", type=int, default=200)
    parser.add_argument("--weeks", type=int, default=52, help="over how many weeks the handoffs are spread")
    parser.add_argument("--rounds", type=int, default=5, help="how often each look is taken")


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Server time of ``/sla/`` at its default period in ms, all looks together, and of each look apart.

    The weeks that are over were counted beforehand, as the hourly task does, but for the last one, which late
    answers change all the time. ``uncounted_ms`` is the first page of an installation that has none,
    ``count_weeks_seconds`` what counting them took.
    """
    before_load = os.getloadavg()[0]
    start_django()
    from benchmarks import handed

    now = friday(datetime.now(UTC))
    began = time.perf_counter()
    handed.make_handoffs(options.handoffs, reps=options.reps, weeks=options.weeks, now=now)
    made = time.perf_counter() - began
    with time_machine.travel(now, tick=True):
        figures = measure(now, options.rounds)
    return {
        "handoffs": options.handoffs,
        "spread_over_weeks": options.weeks,
        "base_seconds": round(made),
        **figures,
        "load": [round(before_load, 1), round(os.getloadavg()[0], 1)],
    }


def friday(today: datetime) -> datetime:
    """The afternoon of the coming Friday: the week that runs, which is counted each time, is nearly whole."""
    return (today + timedelta(days=(4 - today.weekday()) % 7)).replace(hour=16, minute=0)


def measure(now: datetime, rounds: int) -> dict[str, Any]:
    """The figures over the base that is there."""
    from django.urls import reverse

    from feedback.models import Assignment
    from feedback.reports.splits import Split
    from users.models import Team

    page = reverse("feedback:sla")
    visitor = Visitor(now)
    team = Team.objects.order_by("pk").values_list("pk", flat=True)[0]
    looks = [
        f"{page}?split={split}&clock={clock}{of}"
        for split, clock, of in product(Split, CLOCKS, ("", f"&team={team}"))
    ]
    uncounted = visitor.visit(looks[0])
    began = time.perf_counter()
    weeks = count_weeks(now)
    counting = time.perf_counter() - began
    for look in looks:
        visitor.visit(look)
    taken: dict[str, list[float]] = {look: [] for look in looks}
    for _ in range(rounds):
        for look in looks:
            taken[look].append(visitor.visit(look))
    every = [each for times in taken.values() for each in times]
    by_split = {
        split: [each for look, times in taken.items() if f"split={split}&" in look for each in times]
        for split in Split
    }
    return {
        "p50_ms": round(statistics.median(every), 1),
        "p95_ms": round(p95(every), 1),
        "most_ms": round(max(every), 1),
        "queries": visitor.queries(looks[0]),
        "is_within_target": p95(every) <= TARGET_MS,
        "pages": len(every),
        "by_split_p95_ms": {split: round(p95(times), 1) for split, times in by_split.items()},
        "refresh_now_ms": round(visitor.visit(reverse("feedback:sla_now")), 1),
        "assigned_in_12_weeks": Assignment.objects.filter(assigned_at__gte=now - timedelta(weeks=12)).count(),
        "uncounted_ms": round(uncounted, 1),
        "weeks_counted": weeks,
        "count_weeks_seconds": round(counting, 1),
    }


def count_weeks(now: datetime) -> int:
    """Announce the weeks that are over and count them a while later, as the task does."""
    from feedback.models import KeptWeek
    from feedback.reports.weeks import weeks_until
    from feedback.services.weeks import SETTLED_AFTER, keep_weeks
    from users.models import Organisation

    zone = Organisation.current().tz
    keep_weeks(now=now, zone=zone)
    keep_weeks(now=now + SETTLED_AFTER, zone=zone)
    KeptWeek.objects.filter(monday=weeks_until(now, 2, zone)[0].monday).delete()
    return KeptWeek.objects.filter(is_counted=True).count()


def p95(times: list[float]) -> float:
    """What 95 of 100 of them stayed under."""
    return statistics.quantiles(times, n=20)[-1]


class Visitor:
    """A sales manager whose pages are timed inside the server: middleware, view, queries and template."""

    def __init__(self, now: datetime) -> None:
        from django.test import Client

        from users.models import Organisation, Role, User

        Organisation.objects.update_or_create(
            pk=1, defaults={"name": "Measured", "zone": "Europe/Berlin", "set_up_at": now}
        )
        manager = User.objects.create(name="Sam", email="sam@example.com", role=Role.SALES_MANAGER)
        self.client = Client(SERVER_NAME="localhost")
        self.client.force_login(manager)

    def visit(self, address: str) -> float:
        """Milliseconds of one page."""
        start = time.perf_counter()
        answer = self.client.get(address)
        taken = 1000 * (time.perf_counter() - start)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}.")
        return taken

    def queries(self, address: str) -> int:
        """How many queries one page takes."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            self.visit(address)
        return len(captured)
