"""The queue, the pool and the accepted leads: what is shown, and what a form does."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from alignment.models import Reason
from feedback.calendars import load_calendars
from feedback.lead_page import entries
from feedback.models import Assignment, Attempt, Decision, Handoff, Outcome
from feedback.queue import clock_of
from feedback.services import decisions
from leads.models import Activity, Company, Lead
from tests.access import FORBIDDEN, MOVED, NOT_FOUND, OK
from tests.factories import TeamFactory, UserFactory
from tests.feedback.world import assigned, judge, make_lead, waiting
from users.models import Role, User


@pytest.fixture
def manager(rep: User) -> Client:
    client = Client()
    client.force_login(UserFactory(role=Role.SALES_MANAGER))
    return client


def page(client: Client, name: str, *args: object, **headers: str) -> str:
    response = client.get(reverse(name, args=args), headers=headers)
    assert response.status_code == OK
    return response.content.decode()


class TestOrder:
    def order(self, client: Client) -> list[int]:
        response = client.get(reverse("feedback:queue_list", args=[client.session["_auth_user_id"]]))
        found = response.content.decode()
        rows = {row.pk: found.find(f'href="/queue/{row.pk}/"') for row in Assignment.objects.all()}
        return sorted((pk for pk, place in rows.items() if place >= 0), key=lambda pk: rows[pk])

    def test_what_is_due_first_stands_on_top(self, signed_in: Client, rep: User) -> None:
        now = timezone.now()
        new = assigned(rep, at=now)
        old = assigned(rep, at=now - timedelta(days=20))
        assert self.order(signed_in) == [old.pk, new.pk]

    def test_a_lead_that_was_called_is_sorted_by_its_decision(self, signed_in: Client, rep: User) -> None:
        now = timezone.now()
        first, second = assigned(rep, at=now), assigned(rep, at=now + timedelta(hours=1))
        Assignment.objects.filter(pk=first.pk).update(responded_at=now)
        assert self.order(signed_in) == [second.pk, first.pk]

    def test_a_callback_goes_down_until_its_time_and_stays_visible(
        self, signed_in: Client, rep: User
    ) -> None:
        now = timezone.now()
        late, plain = assigned(rep, at=now - timedelta(days=20)), assigned(rep, at=now)
        Assignment.objects.filter(pk=late.pk).update(callback_at=now + timedelta(hours=1))
        assert self.order(signed_in) == [plain.pk, late.pk]
        Assignment.objects.filter(pk=late.pk).update(callback_at=now - timedelta(minutes=1))
        assert self.order(signed_in) == [late.pk, plain.pk]

    def test_leads_of_colleagues_and_decided_ones_are_not_in_it(self, signed_in: Client, rep: User) -> None:
        assigned(UserFactory())
        done = assigned(rep)
        decisions.accept(assignment=done, by=rep, now=timezone.now())
        assert self.order(signed_in) == []


class TestQueuePage:
    def test_it_opens_the_first_lead_and_says_why_to_call(self, signed_in: Client, rep: User) -> None:
        now = timezone.now()
        lead = make_lead(1, title="Buyer", company=Company.objects.create(name="Acme"))
        judge(lead)
        day = int((now - timedelta(days=1)).timestamp())
        Activity.objects.create(lead=lead, kind="form", detail="Demo request", at_epoch=day, day=day // 86400)
        assigned(rep, lead, at=now)
        found = page(signed_in, "feedback:queue")
        assert "Sent a form “Demo request” yesterday; authority unknown: ask" in found
        assert "Who decides, and who else must agree?" in found
        assert "Acme" in found
        assert "Buyer" in found

    def test_an_empty_queue_says_what_will_be_here(self, signed_in: Client) -> None:
        found = page(signed_in, "feedback:queue")
        assert "Your queue is clear" in found

    def test_a_lead_not_to_be_called_has_no_phone_link(self, signed_in: Client, rep: User) -> None:
        assigned(rep, make_lead(1, do_not_call=True, is_unsubscribed=True))
        found = page(signed_in, "feedback:queue")
        assert "tel:" not in found
        assert "mailto:" not in found
        assert "Do not call" in found

    def test_text_of_a_lead_is_never_markup(self, signed_in: Client, rep: User) -> None:
        assigned(rep, make_lead(1, name="<script>alert(1)</script>", title='"><img src=x>'))
        found = page(signed_in, "feedback:queue")
        assert "<script>alert" not in found
        assert "<img" not in found

    @pytest.mark.parametrize("pk", [0, 999, 10**30])
    def test_an_unknown_handoff_is_not_found(self, signed_in: Client, pk: int) -> None:
        assert signed_in.get(f"/queue/{pk}/").status_code == NOT_FOUND

    def test_htmx_gets_the_detail_and_the_list_beside_it(self, signed_in: Client, rep: User) -> None:
        row = assigned(rep)
        response = signed_in.get(reverse("feedback:handoff", args=[row.pk]), headers={"HX-Request": "true"})
        found = response.content.decode()
        assert "<html" not in found
        assert 'hx-swap-oob="innerHTML"' in found
        assert response["HX-Push-Url"] == f"/queue/{row.pk}/"

    @pytest.mark.parametrize("count", [1, 50])
    def test_queries_do_not_grow_with_the_queue(
        self, signed_in: Client, rep: User, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(count):
            lead = make_lead(number, company=Company.objects.create(name=f"C{number}"))
            judge(lead)
            Activity.objects.create(lead=lead, kind="form", at_epoch=int(timezone.now().timestamp()), day=1)
            assigned(rep, lead, at=timezone.now())
        with django_assert_max_num_queries(QUEUE_QUERIES):
            page(signed_in, "feedback:queue")


QUEUE_QUERIES = 34


class TestRefresh:
    def test_it_is_not_modified_until_something_changes(self, signed_in: Client, rep: User) -> None:
        row = assigned(rep, at=timezone.now())
        address = reverse("feedback:queue_list", args=[rep.pk])
        first = signed_in.get(address)
        again = signed_in.get(address, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        Assignment.objects.filter(pk=row.pk).update(callback_at=timezone.now() + timedelta(days=1))
        changed = signed_in.get(address, headers={"If-None-Match": first["ETag"]})
        assert changed.status_code == OK

    def test_a_rep_refreshes_only_their_own_list(self, signed_in: Client, rep: User) -> None:
        other = UserFactory()
        row = assigned(other)
        found = signed_in.get(reverse("feedback:queue_list", args=[other.pk]), {"open": "x" * 50})
        assert f"/queue/{row.pk}/" not in found.content.decode()


class TestActs:
    def post(self, client: Client, name: str, row: Assignment, **data: object) -> tuple[int, str]:
        response = client.post(reverse(f"feedback:{name}", args=[row.pk]), data)
        return response.status_code, response.headers.get("Location", "") or response.content.decode()

    def test_after_a_decision_the_next_lead_opens(self, signed_in: Client, rep: User) -> None:
        now = timezone.now()
        rows = [assigned(rep, at=now + timedelta(minutes=minute)) for minute in range(3)]
        assert self.post(signed_in, "accept", rows[1]) == (MOVED, f"/queue/{rows[2].pk}/")
        assert self.post(signed_in, "accept", rows[2]) == (MOVED, f"/queue/{rows[0].pk}/")
        assert self.post(signed_in, "accept", rows[0]) == (MOVED, "/queue/")

    def test_a_double_click_on_accept_is_told_kindly(self, signed_in: Client, rep: User) -> None:
        row = assigned(rep)
        self.post(signed_in, "accept", row)
        status, body = self.post(signed_in, "accept", row)
        assert (status, "already accepted by you" in body) == (409, True)
        assert Decision.objects.count() == 1

    def test_a_rejection_keeps_the_words(self, signed_in: Client, rep: User) -> None:
        row = assigned(rep)
        reason = Reason.objects.get(version=row.handoff.version_id, key="other")
        text = "<b>Not</b> & never"
        assert self.post(signed_in, "reject", row, reason=reason.pk, text=text)[0] == MOVED
        assert Decision.objects.get().text == text

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("reject", {}),
            ("reject", {"reason": "abc"}),
            ("reject", {"reason": "999999"}),
            ("reject", {"reason": "9" * 40}),
            ("attempt", {"kind": "fax"}),
            ("attempt", {}),
            ("attempt", {"kind": "call", "note": "x" * 100_000}),
            ("callback", {}),
            ("callback", {"at": "soon"}),
            ("callback", {"at": "2020-01-01T10:00"}),
            ("callback", {"preset": "2020-01-01T10:00"}),
            ("callback", {"preset": "not a moment"}),
            ("callback", {"at": "9999-12-31T23:59"}),
        ],
    )
    def test_what_cannot_be_read_is_refused_and_writes_nothing(
        self, signed_in: Client, rep: User, name: str, data: dict[str, object]
    ) -> None:
        row = assigned(rep)
        status, body = self.post(signed_in, name, row, **data)
        assert status == 422
        assert "is-wrong" in body
        row.refresh_from_db()
        assert (row.callback_at, Decision.objects.count(), Attempt.objects.count()) == (None, 0, 0)

    def test_a_moment_that_the_clock_skips_is_refused(self, signed_in: Client, rep: User) -> None:
        User.objects.filter(pk=rep.pk).update(zone="Europe/Berlin")
        row = assigned(rep)
        year = timezone.now().year + 1
        gap = next(day for day in range(31, 24, -1) if datetime(year, 3, day, tzinfo=UTC).weekday() == 6)
        status, body = self.post(signed_in, "callback", row, at=f"{year}-03-{gap}T02:30")
        assert (status, "Europe/Berlin" in body) == (422, True)

    def test_a_moment_is_read_in_the_zone_of_the_viewer(self, signed_in: Client, rep: User) -> None:
        User.objects.filter(pk=rep.pk).update(zone="Asia/Tokyo")
        row = assigned(rep)
        day = (timezone.now() + timedelta(days=30)).date()
        assert self.post(signed_in, "callback", row, at=f"{day}T09:00")[0] == MOVED
        row.refresh_from_db()
        assert row.callback_at == datetime(day.year, day.month, day.day, 0, 0, tzinfo=UTC)

    def test_a_call_to_who_asked_not_to_be_called_is_refused(self, signed_in: Client, rep: User) -> None:
        row = assigned(rep, make_lead(1, do_not_call=True))
        status, body = self.post(signed_in, "attempt", row, kind="call")
        assert (status, "asked not to be called" in body) == (422, True)

    def test_only_forms_that_are_sent_change_anything(self, signed_in: Client, rep: User) -> None:
        row = assigned(rep)
        assert signed_in.get(reverse("feedback:accept", args=[row.pk])).status_code == 405

    def test_a_colleagues_lead_is_not_decided(self, signed_in: Client) -> None:
        row = assigned(UserFactory(name="Ben"))
        status, body = self.post(signed_in, "accept", row)
        assert (status, "Only Ben or a sales manager" in body) == (FORBIDDEN, True)

    def test_a_lead_of_another_team_does_not_exist(self, signed_in: Client, rep: User) -> None:
        south = UserFactory(team=TeamFactory(name="South"))
        row = assigned(south)
        Handoff.objects.update(team=south.team)
        assert self.post(signed_in, "accept", row)[0] == NOT_FOUND


class TestOutcomes:
    @pytest.fixture
    def row(self, rep: User) -> Assignment:
        row = assigned(rep)
        decisions.accept(assignment=row, by=rep, now=timezone.now())
        return row

    def test_an_accepted_lead_is_listed_until_it_is_won(self, signed_in: Client, row: Assignment) -> None:
        lead = row.handoff.lead
        assert str(lead) in page(signed_in, "feedback:accepted")
        address = reverse("feedback:outcome", args=[row.pk])
        signed_in.post(address, {"kind": "won", "amount": "1200", "currency": "EUR"})
        assert Outcome.objects.get().amount == 1200
        found = page(signed_in, "feedback:accepted")
        assert "Nothing in work" in found

    @pytest.mark.parametrize(
        "data",
        [
            {"kind": "won", "amount": "n/a"},
            {"kind": "won", "amount": "1e30"},
            {"kind": "won", "amount": "-1"},
            {"kind": "won", "amount": "9" * 1000},
            {"kind": "lost"},
            {"kind": "lost", "text": "x" * 100_000},
            {"kind": "given up"},
            {},
        ],
    )
    def test_what_is_no_outcome_is_refused(
        self, signed_in: Client, row: Assignment, data: dict[str, str]
    ) -> None:
        assert signed_in.post(reverse("feedback:outcome", args=[row.pk]), data).status_code == 422
        assert not Outcome.objects.exists()


class TestManagers:
    def test_they_see_all_queues_and_assign_from_there(self, manager: Client, rep: User) -> None:
        row, other = assigned(rep), UserFactory(name="Ben")
        assert "Ana" in page(manager, "feedback:queue")
        data = {"handoff": [row.handoff_id], "to": other.pk, "next": "/queue/?page=1"}
        response = manager.post(reverse("feedback:assign"), data)
        assert (response.status_code, response["Location"]) == (MOVED, "/queue/?page=1")
        assert Assignment.objects.get(ended_at=None).owner == other

    @pytest.mark.parametrize(("hours", "is_marked"), [(-1, True), (1, False), (None, False)])
    def test_a_callback_is_marked_once_its_time_has_come(
        self, manager: Client, rep: User, hours: int | None, is_marked: bool
    ) -> None:
        at = None if hours is None else timezone.now() + timedelta(hours=hours)
        Assignment.objects.filter(pk=assigned(rep).pk).update(callback_at=at)
        assert ("Time to call back:" in page(manager, "feedback:queue")) == is_marked

    def test_they_look_at_one_team_or_one_rep(self, manager: Client, rep: User) -> None:
        south = UserFactory(name="Sven", team=TeamFactory(name="South"))
        own, foreign = assigned(rep), assigned(south)
        Handoff.objects.filter(pk=foreign.handoff_id).update(team=south.team)
        for query in (f"?owner={rep.pk}", f"?team={rep.team_id}"):
            found = manager.get(reverse("feedback:queue") + query).content.decode()
            assert (f"/queue/{own.pk}/" in found, f"/queue/{foreign.pk}/" in found) == (True, False)
        assert manager.get(reverse("feedback:queue"), {"owner": "x"}).status_code == 400

    def test_they_give_accepted_leads_to_another_rep(self, manager: Client, rep: User) -> None:
        row, other = assigned(rep), UserFactory(name="Ben")
        decisions.accept(assignment=row, by=rep, now=timezone.now())
        assert f'value="{row.handoff_id}"' in page(manager, "feedback:accepted")
        manager.post(reverse("feedback:assign"), {"handoff": [row.handoff_id], "to": other.pk})
        assert Assignment.objects.get(ended_at=None).owner == other

    def test_they_open_the_queue_of_a_rep(self, manager: Client, rep: User) -> None:
        row = assigned(rep)
        found = page(manager, "feedback:handoff", row.pk)
        assert "Queue of Ana" in found
        assert reverse("feedback:accept", args=[row.pk]) in found

    def test_the_pool_offers_to_assign(self, manager: Client, rep: User) -> None:
        handoff = waiting()
        assert str(handoff.lead) in page(manager, "feedback:pool")

    @pytest.mark.parametrize("data", [{}, {"to": "1"}, {"handoff": ["x"], "to": "1"}, {"handoff": ["1"]}])
    def test_a_form_without_leads_or_a_rep_is_refused(
        self, manager: Client, rep: User, data: dict[str, object]
    ) -> None:
        assert manager.post(reverse("feedback:assign"), data).status_code == 422

    @pytest.mark.parametrize("count", [1, 50])
    def test_queries_do_not_grow(
        self, manager: Client, rep: User, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(count):
            assigned(rep, at=timezone.now())
        with django_assert_max_num_queries(ALL_QUERIES):
            page(manager, "feedback:queue")


ALL_QUERIES = 27


class TestClaiming:
    def test_a_claimed_lead_opens(self, signed_in: Client) -> None:
        handoff = waiting()
        response = signed_in.post(reverse("feedback:claim", args=[handoff.pk]))
        row = Assignment.objects.get(handoff=handoff)
        assert response["Location"] == reverse("feedback:handoff", args=[row.pk])

    def test_the_pool_of_another_team_does_not_exist(self, signed_in: Client) -> None:
        handoff = waiting(team=TeamFactory(name="South"))
        assert str(handoff.lead) not in page(signed_in, "feedback:pool")
        assert signed_in.post(reverse("feedback:claim", args=[handoff.pk])).status_code == NOT_FOUND


def test_a_breach_of_less_than_a_minute_is_late_all_the_same(rep: User) -> None:
    at = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    clock = clock_of(assigned(rep, at=at), load_calendars(), now=at + timedelta(hours=1, seconds=5))
    assert clock is not None
    assert clock.is_late


def test_the_lead_page_leads_its_owner_to_the_queue(signed_in: Client, rep: User) -> None:
    row = assigned(rep)
    found = page(signed_in, "leads:lead", row.handoff.lead_id)
    assert "Work it in the queue" in found
    assert reverse("feedback:handoff", args=[row.pk]) in found


def test_a_lead_that_was_never_handed_over_shows_no_handoff(manager: Client) -> None:
    found = page(manager, "leads:lead", make_lead().pk)
    assert "Work it in the queue" not in found


def test_the_timeline_tells_what_sales_did(rep: User) -> None:
    row = assigned(rep, at=timezone.now() - timedelta(hours=1))
    decisions.accept(assignment=row, by=rep, now=timezone.now())
    titles = [entry.title for entry in entries(Lead.objects.get(), 50)]
    assert titles[0] == "Accepted"
    assert "Assigned to Ana" in titles
    assert "Sales-ready" in titles
