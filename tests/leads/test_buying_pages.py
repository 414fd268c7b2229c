"""The buying centre in the browser: the panel, the one press, the form, and who may use them."""

from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from django.test import Client
from django.urls import reverse

from leads import services
from leads.facts import CompanyFacts, LeadFacts
from leads.models import Company, Lead
from tests.access import FORBIDDEN, MOVED, NOT_FOUND, OK, AccessTests
from tests.factories import TeamFactory, UserFactory
from users.models import Role, User

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WRITE = dict.fromkeys(Role, OK) | {Role.EXECUTIVE: FORBIDDEN, Role.MEDIATOR: FORBIDDEN}
PRESS = {role: MOVED if status == OK else status for role, status in WRITE.items()}
UNPROCESSABLE, CONFLICT = 422, 409


def make(by: User, **company: Any) -> Lead:
    facts = LeadFacts(name="Rita", company=CompanyFacts(name="Acme", **company))
    return services.create_lead(facts=facts, by=by, now=NOW)


class TestWhoOpensTheForm(AccessTests):
    expected: ClassVar[dict[Role, int]] = WRITE

    def url(self) -> str:
        return reverse("leads:buying", args=[make(self.rep).pk])


class TestWhoSetsAFact(AccessTests):
    method = "post"
    data: ClassVar[dict[str, object]] = {"fact": "company.buying", "value": "mixed", "seen": ""}
    expected: ClassVar[dict[Role, int]] = PRESS

    def url(self) -> str:
        return reverse("leads:buying_fact", args=[make(self.rep).pk])


@pytest.fixture
def ana(db: None) -> User:
    return UserFactory(name="Ana")


@pytest.fixture
def browser(ana: User) -> Client:
    client = Client()
    client.force_login(ana)
    return client


def press(client: Client, lead: Lead, fact: str, value: str, seen: str = "", **more: Any) -> Any:
    data = {"fact": f"company.{fact}", "value": value, "seen": seen, **more.pop("data", {})}
    return client.post(reverse("leads:buying_fact", args=[lead.pk]), data, **more)


def shown(client: Client, lead: Lead) -> str:
    return client.get(reverse("leads:lead", args=[lead.pk])).content.decode()


class TestPanel:
    def test_it_stands_on_the_lead_page_with_who_said_what(self, browser: Client, ana: User) -> None:
        lead = make(ana, buying="decentral", incumbent="Old Ltd")
        page = shown(browser, lead)
        assert "Buying centre" in page
        assert "Decentral" in page
        assert "Old Ltd" in page
        assert '<span class="muted buying-who">Ana, ' in page

    def test_a_reader_gets_no_button(self, ana: User) -> None:
        lead, client = make(ana), Client()
        client.force_login(UserFactory(role=Role.MEDIATOR))
        page = shown(client, lead)
        assert "Buying centre" in page
        assert reverse("leads:buying_fact", args=[lead.pk]) not in page

    def test_a_change_stands_in_the_timeline_in_words(self, browser: Client, ana: User) -> None:
        lead = make(ana, by_rfp=False)
        press(browser, lead, "by_rfp", "yes", seen="no")
        press(browser, lead, "incumbent_relationship", "at_risk")
        page = shown(browser, lead)
        assert "buying by request for proposal No → Yes" in page
        assert "tie to the supplier – → Coming apart" in page


class TestOnePress:
    def test_it_sets_the_fact_and_goes_back_to_the_lead(self, browser: Client, ana: User) -> None:
        lead = make(ana)
        answer = press(browser, lead, "buying", "central")
        assert answer["Location"] == reverse("leads:lead", args=[lead.pk])
        assert Company.objects.get().buying == "central"

    def test_it_goes_back_to_the_queue_it_came_from_and_to_no_other_site(
        self, browser: Client, ana: User
    ) -> None:
        lead = make(ana)
        assert press(browser, lead, "buying", "mixed", data={"next": "/queue/"})["Location"] == "/queue/"
        foreign = press(browser, lead, "buying", "mixed", seen="mixed", data={"next": "//evil.example/"})
        assert foreign["Location"] == reverse("leads:lead", args=[lead.pk])

    def test_htmx_gets_the_panel_as_it_is_then(self, browser: Client, ana: User) -> None:
        page = press(browser, make(ana), "buying", "central", headers={"HX-Request": "true"})
        assert page.status_code == OK
        assert 'id="buying"' in page.content.decode()
        assert "Central" in page.content.decode()

    def test_not_known_takes_it_away(self, browser: Client, ana: User) -> None:
        lead = make(ana, by_rfp=True)
        press(browser, lead, "by_rfp", "", seen="yes")
        assert Company.objects.get().by_rfp is None

    def test_a_stale_panel_is_told_and_nothing_is_overwritten(self, browser: Client, ana: User) -> None:
        lead = make(ana, buying="central")
        answer = press(browser, lead, "buying", "mixed", seen="")
        assert answer.status_code == CONFLICT
        assert "Somebody changed" in answer.content.decode()
        assert Company.objects.get().buying == "central"

    @pytest.mark.parametrize(("fact", "value"), [("buying", "else"), ("name", "Evil"), ("by_rfp", "1e9")])
    def test_what_is_no_fact_or_no_choice_is_refused(
        self, browser: Client, ana: User, fact: str, value: str
    ) -> None:
        assert press(browser, make(ana), fact, value).status_code == UNPROCESSABLE
        assert Company.objects.get().name == "Acme"

    def test_a_lead_of_another_team_is_no_way_to_its_company(self, browser: Client) -> None:
        foreign = make(UserFactory(team=TeamFactory(name="South")))
        assert press(browser, foreign, "buying", "mixed").status_code == NOT_FOUND
        assert Company.objects.get().buying == ""


class TestForm:
    def send(self, client: Client, lead: Lead, **fields: str) -> Any:
        page = client.get(reverse("leads:buying", args=[lead.pk]))
        data = {bound.html_name: bound.value() or "" for bound in page.context["form"]}
        return client.post(reverse("leads:buying", args=[lead.pk]), data | fields)

    def test_it_saves_all_facts(self, browser: Client, ana: User) -> None:
        lead = make(ana)
        answer = self.send(
            browser,
            lead,
            company_buying="central",
            company_by_rfp="no",
            company_incumbent="Old Ltd",
            company_driver="Growth",
            lead_driver="Peace",
            company_politics="One line\r\nand another",
        )
        assert answer.status_code == MOVED
        company = Company.objects.get()
        assert (company.buying, company.by_rfp, company.incumbent) == ("central", False, "Old Ltd")
        assert (company.driver, Lead.objects.get().driver) == ("Growth", "Peace")
        assert company.politics == "One line and another"

    def test_it_starts_with_what_is_known(self, browser: Client, ana: User) -> None:
        lead = make(ana, by_rfp=False, driver="Growth")
        form = browser.get(reverse("leads:buying", args=[lead.pk])).context["form"]
        assert (form["company_by_rfp"].value(), form["company_driver"].value()) == ("no", "Growth")

    def test_what_was_changed_meanwhile_is_told_and_what_was_typed_stays(
        self, browser: Client, ana: User
    ) -> None:
        lead = make(ana)
        data = {"company_buying": "mixed", "seen_company_buying": "", "company_politics": "Mine"}
        services.update_buying(lead=lead, said={"company.buying": "central"}, seen={}, by=ana, now=NOW)
        answer = browser.post(reverse("leads:buying", args=[lead.pk]), data)
        assert answer.status_code == CONFLICT
        assert "Mine" in answer.content.decode()
        assert Company.objects.get().buying == "central"

    def test_what_is_too_long_stands_at_its_field(self, browser: Client, ana: User) -> None:
        answer = self.send(browser, make(ana), company_politics="x" * 501)
        assert answer.status_code == UNPROCESSABLE
        assert answer.context["form"].errors["company_politics"]

    def test_a_lead_without_a_company_is_asked_for_the_person_alone(self, browser: Client, ana: User) -> None:
        lead = services.create_lead(facts=LeadFacts(name="Solo"), by=ana, now=NOW)
        page = browser.get(reverse("leads:buying", args=[lead.pk]))
        assert [field.html_name for row in page.context["form"].rows() for field in row] == ["lead_driver"]
        assert self.send(browser, lead, lead_driver="Peace").status_code == MOVED
        assert Lead.objects.get().driver == "Peace"


class TestApi:
    def test_a_program_writes_and_reads_it(self, browser: Client, ana: User) -> None:
        lead = make(ana)
        url = f"/api/v1/leads/{lead.pk}/"
        sent = {
            "driver": "Peace",
            "company": {"name": "Acme", "buying": "mixed", "by_rfp": True, "incumbent_relationship": "weak"},
        }
        answer = browser.patch(url, sent, content_type="application/json")
        assert answer.status_code == OK, answer.content
        told = answer.json()
        assert (told["driver"], told["company"]["buying"], told["company"]["by_rfp"]) == (
            "Peace",
            "mixed",
            True,
        )
        wrong = browser.patch(url, {"company": {"buying": "else"}}, content_type="application/json")
        assert wrong.status_code == 400
        assert "mixed" in wrong.content.decode()
