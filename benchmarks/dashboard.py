"""Follow-up over a base of handoffs: every look at it that a manager may take, in turn."""

import argparse
import os
import statistics
import time
from collections.abc import Iterable
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
    """Server time of follow-up at its default period in ms, over all looks at it.

    The page opens with what is open now and fetches the figures of the period at once: ``page`` and
    ``period`` are these two requests, ``whole`` is both in one, for a browser that fetches nothing.
    ``p50_ms`` and ``p95_ms`` are those of the slower of the two. The weeks that are over were counted
    beforehand, as the task does, but for the last one, which late answers change all the time.
    ``uncounted_ms`` are the figures of an installation that has none, ``count_weeks_seconds`` what counting
    them took.
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

    visitor = Visitor(now)
    page, period = reverse("feedback:sla"), reverse("feedback:sla_period")
    requests = {"page": f"{page}?", "period": f"{period}?", "whole": f"{page}?whole=1&"}
    uncounted = visitor.visit(f"{period}?split={Split.GRADE}")
    began = time.perf_counter()
    weeks = count_weeks(now)
    counting = time.perf_counter() - began
    taken = {
        (name, split): look_at(visitor, address, split, rounds)
        for split, (name, address) in product(Split, requests.items())
    }
    found = {name: spread(each for split in Split for each in taken[name, split]) for name in requests}
    slower = max(found["page"], found["period"], key=lambda each: each["p95_ms"])
    first = f"split={Split.GRADE}"
    return {
        **slower,
        "queries": visitor.queries(f"{page}?{first}") + visitor.queries(f"{period}?{first}"),
        "is_within_target": slower["p95_ms"] <= TARGET_MS,
        **found,
        "period_by_split": {split.value: spread(taken["period", split]) for split in Split},
        "refresh_now_ms": round(visitor.visit(reverse("feedback:sla_now")), 1),
        "assigned_in_12_weeks": Assignment.objects.filter(assigned_at__gte=now - timedelta(weeks=12)).count(),
        "uncounted_ms": round(uncounted, 1),
        "weeks_counted": weeks,
        "count_weeks_seconds": round(counting, 1),
    }


def look_at(visitor: "Visitor", address: str, split: str, rounds: int) -> list[float]:
    """Milliseconds of each visit: both clocks, all teams and one by turns, after one of each to warm up."""
    from users.models import Team

    team = Team.objects.order_by("pk").values_list("pk", flat=True)[0]
    looks = [f"split={split}&clock={clock}{of}" for clock, of in product(CLOCKS, ("", f"&team={team}"))]
    for look in looks:
        visitor.visit(f"{address}{look}")
    return [visitor.visit(f"{address}{look}") for _ in range(rounds) for look in looks]


def spread(times: Iterable[float]) -> dict[str, float]:
    """The median, and what 95 of 100 stayed under."""
    known = list(times)
    return {
        "p50_ms": round(statistics.median(known), 1),
        "p95_ms": round(statistics.quantiles(known, n=20)[-1], 1),
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
