"""The sample company as the demo shows it: believable, consistent in time and the same for a seed."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from django.db import transaction
from django.db.models import F, Q
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from alignment.models import Version
from core.models import OutboxMessage
from feedback.coming_back import why_back
from feedback.content.figures import figures
from feedback.content.filters import listed
from feedback.models import (
    Assignment,
    Attempt,
    ContentPiece,
    ContentUse,
    Decision,
    Handoff,
    Outcome,
    SlaEvent,
)
from feedback.querysets import undecided
from feedback.reports import dashboard
from feedback.reports.dashboard import Asked
from feedback.reports.now import count_now
from feedback.reports.splits import Split
from feedback.routing import load_reps
from feedback.sample.build import build
from feedback.sample.people import DEMO_PASSWORD
from feedback.sample.plan import Plan
from leads.models import Activity, ChangedLead, Company, FactSource, Lead, StageChange
from scoring.models import ScoreChange
from scoring.querysets import live_scores
from users.models import Organisation, Role, User

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 18, 13, 30, tzinfo=UTC)
PLAN = Plan(leads=500, activities=4_000, seed=9, now=NOW)


@pytest.fixture(scope="module", autouse=True)
def _company(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The company, built for the tests here, which only read it."""
    with django_db_blocker.unblock(), transaction.atomic():
        build(PLAN, lambda line: None)
        yield
        transaction.set_rollback(True)


def test_it_has_as_many_leads_and_activities_as_planned() -> None:
    assert (Lead.objects.count(), Activity.objects.count()) == (500, 4_000)


def test_the_managers_of_both_sides_signed_the_version_in_force() -> None:
    version = Version.objects.get(status=Version.Status.ACTIVE)
    assert {each.by.role for each in version.signatures.select_related("by")} == {
        Role.MARKETING_MANAGER,
        Role.SALES_MANAGER,
    }
    assert version.proposed_at
    assert version.signed_at
    assert version.activated_at
    assert version.proposed_at < version.signed_at < version.activated_at
    assert not version.signatures.filter(at__gt=version.signed_at).exists()


@pytest.mark.parametrize("role", list(Role))
def test_somebody_of_each_role_can_sign_in(role: Role) -> None:
    person = User.objects.filter(role=role).order_by("pk")[0]
    answer = Client().post(reverse("users:sign_in"), {"username": person.email, "password": DEMO_PASSWORD})
    assert answer.status_code == 302


def test_grades_spread() -> None:
    counts = Counter(live_scores().values_list("grade", flat=True))
    assert set(counts) == {"A", "B", "C", "D"}
    assert max(counts.values()) < 0.7 * 500
    assert 0.03 < live_scores().filter(gate=0).count() / 500 < 0.3


def test_every_rep_has_a_queue() -> None:
    queues = Counter(undecided(NOW).values_list("owner", flat=True))
    assert set(queues) == set(User.objects.filter(role=Role.REP).values_list("pk", flat=True))


def test_something_is_overdue_at_risk_and_never_touched_now() -> None:
    now = count_now(Assignment.objects.all(), load_reps(now=NOW), team_id=None, now=NOW)
    assert min(now.total.breached, now.total.at_risk, now.total.never_touched, sum(now.coming)) > 0
    assert undecided(NOW).filter(callback_at__isnull=False).exists()


@pytest.mark.parametrize("split", Split)
def test_the_figures_of_follow_up_have_something_to_tell(split: Split) -> None:
    figures = dashboard.build(
        Assignment.objects.all(), Asked(split=split), keeps=True, now=NOW, zone=Organisation.current().tz
    )
    assert len(figures.lines) > (split is not Split.VERSION)
    assert 0.5 < (figures.all.kept.ratio or 0) < 0.98
    assert {each.clock for each in figures.steps} == {"response", "decision"}
    assert all(each.line.decision.median for each in figures.by_grade)


def test_some_leads_were_won_and_some_lost() -> None:
    assert {"qualified", "won", "lost"} <= set(Outcome.objects.values_list("kind", flat=True))


def test_reps_let_go_of_leads_in_every_way() -> None:
    kinds = Counter(Decision.objects.values_list("kind", flat=True))
    assert set(kinds) == {"accept", "reject", "recycle", "return", "duplicate", "disqualify"}
    assert kinds["accept"] + kinds["reject"] > 0.75 * sum(kinds.values())
    taken_on = Decision.objects.filter(kind__in=["recycle", "disqualify"], handoff__accepted_at__isnull=False)
    assert taken_on.exists()
    assert not Decision.objects.filter(kind="recycle", until__lte=F("at__date")).exists()


def test_what_was_returned_found_another_owner() -> None:
    for row in Assignment.objects.filter(returned_at__isnull=False):
        later = Assignment.objects.filter(handoff=row.handoff_id, pk__gt=row.pk).exclude(owner=row.owner_id)
        assert later.exists()


def test_some_leads_were_closed_elsewhere_and_some_came_back_before_their_time() -> None:
    assert Handoff.objects.filter(state="withdrawn").exists()
    back = Handoff.objects.exclude(back_before=None)
    assert back.filter(cycle__gt=1).count() == back.count() > 0
    assert all(why_back(each, now=NOW).startswith("Back") for each in back)


def test_nothing_lies_ahead_of_now() -> None:
    moments = {
        Assignment: ("assigned_at", "responded_at", "decided_at", "ended_at"),
        Attempt: ("at", "happened_at"),
        Decision: ("at", "seen_at"),
        Handoff: ("ready_at", "first_assigned_at", "accepted_at", "closed_at"),
        Lead: ("created_at", "updated_at", "stage_at"),
        Outcome: ("at",),
        ScoreChange: ("at",),
        SlaEvent: ("at",),
        StageChange: ("at",),
    }
    for model, names in moments.items():
        for name in names:
            assert not model._default_manager.filter(**{f"{name}__gt": NOW}).exists(), (model, name)


def test_every_step_comes_after_the_one_before() -> None:
    late = Q(responded_at__lt=F("assigned_at")) | Q(decided_at__lt=F("assigned_at"))
    assert not Assignment.objects.filter(late | Q(ended_at__lt=F("assigned_at"))).exists()
    wrong = Q(first_assigned_at__lt=F("ready_at")) | Q(closed_at__lt=F("first_assigned_at"))
    assert not Handoff.objects.filter(wrong).exists()
    assert not Attempt.objects.filter(at__lt=F("assignment__assigned_at")).exists()
    assert not Outcome.objects.filter(at__lt=F("handoff__accepted_at")).exists()


def test_stages_follow_one_another() -> None:
    last: dict[int, str] = {}
    for change in StageChange.objects.order_by("at", "pk"):
        assert change.from_stage == last.get(change.lead_id, "inquiry")
        last[change.lead_id] = change.to_stage
    for lead in Lead.objects.all():
        assert lead.stage == last.get(lead.pk, "inquiry")


def test_readiness_is_told_in_the_order_of_time() -> None:
    for lead in Handoff.objects.values_list("lead", flat=True):
        history = list(ScoreChange.objects.filter(lead=lead).order_by("pk").values_list("at", flat=True))
        assert all(one <= other for one, other in pairwise(history))


def test_nobody_is_called_or_mailed_against_their_wish() -> None:
    refused = Q(kind="call", handoff__lead__do_not_call=True) | Q(
        kind="email", handoff__lead__is_unsubscribed=True
    )
    assert not Attempt.objects.filter(refused).exists()


def test_no_work_is_left_for_the_workers_and_no_mail_goes_out() -> None:
    assert not ChangedLead.objects.exists()
    assert not OutboxMessage.objects.filter(sent_at=None).exists()
    assert not Assignment.objects.filter(next_event_at__lte=NOW).exists()
    assert Organisation.current().set_up_at is not None


def test_what_the_definition_gets_wrong_shows_in_the_decisions() -> None:
    misled = (
        Q(handoff__lead__pk__in=Activity.objects.filter(kind="webinar").values("lead"))
        | Q(handoff__lead__source="Partner list")
        | Q(handoff__lead__company__industry__in=["Banking", "Insurance"])
    )
    assert _accepted(misled) < _accepted(~misled)


def _accepted(which: Q) -> float:
    kinds = Counter(Decision.objects.filter(which).values_list("kind", flat=True))
    return kinds["accept"] / sum(kinds.values())


def test_sales_uses_the_library_and_some_of_it_never() -> None:
    pieces = ContentPiece.objects.all()
    assert all(listed(pieces, name).exists() for name in ("active", "never", "retired"))
    used = figures(pieces.values_list("pk", flat=True), now=NOW)
    assert sum(each.uses for each in used.values()) >= 20
    assert any(each.accepted.whole for each in used.values())
    assert not ContentUse.objects.filter(Q(at__gt=NOW) | Q(lead__is_unsubscribed=True, how="mail")).exists()


def test_reps_wrote_down_how_companies_buy_when_they_heard_it() -> None:
    said = FactSource.objects.select_related("by", "company")
    assert said.filter(company__isnull=False).count() >= 20
    assert said.filter(lead__isnull=False).exists()
    assert {each.by.role for each in said if each.by} == {Role.REP}
    assert not said.filter(at__gt=NOW).exists()
    assert Company.objects.exclude(buying="").exists()
