"""Every figure of the follow-up page is what a slow, independent recount of random histories gives."""

from collections import Counter
from datetime import timedelta
from itertools import product
from random import Random
from statistics import median as middle
from statistics import quantiles
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.db.models import Count

from feedback.models import Assignment, ChangedWeek, KeptWeek
from feedback.reports.dashboard import Asked, Dashboard, build, weekly
from feedback.reports.measuring import Delays
from feedback.reports.now import Open, count_now
from feedback.reports.sla import Compliance
from feedback.reports.splits import Split
from feedback.reports.values import ValuesOf, packed, percentiles, unpacked
from feedback.reports.weeks import start_of, weeks_until
from feedback.routing import load_reps
from feedback.services.weeks import SETTLED_AFTER, keep_weeks
from tests.feedback.follow_up_histories import History, teams_of
from tests.feedback.follow_up_reference import Reference, median, p90
from tests.feedback.world import NOW

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
CLOCKS = ("response", "decision")
LATER = NOW + SETTLED_AFTER
CHANGES = ("answered", "decided", "owner", "due", "minutes", "gone", "new", "system", "team", "step")


def assert_same(asked: Asked, figures: Dashboard, kept: tuple[Compliance, ...]) -> None:
    """Each figure of the page against the recount."""
    expected = Reference(asked.clock, asked.split, asked.weeks, asked.team_id, NOW, BERLIN)
    found = {line.key: line for line in figures.lines}
    assert found.keys() == expected.parts.keys() | expected.delays.keys()
    for key, line in found.items():
        weeks = expected.parts.get(key, [(0, 0)] * asked.weeks)
        assert [(week.due, week.met) for week in line.weeks] == weeks
        assert (line.kept.due, line.kept.met) == tuple(map(sum, zip(*weeks, strict=True)))
        for name, given in expected.delays.get(key, {}).items():
            shown = getattr(line, name)
            assert (shown.count, shown.median) == (len(given), median(given))
            assert shown.p90 == pytest.approx(p90(given), abs=1e-9)
    columns = zip(*expected.parts.values(), strict=True)
    overall = [tuple(map(sum, zip(*week, strict=True))) for week in columns] or [(0, 0)] * asked.weeks
    assert [(week.due, week.met) for week in figures.all.weeks] == overall
    assert kept == figures.all.weeks
    for name in ("system", "human", "decision"):
        whole = [value for part in expected.delays.values() for value in part[name]]
        assert getattr(figures.all, name).median == median(whole)
    assert {each.grade for each in figures.by_grade} == expected.grades.keys()
    for each in figures.by_grade:
        for name, given in expected.grades[each.grade].items():
            assert getattr(each.line, name).median == median(given)
    slots = {key: (slot.assigned, slot.kept.due, slot.kept.met) for key, slot in figures.slots.items()}
    assert slots == expected.slots
    assert [each.assigned for each in figures.flow] == expected.assigned
    assert [each.decided for each in figures.flow] == expected.decided
    assert {(each.clock, each.step): each.count for each in figures.steps} == expected.steps


def check(history: History, *, splits: tuple[Split, ...] = tuple(Split)) -> None:
    """All looks at a history: by every split, both clocks, all teams and each."""
    teams = teams_of(history.owners)
    for split, clock, team in product(splits, CLOCKS, teams):
        asked = Asked(clock, split, 12, team)
        arguments = {"keeps": True, "now": NOW, "zone": BERLIN}
        rows = Assignment.objects.all()
        assert_same(asked, build(rows, asked, **arguments), weekly(rows, asked, **arguments))  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(3))
def test_every_figure_is_what_a_recount_gives(seed: int) -> None:
    check(History(seed))


@pytest.mark.parametrize("seed", range(4))
def test_what_is_open_now_is_what_a_recount_gives(seed: int) -> None:
    history = History(seed, leads=90)
    last = Assignment.objects.annotate(owners=Count("handoff__assignments")).filter(owners=1)
    for row in last.order_by("pk")[:40]:
        ahead = NOW + timedelta(minutes=history.dice.randrange(-300, 1_600))
        changes = {"ended_at": None, "decided_at": None, "response_due_at": ahead}
        Assignment.objects.filter(pk=row.pk).update(**changes)
    for team in teams_of(history.owners):
        expected = Reference("response", "rep", 1, team, NOW, BERLIN)
        rows = Assignment.objects.all() if team is None else Assignment.objects.filter(owner__team=team)
        found = count_now(rows, load_reps(now=NOW), team_id=team, now=NOW)
        assert {desk.owner_id: desk.open for desk in found.desks} == {
            owner: Open(*counted) for owner, counted in expected.desks.items()
        }
        assert found.coming == expected.coming
        undecided = Assignment.objects.filter(ended_at=None, decided_at=None, owner__role="rep")
        mine = undecided if team is None else undecided.filter(owner__team=team)
        assert found.room.undecided == mine.count()


@pytest.mark.parametrize("seed", range(2))
def test_weeks_that_were_counted_before_give_the_same_until_something_in_them_changes(
    seed: int, on_postgres: bool
) -> None:
    history = History(seed)
    if not on_postgres:
        assert keep_weeks(now=NOW, zone=BERLIN) == 0
        return
    keep_weeks(now=NOW, zone=BERLIN)
    assert keep_weeks(now=LATER, zone=BERLIN) > 40
    check(history)
    for _ in range(4):
        history.change()
    check(history)
    keep_weeks(now=LATER, zone=BERLIN)
    keep_weeks(now=LATER + SETTLED_AFTER, zone=BERLIN)
    assert not ChangedWeek.objects.exists()
    assert KeptWeek.objects.filter(is_counted=True).count() > 40
    check(history)


def test_no_change_of_what_is_counted_goes_unnoticed(on_postgres: bool, subtests: pytest.Subtests) -> None:
    if not on_postgres:
        pytest.skip("weeks are kept on PostgreSQL only")
    history = History(7)
    keep_weeks(now=NOW, zone=BERLIN)
    keep_weeks(now=LATER, zone=BERLIN)
    for change in CHANGES:
        with subtests.test(change), transaction.atomic():
            for _ in range(3):
                history.change(change)
                check(history, splits=(Split.SOURCE, Split.REP))
            transaction.set_rollback(True)


def test_a_week_is_not_kept_while_a_clock_of_it_runs_nor_before_it_is_over(on_postgres: bool) -> None:
    if not on_postgres:
        pytest.skip("weeks are kept on PostgreSQL only")
    History(1)
    last = weeks_until(NOW, 2, BERLIN)[0]
    row = Assignment.objects.order_by("pk").first()
    assert row is not None
    Assignment.objects.filter(pk=row.pk).update(
        assigned_at=last.start, decision_due_at=NOW + timedelta(days=3)
    )
    keep_weeks(now=NOW, zone=BERLIN)
    keep_weeks(now=LATER, zone=BERLIN)
    mondays = set(KeptWeek.objects.filter(is_counted=True).values_list("monday", flat=True))
    assert last.monday not in mondays
    assert weeks_until(NOW, 1, BERLIN)[0].monday not in mondays
    assert weeks_until(NOW, 3, BERLIN)[0].monday in mondays


def test_weeks_of_another_zone_are_not_used(on_postgres: bool) -> None:
    if not on_postgres:
        pytest.skip("weeks are kept on PostgreSQL only")
    history = History(2)
    for moment in (NOW, LATER):
        keep_weeks(now=moment, zone=ZoneInfo("Asia/Tokyo"))
    check(history, splits=(Split.GRADE,))
    keep_weeks(now=LATER, zone=BERLIN)
    assert not KeptWeek.objects.exclude(zone="Europe/Berlin").exists()


def test_a_percentile_is_what_the_statistics_of_python_say() -> None:
    dice = Random(5)  # noqa: S311 - made-up data
    for size in (1, 2, 3, 10, 11, 999, 1000):
        given = [dice.randrange(-3, 500) for _ in range(size)]
        assert percentiles(Counter(given), 0, 50, 100) == [min(given), middle(given), max(given)]
        if size > 1:
            cuts = quantiles(given, n=100, method="inclusive")
            expected = [cuts[percent - 1] for percent in (1, 25, 75, 90, 99)]
            assert percentiles(Counter(given), 1, 25, 75, 90, 99) == pytest.approx(expected, abs=1e-9)
    assert percentiles(Counter(), 50) == []


def test_both_databases_hand_over_every_value_of_a_group() -> None:
    history = History(3)
    found = Assignment.objects.order_by().values("owner_id").annotate(all=ValuesOf("response_minutes"))
    given = {row["owner_id"]: Counter(row["all"]) for row in found}
    for owner in history.owners:
        minutes = Assignment.objects.filter(owner=owner, response_minutes__isnull=False)
        assert given.get(owner.pk, Counter()) == Counter(minutes.values_list("response_minutes", flat=True))


def test_a_week_in_which_the_clocks_go_back_is_an_hour_longer() -> None:
    weeks = weeks_until(NOW, 12, BERLIN)
    lengths = {week.monday: week.end.timestamp() - week.start.timestamp() for week in weeks}
    assert sorted(set(lengths.values())) == [7 * 86_400, 7 * 86_400 + 3_600]
    assert weeks[-1].start == start_of(weeks[-1].monday, BERLIN)


def test_delays_are_put_together_from_what_was_kept_and_what_was_just_counted() -> None:
    first = Delays((packed(Counter([1, 1, -4])), [], packed(Counter())))
    first.add(Delays(([1, 3], [2], [])))
    assert first.system == Counter({1: 3, 3: 1, -4: 1})
    assert (first.human, first.decision) == (Counter([2]), Counter())
    assert unpacked(packed(first.system)) == first.system
