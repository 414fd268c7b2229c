"""The sample company is the same each time it is built; a small one shows it."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from feedback.models import Assignment, Attempt, Decision, Outcome
from feedback.sample.build import build
from feedback.sample.plan import Plan
from leads.models import Activity, BantAnswer, Lead
from scoring.models import ScoreChange
from scoring.querysets import live_scores

pytestmark = [pytest.mark.django_db, pytest.mark.alike]

NOW = datetime(2026, 11, 18, 13, 30, tzinfo=UTC)
PLAN = Plan(leads=150, activities=1_000, seed=3, now=NOW, live_for=timedelta(weeks=5))


def digest() -> dict[str, str]:
    """A digest of what was made, without the ids of rows, which a database may skip."""
    who = "handoff__lead__email"
    content = {
        "leads": Lead.objects.values_list("name", "email", "stage", "stage_at", "owner__email", "extra"),
        "activities": Activity.objects.values_list("lead__email", "kind", "at_epoch"),
        "answers": BantAnswer.objects.values_list("lead__email", "dimension", "level", "at"),
        "scores": live_scores().values_list("lead__email", "grade", "total", "gate"),
        "changes": ScoreChange.objects.values_list("lead__email", "at", "new_total"),
        "assignments": Assignment.objects.values_list(who, "owner__email", "assigned_at", "responded_at"),
        "attempts": Attempt.objects.values_list(who, "kind", "result", "note", "at"),
        "decisions": Decision.objects.values_list(who, "kind", "reason__key", "text", "at", "facts"),
        "outcomes": Outcome.objects.values_list(who, "kind", "amount", "at"),
    }
    return {name: _hash(rows) for name, rows in content.items()}


def _hash(rows: Any) -> str:
    lines = sorted(repr(row) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def test_the_same_seed_and_moment_make_the_same_company() -> None:
    made = []
    for _ in range(2):
        with transaction.atomic():
            build(PLAN, lambda line: None)
            made.append(digest())
            transaction.set_rollback(True)
    assert made[0] == made[1]
