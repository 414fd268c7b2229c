"""How many leads match: exactly, from a sample with its margin, or not at all if it takes too long."""

import random
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q, Value
from django.db.models.expressions import Func
from django.db.models.fields import BooleanField

from core.deadlines import TooSlow, at_most
from leads import counting
from leads.counting import Counted, count_matching, draw, estimate
from leads.models import Activity, Lead
from rules.fields import Use
from rules.nodes import ActivityMatch
from rules.tree import parse

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DIRECTOR = parse({"field": "lead.title", "op": "is", "value": "Director"}, use=Use.CRITERION)


def make(leads: int, directors: int) -> list[int]:
    """Leads of which the first are directors: the worst order for a sample of neighbours."""
    titles = ["director"] * directors + ["clerk"] * (leads - directors)
    rows = [Lead(name=f"Lead {place}", title=title, title_folded=title) for place, title in enumerate(titles)]
    return [lead.pk for lead in Lead.objects.bulk_create(rows)]


def test_a_small_base_is_counted_exactly() -> None:
    make(30, 7)
    assert count_matching(DIRECTOR, now=NOW) == Counted(7, 30, None)


def test_an_empty_base_has_none() -> None:
    assert count_matching(DIRECTOR, now=NOW) == Counted(0, 0)


def test_leads_who_did_something_are_counted_once() -> None:
    first, second, _ = make(3, 0)
    for lead, detail in ((first, "/pricing"), (first, "/pricing"), (second, "/blog")):
        Activity.objects.create(
            lead_id=lead, kind="page_view", detail=detail, detail_folded=detail, at_epoch=1_000, day=0
        )
    assert count_matching(ActivityMatch(("page_view",), "*price*"), now=NOW).leads == 0
    assert count_matching(ActivityMatch(("page_view",), "*pricing*"), now=NOW).leads == 1
    assert count_matching(ActivityMatch(("page_view",)), now=NOW).leads == 2


@pytest.fixture
def _sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "EXACT_UP_TO", 100)
    monkeypatch.setattr(counting, "SAMPLE", 400)
    monkeypatch.setattr(draw, "__defaults__", (400,))


@pytest.mark.usefixtures("_sampled")
def test_a_large_base_is_sampled_and_the_truth_lies_within_the_margin() -> None:
    ids = make(3_000, 600)
    Lead.objects.filter(pk__in=ids[::3]).delete()
    counted = count_matching(DIRECTOR, now=NOW)
    truth = Lead.objects.filter(title="director").count()
    assert counted.total == 2_000
    assert counted.margin is not None
    assert 0 < counted.margin < 120
    assert counted.leads is not None
    assert abs(counted.leads - truth) <= counted.margin


@pytest.mark.usefixtures("_sampled")
def test_a_repeat_counts_the_same() -> None:
    make(2_000, 300)
    assert count_matching(DIRECTOR, now=NOW) == count_matching(DIRECTOR, now=NOW)


def test_every_id_has_about_the_same_chance_to_be_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = [0] * 50
    for seed in range(2_000):
        monkeypatch.setattr(counting, "SEED", seed)
        for pk in draw(101, 150, 50, wanted=10):
            drawn[pk - 101] += 1
    assert min(drawn) > 320
    assert max(drawn) < 480


def test_no_id_is_drawn_outside_the_base_or_twice() -> None:
    ids = draw(7, 100_006, 100_000)
    assert len(set(ids)) == len(ids) == 10_000
    assert min(ids) >= 7
    assert max(ids) <= 100_006


def test_where_most_ids_are_gone_more_are_drawn() -> None:
    assert len(draw(1, 1_000_000, 100_000)) == 100_000
    assert len(draw(1, 10**12, 30_000)) == counting.MOST_DRAWN


def test_the_margin_holds_in_95_of_100_samples() -> None:
    chance, held = random.Random(3), 0  # noqa: S311 - a sample, no secret
    for _ in range(400):
        met = sum(chance.random() < 0.02 for _ in range(1_000))
        counted = estimate(met, 1_000, 100_000)
        assert counted.leads is not None
        assert counted.margin is not None
        held += abs(counted.leads - 2_000) <= counted.margin
    assert held >= 370


def test_none_found_has_a_margin_too() -> None:
    counted = estimate(0, 10_000, 1_000_000)
    assert counted.leads == 0
    assert counted.margin is not None
    assert 200 < counted.margin < 400


@pytest.mark.parametrize(
    ("counted", "words"),
    [
        (Counted(7, 30), "7 of 30 leads"),
        (Counted(1, 1), "1 of 1 lead"),
        (Counted(12_437, 1_000_000, 583), "about 12,400 of 1,000,000 leads (± 600)"),
        (Counted(0, 1_000_000, 277), "fewer than 300 of 1,000,000 leads"),
        (Counted(None, 5), "Too slow to count."),
    ],
)
def test_a_count_reads_as_words(counted: Counted, words: str) -> None:
    assert str(counted) == words


class Endless(Func):
    """A condition that takes much longer than anybody waits."""

    output_field = BooleanField()

    def as_sqlite(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, tuple[Any, ...]]:
        """Counts to a billion."""
        endless = "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) "
        return f"{endless}SELECT count(*) FROM n) > 0", ()  # noqa: S608 - constant

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, tuple[Any, ...]]:
        """Sleeps."""
        return "pg_sleep(30) IS NULL", ()


def test_what_takes_too_long_is_given_up_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    make(3, 1)
    monkeypatch.setattr(counting, "PATIENCE", 0.1)
    monkeypatch.setattr(counting, "compile_q", lambda _node, _ctx: Q(Endless(Value(1))))
    counted = count_matching(DIRECTOR, now=NOW)
    assert (counted.leads, str(counted)) == (None, "Too slow to count.")
    assert Lead.objects.count() == 3


def test_a_deadline_ends_with_its_block() -> None:
    make(1, 1)
    with pytest.raises(TooSlow), at_most(0.05):
        list(Lead.objects.filter(Q(Endless(Value(1)))))
    with at_most(5):
        assert Lead.objects.count() == 1
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("0",)
