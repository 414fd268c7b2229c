"""What is said above an opened handoff: that something changed since it was handed over."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feedback.models import Assignment, Handoff
from tests.factories import UserFactory
from tests.feedback.world import assigned, judge
from users.models import User


def opened(client: Client, row: Assignment) -> str:
    return client.get(reverse("feedback:handoff", args=[row.pk])).content.decode()


def test_a_lead_that_fell_below_the_gate_says_so(signed_in: Client, rep: User) -> None:
    row = assigned(rep)
    Handoff.objects.update(not_ready_since=timezone.now())
    assert "No longer sales-ready since" in opened(signed_in, row)


@pytest.mark.parametrize(("now", "is_told"), [("C", True), ("A", False)])
def test_a_lead_whose_grade_is_another_one_now_says_so(
    signed_in: Client, rep: User, now: str, is_told: bool
) -> None:
    row = assigned(rep, grade="A")
    judge(row.handoff.lead, now, ready=False)
    assert ("when it was handed over and is" in opened(signed_in, row)) is is_told


def test_a_colleague_reads_along_without_acts(signed_in: Client) -> None:
    row = assigned(UserFactory(name="Ben"))
    found = opened(signed_in, row)
    assert "Ben works this lead" in found
    assert reverse("feedback:accept", args=[row.pk]) not in found


def test_a_lead_that_was_given_away_says_so(signed_in: Client, rep: User) -> None:
    row = assigned(rep)
    Assignment.objects.update(ended_at=timezone.now())
    found = opened(signed_in, row)
    assert "This handoff left Ana" in found
    assert reverse("feedback:accept", args=[row.pk]) not in found
