"""The BANT panel of the queue: an answer in two presses, and the grade moves at once."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feedback.models import Assignment
from leads.models import BantAnswer, BantDimension, ChangedLead
from scoring import services as scoring
from scoring.querysets import live_scores
from tests.factories import UserFactory
from tests.feedback.test_whole_way import activate, good_lead
from tests.feedback.world import assigned
from users.models import User

UNPROCESSABLE = 422


@pytest.fixture
def row(client: Client, db: None) -> Assignment:
    """A handoff under the shipped version, judged by the real engine; its owner is signed in."""
    activate()
    lead = good_lead()
    scoring.judge_marked(now=timezone.now())
    owner = UserFactory(name="Ana")
    client.force_login(owner)
    return assigned(owner, lead, at=timezone.now())


def say(client: Client, row: Assignment, dimension: str = "need", **typed: str) -> str:
    data = {"dimension": dimension, "level": "2"} | typed
    response = client.post(reverse("feedback:record_answer", args=[row.pk]), data, follow=True)
    return response.content.decode()


def total(row: Assignment) -> int:
    return live_scores().get(lead=row.handoff.lead).total


def test_the_grade_moves_at_once_and_the_page_says_how_far(client: Client, row: Assignment) -> None:
    before = live_scores().get(lead=row.handoff.lead)
    page = say(client, row, evidence="Said so on the phone.")
    after = live_scores().get(lead=row.handoff.lead)
    assert after.total > before.total
    moved = f"grade {before.grade} → {after.grade}, " if after.grade != before.grade else ""
    assert f"Need is recorded as met: {moved}+{after.total - before.total} points." in page
    found = BantAnswer.objects.get()
    assert (found.evidence, found.author, found.source) == ("Said so on the phone.", row.owner, "rep")
    assert not ChangedLead.objects.filter(lead=row.handoff.lead).exists()


def test_the_same_answer_again_says_that_nothing_moved(client: Client, row: Assignment) -> None:
    say(client, row)
    assert "Need is recorded as met. The points stay as they are." in say(client, row)


def test_only_this_lead_is_judged_however_many_wait(client: Client, row: Assignment) -> None:
    other = assigned(UserFactory()).handoff.lead
    ChangedLead.objects.get_or_create(lead=other, defaults={"cause": "edit", "marked_at": timezone.now()})
    say(client, row)
    assert ChangedLead.objects.filter(lead=other).exists()


def test_a_worker_that_has_the_mark_is_waited_for_by_nobody(
    client: Client, row: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedback.views.answering.judge_marked", lambda **_: 0)
    assert "Need is recorded as met. The grade follows in a moment." in say(client, row)


@pytest.mark.parametrize("dimension", BantDimension.values)
def test_each_dimension_stands_between_unmet_and_met_and_says_who_said_so(
    client: Client, row: Assignment, dimension: str
) -> None:
    page = say(client, row, dimension, level="1", evidence="In the mail of Monday.")
    assert f'id="bant-{dimension}-1"' in page
    assert "In the mail of Monday." in page
    assert "Ana" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"level": ""}, "Choose how far it is met"),
        ({"level": "7"}, "Select a valid choice"),
        ({"dimension": "weather"}, "Select a valid choice"),
        ({"amount": "much"}, "Enter a number"),
        ({"purchase_on": "soon"}, "Enter a valid date"),
        ({"evidence": "x" * 501}, "at most 500"),
    ],
)
def test_what_cant_be_comes_back_and_nothing_is_recorded(
    client: Client, row: Assignment, typed: dict[str, str], said: str
) -> None:
    data = {"dimension": "budget", "level": "1", "evidence": "Kept words."} | typed
    response = client.post(reverse("feedback:record_answer", args=[row.pk]), data)
    assert response.status_code == UNPROCESSABLE
    assert said in response.content.decode()
    assert not BantAnswer.objects.exists()


def test_who_only_reads_the_handoff_can_choose_nothing(client: Client, row: Assignment, rep: User) -> None:
    client.force_login(rep)
    page = client.get(reverse("feedback:handoff", args=[row.pk])).content.decode()
    assert len(re.findall(r'class="bant-levels"\s+disabled', page)) == len(BantDimension)
