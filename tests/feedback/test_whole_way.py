"""From facts to a decision with the shipped version and the real engine."""

from datetime import timedelta

import pytest

from alignment import services as alignment
from feedback.models import Assignment, Decision, Handoff
from feedback.services import handoffs
from feedback.services.attempts import log_attempt
from feedback.services.decisions import accept, reject
from leads.facts import ActivityFacts, AnswerFacts, CompanyFacts, LeadFacts
from leads.models import BantDimension, BantLevel, Lead, Stage
from leads.services import add_activities, create_lead, record_answer
from scoring import services as scoring
from scoring.tasks import build
from tests.factories import UserFactory
from tests.feedback.world import NOW, SOON
from users.models import User

pytestmark = pytest.mark.django_db
LATER = NOW + SOON


@pytest.fixture
def rep() -> User:
    return UserFactory(name="Ana")


def good_lead() -> Lead:
    """A decision maker of a fitting company who asked for a demo and answered all four questions."""
    company = CompanyFacts(name="Kranich", industry="Logistics", employees=400, country="DE")
    facts = LeadFacts(
        name="Johanna Klein",
        email="johanna@kranich.example",
        phone="+49 30 123456",
        title="Chief Operating Officer",
        country="DE",
        source="Web",
        company=company,
    )
    lead = create_lead(facts=facts, by=None, now=NOW)
    did = [("form", "Demo request"), ("webinar", "Lean"), ("page_view", "/pricing"), ("email_click", "x")]
    add_activities(
        items=[
            ActivityFacts(kind=kind, detail=detail, at=NOW - timedelta(hours=2), email=lead.email)
            for kind, detail in did
        ],
        by=None,
        now=NOW,
    )
    return lead


def answer_all(lead: Lead) -> None:
    for dimension in BantDimension:
        answer = AnswerFacts(dimension=dimension, level=BantLevel.MET)
        record_answer(lead=lead, answer=answer, by=None, now=LATER)


def activate() -> None:
    alignment.install_template(by=None, now=NOW)
    scoring.activate_due(now=NOW)
    build()


def test_an_answer_makes_a_lead_ready_and_a_rep_takes_it(rep: User) -> None:
    activate()
    lead = good_lead()
    answer_all(lead)
    scoring.judge_marked(now=LATER)
    assert handoffs.open_wanted(now=LATER) == handoffs.Opened(1, 1)
    handoff, row = Handoff.objects.get(), Assignment.objects.get()
    assert handoff.facts["lead.title"] == "Chief Operating Officer"
    assert (handoff.version.number, handoff.term.grade) == (1, handoff.grade)
    log_attempt(assignment=row, kind="call", result="reached", by=rep, now=LATER + SOON)
    accept(assignment=row, by=rep, now=LATER + SOON)
    lead.refresh_from_db()
    assert (lead.stage, lead.decay_stopped_at) == (Stage.ACCEPTED, LATER + SOON)
    assert Decision.objects.get().facts["lead.title"] == "Chief Operating Officer"


def test_leads_that_an_activation_makes_ready_are_handed_over_too(rep: User) -> None:
    lead = good_lead()
    answer_all(lead)
    assert handoffs.open_wanted(now=LATER).opened == 0
    activate()
    assert handoffs.open_wanted(now=LATER).opened == 1


def test_what_a_decision_changes_is_judged_without_another_handoff(rep: User) -> None:
    activate()
    answer_all(good_lead())
    scoring.judge_marked(now=LATER)
    handoffs.open_wanted(now=LATER)
    row = Assignment.objects.get()
    reason = row.handoff.version.reasons.filter(needs_text=False)[0]
    reject(assignment=row, reason_id=reason.pk, by=rep, now=LATER + SOON)
    scoring.judge_marked(now=LATER + SOON)
    assert handoffs.open_wanted(now=LATER + 2 * SOON).opened == 0
    assert handoffs.compare_all(now=LATER + timedelta(days=40)).opened == 0
