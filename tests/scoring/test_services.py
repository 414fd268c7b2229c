"""Marks, generations, refresh, history and pruning, one process."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alignment import services as alignment
from alignment.models import Version
from core.errors import Conflict
from leads.facts import ActivityFacts, AnswerFacts, CompanyFacts, LeadFacts
from leads.marks import mark
from leads.models import BantDimension, BantLevel, ChangedLead, Lead, Stage
from leads.services import add_activities, create_lead, move_stage, record_answer, stop_decay
from scoring import services
from scoring.engine.running import Judge
from scoring.explain import explain
from scoring.models import Generation, GenerationRange, LiveGeneration, Refresh, Score, ScoreChange
from scoring.querysets import live_generation_id, live_scores
from scoring.services import activating, refreshing
from scoring.tasks import build
from tests.alignment.factories import make_version
from tests.factories import UserFactory
from tests.scoring.world import NOW
from users.models import Role

pytestmark = pytest.mark.django_db
LAST = 10**6  # behind every other version


def lead(**facts: Any) -> Lead:
    given = {
        "name": "Lea",
        "email": "lea@firm.example.test",
        "title": "Chief Executive",
        "country": "DE",
    } | facts
    return create_lead(facts=LeadFacts(**given), by=None, now=NOW)


def go_live(now: datetime = NOW) -> Generation:
    assert services.activate_due(now=now)
    while services.build_range(now=now):
        pass
    generation = services.finish_build(now=now)
    assert generation is not None
    return generation


def log_all(now: datetime = NOW) -> None:
    while services.log_activation_range(now=now):
        pass
    from scoring.services.logging import finish_logging

    assert finish_logging()


@pytest.fixture
def live() -> Version:
    """The shipped version in force, its activation logged."""
    version = alignment.install_template(by=None, now=NOW)
    go_live()
    log_all()
    return version


def score(lead: Lead) -> Score:
    return live_scores().get(lead_id=lead.pk)


def causes(lead: Lead) -> list[str]:
    return list(ScoreChange.objects.filter(lead=lead).order_by("id").values_list("cause", flat=True))


class TestMarks:
    def test_a_new_lead_is_judged_and_its_first_score_is_in_the_history(self, live: Version) -> None:
        someone = lead()
        assert services.judge_marked(now=NOW) == 1
        assert score(someone).authority == 12
        assert not ChangedLead.objects.exists()
        change = ScoreChange.objects.get(lead=someone)
        assert (change.old_total, change.old_grade, change.new_total) == (None, None, score(someone).total)

    def test_an_answer_is_logged_with_its_cause_and_the_change_by_dimension(self, live: Version) -> None:
        someone = lead()
        services.judge_marked(now=NOW)
        before = score(someone)
        record_answer(
            lead=someone,
            answer=AnswerFacts(dimension=BantDimension.BUDGET, level=BantLevel.MET),
            by=None,
            now=NOW,
        )
        services.judge_marked(now=NOW)
        change = ScoreChange.objects.filter(lead=someone).latest("id")
        assert (change.cause, change.budget, change.new_total) == ("answer", 15, before.total + 15)

    @pytest.mark.parametrize("then", ["moved", "accepted"])
    def test_an_answer_stays_the_cause_where_sales_goes_on_before_it_is_judged(
        self, live: Version, then: str
    ) -> None:
        someone = lead()
        services.judge_marked(now=NOW)
        answer = AnswerFacts(dimension=BantDimension.BUDGET, level=BantLevel.MET)
        record_answer(lead=someone, answer=answer, by=None, now=NOW)
        if then == "moved":
            move_stage(lead=someone, to=Stage.NURTURE, cause="rejected", by=None, now=NOW)
        else:
            stop_decay(someone, NOW)
        services.judge_marked(now=NOW)
        assert causes(someone)[1:] == ["answer"]

    def test_judging_again_what_did_not_change_writes_nothing(self, live: Version) -> None:
        someone = lead()
        services.judge_marked(now=NOW)
        mark([someone.pk], cause="edit", now=NOW)
        assert services.judge_marked(now=NOW) == 1
        assert len(causes(someone)) == 1

    @pytest.mark.parametrize(("seconds", "counts"), [(2, True), (300, True), (301, False)])
    def test_an_activity_written_after_the_clock_was_read_counts_as_its_mark_goes(
        self, live: Version, seconds: int, counts: bool
    ) -> None:
        someone, later = lead(), NOW + timedelta(seconds=seconds)
        services.judge_marked(now=NOW)
        fact = ActivityFacts(kind="webinar", at=later, lead_id=someone.pk)
        add_activities(items=[fact], by=None, now=later)
        services.judge_marked(now=NOW)
        assert bool(score(someone).engagement) is counts

    def test_a_batch_takes_at_most_the_limit(self, live: Version) -> None:
        for number in range(3):
            lead(email=f"p{number}@firm.example.test")
        assert [services.judge_marked(now=NOW, limit=2) for _ in range(3)] == [2, 1, 0]

    def test_before_any_activation_marks_are_taken_and_the_first_build_judges_all(self) -> None:
        someone = lead()
        assert services.judge_marked(now=NOW) == 1
        assert not Score.objects.exists()
        alignment.install_template(by=None, now=NOW)
        go_live()
        assert score(someone).grade

    def test_a_batch_costs_the_same_number_of_queries_for_one_lead_and_for_forty(self, live: Version) -> None:
        counts = []
        for size in (1, 40):
            for number in range(size):
                lead(email=f"q{size}-{number}@firm.example.test")
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert services.judge_marked(now=NOW) == size
            counts.append(len(queries))
        assert counts[0] >= counts[1]
        assert counts[1] <= 25


class TestActivation:
    def test_every_lead_is_judged_and_told_of_once(self) -> None:
        someone = lead()
        alignment.install_template(by=None, now=NOW)
        go_live()
        log_all()
        assert causes(someone) == ["activation"]
        assert services.activate_due(now=NOW) is None

    def test_a_worker_keeps_both_generations_fresh_while_one_is_built(self, live: Version) -> None:
        someone = lead(title="Student")
        services.judge_marked(now=NOW)
        make_version(position=LAST)
        building = services.activate_due(now=NOW)
        assert building is not None
        Lead.objects.filter(pk=someone.pk).update(title="Founder", title_folded="founder")
        mark([someone.pk], cause="edit", now=NOW)
        services.judge_marked(now=NOW)
        while services.build_range(now=NOW):
            pass
        assert services.finish_build(now=NOW) == building
        assert score(someone).authority == 12

    def test_a_version_that_was_withdrawn_while_leads_were_judged_does_not_come_into_force(
        self, live: Version
    ) -> None:
        before = live_generation_id()
        waiting = make_version(status=Version.Status.SIGNED, position=LAST)
        assert services.activate_due(now=NOW)
        manager = UserFactory(role=Role.SALES_MANAGER)
        alignment.withdraw(version_id=waiting.pk, by=manager, now=NOW)
        while services.build_range(now=NOW):
            pass
        assert services.finish_build(now=NOW) is None
        assert live_generation_id() == before
        assert services.activate_due(now=NOW) is None

    @pytest.mark.parametrize("is_seen", [True, False])
    def test_a_range_leaves_what_a_worker_wrote_before_or_while_it_is_judged(
        self, live: Version, monkeypatch: pytest.MonkeyPatch, is_seen: bool
    ) -> None:
        first, _second = lead(), lead(email="other@firm.example.test")
        services.judge_marked(now=NOW)
        make_version(position=LAST)
        generation = services.activate_due(now=NOW)
        assert generation is not None
        mark([first.pk], cause="edit", now=NOW)
        services.judge_marked(now=NOW)
        Score.objects.filter(generation_id=generation.pk, lead_id=first.pk).update(total=99)
        if not is_seen:  # it came after the range had looked
            monkeypatch.setattr(Judge, "_has_rows", lambda *_args: False)
        assert services.build_range(now=NOW)
        rows = Score.objects.filter(generation_id=generation.pk)
        assert rows.count() == 2
        assert rows.get(lead_id=first.pk).total == 99

    def test_readers_see_the_old_generation_until_the_flip(self, live: Version) -> None:
        before = live_generation_id()
        make_version(position=LAST)
        services.activate_due(now=NOW)
        services.build_range(now=NOW)
        assert live_generation_id() == before
        services.finish_build(now=NOW)
        assert live_generation_id() != before

    def test_a_change_between_flip_and_log_leaves_the_activations_own_row(self, live: Version) -> None:
        someone = lead(title="Student")
        services.judge_marked(now=NOW)
        make_version(position=0, floor_c=15)
        go_live()
        mark([someone.pk], cause="edit", now=NOW)
        services.judge_marked(now=NOW)
        log_all()
        build()
        assert causes(someone).count("activation") == 1
        change = ScoreChange.objects.get(lead=someone, cause="activation")
        assert (change.old_grade, change.new_total, change.version_id) == ("D", 20, score(someone).version_id)

    def test_a_flip_waits_for_every_range(self, live: Version, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(activating, "RANGE", {"postgresql": 2, "sqlite": 2})
        for number in range(5):
            lead(email=f"p{number}@firm.example.test")
        make_version(position=LAST)
        building = services.activate_due(now=NOW)
        assert building is not None
        assert building.ranges.count() == 3
        services.build_range(now=NOW)
        assert services.finish_build(now=NOW) is None
        assert [services.build_range(now=NOW) for _ in range(3)] == [True, True, False]
        assert services.finish_build(now=NOW)
        assert Score.objects.filter(generation_id=building.pk).count() == 5
        assert GenerationRange.objects.filter(generation=building).latest("first_lead").last_lead > 10**18

    def test_one_is_built_at_a_time_and_a_repeat_is_harmless(self, live: Version) -> None:
        make_version(position=LAST)
        assert services.activate_due(now=NOW) == services.activate_due(now=NOW)
        assert Generation.objects.filter(state="building").count() == 1

    def test_what_a_person_cancelled_stays_so_until_it_is_started_again(self, live: Version) -> None:
        manager = UserFactory(role=Role.MARKETING_MANAGER)
        before = live_generation_id()
        make_version(position=LAST)
        services.activate_due(now=NOW)
        services.cancel_build(by=manager, now=NOW)
        assert services.activate_due(now=NOW) is None
        assert live_generation_id() == before
        with pytest.raises(Conflict):
            services.cancel_build(by=manager, now=NOW)
        assert services.restart_build(now=NOW).state == "building"


class TestRefresh:
    def test_time_lowers_points_once_a_day_and_is_told_of_as_decay(self, live: Version) -> None:
        someone = lead()
        facts = ActivityFacts(kind="webinar", at=NOW, lead_id=someone.pk)
        add_activities(items=[facts], by=None, now=NOW)
        services.judge_marked(now=NOW)
        assert score(someone).engagement == 4
        later = NOW + timedelta(days=60)
        assert services.refresh(now=later) == 1
        assert score(someone).engagement == 1
        assert causes(someone)[-1] == "decay"
        assert services.refresh(now=later) == 0
        assert Refresh.objects.get().ended_at == later

    @pytest.mark.parametrize("most", [0, refreshing.MANY])
    def test_a_score_that_a_worker_wrote_while_it_looked_stays(
        self, live: Version, monkeypatch: pytest.MonkeyPatch, most: int
    ) -> None:
        """Before the lock is taken a worker judges the lead by a fact that the first look didn't see."""
        someone, _other = lead(), lead(email="other@firm.example.test")
        webinar = ActivityFacts(kind="webinar", at=NOW, lead_id=someone.pk)
        add_activities(items=[webinar], by=None, now=NOW)
        services.judge_marked(now=NOW)
        later = NOW + timedelta(days=60)
        waited_for: list[object] = []

        def wait(generation: int, which: object, *_slots: object) -> None:
            waited_for.append(which)
            again = ActivityFacts(kind="webinar", at=later, lead_id=someone.pk)
            add_activities(items=[again], by=None, now=later)
            services.judge_marked(now=later)

        monkeypatch.setattr(refreshing, "MANY", most)
        monkeypatch.setattr(refreshing, "lock_scores" if most == 0 else "lock_scores_of", wait)
        services.refresh(now=later)
        assert score(someone).engagement == 5
        assert len(waited_for) == 1
        assert most == 0 or waited_for == [[someone.pk]]

    def test_points_lost_by_age_are_told_of_once_a_week(self, live: Version) -> None:
        someone = lead()
        items = [
            ActivityFacts(kind="webinar", at=NOW - timedelta(days=day), lead_id=someone.pk) for day in (0, 1)
        ]
        add_activities(items=items, by=None, now=NOW)
        services.judge_marked(now=NOW)
        for day in (20, 40, 42, 44):
            services.refresh(now=NOW + timedelta(days=day))
        changes = ScoreChange.objects.filter(lead=someone, cause="decay").order_by("id")
        days = [(change.at - NOW).days for change in changes]
        assert days == sorted(set(days))
        assert all(later - earlier >= 7 for earlier, later in pairwise(days))

    def test_it_goes_on_where_it_was_killed_and_drops_scores_of_leads_that_are_gone(
        self, live: Version, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(refreshing, "RANGE", {"postgresql": 2, "sqlite": 2})
        people = [lead(email=f"p{number}@firm.example.test") for number in range(5)]
        services.judge_marked(now=NOW)
        Lead.objects.filter(pk=people[0].pk)._raw_delete("default")
        later = NOW + timedelta(days=1)
        run = refreshing._start(later)
        assert run is not None
        refreshing._refresh_range(run.pk, later)
        assert not Refresh.objects.get().ended_at
        services.refresh(now=later)
        assert Refresh.objects.get().ended_at
        assert Score.objects.count() == 4


def test_only_the_generation_before_the_live_one_keeps_its_scores(live: Version) -> None:
    lead()
    services.judge_marked(now=NOW)
    for position in (LAST, LAST + 1):
        make_version(position=position)
        go_live()
        log_all()
    assert services.prune(now=NOW) == 1
    kept = set(Score.objects.values_list("generation_id", flat=True))
    states = Generation.objects.filter(pk__in=kept).values_list("state", flat=True)
    assert sorted(states) == ["live", "retired"]
    assert services.prune(now=NOW) == 0


def test_the_stored_score_is_the_explained_one(live: Version) -> None:
    company = CompanyFacts(name="Firm", employees=300, industry="Software")
    someone = lead(company=company)
    services.judge_marked(now=NOW)
    explanation = explain(someone.pk, now=NOW)
    assert explanation is not None
    stored = score(someone)
    assert (explanation.total, explanation.grade, explanation.judged.gate) == (
        stored.total,
        stored.grade,
        stored.gate,
    )
    assert LiveGeneration.objects.get().generation_id == stored.generation_id
