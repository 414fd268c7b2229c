"""Did the lead change or did the rules change? Two numbers that always add up, and a page that tells both."""

import datetime as dt
import re
from collections.abc import Callable
from itertools import combinations, pairwise
from typing import ClassVar

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from alignment.models import Criterion, Version
from leads.facts import ActivityFacts, AnswerFacts, LeadFacts
from leads.models import BantDimension, BantLevel, Lead
from leads.services import add_activities, create_lead, record_answer, resume_decay, stop_decay
from scoring import services
from scoring.causes import entries
from scoring.history import points_by_day, tell_apart
from scoring.models import Score, ScoreChange
from scoring.querysets import history_of, live_generation_id, live_scores
from tests.access import FORBIDDEN, OK, AccessTests
from tests.factories import UserFactory
from tests.scoring.previewing import draft_of, go_live, in_force
from tests.scoring.world import NOW, ZONE
from users.models import Organisation, Role, User

pytestmark = pytest.mark.django_db
QUERIES = 18  # session, person, lead, organisation, the two numbers, the list, the plot, the frame
LONG_AGO = NOW - dt.timedelta(days=400)


@pytest.fixture
def marta(db: None) -> User:
    Organisation.objects.update_or_create(pk=1, defaults={"zone": ZONE.key})
    return UserFactory(role=Role.MARKETING_MANAGER, name="Marta Ortiz")


def days(count: float) -> dt.datetime:
    return NOW + dt.timedelta(days=count)


def someone() -> Lead:
    lead = create_lead(
        facts=LeadFacts(name="Lea", email="lea@firm.example.test", title="Assistant"), by=None, now=NOW
    )
    services.judge_marked(now=NOW)
    return lead


def attends(lead: Lead, at: dt.datetime, *, told: dt.datetime | None = None) -> None:
    """A webinar attended ``at``, of which we are ``told`` at once unless said."""
    now = told or at
    add_activities(items=[ActivityFacts(kind="webinar", at=at, lead_id=lead.pk)], by=None, now=now)
    services.judge_marked(now=now)


def answers(lead: Lead, now: dt.datetime, by: User | None = None) -> None:
    said = AnswerFacts(dimension=BantDimension.BUDGET, level=BantLevel.MET)
    record_answer(lead=lead, answer=said, by=by, now=now)
    services.judge_marked(now=now)


def next_rules(by: User, now: dt.datetime, points: int = 3) -> None:
    """Attending a webinar is worth other points, and that is all: no grade has to change."""
    draft = draft_of(by)
    changed = Criterion.objects.filter(version=draft, activity__isnull=False, points__gt=0)
    assert changed.update(points=points)
    Version.objects.filter(pk=draft.pk).update(status=Version.Status.SIGNED, activate_at=now)
    go_live(now)


def total(lead: Lead) -> int:
    return live_scores().get(lead_id=lead.pk).total


class TestTwoNumbers:
    def test_they_add_up_for_every_span_of_an_eventful_life(self, marta: User) -> None:
        in_force(1)
        lead = someone()
        known = {days(0): total(lead)}
        steps: list[tuple[int, Callable[[dt.datetime], object]]] = [
            (1, lambda at: attends(lead, at)),
            (8, lambda at: services.refresh(now=at)),
            (10, lambda at: services.refresh(now=at)),  # within a week: the log is silent
            (11, lambda at: answers(lead, at)),
            (12, lambda at: next_rules(marta, at)),
            (30, lambda at: services.refresh(now=at)),
            (31, lambda at: attends(lead, at)),
            (32, lambda at: next_rules(marta, at, points=6)),
        ]
        for day, happens in steps:
            happens(days(day))
            known[days(day)] = total(lead)
        assert len(set(known.values())) > 4
        logged = dict.fromkeys(known, 0)
        for at in known:
            last = history_of(lead.pk).filter(at__lte=at).order_by("pk").last()
            assert last is not None
            logged[at] = last.new_total
        for since, until in combinations(known, 2):
            apart = tell_apart(lead.pk, since, until)
            assert apart is not None
            assert apart.lead + apart.rules == apart.change == logged[until] - logged[since]
            assert apart.facts + apart.time == apart.lead
        for since in known:
            apart = tell_apart(lead.pk, since)
            assert apart is not None
            assert apart.end == known[days(32)]
            assert apart.lead + apart.rules == apart.change

    def test_the_rules_number_is_what_the_retired_generation_says(self, marta: User) -> None:
        in_force(12)
        before = live_generation_id() or 0
        next_rules(marta, days(1))
        moved = 0
        for new in live_scores():
            old = Score.objects.get(generation_id=before, lead_id=new.lead_id)
            apart = tell_apart(new.lead_id, days(0.5))
            assert apart is not None
            assert (apart.rules, apart.lead) == (new.total - old.total, 0)
            moved += new.total != old.total
        assert moved > 3

    def test_an_activation_counts_before_its_history_is_written_too(self, marta: User) -> None:
        in_force(1)
        lead = someone()
        attends(lead, days(0.1))
        draft = draft_of(marta)
        Criterion.objects.filter(version=draft, activity__isnull=False, points__gt=0).update(points=1)
        Version.objects.filter(pk=draft.pk).update(status=Version.Status.SIGNED, activate_at=days(1))
        assert services.activate_due(now=days(1))
        while services.build_range(now=days(1)):
            pass
        assert services.finish_build(now=days(1))
        untold = tell_apart(lead.pk, days(0.5))
        while services.log_activation_range(now=days(1)):
            pass
        told = tell_apart(lead.pk, days(0.5))
        assert untold == told
        assert told is not None
        assert told.rules < 0 == told.lead

    def test_a_span_before_the_first_score_begins_with_it(self, marta: User) -> None:
        in_force(1)
        lead = someone()
        first = total(lead)
        answers(lead, days(1))
        apart = tell_apart(lead.pk, LONG_AGO)
        assert apart is not None
        assert (apart.since, apart.start, apart.lead, apart.rules) == (NOW, first, total(lead) - first, 0)
        assert tell_apart(lead.pk, LONG_AGO, days(-1)) is None

    def test_a_lead_without_a_score_has_no_numbers(self) -> None:
        assert tell_apart(Lead.objects.create(name="New").pk, LONG_AGO) is None


class TestTheLog:
    def test_an_activation_that_changes_points_alone_is_logged_by_dimension(self, marta: User) -> None:
        in_force(1)
        lead = someone()
        attends(lead, days(0.1))
        grade = live_scores().get(lead_id=lead.pk).grade
        next_rules(marta, days(1), points=1)
        change = ScoreChange.objects.get(lead=lead, cause="activation", at=days(1))
        assert (change.old_grade, change.new_grade) == (grade, grade)
        assert change.engagement == change.new_total - (change.old_total or 0) < 0

    def test_an_activation_that_changes_nothing_of_a_lead_is_not(self, marta: User) -> None:
        in_force(1)
        lead = someone()
        count = ScoreChange.objects.count()
        draft = draft_of(marta)
        Version.objects.filter(pk=draft.pk).update(status=Version.Status.SIGNED, activate_at=days(1))
        go_live(days(1))
        assert ScoreChange.objects.count() == count
        assert ScoreChange.objects.filter(lead=lead).exists()

    def test_a_release_is_a_fact_and_is_told_of_within_the_week_too(self, marta: User) -> None:
        in_force(1)
        lead = someone()
        for ago in (0, 1, 2):
            attends(lead, days(-ago))
        services.refresh(now=days(40))
        attends(lead, days(40))
        stop_decay(lead, days(40))
        services.judge_marked(now=days(40))
        resume_decay(lead, days(70))
        services.judge_marked(now=days(70))
        last = ScoreChange.objects.filter(lead=lead).latest("pk")
        assert last.cause == "recycle"
        assert last.engagement < 0

    def test_every_change_by_a_fact_is_there_and_each_joins_the_one_before(self, marta: User) -> None:
        in_force(1)
        lead = someone()
        for hour in range(3):
            attends(lead, days(hour / 24))
        answers(lead, days(0.5))
        rows = list(ScoreChange.objects.filter(lead=lead).order_by("pk"))
        assert [row.cause for row in rows][-1] == "answer"
        for earlier, later in pairwise(rows):
            assert later.old_total == earlier.new_total
            moved = (later.budget, later.authority, later.need, later.timeframe, later.fit, later.engagement)
            assert sum(moved) == later.new_total - later.old_total


class TestWords:
    def test_each_cause_says_what_and_who_as_far_as_it_is_stored(self, marta: User) -> None:
        in_force(1)
        lead = someone()
        attends(lead, days(1))
        answers(lead, days(2), by=marta)
        next_rules(marta, days(3))
        services.set_override(
            lead=lead, grade="A", reason="They called", ends_on=days(9).date(), by=marta, now=days(4)
        )
        services.judge_marked(now=days(4))
        services.end_due_overrides(now=days(11))
        services.judge_marked(now=days(11))
        told = [(each.title, each.detail, each.who) for each in entries(list(history_of(lead.pk)))]
        assert told == [
            ("Grade set by hand", "Its time was over", ""),
            ("Grade set by hand", "Grade A: They called", "Marta Ortiz"),
            ("Version 1 → 2", "", ""),
            ("BANT answer", "Budget: met", "Marta Ortiz"),
            ("Activity", "Webinar attended", ""),
            ("First scored", "", ""),
        ]

    def test_activities_told_of_late_are_named_as_what_the_lead_did_meanwhile(self, marta: User) -> None:
        in_force(1)
        lead = someone()
        answers(lead, days(1))
        attends(lead, days(2), told=days(2.5))
        attends(lead, days(0.5), told=days(3))
        clicks = [ActivityFacts(kind="email_click", at=days(at), lead_id=lead.pk) for at in (3.2, 3.6)]
        add_activities(items=clicks, by=None, now=days(4))
        services.judge_marked(now=days(4))
        assert [(each.title, each.detail) for each in entries(list(history_of(lead.pk)))] == [
            ("Activity", "Since the change before: E-mail clicked and 1 more"),
            ("Activity", ""),
            ("Activity", "Since the change before: Webinar attended"),
            ("BANT answer", "Budget: met"),
            ("First scored", ""),
        ]

    def test_the_plot_has_the_total_at_the_end_of_each_day_and_the_floors_of_then(self, marta: User) -> None:
        in_force(1)
        lead = someone()
        first = total(lead)
        answers(lead, days(2))
        shown = points_by_day(lead.pk, days(-5).date(), days(3).date(), ZONE)
        assert [point.total for point in shown] == [first, first, first + 15, first + 15]
        assert shown[0].floors == (60, 45, 25)

    def test_a_long_span_has_a_point_a_week(self, marta: User) -> None:
        in_force(1)
        lead = someone()
        shown = points_by_day(lead.pk, days(0).date(), days(364).date(), ZONE)
        assert len(shown) == 53


class TestAccess(AccessTests):
    expected: ClassVar = {role: FORBIDDEN if role == Role.EXECUTIVE else OK for role in Role}

    def url(self) -> str:
        lead = Lead.objects.create(name="Lea", owner=self.rep, team=self.rep.team)
        return reverse("score:changes", args=[lead.pk])


class TestPage:
    @pytest.fixture
    def lead(self, client: Client, marta: User) -> Lead:
        client.force_login(marta)
        in_force(1)
        return someone()

    def text(self, client: Client, lead: Lead, query: str = "") -> str:
        answer = client.get(reverse("score:changes", args=[lead.pk]) + query)
        assert answer.status_code == OK
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))

    def test_it_tells_both_numbers_and_lists_the_changes(
        self, client: Client, lead: Lead, marta: User
    ) -> None:
        answers(lead, days(0.01), by=marta)
        page = self.text(client, lead, f"?since={LONG_AGO.date()}")
        assert "The lead changed +15" in page
        assert "The rules changed 0" in page
        assert "when it was first scored" in page
        assert "BANT answer Budget: met" in page
        assert "Budget +15" in page

    def test_a_lead_that_was_not_scored_says_so(self, client: Client, lead: Lead) -> None:
        new = Lead.objects.create(name="New")
        assert "had no score yet" in self.text(client, new)
        assert "had no score by then" in self.text(client, lead, "?since=2020-01-01&until=2020-02-01")

    @pytest.mark.parametrize(
        "query",
        ["?since=soon", "?since=2026-13-01", "?since=1999-12-31", "?since=9999-12-31", "?until=2001-01-01",
         "?since=2026-01-02&until=2026-01-01", "?since=%00"],
    )  # fmt: skip
    def test_days_that_can_not_be_taken_are_named_and_the_usual_span_is_shown(
        self, client: Client, lead: Lead, query: str
    ) -> None:
        page = self.text(client, lead, query)
        assert "The lead changed" in page
        assert "Enter a valid date" in page or "the first one first" in page or "Null char" in page

    def test_many_changes_take_pages_and_no_more_queries(
        self, client: Client, lead: Lead, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        address = reverse("score:changes", args=[lead.pk]) + f"?since={LONG_AGO.date()}"
        rows = [
            ScoreChange(
                lead=lead,
                at=days(number / 1_000),
                cause="edit",
                version=Version.objects.get(),
                old_total=number,
                new_total=number + 1,
                was_ready=False,
                is_ready=False,
                fit=1,
            )
            for number in range(60)
        ]
        ScoreChange.objects.bulk_create(rows[:2])
        with django_assert_num_queries(QUERIES):
            client.get(address)
        ScoreChange.objects.bulk_create(rows[2:])
        with django_assert_num_queries(QUERIES):
            client.get(address)
        assert "1–25 of 61 changes" in self.text(client, lead, f"?since={LONG_AGO.date()}")
        assert "51–61 of 61 changes" in self.text(client, lead, f"?since={LONG_AGO.date()}&page=3")
