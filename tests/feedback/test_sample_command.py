"""``manage.py seed``: only on an empty database, and never silently half-done."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from feedback.management.commands import seed
from feedback.sample.plan import Plan
from leads.models import Activity, Lead
from scoring.querysets import live_scores
from tests.factories import UserFactory
from users.models import User

pytestmark = pytest.mark.django_db


def run(*args: str) -> str:
    out = StringIO()
    call_command("seed", *args, stdout=out)
    return out.getvalue()


def test_it_refuses_a_database_that_has_people() -> None:
    UserFactory()
    with pytest.raises(CommandError, match="FRESH=1"):
        run()
    assert User.objects.count() == 1


def test_it_refuses_a_database_that_has_leads() -> None:
    Lead.objects.create(name="Somebody")
    with pytest.raises(CommandError, match="needs an empty database"):
        run()
    assert not User.objects.exists()


@pytest.mark.parametrize("args", [("--leads=0",), ("--activities=-1",)])
def test_it_refuses_sizes_that_make_no_sense(args: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match="at least one lead"):
        run(*args)


def test_an_interruption_says_to_start_over(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(plan: Plan, say: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(seed, "build", interrupted)
    with pytest.raises(CommandError, match=r"Interrupted\. .* FRESH=1"):
        run("--leads=10")


def test_a_moment_without_a_zone_is_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    plans: list[Plan] = []
    monkeypatch.setattr(seed, "build", lambda plan, say: plans.append(plan))
    run("--leads=10", "--seed=4", "--now=2026-11-18T13:30")
    assert plans == [Plan(10, 80, 4, datetime(2026, 11, 18, 13, 30, tzinfo=UTC))]


def test_without_sales_it_makes_judged_leads_for_benchmarks() -> None:
    said = run("--leads=1200", "--activities=5000", "--no-sales")
    assert (Lead.objects.count(), Activity.objects.count()) == (1_200, 5_000)
    assert live_scores().count() == 1_200
    assert "1,200 leads" in said
