"""A step of the ladder that gives an undecided lead to somebody else, on fresh facts and once."""

from datetime import timedelta
from typing import Any

import pytest

from alignment.models import SlaTerm
from core.models import AuditEntry
from feedback.lead_page import entries
from feedback.models import Assignment, Handoff, Notification, SlaEvent
from feedback.reports import sla as report
from feedback.services import attempts, decisions, sla
from tests.alignment.factories import make_draft
from tests.factories import UserFactory, north
from tests.feedback.world import NOW, SOON, assigned
from tests.feedback.world import sweep as deal
from users.models import Role, User

pytestmark = pytest.mark.django_db
DUE = NOW + timedelta(hours=1)
AFTER = NOW + timedelta(minutes=91)
LADDER: list[dict[str, Any]] = [
    {"step": "at_risk", "percent": 75, "tell": ["owner"]},
    {"step": "breached", "percent": 100, "tell": ["owner", "manager"]},
    {"step": "after_150", "percent": 150, "tell": ["owner", "manager"], "takes": True},
    {"step": "after_200", "percent": 200, "tell": ["manager"]},
]


@pytest.fixture
def row(rep: User) -> Assignment:
    """A lead to be answered within the hour; at one and a half it goes to somebody else."""
    found = assigned(rep)
    term = SlaTerm.objects.create(version=make_draft(), grade="A", source="Fair", ladder=LADDER)
    Handoff.objects.filter(pk=found.handoff_id).update(term=term)
    return found


def fresh(row: Assignment) -> Assignment:
    return Assignment.objects.select_related("handoff__lead").get(pk=row.pk)


def steps(row: Assignment) -> list[tuple[str, bool]]:
    return list(SlaEvent.objects.filter(assignment=row, clock="response").values_list("step", "took"))


def test_it_stays_until_the_step_and_goes_then(row: Assignment) -> None:
    sla.sweep(now=AFTER - timedelta(minutes=2))
    assert fresh(row).handoff.state == "assigned"
    sla.sweep(now=AFTER)
    now = fresh(row)
    assert (now.handoff.state, now.ended_at, now.next_event_at) == ("waiting", AFTER, None)
    assert now.handoff.lead.owner is None
    assert steps(row) == [("at_risk", False), ("breached", False), ("after_150", True)]


def test_after_an_outage_no_step_past_the_loss_is_taken(row: Assignment) -> None:
    sla.sweep(now=NOW + timedelta(days=9))
    assert steps(row)[-1] == ("after_150", True)
    assert fresh(row).handoff.state == "waiting"


def test_a_second_sweep_takes_nothing_again(row: Assignment) -> None:
    sla.sweep(now=AFTER)
    before = (steps(row), AuditEntry.objects.count(), Notification.objects.count())
    assert sla.sweep(now=AFTER + timedelta(days=9)) == 0
    assert (steps(row), AuditEntry.objects.count(), Notification.objects.count()) == before


def test_a_colleague_gets_it_and_never_who_lost_it(row: Assignment, rep: User) -> None:
    sla.sweep(now=AFTER)
    assert deal(AFTER + SOON).assigned == 0
    other = UserFactory(name="Ben")
    assert deal(AFTER + SOON).assigned == 1
    now = Assignment.objects.get(ended_at=None)
    assert now.owner == other
    assert now.assigned_at == AFTER + SOON


def test_both_are_told_that_somebody_else_gets_it(row: Assignment, rep: User) -> None:
    manager = UserFactory(role=Role.SALES_MANAGER, team=north())
    sla.sweep(now=AFTER)
    ends = "is overdue, so somebody else gets it"
    for person, whose in ((rep, ""), (manager, f" by {rep}")):
        said = f"{row.handoff.lead}: the first response{whose} {ends}"
        assert Notification.objects.filter(user=person, text=said).exists()


def test_it_is_on_the_timeline(row: Assignment) -> None:
    sla.sweep(now=NOW + timedelta(minutes=46))
    sla.sweep(now=AFTER)
    titles = [entry.title for entry in entries(row.handoff.lead, 9)]
    assert "First response due soon" in titles
    assert "First response overdue: taken from the owner" in titles


def test_whoever_answered_keeps_the_lead_on_the_response_clock(row: Assignment, rep: User) -> None:
    attempts.log_attempt(assignment=row, kind="call", by=rep, now=NOW + SOON)
    sla.sweep(now=AFTER)
    assert fresh(row).handoff.state == "assigned"


def test_an_accepted_lead_is_never_taken(row: Assignment, rep: User) -> None:
    decisions.accept(assignment=row, by=rep, now=NOW + SOON)
    sla.sweep(now=NOW + timedelta(days=9))
    now = fresh(row)
    assert (now.handoff.state, now.ended_at) == ("accepted", None)
    assert steps(row)[-1] == ("after_200", False)
    assert "somebody else" not in " ".join(Notification.objects.values_list("text", flat=True))


def test_one_that_is_decided_as_the_sweep_comes_is_left_alone(row: Assignment, rep: User) -> None:
    decisions.accept(assignment=row, by=rep, now=AFTER)
    assert sla.take_away(row.pk, now=AFTER) == 0
    assert not SlaEvent.objects.exists()


def test_it_counts_as_missed_for_who_lost_it(row: Assignment) -> None:
    sla.sweep(now=AFTER)
    missed = Assignment.objects.filter(report.missed("response", AFTER))
    assert list(missed) == [row]
