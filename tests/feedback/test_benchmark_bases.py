"""The bases on which follow-up, the sweep and decisions are measured fit the tables as they are."""

import pytest
from django.db import connection
from django.utils import timezone

from alignment.models import Version
from benchmarks import base, handed, handed_over
from feedback.models import Assignment, Handoff, SlaEvent

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="they are measured on PostgreSQL")


@pytest.fixture(autouse=True)
def empty_base(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where ids begin at 1, as in a new base; without VACUUM, which can't run inside a transaction."""
    base.drop_base()
    for module in (base, handed, handed_over):
        monkeypatch.setattr(module, "vacuum", lambda *_tables: None)


def test_the_work_of_a_sales_team() -> None:
    handed.make_handoffs(400, reps=10, weeks=8, now=timezone.now())
    assert 300 < Assignment.objects.count() == Handoff.objects.count() <= 400
    assert set(Handoff.objects.values_list("version", flat=True)) == set(
        Version.objects.values_list("pk", flat=True)
    )
    assert SlaEvent.objects.exists()


def test_leads_with_a_team_that_decides_on_them() -> None:
    now = timezone.now()
    base.make_base(200, 400, now)
    handed_over.make_handoffs(100, handed_over.make_team(), now)
    undecided = Handoff.objects.filter(state=Handoff.State.ASSIGNED)
    assert undecided.exists()
    assert Assignment.objects.filter(ended_at=None).count() == undecided.count()
