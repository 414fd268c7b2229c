"""The pages of custom fields, and custom fields on the pages of leads and imports."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.hooks import hooks
from leads import services
from leads.custom import definitions
from leads.custom.suggesting import kept_columns
from leads.facts import LeadFacts
from leads.imports import jobs
from leads.models import ChangedLead, CustomField, FieldRun, ImportJob, Lead
from leads.services import field_runs
from leads.tasks import run_fields
from tests.access import FORBIDDEN, MOVED, OK, AccessTests
from tests.factories import UserFactory
from tests.leads.custom import NOW, T, content, make, make_all
from users.models import Role, User

pytestmark = pytest.mark.django_db
ONLY_ADMINS = dict.fromkeys(Role, FORBIDDEN) | {Role.ADMIN: OK}
POSTED = {"label": "Seats", "type": "number", "unit": "seats", "choices": "", "headers": "", "help": ""}
FILE = (
    b"Name,Shoe size,Renews,No of seats\n"
    b"Rita,38,2026-12-01,12\nTom,45,31.02.2026,many\nAnn,n/a,2026-11-30,7 seats\n"
)


@pytest.fixture
def admin(client: Client) -> User:
    user = UserFactory(role=Role.ADMIN)
    client.force_login(user)
    return user


def carry(content: bytes = FILE, mapping: dict[int, str] | None = None) -> ImportJob:
    job = jobs.upload(content=content, file_name="leads.csv", by=None, now=NOW)
    if mapping is not None:
        jobs.set_mapping(job=job, kind="leads", mapping=mapping, system="", options={})
    jobs.start(job=job, by=None, now=NOW)
    jobs.run(job_id=job.pk, clock=lambda: NOW)
    return ImportJob.objects.get(pk=job.pk)


class OnlyAdmins(AccessTests):
    expected = ONLY_ADMINS
    other_team = FORBIDDEN

    def url(self) -> str:
        if self.url_name in ("leads:fields", "leads:field_new"):
            return reverse(self.url_name)
        return reverse(self.url_name, args=[make().pk])


class TestWhoSeesTheList(OnlyAdmins):
    url_name = "leads:fields"


class TestWhoAdds(OnlyAdmins):
    url_name = "leads:field_new"


class TestWhoChanges(OnlyAdmins):
    url_name = "leads:field"


class TestWhoSeesTheWork(OnlyAdmins):
    url_name = "leads:field_progress"


class TestWhoRetires(OnlyAdmins):
    url_name, method = "leads:field_retire", "post"
    expected = ONLY_ADMINS | {Role.ADMIN: MOVED}


class TestWhoBringsBack(OnlyAdmins):
    url_name, method = "leads:field_restore", "post"
    expected = ONLY_ADMINS | {Role.ADMIN: MOVED}


class TestWhoOrders(OnlyAdmins):
    url_name, method = "leads:field_move", "post"
    expected = ONLY_ADMINS | {Role.ADMIN: MOVED}


class TestTheList:
    def test_it_says_what_there_is_and_how_many_leads_have_it(self, client: Client, admin: User) -> None:
        make_all()
        services.create_lead(facts=LeadFacts(name="Rita", attributes={"seats": 3}), by=None, now=NOW)
        page = client.get(reverse("leads:fields"))
        rows = {each.field.slug: each.counted.leads for each in page.context["rows"]}
        assert rows == {"seats": 1, "need_in_words": 0, "renewal": 0, "opted_in": 0, "plan": 0}
        assert "Number, in seats" in page.content.decode()

    def test_it_takes_as_many_queries_for_many(
        self, client: Client, admin: User, django_assert_max_num_queries: Any
    ) -> None:
        make_all()
        for more in ("One more", "And another"):
            with django_assert_max_num_queries(14):
                client.get(reverse("leads:fields"))
            make(more)

    def test_it_is_in_the_navigation_of_admins_alone(self, client: Client, admin: User) -> None:
        items = [each for each in hooks.navigation if each.url_name == "leads:fields"]
        assert [each.roles for each in items] == [frozenset({Role.ADMIN})]

    def test_columns_that_imports_kept_are_suggested_with_what_they_look_like(self, admin: User) -> None:
        carry()
        found = {each.header: each.type.value for each in kept_columns([])}
        assert found == {"Shoe size": "number", "Renews": "text", "No of seats": "text"}
        make("Shoe size")
        assert "Shoe size" not in {each.header for each in kept_columns(CustomField.objects.all())}


class TestAddingAndChanging:
    def test_an_admin_adds_changes_retires_and_brings_back(self, client: Client, admin: User) -> None:
        made = client.post(reverse("leads:field_new"), POSTED)
        row = CustomField.objects.get()
        assert made["Location"] == reverse("leads:field", args=[row.pk])
        page = client.get(made["Location"])
        seen = page.context["form"].initial["seen_at"]
        client.post(made["Location"], POSTED | {"label": "Places", "seen_at": seen})
        row.refresh_from_db()
        assert row.label == "Places"
        client.post(reverse("leads:field_retire", args=[row.pk]))
        assert "Retired" in client.get(reverse("leads:fields")).content.decode()
        client.post(reverse("leads:field_restore", args=[row.pk]))
        assert "places" not in definitions.definitions()
        assert definitions.definitions()["seats"].label == "Places"

    def test_what_is_refused_comes_back_with_what_was_typed(self, client: Client, admin: User) -> None:
        make("Seats")
        page = client.post(reverse("leads:field_new"), POSTED | {"headers": "Licences"})
        assert page.status_code == 422
        assert "There is a field “Seats” already." in page.content.decode()
        assert "Licences" in page.content.decode()

    def test_an_edit_that_was_overtaken_is_a_conflict(self, client: Client, admin: User) -> None:
        row = make("Seats")
        page = client.post(
            reverse("leads:field", args=[row.pk]), POSTED | {"seen_at": "2026-01-01T00:00:00+00:00"}
        )
        assert page.status_code == 409
        assert "nothing of yours was saved" in page.content.decode()

    def test_choices_in_use_are_taken_away_only_when_one_is_sure(self, client: Client, admin: User) -> None:
        row = make("Plan", T.CHOICE, choices=("Gold", "Tin"))
        services.create_lead(facts=LeadFacts(name="Rita", attributes={"plan": "Tin"}), by=None, now=NOW)
        posted = POSTED | {"label": "Plan", "type": "choice", "choices": "Gold", "seen_at": NOW.isoformat()}
        page = client.post(reverse("leads:field", args=[row.pk]), posted)
        assert "Take the choices away" in page.content.decode()
        client.post(reverse("leads:field", args=[row.pk]), posted | {"is_sure": "on"})
        row.refresh_from_db()
        assert row.choices == ["Gold"]


class TestKeptColumns:
    def test_values_that_fit_move_into_the_field_and_the_others_are_told(
        self, client: Client, admin: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        carry()
        ChangedLead.objects.all().delete()
        monkeypatch.setattr(field_runs, "CHUNK", 1)
        column = {"column": "No of seats", "date_order": ""}
        assert client.get(reverse("leads:field_new"), column).context["form"].initial["type"] == "text"
        answer = client.post(reverse("leads:field_new"), POSTED | column)
        assert "Going through the leads" in client.get(answer["Location"]).content.decode()
        assert run_fields() == 1
        assert run_fields() == 0
        leads = {lead.name: lead for lead in Lead.objects.all()}
        assert [leads[name].attributes for name in ("Rita", "Tom", "Ann")] == [
            {"seats": 12},
            {},
            {"seats": 7},
        ]
        assert "No of seats" not in leads["Rita"].extra
        assert leads["Tom"].extra["No of seats"] == "many"
        assert set(ChangedLead.objects.values_list("lead_id", flat=True)) == {
            leads["Rita"].pk,
            leads["Ann"].pk,
        }
        page = client.get(answer["Location"]).content.decode()
        assert "2 values taken over" in page
        assert "“many” is no number" in page

    def test_a_run_that_died_goes_on_where_it_was(self, monkeypatch: pytest.MonkeyPatch) -> None:
        carry()
        monkeypatch.setattr(field_runs, "CHUNK", 1)
        kept = services.Kept(headers=["Shoe size"])
        row = services.create_field(content=content("Shoe size"), by=None, now=NOW, kept=kept)
        run = FieldRun.objects.get()
        field_runs._chunk(run.pk, NOW)
        run.refresh_from_db()
        assert (run.state, run.converted) == ("running", 1)
        assert run_fields() == 1
        run.refresh_from_db()
        assert (run.state, run.converted, run.unfit) == ("done", 2, 0)
        assert Lead.objects.filter(attributes__has_key=row.slug).count() == 2

    def test_a_value_that_a_lead_has_is_not_overwritten(self) -> None:
        carry()
        row = make("Shoe size")
        lead = Lead.objects.get(name="Rita")
        services.update_lead(lead=lead, facts=LeadFacts(attributes={"shoe_size": 40}), by=None, now=NOW)
        field_runs.start_conversion(field=row, headers=["Shoe size"], date_order="", by=None, now=NOW)
        run_fields()
        lead.refresh_from_db()
        assert (lead.attributes, lead.extra["Shoe size"]) == ({"shoe_size": 40}, "38")


class TestImports:
    def test_columns_are_recognised_and_bad_values_named(self) -> None:
        make("Seats", headers=("No. of seats",), unit="seats")
        make("Renews", T.DATE)
        job = carry()
        assert job.mapping == {"0": "name", "2": "attributes.renews", "3": "attributes.seats"}
        leads = Lead.objects.order_by("pk").values_list("attributes", flat=True)
        assert list(leads) == [
            {"seats": 12, "renews": "2026-12-01"},
            {},
            {"seats": 7, "renews": "2026-11-30"},
        ]
        assert set(job.problems.values_list("row", "column", "value")) == {
            (3, "Renews", "31.02.2026"),
            (3, "No of seats", "many"),
        }

    def test_a_field_that_was_retired_meanwhile_keeps_its_column_under_its_name(self) -> None:
        row = make("Shoe size")
        job = jobs.upload(content=FILE, file_name="leads.csv", by=None, now=NOW)
        jobs.start(job=job, by=None, now=NOW)
        services.retire_field(field=row, by=None, now=NOW)
        jobs.run(job_id=job.pk, clock=lambda: NOW)
        assert Lead.objects.get(name="Rita").extra["Shoe size"] == "38"
        assert Lead.objects.get(name="Rita").attributes == {}

    def test_the_mapping_offers_them(self, client: Client, admin: User) -> None:
        make_all()
        job = jobs.upload(content=FILE, file_name="leads.csv", by=None, now=NOW)
        groups = client.get(reverse("leads:import", args=[job.pk])).context["groups"]
        assert ("attributes.plan", "Plan") in groups["Custom fields"]


class TestLeads:
    def test_a_person_fills_them_in_and_the_page_shows_them(self, client: Client, admin: User) -> None:
        make_all()
        posted = {
            "name": "Rita",
            "attributes_seats": "12.0",
            "attributes_need_in_words": "Größere Lager",
            "attributes_renewal": "2026-12-01",
            "attributes_opted_in": "false",
            "attributes_plan": "Gold",
        }
        made = client.post(reverse("leads:new"), posted)
        lead = Lead.objects.get()
        assert lead.attributes == {
            "seats": 12,
            "need_in_words": "Größere Lager",
            "renewal": "2026-12-01",
            "opted_in": False,
            "plan": "Gold",
        }
        page = client.get(made["Location"])
        shown = dict(page.context["custom_facts"])
        assert shown == {
            "Seats": "12 seats",
            "Need in words": "Größere Lager",
            "Renewal": "1 Dec 2026",
            "Opted in": "No",
            "Plan": "Gold",
        }

    def test_saving_unchanged_writes_nothing_also_under_a_choice_that_is_gone(
        self, client: Client, admin: User
    ) -> None:
        rows = make_all()
        facts = LeadFacts(name="Rita", attributes={"plan": "Gold", "seats": 3})
        lead = services.create_lead(facts=facts, by=None, now=NOW)
        CustomField.objects.filter(pk=rows["plan"].pk).update(choices=["Silver"])
        page = client.get(reverse("leads:edit", args=[lead.pk]))
        assert "“Gold” (no longer a choice)" in page.content.decode()
        form = page.context["form"]
        typed = {name: value for name, value in form.initial.items() if value not in (None, False)}
        answer = client.post(reverse("leads:edit", args=[lead.pk]), typed)
        assert answer.status_code == MOVED
        lead.refresh_from_db()
        assert (lead.attributes, lead.updated_at) == ({"plan": "Gold", "seats": 3}, NOW)
        client.post(
            reverse("leads:edit", args=[lead.pk]), typed | {"attributes_plan": "", "attributes_seats": ""}
        )
        lead.refresh_from_db()
        assert lead.attributes == {}

    @pytest.mark.parametrize(
        ("name", "value"),
        [("seats", "n/a"), ("seats", "1e999"), ("renewal", "31.02."), ("plan", "Tin"), ("opted_in", "maybe")],
    )
    def test_what_doesnt_fit_is_said_at_its_input(
        self, client: Client, admin: User, name: str, value: str
    ) -> None:
        make_all()
        page = client.post(reverse("leads:new"), {"name": "Rita", f"attributes_{name}": value})
        assert page.status_code == 422
        assert f"attributes_{name}" in page.context["form"].errors
        assert not Lead.objects.exists()

    def test_the_list_is_filtered_by_them(self, client: Client, admin: User) -> None:
        make_all()
        services.create_lead(facts=LeadFacts(name="Rita", attributes={"seats": 3}), by=None, now=NOW)
        services.create_lead(facts=LeadFacts(name="Tom", attributes={"seats": 9}), by=None, now=NOW)
        page = client.get(reverse("leads:list") + "?attribute.seats.gte=5").content.decode()
        assert "Tom" in page
        assert "Rita" not in page
        assert "Seats is at least 5 seats" in page
