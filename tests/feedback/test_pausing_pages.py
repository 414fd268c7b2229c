"""Pausing in the queue and by the API, the sum behind a due time, and the page of working hours."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from feedback.models import Assignment, CompanyHoliday, Handoff, Pause, TeamHours, WorkingCalendar
from feedback.services import pausing
from tests.access import OK
from tests.api.asking import Caller, error
from tests.factories import UserFactory
from tests.feedback.world import active_version, assigned
from users.models import Role, User

UNPROCESSABLE, CONFLICT = 422, 409


@pytest.fixture
def manager(rep: User) -> Client:
    client = Client()
    client.force_login(UserFactory(role=Role.SALES_MANAGER))
    return client


@pytest.fixture
def row(rep: User) -> Assignment:
    version = active_version(grade="A", source="Fair", may_pause=True)
    made = assigned(rep, at=timezone.now())
    Handoff.objects.update(term=version.terms.get(source="Fair"))
    return made


def page(client: Client, name: str, *args: int) -> str:
    response = client.get(reverse(f"feedback:{name}", args=args))
    assert response.status_code == OK
    return response.content.decode()


def typed(**changed: str) -> dict[str, str]:
    return {
        "reason": "Out until then",
        "preset": (timezone.now() + timedelta(days=4)).isoformat(),
    } | changed


class TestInTheQueue:
    def test_a_rep_pauses_and_ends_it(self, signed_in: Client, row: Assignment) -> None:
        assert 'popovertarget="pause"' in page(signed_in, "handoff", row.pk)
        told = signed_in.post(reverse("feedback:pause", args=[row.pk]), typed(), follow=True).content.decode()
        assert "stands still until" in told
        assert "Out until then" in told
        opened = page(signed_in, "handoff", row.pk)
        assert 'popovertarget="pause"' not in opened
        assert "End the pause" in opened
        assert 'class="due is-paused"' in opened
        assert '<li class="queue-divider">Paused</li>' in opened
        signed_in.post(reverse("feedback:resume", args=[row.pk]))
        assert Pause.objects.get().ended_at is not None
        assert "End the pause" not in page(signed_in, "handoff", row.pk)

    def test_the_button_isnt_there_where_the_terms_dont_allow_it(self, signed_in: Client, rep: User) -> None:
        row = assigned(rep, at=timezone.now())
        assert 'popovertarget="pause"' not in page(signed_in, "handoff", row.pk)
        response = signed_in.post(reverse("feedback:pause", args=[row.pk]), typed())
        assert response.status_code == 403
        assert "The agreement lets nobody pause" in response.content.decode()

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"reason": ""}, "Say in a few words why"),
            ({"preset": ""}, "Choose until when."),
            ({"preset": "", "until": "soon"}, "Choose a day and a time."),
            ({"preset": "", "until": "2020-01-01T10:00"}, "still to come"),
            ({"preset": "", "until": "9999-12-31T23:59"}, "At most 10 working days in all"),
        ],
    )
    def test_what_cant_be_comes_back_with_what_was_typed(
        self, signed_in: Client, row: Assignment, change: dict[str, str], said: str
    ) -> None:
        response = signed_in.post(reverse("feedback:pause", args=[row.pk]), typed(**change))
        assert response.status_code == UNPROCESSABLE
        assert said in response.content.decode()
        assert change.get("reason", "Out until then") in response.content.decode()
        assert not Pause.objects.exists()

    def test_the_sum_stands_with_the_due_time(self, signed_in: Client, row: Assignment) -> None:
        for found in (
            page(signed_in, "handoff", row.pk),
            signed_in.get(reverse("leads:lead", args=[row.handoff.lead_id])).content.decode(),
        ):
            assert "+ 1 working hour =" in found
            assert 'role="tooltip"' in found

    def test_the_lead_page_and_the_managers_list_say_it(
        self, manager: Client, rep: User, row: Assignment
    ) -> None:
        pausing.pause(
            assignment=row,
            until=timezone.now() + timedelta(days=4),
            reason="At a fair",
            by=rep,
            now=timezone.now(),
        )
        lead = manager.get(reverse("leads:lead", args=[row.handoff.lead_id])).content.decode()
        assert 'class="due is-paused"' in lead
        assert lead.count("At a fair") == 2  # the header, the timeline
        assert "At a fair" in page(manager, "queue")
        assert "is-paused" in page(manager, "sla_assignments")

    @pytest.mark.parametrize("count", [1, 6])
    def test_pauses_cost_one_query(
        self,
        signed_in: Client,
        rep: User,
        row: Assignment,
        count: int,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        now = timezone.now()
        for _ in range(count):
            other = assigned(rep, at=now)
            Pause.objects.create(
                assignment=other, starts_at=now, until=now + timedelta(days=3), reason="Away", by=rep
            )
        with django_assert_max_num_queries(34):
            page(signed_in, "queue")


class TestByTheApi:
    def test_a_program_pauses_and_resumes(self, rep: User, row: Assignment) -> None:
        caller, path = Caller(rep), f"handoffs/{row.handoff_id}/"
        until = timezone.now() + timedelta(days=4)
        made = caller.post(f"{path}pause/", {"until": until.isoformat(), "reason": "Away"})
        assert made.status_code == 201, made.content
        assert made.json()["reason"] == "Away"
        error(caller.post(f"{path}pause/", {"until": until.isoformat(), "reason": "Away"}), CONFLICT)
        shown = caller.get(path).json()["assignment"]["pauses"]
        assert [(each["reason"], each["ended_at"]) for each in shown] == [("Away", None)]
        assert caller.post(f"{path}resume/", {}).json()["pauses"][0]["ended_at"] is not None
        error(caller.post(f"{path}resume/", {}), CONFLICT)

    def test_terms_that_dont_allow_it_are_named(self, rep: User) -> None:
        row = assigned(rep, at=timezone.now())
        until = (timezone.now() + timedelta(days=4)).isoformat()
        answer = Caller(rep).post(f"handoffs/{row.handoff_id}/pause/", {"until": until, "reason": "Away"})
        assert "lets nobody pause" in error(answer, 403)["message"]


class TestTheHoursPage:
    def test_company_holidays_are_kept_and_taken_out(self, manager: Client) -> None:
        day = timezone.localdate() + timedelta(days=20)
        manager.post(reverse("feedback:holiday_add"), {"day": day.isoformat(), "label": "Stocktaking"})
        assert "Stocktaking" in page(manager, "calendars")
        row = CompanyHoliday.objects.get()
        manager.post(reverse("feedback:holiday_remove", args=[row.pk]))
        assert not CompanyHoliday.objects.exists()

    def test_a_day_that_cant_be_comes_back(self, manager: Client) -> None:
        answer = manager.post(reverse("feedback:holiday_add"), {"day": "2999-01-01", "label": "Far away"})
        assert answer.status_code == UNPROCESSABLE
        assert "Choose a day within ten years." in answer.content.decode()
        assert 'value="Far away"' in answer.content.decode()

    def test_a_team_is_given_a_calendar(self, manager: Client) -> None:
        rep = UserFactory(role=Role.REP)
        assert rep.team is not None
        calendar = WorkingCalendar.objects.create(name="London", zone="Europe/London")
        address = reverse("feedback:team_hours", args=[rep.team.pk])
        manager.post(address, {"calendar": calendar.pk})
        assert TeamHours.objects.get().calendar == calendar
        assert "London, as the team" in page(manager, "calendars")
        assert manager.post(address, {"calendar": "999"}).status_code == UNPROCESSABLE
        manager.post(address, {"calendar": ""})
        assert not TeamHours.objects.exists()

    def test_what_isnt_there_is_not_found(self, manager: Client) -> None:
        for name in ("holiday_remove", "team_hours"):
            assert manager.post(reverse(f"feedback:{name}", args=[999])).status_code == 404
