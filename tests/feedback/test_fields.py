"""What lists may ask of a lead's handoff."""

from zoneinfo import ZoneInfo

import pytest

from feedback.models import Assignment, Handoff
from feedback.services.attempts import log_attempt
from feedback.services.decisions import accept
from leads.models import Lead
from rules.compile import Context, compile_q, prepare
from rules.fields import Use, registry
from rules.tree import parse
from tests.factories import UserFactory
from tests.feedback.world import NOW, SOON, active_version, assigned, make_lead
from users.models import User

pytestmark = pytest.mark.django_db
CONTEXT = Context(NOW, ZoneInfo("UTC"))


@pytest.fixture
def rep() -> User:
    active_version()
    return UserFactory()


def value(lead: Lead, key: str) -> object:
    field = registry.get(key, Use.COLUMN)
    return Lead.objects.annotate(found=field.value(CONTEXT)).values_list("found", flat=True).get(pk=lead.pk)


def test_the_state_is_that_of_the_latest_handoff(rep: User) -> None:
    row = assigned(rep)
    lead = row.handoff.lead
    Handoff.objects.update(state="rejected", closed_at=NOW)
    Assignment.objects.update(ended_at=NOW)
    assigned(rep, lead)
    assert value(lead, "handoff.state") == "assigned"
    assert value(make_lead(50), "handoff.state") is None


def test_due_is_the_clock_that_runs_out_first(rep: User) -> None:
    row = assigned(rep)
    lead = row.handoff.lead
    assert value(lead, "handoff.due") == row.response_due_at
    log_attempt(assignment=row, kind="call", by=rep, now=NOW + SOON)
    assert value(lead, "handoff.due") == row.decision_due_at
    accept(assignment=row, by=rep, now=NOW + SOON)
    assert value(lead, "handoff.due") is None


def test_an_accepted_lead_that_nobody_called_is_due_for_its_response(rep: User) -> None:
    row = assigned(rep)
    accept(assignment=row, by=rep, now=NOW + SOON)
    assert value(row.handoff.lead, "handoff.due") == row.response_due_at


def test_a_list_can_be_filtered_by_both(rep: User) -> None:
    row = assigned(rep)
    make_lead(50)
    day = row.response_due_at.date().isoformat()
    tree = {
        "all": [
            {"field": "handoff.state", "op": "is", "value": "assigned"},
            {"field": "handoff.due", "op": "on", "value": day},
        ]
    }
    node = parse(tree, use=Use.VIEW)
    found = prepare(Lead.objects.all(), node, CONTEXT).filter(compile_q(node, CONTEXT))
    assert list(found) == [row.handoff.lead]
