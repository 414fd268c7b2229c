"""A grade set by hand replaces the computed one, until its end and no longer, and nothing tramples it."""

from datetime import date, datetime, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from alignment import services as alignment
from alignment import spec
from alignment.models import Criterion, Version
from core.errors import Conflict, Invalid
from core.models import AuditEntry
from leads.facts import LeadFacts
from leads.models import ChangedLead, Lead
from leads.services import update_lead
from scoring import services
from scoring.engine.comparing import Comparer
from scoring.engine.given import Past, PastJudge
from scoring.engine.running import Judge
from scoring.engine.statement import Leads
from scoring.explain import explain
from scoring.models import Gate, Generation, GradeOverride, Refresh, ScoreChange
from scoring.querysets import live_generation_id, live_scores, specs_of
from scoring.services import overriding
from scoring.tasks import end_overrides
from tests.alignment.factories import make_version
from tests.factories import UserFactory
from tests.scoring.previewing import draft_of, go_live
from tests.scoring.world import NOW, ZONE, Person, save
from users.models import Organisation, Role, User

pytestmark = pytest.mark.django_db
LAST_DAY = date(2026, 11, 30)
OVER = datetime(2026, 12, 1, tzinfo=ZONE)  # midnight at the end of the last day
BEHIND = 10**6  # every other version


@pytest.fixture
def marta() -> User:
    return UserFactory(role=Role.MARKETING_MANAGER, name="Marta Ortiz")


@pytest.fixture
def someone(db: None) -> Lead:
    """Graded D, far from any other grade."""
    Organisation.objects.update_or_create(pk=1, defaults={"zone": ZONE.key})
    alignment.install_template(by=None, now=NOW)
    (pk,) = save([Person()])
    go_live()
    lead = Lead.objects.get(pk=pk)
    assert grade(lead) == "D"
    return lead


def grade(lead: Lead) -> str | None:
    return live_scores().get(lead_id=lead.pk).grade


def put(lead: Lead, by: User, letter: str = "B", replaces: int | None = None) -> GradeOverride:
    reason = " Asked us on the phone "
    return services.set_override(
        lead=lead, grade=letter, reason=reason, ends_on=LAST_DAY, by=by, now=NOW, replaces=replaces
    )


def judged(lead: Lead, now: datetime = NOW) -> str | None:
    services.judge_marked(now=now)
    return grade(lead)


def causes(lead: Lead) -> list[str]:
    return list(ScoreChange.objects.filter(lead=lead).order_by("id").values_list("cause", flat=True))


class TestSetting:
    def test_the_lead_is_judged_anew_and_the_history_says_why(self, someone: Lead, marta: User) -> None:
        before = live_scores().get()
        override = put(someone, marta)
        assert judged(someone) == "B"
        assert (override.reason, override.by, override.ends_at) == ("Asked us on the phone", marta, OVER)
        after = live_scores().get()
        assert after.total == before.total
        assert before.gate & Gate.GRADE
        assert not after.gate & Gate.GRADE
        change = ScoreChange.objects.latest("id")
        assert (change.cause, change.old_grade, change.new_grade) == ("override", "D", "B")
        assert change.old_total == change.new_total
        assert AuditEntry.objects.filter(action="override.set", actor=marta).count() == 1

    def test_the_explanation_keeps_the_computed_grade_beside_it(self, someone: Lead, marta: User) -> None:
        put(someone, marta)
        explanation = explain(someone.pk, now=NOW)
        assert explanation is not None
        assert explanation.override is not None
        assert (explanation.grade, explanation.computed) == ("B", "D")
        assert explanation.override.words == "Grade B, set by hand by Marta Ortiz until 30 November 2026"
        assert explanation.why is not None
        assert "grade D" in explanation.why.words

    def test_bant_and_must_haves_still_apply(self, someone: Lead, marta: User) -> None:
        put(someone, marta, "A")
        judged(someone)
        assert live_scores().get().gate == Gate.BANT

    @pytest.mark.parametrize(
        ("letter", "reason", "ends_on", "where"),
        [
            ("E", "Because", LAST_DAY, "grade"),
            ("", "Because", LAST_DAY, "grade"),
            ("B", "  ", LAST_DAY, "reason"),
            ("B", "x" * 501, LAST_DAY, "reason"),
            ("B", "Because", date(2026, 11, 21), "ends_on"),
            ("B", "Because", date(2027, 11, 23), "ends_on"),
            ("B", "Because", date.max, "ends_on"),
        ],
    )
    def test_what_can_not_be_taken_is_named_and_nothing_is_written(
        self, someone: Lead, marta: User, letter: str, reason: str, ends_on: date, where: str
    ) -> None:
        with pytest.raises(Invalid) as error:
            services.set_override(
                lead=someone, grade=letter, reason=reason, ends_on=ends_on, by=marta, now=NOW
            )
        assert [problem.where for problem in error.value.problems] == [where]
        assert not GradeOverride.objects.exists()
        assert not ChangedLead.objects.exists()

    @pytest.mark.parametrize("ends_on", [date(2026, 11, 22), date(2027, 11, 22)])
    def test_it_ends_today_at_the_earliest_and_in_a_year_at_the_latest(
        self, someone: Lead, marta: User, ends_on: date
    ) -> None:
        override = services.set_override(
            lead=someone, grade="B", reason="Because", ends_on=ends_on, by=marta, now=NOW
        )
        assert override.last_day(ZONE) == ends_on

    def test_a_lead_that_was_not_graded_yet_is_refused(self, marta: User) -> None:
        with pytest.raises(Invalid, match="no grade yet"):
            put(Lead.objects.create(name="New"), marta)

    def test_a_lead_in_no_scope_is_refused(self, marta: User) -> None:
        scope = {"field": "lead.country", "op": "is", "value": "DE"}
        make_version(scope=scope, status=Version.Status.SIGNED, activate_at=NOW)
        (outside,) = save([Person(country="FR")])
        go_live()
        with pytest.raises(Invalid, match="in no definition's scope"):
            put(Lead.objects.get(pk=outside), marta)


class TestTwoPeople:
    def test_the_second_is_told_of_the_first_and_nothing_of_theirs_is_saved(
        self, someone: Lead, marta: User
    ) -> None:
        put(someone, marta)
        with pytest.raises(Conflict, match="Grade B, set by hand by Marta Ortiz until 30 November 2026"):
            put(someone, UserFactory(role=Role.SALES_MANAGER), "C")
        assert [row.grade for row in GradeOverride.objects.all()] == ["B"]

    def test_who_saw_the_first_may_replace_it(self, someone: Lead, marta: User) -> None:
        first = put(someone, marta)
        other = UserFactory(role=Role.SALES_MANAGER)
        put(someone, other, "C", replaces=first.pk)
        first.refresh_from_db()
        assert (first.ended_at, first.ended_by) == (NOW, other)
        assert judged(someone) == "C"

    def test_who_saw_one_that_ended_meanwhile_is_told(self, someone: Lead, marta: User) -> None:
        first = put(someone, marta)
        services.end_override(lead=someone, by=marta, now=NOW)
        with pytest.raises(Conflict, match="has ended meanwhile"):
            put(someone, marta, "C", replaces=first.pk)
        assert not GradeOverride.objects.filter(ended_at=None).exists()

    def test_at_the_very_same_moment_the_database_lets_one_through(
        self, someone: Lead, marta: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(someone, marta)
        monkeypatch.setattr(overriding, "_end_open", lambda *_: None)  # it saw none yet
        with pytest.raises(Conflict, match="by Marta Ortiz"):
            put(someone, UserFactory(), "C")
        assert GradeOverride.objects.count() == 1


class TestEnding:
    def test_ended_early_the_computed_grade_counts_again(self, someone: Lead, marta: User) -> None:
        put(someone, marta)
        judged(someone)
        services.end_override(lead=someone, by=marta, now=NOW)
        assert judged(someone) == "D"
        assert causes(someone)[-2:] == ["override", "override"]

    def test_ending_it_twice_is_a_conflict(self, someone: Lead, marta: User) -> None:
        put(someone, marta)
        services.end_override(lead=someone, by=marta, now=NOW)
        with pytest.raises(Conflict, match="No grade set by hand"):
            services.end_override(lead=someone, by=marta, now=NOW)

    def test_the_sweep_ends_it_at_its_time_and_not_before(self, someone: Lead, marta: User) -> None:
        override = put(someone, marta)
        judged(someone)
        assert services.end_due_overrides(now=OVER - timedelta(seconds=1)) == 0
        assert services.end_due_overrides(now=OVER + timedelta(minutes=1)) == 1
        assert services.end_due_overrides(now=OVER + timedelta(minutes=1)) == 0
        override.refresh_from_db()
        assert (override.ended_at, override.ended_by) == (OVER, None)
        assert judged(someone, OVER + timedelta(minutes=1)) == "D"
        assert causes(someone)[-1] == "override"

    def test_it_counts_no_more_from_its_end_on_also_before_the_sweep_comes(
        self, someone: Lead, marta: User
    ) -> None:
        put(someone, marta)
        specs, ids = specs_of(live_generation_id() or 0), Leads(ids=[someone.pk])
        just_before = OVER - timedelta(seconds=1)
        assert [Judge(specs, at, ZONE).judge(ids)[0].grade for at in (just_before, OVER)] == ["B", "D"]

    def test_one_that_is_over_but_not_swept_makes_room(self, someone: Lead, marta: User) -> None:
        put(someone, marta)
        services.set_override(
            lead=someone, grade="C", reason="Again", ends_on=date(2026, 12, 9), by=marta, now=OVER
        )
        assert judged(someone, OVER) == "C"
        assert [row.ended_at for row in GradeOverride.objects.order_by("id")] == [OVER, None]

    def test_many_that_end_at_once_take_the_same_queries_as_one(
        self, someone: Lead, marta: User, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        others = [Lead.objects.get(pk=pk) for pk in save([Person()] * 3)]
        rows = [
            GradeOverride(lead=lead, grade="A", reason="Because", at=NOW, ends_at=OVER)
            for lead in [someone, *others]
        ]
        GradeOverride.objects.bulk_create(rows[:1])
        with django_assert_num_queries(6):
            services.end_due_overrides(now=OVER)
        GradeOverride.objects.bulk_create(rows[1:])
        with django_assert_num_queries(6):
            services.end_due_overrides(now=OVER)

    def test_the_task_goes_on_until_none_is_due(
        self, someone: Lead, marta: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(overriding, "BATCH", 1)
        past = NOW - timedelta(days=600)
        for pk in [someone.pk, *save([Person()] * 2)]:
            GradeOverride.objects.create(
                lead_id=pk, grade="A", reason="Because", at=past, ends_at=past + timedelta(days=1)
            )
        assert [end_overrides(), end_overrides()] == [3, 0]


class TestNothingTramplesIt:
    def test_an_edit(self, someone: Lead, marta: User) -> None:
        put(someone, marta)
        judged(someone)
        update_lead(lead=someone, facts=LeadFacts(title="Chief Executive"), by=marta, now=NOW)
        assert judged(someone) == "B"
        assert live_scores().get().authority

    def test_the_refresh(self, someone: Lead, marta: User) -> None:
        put(someone, marta)
        judged(someone)
        services.refresh(now=NOW + timedelta(days=1))
        assert Refresh.objects.get().ended_at
        assert grade(someone) == "B"

    def test_the_refresh_that_comes_before_the_worker_names_the_override_too(
        self, someone: Lead, marta: User
    ) -> None:
        put(someone, marta)
        services.refresh(now=NOW + timedelta(days=1))
        assert grade(someone) == "B"
        assert causes(someone)[-1] == "override"

    def test_an_activation_that_was_begun_before_and_one_begun_after(
        self, someone: Lead, marta: User
    ) -> None:
        judged(someone)
        next_version(marta)
        assert services.activate_due(now=NOW)
        while services.build_range(now=NOW):
            pass
        put(someone, marta)  # the build has judged this lead already
        services.judge_marked(now=NOW)
        assert services.finish_build(now=NOW)
        assert grade(someone) == "B"
        next_version(marta)
        go_live()
        assert Generation.objects.filter(state="retired").count() == 2
        assert grade(someone) == "B"

    def test_a_preview_takes_it_on_both_sides(self, someone: Lead, marta: User) -> None:
        put(someone, marta)
        old = specs_of(live_generation_id() or 0)
        draft = draft_of(marta)
        draft.floor_a, draft.floor_b, draft.floor_c = 3, 2, 1
        draft.save()
        (moved,) = Comparer(old, [spec.load(draft.pk)], NOW, ZONE).compare(Leads(ids=[someone.pk]))
        assert (moved.old_grade, moved.new_grade) == ("B", "B")


def next_version(by: User) -> None:
    """A version whose time has come: other points for the same."""
    draft = draft_of(by)
    Criterion.objects.filter(version=draft, key="title_decides").update(points=5)
    Version.objects.filter(pk=draft.pk).update(status=Version.Status.SIGNED, activate_at=NOW)


class TestLimits:
    def test_a_disqualified_lead_stays_d(self, someone: Lead, marta: User) -> None:
        put(someone, marta, "A")
        assert judged(someone) == "A"
        facts = LeadFacts(do_not_call=True, is_unsubscribed=True)
        update_lead(lead=someone, facts=facts, by=marta, now=NOW)
        assert judged(someone) == "D"
        explanation = explain(someone.pk, now=NOW)
        assert explanation is not None
        assert explanation.override is not None
        assert explanation.grade == "D"

    def test_the_past_is_judged_by_the_rules_alone(self, someone: Lead, marta: User) -> None:
        put(someone, marta)
        specs = specs_of(live_generation_id() or 0)
        (verdict,) = PastJudge(specs, ZONE).judge([Past(1, someone.pk, NOW)])
        assert verdict.judged.grade == "D"

    def test_the_database_keeps_one_open_a_lead_with_a_reason_and_an_end(self, someone: Lead) -> None:
        add = partial(GradeOverride.objects.create, lead=someone, grade="A", at=NOW)
        add(reason="Because", ends_at=OVER)
        for name, values in {
            "one_open_override_a_lead": {"reason": "Because", "ends_at": OVER},
            "override_has_a_reason": {"reason": "", "ends_at": OVER, "ended_at": NOW},
            "override_ends_after_it_began": {"reason": "Because", "ends_at": NOW, "ended_at": NOW},
        }.items():
            with pytest.raises(IntegrityError), transaction.atomic():
                add(**values)
            assert name
        assert GradeOverride.objects.count() == 1
