"""Deciding on a lead: the rep's press of a key, as the server answers it."""

import argparse
import os
import statistics
import time
from datetime import UTC, datetime
from itertools import cycle
from typing import TYPE_CHECKING, Any

from benchmarks.setting import start_django

if TYPE_CHECKING:  # they need Django, which starts later
    from django.test import Client

    from feedback.models import Assignment
    from users.models import User

BAR = 100
"""Milliseconds that a decision takes at most, of 95 in 100, at 1,000,000 leads."""


def options(parser: argparse.ArgumentParser) -> None:
    """The size of the base."""
    parser.add_argument("--leads", type=int, default=1_000_000)
    parser.add_argument("--activities", type=int, default=None, help="default: 5 a lead")
    parser.add_argument("--handoffs", type=int, default=200_000)
    parser.add_argument("--decisions", type=int, default=300)


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Milliseconds of a decision: the request that writes it, through every middleware, without a network.

    ``next_p95_ms`` is the request that follows it and shows the next lead. Accepted, rejected, recycled
    and returned by turns.
    """
    before_load = os.getloadavg()[0]
    start_django()
    from benchmarks import base, handed_over, measured
    from benchmarks.rescoring import Rescoring

    now = datetime.now(UTC)
    activities = options.activities if options.activities is not None else 5 * options.leads
    base.make_base(options.leads, activities, now)
    Rescoring(now, measured.template(None)).rescore()
    reps = handed_over.make_team()
    handed_over.make_handoffs(options.handoffs, reps, now)
    wrote, shown, by_kind = _decide(reps, options.decisions)
    return {
        "leads": options.leads,
        "handoffs": options.handoffs,
        "decisions": len(wrote),
        "p50_ms": round(statistics.median(wrote), 1),
        "p95_ms": round(_p95(wrote), 1),
        "p95_ms_by_kind": {kind: round(_p95(each), 1) for kind, each in by_kind.items()},
        "next_p50_ms": round(statistics.median(shown), 1),
        "next_p95_ms": round(_p95(shown), 1),
        "is_within_bar": _p95(wrote) <= BAR,
        "load": [round(before_load, 1), round(os.getloadavg()[0], 1)],
    }


def _decide(reps: list["User"], count: int) -> tuple[list[float], list[float], dict[str, list[float]]]:
    """Milliseconds of each decision, of the page after it, and of the decisions by their kind."""
    from django.test import Client

    from feedback.querysets import undecided

    wrote, shown, by_kind = [], [], {kind: [] for kind in _bodies(None)}  # type: ignore[var-annotated] # filled below
    kinds = cycle(by_kind)
    for rep, _place in zip(cycle(reps), range(count), strict=False):
        client = Client(headers={"HX-Request": "true"}, SERVER_NAME="localhost")
        client.force_login(rep)
        row = undecided(datetime.now(UTC)).filter(owner=rep).select_related("handoff").first()
        if row is None:
            raise RuntimeError("The reps have nothing left to decide: make more handoffs.")
        kind = next(kinds)
        spent, following = _post(client, row, kind)
        wrote.append(spent)
        by_kind[kind].append(spent)
        start = time.perf_counter()
        client.get(following)
        shown.append(1_000 * (time.perf_counter() - start))
    return wrote, shown, by_kind


def _post(client: "Client", row: "Assignment", kind: str) -> tuple[float, str]:
    from django.urls import reverse

    body = _bodies(row)[kind]
    start = time.perf_counter()
    response = client.post(reverse(f"feedback:{kind}", args=[row.pk]), body)
    spent = 1_000 * (time.perf_counter() - start)
    if response.status_code != 302:
        raise RuntimeError(f"{kind} was answered with {response.status_code}.")
    return spent, response["Location"]


def _bodies(row: "Assignment | None") -> dict[str, dict[str, Any]]:
    """What is posted, by the kind of decision."""
    from alignment.models import Reason

    reasons = Reason.objects.filter(version=row.handoff.version_id, needs_text=False) if row else None
    return {
        "accept": {},
        "reject": {"reason": reasons.values_list("pk", flat=True)[0] if reasons else 0},
        "recycle": {"day": f"{datetime.now(UTC).year + 1}-06-01"},
        "return": {"text": "Belongs to another region."},
    }


def _p95(milliseconds: list[float]) -> float:
    return statistics.quantiles(milliseconds, n=20)[-1]
