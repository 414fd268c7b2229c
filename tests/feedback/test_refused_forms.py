"""A dialog's form that is refused comes back as a page: what was typed, and the error at its field."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feedback.models import Assignment, Attempt, Decision, Outcome, RepSettings
from feedback.services import decisions
from tests.factories import UserFactory
from tests.feedback.world import assigned
from users.models import Role, User

MOVED, BAD, CONFLICT, UNPROCESSABLE = 302, 400, 409, 422
TYPED = "What nobody wants to type <twice>"
KEPT = "What nobody wants to type &lt;twice&gt;"


@pytest.fixture
def row(rep: User) -> Assignment:
    return assigned(rep)


@pytest.fixture
def client(rep: User) -> Client:
    client = Client()
    client.force_login(rep)
    return client


@pytest.fixture
def manager(rep: User) -> Client:
    client = Client()
    client.force_login(UserFactory(role=Role.SALES_MANAGER))
    return client


def wrong_at(response: Any, name: str) -> bool:
    """Whether the error stands at the field of that name and what the form holds is drawn."""
    form = response.context["form"]
    return name in form.errors and f'name="{name}"' in response.content.decode()


def reason(row: Assignment, key: str) -> int:
    return int(row.handoff.version.reasons.get(key=key).pk)


class TestQueue:
    def test_a_rejection_without_a_reason_keeps_its_words(self, client: Client, row: Assignment) -> None:
        url = reverse("feedback:reject", args=[row.pk])
        response = client.post(url, {"text": TYPED})
        assert (response.status_code, wrong_at(response, "reason")) == (UNPROCESSABLE, True)
        assert KEPT in response.content.decode()
        assert client.post(url, {"text": TYPED, "reason": reason(row, "other")}).status_code == MOVED
        assert Decision.objects.get().text == TYPED

    def test_a_reason_that_needs_words_stays_chosen(self, client: Client, row: Assignment) -> None:
        chosen = reason(row, "other")
        response = client.post(reverse("feedback:reject", args=[row.pk]), {"reason": chosen})
        assert (response.status_code, wrong_at(response, "text")) == (UNPROCESSABLE, True)
        drawn = response.content.decode()
        assert f'value="{chosen}"' in drawn
        assert drawn.count(" checked") == 1
        assert all(each.label in drawn for each in row.handoff.version.reasons.all())

    def test_an_attempt_keeps_its_note_and_kind(self, client: Client, row: Assignment) -> None:
        url = reverse("feedback:attempt", args=[row.pk])
        response = client.post(url, {"kind": "email", "result": "nobody", "note": TYPED})
        assert (response.status_code, wrong_at(response, "result")) == (UNPROCESSABLE, True)
        drawn = response.content.decode()
        assert KEPT in drawn
        assert '<option value="email" selected>' in drawn
        assert not Attempt.objects.exists()

    def test_what_the_service_refuses_stands_at_its_field_too(self, client: Client, row: Assignment) -> None:
        row.handoff.lead.do_not_call = True
        row.handoff.lead.save()
        url = reverse("feedback:attempt", args=[row.pk])
        response = client.post(url, {"kind": "call", "note": TYPED})
        assert (response.status_code, wrong_at(response, "kind")) == (UNPROCESSABLE, True)
        assert KEPT in response.content.decode()

    def test_a_moment_that_has_passed_is_shown_and_can_be_mended(
        self, client: Client, row: Assignment
    ) -> None:
        url = reverse("feedback:callback", args=[row.pk])
        response = client.post(url, {"at": "2020-01-01T10:00"})
        assert (response.status_code, wrong_at(response, "at")) == (UNPROCESSABLE, True)
        assert "2020-01-01T10:00" in response.content.decode()

    def test_a_preset_that_has_passed_does_not_outdo_the_new_choice(
        self, client: Client, row: Assignment
    ) -> None:
        url = reverse("feedback:callback", args=[row.pk])
        passed = (timezone.now() - timedelta(hours=1)).isoformat()
        response = client.post(url, {"preset": passed})
        assert response.status_code == UNPROCESSABLE
        assert passed not in response.content.decode()

    def test_htmx_gets_the_message_alone_for_the_dialog_is_still_open(
        self, client: Client, row: Assignment
    ) -> None:
        url = reverse("feedback:reject", args=[row.pk])
        response = client.post(url, {"text": TYPED}, headers={"HX-Request": "true"})
        drawn = response.content.decode()
        assert (response.status_code, "<html" in drawn) == (BAD, False)
        assert "Choose a reason" in drawn

    def test_who_was_too_late_sees_their_words_and_that_it_is_over(
        self, client: Client, rep: User, row: Assignment
    ) -> None:
        decisions.accept(assignment=row, by=rep, now=timezone.now())
        data = {"text": TYPED, "reason": reason(row, "other")}
        response = client.post(reverse("feedback:reject", args=[row.pk]), data)
        drawn = response.content.decode()
        assert (response.status_code, KEPT in drawn, "Reject lead" in drawn) == (CONFLICT, True, False)


class TestOthers:
    def test_an_outcome_keeps_its_amount(self, client: Client, rep: User, row: Assignment) -> None:
        decisions.accept(assignment=row, by=rep, now=timezone.now())
        url = reverse("feedback:outcome", args=[row.pk])
        response = client.post(url, {"kind": "won", "amount": "about 5", "currency": "USD"})
        assert (response.status_code, wrong_at(response, "amount")) == (UNPROCESSABLE, True)
        drawn = response.content.decode()
        assert 'value="about 5"' in drawn
        assert 'value="USD"' in drawn
        assert not Outcome.objects.exists()

    def test_assigning_to_nobody_keeps_the_ticked_leads_and_the_way_back(
        self, manager: Client, rep: User, row: Assignment
    ) -> None:
        other, url = UserFactory(name="Ben"), reverse("feedback:assign")
        data = {"handoff": [row.handoff_id], "next": "/queue/?page=1"}
        response = manager.post(url, data)
        assert (response.status_code, wrong_at(response, "to")) == (UNPROCESSABLE, True)
        drawn = response.content.decode()
        assert f'name="handoff" value="{row.handoff_id}"' in drawn
        assert 'name="next" value="/queue/?page=1"' in drawn
        assert 'href="/queue/?page=1"' in drawn
        assert manager.post(url, {**data, "to": other.pk})["Location"] == "/queue/?page=1"

    def test_the_way_back_never_leads_to_another_site(self, manager: Client, row: Assignment) -> None:
        data = {"handoff": [row.handoff_id], "next": "https://elsewhere.example/"}
        drawn = manager.post(reverse("feedback:assign"), data).content.decode()
        assert 'href="https://elsewhere.example/"' not in drawn

    def test_a_calendar_that_is_gone_leaves_the_absence_ticked(self, manager: Client, rep: User) -> None:
        data = {"calendar": "99", "is_away": "on"}
        response = manager.post(reverse("feedback:rep_settings", args=[rep.pk]), data)
        assert (response.status_code, wrong_at(response, "calendar")) == (UNPROCESSABLE, True)
        assert "checked" in response.content.decode()
        assert not RepSettings.objects.exists()
