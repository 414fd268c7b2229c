"""Handoffs and the SLA clock with real Celery workers and beat, and a worker that is killed on the way."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alignment import services as alignment
from core.models import OutboxMessage
from feedback.models import Assignment, Handoff, Notification, SlaEvent
from leads.facts import AnswerFacts, LeadFacts
from leads.models import BantDimension, BantLevel, ChangedLead
from leads.services import create_lead, record_answer
from tests.factories import UserFactory, north
from tests.feedback.world import active_version, assigned
from tests.workers import Workers, wait_until
from users.models import Role

pytestmark = pytest.mark.workers


def test_a_lead_that_comes_in_is_graded_and_handed_over_by_the_workers_alone(workers: Workers) -> None:
    rep = UserFactory(role=Role.REP)
    now = timezone.now()
    alignment.install_template(by=None, now=now)
    workers.start(beat=True)
    facts = LeadFacts(name="Johanna Klein", email="j@kranich.example", title="CEO", country="DE")
    lead = create_lead(facts=facts, by=None, now=now)
    for dimension in BantDimension:
        answer = AnswerFacts(dimension=dimension, level=BantLevel.MET)
        record_answer(lead=lead, answer=answer, by=None, now=timezone.now())
    wait_until(Assignment.objects.exists, "the lead to be assigned")
    row = Assignment.objects.select_related("handoff").get()
    assert (row.owner_id, row.handoff.lead_id) == (rep.pk, lead.pk)
    wait_until(lambda: not ChangedLead.objects.exists(), "the last answers to be judged")


def test_after_a_killed_worker_every_overdue_lead_is_flagged_and_told_exactly_once(workers: Workers) -> None:
    rep, manager = UserFactory(role=Role.REP), UserFactory(role=Role.SALES_MANAGER, team=north())
    active_version()
    for _ in range(30):
        assigned(rep, at=timezone.now() - timedelta(days=30))
    first = workers.start(concurrency=1, beat=True)
    workers.kill(first)
    workers.start(beat=True)
    wait_until(
        lambda: not Assignment.objects.filter(next_event_at__lte=timezone.now()).exists(),
        "every clock to be looked at",
    )
    assert SlaEvent.objects.filter(step="breached").count() == 60
    assert SlaEvent.objects.filter(step="at_risk").count() == 60
    told = Notification.objects.filter(user=manager, key__startswith="sla:")
    assert told.count() == 60
    wait_until(lambda: not OutboxMessage.objects.filter(to=manager, sent_at=None).exists(), "the mails")
    assert Handoff.objects.filter(state="assigned").count() == 30
