"""The pages of routing: rules, reps, one lead tried, handing over."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from feedback.models import Assignment, Handoff, Leave, RepSettings, RoutingRule
from feedback.services.assigning import reassign
from feedback.services.reps import RepTerms, add_leave, set_rep
from feedback.services.routing import RuleContent, add_rule
from leads.models import Lead
from tests.access import MOVED, OK
from tests.factories import UserFactory
from tests.feedback.world import assigned, make_lead, waiting
from users.models import Role, User

GERMANY = {"field": "lead.country", "op": "in", "value": ["DE"]}


def made_rule(name: str = "Germany", **more: object) -> RoutingRule:
    fields = {"condition": GERMANY, "team": None, "way": "round_robin", "is_owner_first": True} | more
    return add_rule(content=RuleContent(name=name, **fields), by=UserFactory(role=Role.ADMIN))  # type: ignore[arg-type]  # a rule's fields


@pytest.fixture
def manager(rep: User) -> Client:
    client = Client()
    client.force_login(UserFactory(role=Role.SALES_MANAGER, name="Mia"))
    return client


def get(client: Client, name: str, *args: object) -> str:
    return client.get(reverse(f"feedback:{name}", args=args)).content.decode()


class TestRules:
    def test_each_is_a_sentence_with_its_open_leads(self, manager: Client, rep: User) -> None:
        made_rule()
        assigned(rep, make_lead(1, country="DE"))
        assigned(rep, make_lead(2, country="FR"))
        page = " ".join(get(manager, "routing").split())
        assert "Leads for which Country is Germany go to any team, in turn (round robin);" in page
        assert page.count("1 open lead ") + page.count("1 open lead<") == 2

    def test_one_is_written_with_the_builder(self, manager: Client, rep: User) -> None:
        typed = {
            "name": "Large",
            "condition-match": "all",
            "condition-0-field": "company.employees",
            "condition-0-op": "gte",
            "condition-0-value": "1000",
            "team": rep.team_id,
            "way": "weighted",
            "is_owner_first": "on",
        }
        assert manager.post(reverse("feedback:rule_new"), typed).status_code == MOVED
        row = RoutingRule.objects.get()
        assert row.condition == {"all": [{"field": "company.employees", "op": "gte", "value": 1000}]}
        assert (row.team, row.way, row.is_owner_first) == (rep.team, "weighted", True)

    def test_left_blank_it_takes_every_lead(self, manager: Client) -> None:
        typed = {"name": "All", "condition-match": "all", "condition-0-field": "", "way": "round_robin"}
        manager.post(reverse("feedback:rule_new"), typed)
        assert RoutingRule.objects.get().condition == {"all": []}
        assert "Every lead goes to any team" in get(manager, "routing")
        assert "Choose what to ask" in get(manager, "rule", RoutingRule.objects.get().pk)

    def test_a_button_of_the_builder_saves_nothing_and_keeps_what_was_typed(self, manager: Client) -> None:
        typed = {
            "name": "Half",
            "condition-match": "all",
            "builder-action": "condition:add:",
            "way": "weighted",
        }
        response = manager.post(reverse("feedback:rule_new"), typed)
        drawn = response.content.decode()
        assert (response.status_code, 'value="Half"' in drawn, "condition-0-field" in drawn) == (
            OK,
            True,
            True,
        )
        assert re.search(r'value="weighted"[^>]*checked', drawn)
        assert not RoutingRule.objects.exists()

    def test_what_is_wrong_stands_at_its_place(self, manager: Client) -> None:
        typed = {
            "name": "",
            "condition-match": "all",
            "condition-0-field": "company.employees",
            "condition-0-op": "gte",
            "condition-0-value": "many",
            "way": "weighted",
        }
        response = manager.post(reverse("feedback:rule_new"), typed)
        assert response.status_code == 422
        assert "Give the rule a name" in response.content.decode()
        assert "many" in response.content.decode()
        assert not RoutingRule.objects.exists()

    def test_a_stale_form_is_told_and_overwrites_nothing(self, manager: Client) -> None:
        row = made_rule()
        RoutingRule.objects.filter(pk=row.pk).update(name="Changed", revision=2)
        typed = {
            "name": "Mine",
            "condition-match": "all",
            "condition-0-field": "",
            "way": "weighted",
            "revision": "1",
        }
        response = manager.post(reverse("feedback:rule", args=[row.pk]), typed)
        assert response.status_code == 409
        assert "Somebody changed “Changed” meanwhile" in response.content.decode()
        assert RoutingRule.objects.get().name == "Changed"

    def test_one_is_moved_switched_and_deleted(self, manager: Client) -> None:
        first, second = made_rule("First"), made_rule("Second")
        manager.post(reverse("feedback:rule_move", args=[second.pk]), {"to": "up"})
        assert list(RoutingRule.objects.values_list("name", flat=True)) == ["Second", "First"]
        manager.post(reverse("feedback:rule_switch", args=[first.pk]), {"on": "0"})
        assert not RoutingRule.objects.get(pk=first.pk).is_on
        manager.post(reverse("feedback:rule_switch", args=[first.pk]), {"on": "1"})
        assert RoutingRule.objects.get(pk=first.pk).is_on
        manager.post(reverse("feedback:rule_delete", args=[second.pk]))
        assert RoutingRule.objects.get() == first

    def test_one_that_cant_be_read_says_so_and_can_be_written_anew(self, manager: Client) -> None:
        row = made_rule()
        RoutingRule.objects.update(condition={"field": "lead.shoe_size", "op": "gte", "value": 40})
        assert "It matches no lead until it is mended." in get(manager, "routing")
        assert manager.get(reverse("feedback:rule", args=[row.pk])).status_code == OK

    @pytest.mark.parametrize("count", [1, 12])
    def test_the_queries_stay_the_same(
        self, manager: Client, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(count):
            made_rule(f"Rule {number}")
            assigned(UserFactory(), make_lead(200 + number, country="DE"))
        get(manager, "routing")
        with django_assert_max_num_queries(30):
            get(manager, "routing")


class TestReps:
    def test_all_of_a_reps_settings_stand_on_one_page(self, manager: Client, rep: User) -> None:
        typed = {
            "capacity": "10",
            "weight": "3",
            "per_day": "4",
            "ramp_from": "2026-11-02",
            "ramp_weeks": "6",
            "is_away": "on",
        }
        assert manager.post(reverse("feedback:rep_settings", args=[rep.pk]), typed).status_code == MOVED
        row = RepSettings.objects.get()
        assert (row.capacity, row.weight, row.per_day, row.per_week, row.is_away) == (10, 3, 4, None, True)
        page = get(manager, "rep_settings", rep.pk)
        assert 'value="2026-11-02"' in page
        assert "Away" in get(manager, "routing")

    def test_a_half_ramp_comes_back_with_what_was_typed(self, manager: Client, rep: User) -> None:
        response = manager.post(reverse("feedback:rep_settings", args=[rep.pk]), {"ramp_weeks": "6"})
        assert response.status_code == 422
        assert "Say on which day it starts" in response.content.decode()
        assert not RepSettings.objects.exists()

    def test_leave_is_planned_and_taken_out(self, manager: Client, rep: User) -> None:
        day = timezone.now().date() + timedelta(days=3)
        manager.post(reverse("feedback:leave_add", args=[rep.pk]), {"starts": day, "ends": day})
        leave = Leave.objects.get()
        for page in ("routing", "calendars"):
            assert "leave from" in get(manager, page).lower()
        manager.post(reverse("feedback:leave_remove", args=[leave.pk]))
        assert not Leave.objects.exists()
        refused = manager.post(reverse("feedback:leave_add", args=[rep.pk]), {"starts": day})
        assert (refused.status_code, Leave.objects.exists()) == (422, False)

    def test_load_stands_against_capacity(self, manager: Client, rep: User) -> None:
        set_rep(rep=rep, terms=RepTerms(capacity=1), by=rep, now=timezone.now())
        assigned(rep)
        page = " ".join(get(manager, "routing").split())
        assert '1 of 1 <span class="tag is-warn">full</span>' in page


class TestTryingALead:
    def test_it_says_who_would_get_it_and_what_each_rule_says_and_writes_nothing(
        self, manager: Client, rep: User
    ) -> None:
        made_rule()
        made_rule("Other", condition={"field": "lead.country", "op": "in", "value": ["FR"]})
        lead = make_lead(1, country="DE")
        before = Lead.objects.values().get(pk=lead.pk)
        page = " ".join(
            manager.get(reverse("feedback:routing_try"), {"lead": lead.pk}).content.decode().split()
        )
        assert "<strong>Ana</strong> would get it. Rule “Germany”: it was Ana’s turn." in page
        assert "decides" in page
        assert Lead.objects.values().get(pk=lead.pk) == before
        assert not Handoff.objects.exists()
        assert not Assignment.objects.exists()

    def test_a_lead_is_found_by_name(self, manager: Client) -> None:
        lead = make_lead(1, name="Rita Stone")
        page = manager.get(reverse("feedback:routing_try"), {"q": "stone"}).content.decode()
        assert f"?lead={lead.pk}" in page
        assert (
            "No lead like that" in manager.get(reverse("feedback:routing_try"), {"q": "zzz"}).content.decode()
        )

    def test_its_own_owner_is_no_colleague(self, manager: Client, rep: User) -> None:
        from leads.models import Company

        row = assigned(rep, make_lead(1, company=Company.objects.create(name="Acme")))
        page = manager.get(reverse("feedback:routing_try"), {"lead": row.handoff.lead_id}).content.decode()
        assert "same company." not in page
        assert "It is with Ana since" in page

    @pytest.mark.parametrize("asked", ["0", "99999999", "9" * 40])
    def test_a_lead_that_isnt_there_is_no_failure(self, manager: Client, asked: str) -> None:
        assert manager.get(reverse("feedback:routing_try"), {"lead": asked}).status_code in (400, 404)


class TestHandingOver:
    def test_a_manager_deals_out_everything(self, manager: Client, rep: User) -> None:
        assigned(rep)
        ben = UserFactory(name="Ben")
        page = get(manager, "hand_over", rep.pk)
        assert "1 undecided and 0 accepted leads" in " ".join(page.split())
        response = manager.post(reverse("feedback:hand_over", args=[rep.pk]), {"way": "rules"}, follow=True)
        assert "1 went to others" in response.content.decode()
        assert Assignment.objects.get(ended_at=None).owner == ben
        assert "Nothing to hand over" in get(manager, "hand_over", rep.pk)

    def test_to_one_rep_needs_the_rep(self, manager: Client, rep: User) -> None:
        assigned(rep)
        response = manager.post(reverse("feedback:hand_over", args=[rep.pk]), {"way": "rep"})
        assert (response.status_code, "Choose who gets the leads." in response.content.decode()) == (
            422,
            True,
        )

    def test_an_admin_who_keeps_somebody_out_is_led_here(self, rep: User) -> None:
        admin = Client()
        admin.force_login(UserFactory(role=Role.ADMIN))
        assigned(rep)
        person = admin.get(reverse("users:person", args=[rep.pk])).content.decode()
        assert "Ana has 1 open lead." in person
        response = admin.post(reverse("users:person_deactivate", args=[rep.pk]))
        assert response["Location"] == reverse("feedback:hand_over", args=[rep.pk])
        assert "has 1 open lead" in get(admin, "routing")
        idle = UserFactory()
        response = admin.post(reverse("users:person_deactivate", args=[idle.pk]))
        assert response["Location"] == reverse("users:person", args=[idle.pk])

    def test_somebody_without_leads_who_is_no_rep_isnt_there(self, manager: Client) -> None:
        other = UserFactory(role=Role.MARKETER)
        assert manager.get(reverse("feedback:hand_over", args=[other.pk])).status_code == 404


class TestWhyThisOwner:
    def test_the_queue_says_it_and_the_manager_may_take_back(self, manager: Client, rep: User) -> None:
        row = assigned(rep)
        page = get(manager, "handoff", row.pk)
        assert "For a test." in page
        assert "Take back into the pool" in page
        response = manager.post(reverse("feedback:take_back"), {"handoff": row.handoff_id})
        assert response["Location"] == reverse("feedback:pool")
        assert "taken back; dealt from" in get(manager, "pool")
        Handoff.objects.update(held_until=timezone.now())
        assert "taken back" not in get(manager, "pool").partition("<tbody>")[2]

    def test_a_rep_cant_take_back(self, signed_in: Client, rep: User) -> None:
        assert "Take back into the pool" not in get(signed_in, "handoff", assigned(rep).pk)

    def test_the_lead_page_says_it_and_what_the_owner_before_leaves(self, rep: User) -> None:
        row, ben = assigned(rep), UserFactory(name="Ben")
        ids, now = [row.handoff_id], timezone.now()
        reassign(handoff_ids=ids, to=ben, by=UserFactory(role=Role.SALES_MANAGER, name="Mia"), now=now)
        client = Client()
        client.force_login(ben)
        page = client.get(reverse("leads:lead", args=[row.handoff.lead_id])).content.decode()
        assert "Mia assigned it." in page
        assert "From Ana," in page
        new = Assignment.objects.get(ended_at=None)
        assert "From Ana," in get(client, "handoff", new.pk)

    def test_of_a_lead_that_waits_a_manager_asks_who_would_get_it(self, manager: Client) -> None:
        lead = waiting().lead
        assert "Who would get it?" in manager.get(reverse("leads:lead", args=[lead.pk])).content.decode()

    def test_the_api_tells_it_too(self, rep: User) -> None:
        row = assigned(rep)
        client = Client()
        client.force_login(rep)
        found = client.get(reverse("api-handoff", args=[row.handoff_id])).json()["assignment"]["trace"]
        assert found == {"why": "For a test.", "rule": None, "looked": [], "more": 0}


def test_leave_that_overlaps_is_refused_with_the_days(manager: Client, rep: User) -> None:
    now = timezone.now()
    day = now.date() + timedelta(days=3)
    add_leave(rep=rep, starts=day, ends=day, by=rep, now=now)
    response = manager.post(reverse("feedback:leave_add", args=[rep.pk]), {"starts": day, "ends": day})
    assert (response.status_code, f"leave from {day}" in response.content.decode()) == (422, True)
