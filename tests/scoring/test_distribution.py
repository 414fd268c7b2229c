"""Counts of the whole base: exact, once a day, and the latest for now."""

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import IntegrityError, transaction

from leads.days import day_number
from leads.listing import Listing
from leads.models import Lead
from scoring import tasks
from scoring.distribution import counting, statement
from scoring.distribution.choices import Asked
from scoring.distribution.figures import Split, bins, groups, percents, whole
from scoring.distribution.groups import Figure, Links, rows
from scoring.distribution.models import GradeCount, GradeCountLine
from scoring.distribution.statement import lines_of
from scoring.distribution.weeks import activations, past_weeks
from scoring.models import Generation, LiveGeneration, Refresh
from tests.alignment.factories import make_version
from tests.scoring.graded import live_generation, random_base, slow_lines
from tests.scoring.world import NOW, UTC, ZONE
from users.models import Organisation

pytestmark = pytest.mark.django_db
TODAY = day_number(NOW, ZONE)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def in_berlin(db: None) -> None:
    company = Organisation.current()
    company.zone = str(ZONE)
    company.save()


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every base is a large one."""
    monkeypatch.setattr(counting, "SMALL", 0)


def stored(count: GradeCount) -> dict[tuple[str, str, bool, str], tuple[int, int, int]]:
    names = ("axis", "key", "is_rest", "grade", "leads", "points", "ready")
    return {row[:4]: row[4:] for row in count.lines.values_list(*names)}


class TestTheStatement:
    @pytest.mark.parametrize("seed", range(6))
    @pytest.mark.parametrize("top", [20, 2])
    def test_it_counts_what_a_slow_count_of_each_lead_finds(
        self, seed: int, top: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(statement, "TOP", top)
        random_base(seed, 40)
        found = {
            (each.axis, each.key, each.is_rest, each.grade): (each.leads, each.points, each.ready)
            for each in lines_of(NOW, ZONE)
        }
        assert found == slow_lines(top)

    def test_what_is_stored_is_what_is_counted(self, large: None) -> None:
        random_base(7, 40)
        assert counting.count_now(now=NOW)
        assert stored(GradeCount.objects.get()) == slow_lines(20)

    def test_nothing_is_counted_of_nobody(self) -> None:
        assert lines_of(NOW, ZONE) == []

    def test_before_the_first_activation_no_lead_is_judged(self) -> None:
        Lead.objects.create(name="Rita")
        split = whole(lines_of(NOW, ZONE))
        assert (split.leads, split.unjudged, split.graded) == (1, 1, 0)


class TestTheLists:
    @pytest.mark.parametrize("by", ["source", "campaign", "country", "industry", "size", "version"])
    def test_each_figure_of_a_group_is_as_long_as_its_list(self, by: str) -> None:
        random_base(11, 60)
        links = Links(is_open=True)
        drawn = rows(lines_of(NOW, ZONE), Asked(by=by), links)
        figures = [
            each for row in drawn for each in (row.leads, *row.grades, row.ungraded, row.ready) if each.url
        ]
        assert len(figures) > len(drawn)
        for figure in figures:
            assert listed(figure) == figure.leads, figure.url
        unlinked = {row.name for row in drawn if row.leads.leads and not row.leads.url}
        assert unlinked == ({"ZZ"} if by == "country" else set())

    def test_whoever_sees_no_leads_gets_no_addresses(self) -> None:
        random_base(11, 20)
        drawn = rows(lines_of(NOW, ZONE), Asked(), Links(is_open=False))
        assert {each.url for row in drawn for each in (row.leads, *row.grades, row.ready)} == {""}


def listed(figure: Figure) -> int:
    params = parse_qs(urlsplit(figure.url).query, keep_blank_values=True)
    return Listing(Lead.objects.all(), params, now=NOW, zone=ZONE).counted


class TestDays:
    def ready(self, at: dt.datetime = NOW) -> None:
        random_base(3, 12)
        Generation.objects.filter(state="live").update(live_at=at - 9 * DAY)

    def test_a_day_is_counted_once(self) -> None:
        self.ready()
        assert counting.count_day(now=NOW)
        before = list(GradeCountLine.objects.order_by("pk").values())
        Lead.objects.create(name="Somebody else")
        assert not counting.count_day(now=NOW + dt.timedelta(hours=1))
        assert list(GradeCountLine.objects.order_by("pk").values()) == before
        assert counting.count_day(now=NOW + DAY)
        assert list(GradeCount.objects.order_by("day").values_list("day", flat=True)) == [TODAY, TODAY + 1]

    def test_two_workers_cannot_count_the_same_day(self) -> None:
        self.ready()
        assert counting.count_day(now=NOW)
        with pytest.raises(IntegrityError), transaction.atomic():
            GradeCount.objects.create(day=TODAY, at=NOW)

    def test_it_waits_for_the_refresh_of_the_day_but_not_for_ever(self) -> None:
        early = dt.datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
        self.ready(early)
        assert not counting.count_day(now=early)
        live = LiveGeneration.objects.get().generation
        run = Refresh.objects.create(generation=live, day=TODAY, started_at=early)
        assert not counting.count_day(now=early)
        run.ended_at = early
        run.save()
        assert counting.count_day(now=early)
        next_day = early + DAY
        assert not counting.count_day(now=next_day)
        assert counting.count_day(now=next_day + dt.timedelta(hours=4))

    def test_nothing_is_counted_before_the_first_activation(self) -> None:
        Lead.objects.create(name="Rita")
        assert not counting.count_day(now=NOW)

    def test_a_day_belongs_to_the_zone_of_the_company(self) -> None:
        late = dt.datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
        self.ready()
        assert counting.count_day(now=late + dt.timedelta(hours=7))
        assert GradeCount.objects.get().day == TODAY + 1

    def test_after_a_year_the_last_day_of_each_week_stays(self) -> None:
        live_generation()
        monday = counting.monday_of(TODAY)
        old = [monday - 60 * 7 + place for place in range(14)]
        GradeCount.objects.bulk_create(
            GradeCount(day=day, at=NOW) for day in [*old, TODAY - 360, TODAY - 359, TODAY]
        )
        counting.thin_days(now=NOW)
        left = [monday - 60 * 7 + 6, monday - 60 * 7 + 13, TODAY - 360, TODAY - 359, TODAY]
        assert list(GradeCount.objects.order_by("day").values_list("day", flat=True)) == left
        assert counting.thin_days(now=NOW) == 0


class TestNow:
    def test_a_small_base_is_counted_while_one_waits_and_nothing_is_stored(self) -> None:
        random_base(4, 12)
        found = counting.counted(now=NOW)
        assert found is not None
        assert (found.is_direct, found.at, whole(found.lines).leads) == (True, NOW, 12)
        assert not counting.count_now(now=NOW)
        assert not GradeCount.objects.exists()

    def test_a_large_base_shows_its_latest_count(self, large: None) -> None:
        random_base(4, 12)
        assert counting.counted(now=NOW) is None
        assert counting.count_now(now=NOW)
        found = counting.counted(now=NOW + dt.timedelta(minutes=9))
        assert found is not None
        assert (found.is_direct, found.at, whole(found.lines).leads) == (False, NOW, 12)

    def test_the_next_count_takes_the_place_of_the_one_before(self, large: None) -> None:
        random_base(4, 12)
        assert counting.count_now(now=NOW)
        assert not counting.count_now(now=NOW + dt.timedelta(minutes=10))
        later = NOW + dt.timedelta(minutes=15)
        assert counting.count_now(now=later)
        assert GradeCount.objects.get().at == later

    def test_asked_for_often_it_is_counted_once(self, large: None) -> None:
        random_base(4, 12)
        asked = NOW + dt.timedelta(minutes=1)
        assert counting.count_now(now=NOW)
        assert counting.count_now(now=NOW + dt.timedelta(minutes=2), asked_at=asked)
        assert not counting.count_now(now=NOW + dt.timedelta(minutes=3), asked_at=asked)

    def test_days_stay_when_now_is_counted_again(self, large: None) -> None:
        random_base(4, 12)
        assert counting.count_day(now=NOW)
        assert counting.count_now(now=NOW)
        assert counting.count_now(now=NOW + DAY)
        assert set(GradeCount.objects.values_list("day", flat=True)) == {TODAY, None}

    def test_the_task_counts_both(self, large: None) -> None:
        random_base(4, 12)
        assert tasks.count_grades()
        assert GradeCount.objects.filter(day=None).count() == 1


class TestWeeks:
    def count_on(self, day: int, leads: dict[str, int]) -> None:
        count = GradeCount.objects.create(day=day, at=NOW)
        for grade, number in leads.items():
            rest = {"grade": grade, "leads": number, "points": 10 * number, "ready": 0}
            GradeCountLine.objects.create(count=count, axis="version", key="1", **rest)
            GradeCountLine.objects.create(count=count, axis="source", key="web", **rest)

    def weeks(self, axis: str = "version", key: str = "") -> list[tuple[dt.date, int | None]]:
        found = past_weeks(weeks=12, axis=axis, key=key, now=NOW, zone=ZONE)
        return [(each.monday, each.split.leads if each.split else None) for each in found]

    def test_each_week_stands_as_at_its_last_count_and_a_week_without_is_a_gap(self) -> None:
        monday = counting.monday_of(TODAY)
        self.count_on(monday - 21, {"A": 1})
        self.count_on(monday - 17, {"A": 2, "B": 3})
        self.count_on(monday - 7, {"A": 4})
        self.count_on(monday, {"A": 9})
        assert self.weeks() == [
            (dt.date(2026, 10, 26), 5),
            (dt.date(2026, 11, 2), None),
            (dt.date(2026, 11, 9), 4),
        ]
        assert self.weeks("source", "web") == self.weeks()
        assert [leads for _, leads in self.weeks("source", "ads")] == [None, None, None]

    def test_without_a_count_there_are_no_weeks(self) -> None:
        assert self.weeks() == []

    def test_an_activation_is_told_in_its_week_by_what_it_brought(self) -> None:
        generation, version = live_generation()
        second = make_version(position=2)
        again = Generation.objects.create(state="live", replaces=generation, live_at=NOW)
        again.versions.add(version, through_defaults={"rank": 0})
        again.versions.add(second, through_defaults={"rank": 1})
        Generation.objects.filter(pk=generation.pk).update(live_at=NOW - 14 * DAY)
        both = activations(since=dt.date(2026, 11, 2), zone=ZONE)
        assert [(each.version, each.monday) for each in both] == [
            (version, dt.date(2026, 11, 2)),
            (second, dt.date(2026, 11, 16)),
        ]
        assert activations(since=dt.date(2026, 11, 9), zone=ZONE) == both[1:]


class TestFigures:
    @pytest.mark.parametrize(
        "counts", [(1, 1, 1, 0), (1, 1, 1, 4), (0, 0, 0, 1), (1, 2, 3, 994), (7, 7, 7, 7)]
    )
    def test_shares_sum_to_a_hundred(self, counts: tuple[int, ...]) -> None:
        split = Split(dict(zip("ABCD", counts, strict=True)))
        shares = [each for each in percents(split) if each is not None]
        assert sum(round(each * 10) for each in shares) == 1_000
        assert all(
            abs(each - count * 100 / sum(counts)) < 0.1 for each, count in zip(shares, counts, strict=True)
        )

    def test_there_is_no_share_of_nobody(self) -> None:
        split = Split({"": 3})
        assert percents(split) == [None] * 4
        assert (split.good_share, split.ready_share, split.mean) == (None, None, None)

    def test_leads_without_a_grade_are_in_no_share(self) -> None:
        split = Split({"A": 1, "C": 3, "": 50, "?": 6}, points=100, ready=1)
        assert (split.good_share, split.ready_share, split.mean) == (0.25, 0.25, 25.0)
        assert (split.ungraded, split.is_few) == (56, True)

    def test_bins_and_groups_each_have_the_whole_base(self) -> None:
        random_base(5, 50)
        lines = lines_of(NOW, ZONE)
        split = whole(lines)
        assert sum(each.leads for _, each in bins(lines)) == split.graded
        assert [least for least, _ in bins(lines)] == list(range(0, 100, 5))
        for axis in ("source", "campaign", "country", "industry", "size", "version"):
            assert sum(group.split.leads for group in groups(lines, axis)) == 50

    def test_a_table_is_sorted_by_any_figure_and_the_rest_comes_last(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(statement, "TOP", 2)
        random_base(5, 200)
        lines = lines_of(NOW, ZONE)
        for sort in ("name", "-name", "leads", "-leads", "a", "-good", "ready", "-points"):
            drawn = rows(lines, Asked(sort=sort), Links(is_open=True))
            assert [row.is_rest for row in drawn] == [False, False, False, True]
        leads = [row.split.leads for row in rows(lines, Asked(sort="leads"), Links(is_open=True))[:-1]]
        assert leads == sorted(leads)
