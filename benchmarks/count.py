"""Counting the leads that meet a condition, as the builder does while one types."""

import argparse
import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from benchmarks.setting import interleaved, start_django

CONDITIONS: dict[str, dict[str, Any]] = {
    "title": {"field": "lead.title", "op": "matches_any", "value": ["*director*", "*chief*"]},
    "company": {"field": "company.employees", "op": "gte", "value": 200},
    "answer": {"field": "bant.budget.level", "op": "at_least", "value": "partial"},
    "activity": {"activity": {"kind": "page_view", "detail": "*pricing*"}, "at_least": 1, "within_days": 30},
    "activity_often": {"activity": {"kind": ["page_view", "email_click"], "detail": "*o*"}, "at_least": 3},
    "activity_never": {"not": {"activity": {"kind": "unsubscribe"}, "at_least": 1}},
}
CONDITIONS["nested"] = {
    "all": [
        {"any": [CONDITIONS["title"], CONDITIONS["activity_often"]]},
        {"not": {"all": [CONDITIONS["company"], CONDITIONS["activity"]]}},
        {"any": [CONDITIONS["answer"], {"field": "lead.country", "op": "in", "value": ["DE", "FR"]}]},
    ]
}
TARGET = 0.3
"""Seconds within which a count is to stand there, at 100,000 leads."""


def options(parser: argparse.ArgumentParser) -> None:
    """The size of the base."""
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--activities", type=int, default=None, help="default: 8 a lead")
    parser.add_argument("--runs", type=int, default=7, help="interleaved runs; the medians count")


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Seconds and what was counted for each condition; ``ratio`` is the slowest to a bare count of leads."""
    before_load = os.getloadavg()[0]
    start_django()
    from benchmarks import base
    from leads.counting import count_matching
    from leads.models import Lead
    from rules.fields import Use
    from rules.tree import parse

    now = datetime.now(UTC)
    activities = options.activities if options.activities is not None else 8 * options.leads
    base.make_base(options.leads, activities, now)
    nodes = {name: parse(data, use=Use.CRITERION) for name, data in CONDITIONS.items()}
    measured: dict[str, Callable[[], object]] = {
        name: partial(count_matching, node, now=now) for name, node in nodes.items()
    }
    bare = Lead.objects.order_by().count
    seconds = interleaved({**measured, "bare_count": bare}, runs=options.runs, before=lambda: None)
    floor = seconds.pop("bare_count")
    slowest = max(seconds, key=lambda name: seconds[name])
    return {
        "leads": options.leads,
        "activities": activities,
        **{f"{name}_seconds": round(value, 4) for name, value in seconds.items()},
        "bare_count_seconds": round(floor, 4),
        "slowest": slowest,
        "slowest_seconds": round(seconds[slowest], 4),
        "ratio": round(seconds[slowest] / floor, 1),
        "is_within_target": seconds[slowest] < TARGET,
        "counted": {name: str(count_matching(node, now=now)) for name, node in nodes.items()},
        "exact": {name: exactly(node, now) for name, node in nodes.items()},
        "runs": options.runs,
        "load": [round(before_load, 1), round(os.getloadavg()[0], 1)],
    }


def exactly(node: Any, now: datetime) -> int:
    """All leads that match, however long it takes: what a sample is compared with."""
    from leads.models import Lead
    from rules.compile import Context, compile_q, prepare
    from users.models import Organisation

    ctx = Context(now, Organisation.current().tz)
    return prepare(Lead.objects.order_by(), node, ctx).filter(compile_q(node, ctx)).count()
