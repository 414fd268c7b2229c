"""Previewing a draft: the sample at once, every lead behind it, and the pages that show both."""

import argparse
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from benchmarks.setting import start_django


def options(parser: argparse.ArgumentParser) -> None:
    """The size of the base."""
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--activities", type=int, default=None, help="default: 5 a lead")


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Seconds of each step, taken once, cold, one after the other as a person would."""
    before_load = os.getloadavg()[0]
    start_django()
    from benchmarks import base

    now = datetime.now(UTC)
    activities = options.activities if options.activities is not None else 5 * options.leads
    base.make_base(options.leads, activities, now)
    seconds = _walk(now)
    load = [round(before_load, 1), round(os.getloadavg()[0], 1)]
    return {"leads": options.leads, "activities": activities, **seconds, "load": load}


def _walk(now: datetime) -> dict[str, Any]:
    from django.test import Client
    from django.urls import reverse

    from alignment.models import Criterion
    from alignment.services import copy_to_draft
    from benchmarks import base
    from benchmarks.rescoring import Rescoring
    from leads.models import Lead
    from scoring import services
    from scoring.counts import criterion_counts
    from scoring.models import Preview
    from users.models import Organisation, Role, User

    Organisation.objects.update_or_create(pk=1, defaults={"name": "Measured", "set_up_at": now})
    marketer = User.objects.create(name="Mo", email="mo@example.com", role=Role.MARKETER)
    rescoring = Rescoring(now)
    rescoring.rescore()
    base.vacuum("scoring_score")
    draft = copy_to_draft(version=rescoring.version, by=marketer, now=now)
    Criterion.objects.filter(version=draft, key="title_decides").update(points=15)
    draft.floor_a -= 5
    draft.revision += 1
    draft.save()
    client = Client(SERVER_NAME="localhost")
    client.force_login(marketer)

    def get(name: str, query: str = "") -> Callable[[], object]:
        return lambda: client.get(reverse(f"scoring:{name}", args=[draft.pk]) + query)

    def count() -> None:
        preview = Preview.objects.latest("pk")
        while services.preview_range(preview_id=preview.pk, now=now):
            pass

    steps: dict[str, Callable[[], object]] = {
        "bare_count": Lead.objects.count,
        "criterion_counts": lambda: criterion_counts(rescoring.version.pk),
        "rail_line": get("preview_line"),
        "begin_with_sample": lambda: services.start_preview(version_id=draft.pk, by=marketer, now=now),
        "every_lead": count,
        "page": get("preview"),
        "leads_that_stay": get("preview_leads", "?move=DD&page=200"),
        "leads_gained": get("preview_leads", "?ready=gained"),
        "prune": lambda: services.prune_previews(now=datetime.max.replace(tzinfo=UTC)),
    }
    return {f"{name}_seconds": _seconds(step) for name, step in steps.items()}


def _seconds(step: Callable[[], object]) -> float:
    start = time.perf_counter()
    step()
    return round(time.perf_counter() - start, 3)
