"""The pages of leads: who gets in, what they show, and how they take ugly input."""

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from leads import services
from leads.facts import ActivityFacts, CompanyFacts, LeadFacts
from leads.models import BantAnswer, Lead
from tests.access import FORBIDDEN, MOVED, NOT_FOUND, OK, AccessTests
from tests.factories import TeamFactory, UserFactory
from users.models import Role, User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
READ: dict[Role, int] = dict.fromkeys(Role, OK) | {Role.EXECUTIVE: FORBIDDEN}
WRITE = READ | {Role.MEDIATOR: FORBIDDEN}
IMPORTERS = (Role.MARKETER, Role.MARKETING_MANAGER, Role.ADMIN)
IMPORT = dict.fromkeys(Role, FORBIDDEN) | dict.fromkeys(IMPORTERS, OK)
UNPROCESSABLE, CONFLICT, BAD = 422, 409, 400


def make(**facts: Any) -> Lead:
    by = facts.pop("by", None)
    return services.create_lead(facts=LeadFacts(**facts), by=by, now=NOW)


class OfALead(AccessTests):
    """A page of a lead that the rep owns."""

    def url(self) -> str:
        return reverse(self.url_name, args=[make(name="Rita", by=self.rep).pk])


class TestListAccess(AccessTests):
    url_name: ClassVar[str] = "leads:list"
    expected: ClassVar[dict[Role, int]] = READ
    other_team: ClassVar[int] = OK


class TestLeadAccess(OfALead):
    url_name: ClassVar[str] = "leads:lead"
    expected: ClassVar[dict[Role, int]] = READ


class TestTimelineAccess(OfALead):
    url_name: ClassVar[str] = "leads:timeline"
    expected: ClassVar[dict[Role, int]] = READ


class TestEditAccess(OfALead):
    url_name: ClassVar[str] = "leads:edit"
    expected: ClassVar[dict[Role, int]] = WRITE


class TestAnswerAccess(OfALead):
    url_name: ClassVar[str] = "leads:answer"
    expected: ClassVar[dict[Role, int]] = WRITE


class TestNewAccess(AccessTests):
    url_name: ClassVar[str] = "leads:new"
    expected: ClassVar[dict[Role, int]] = WRITE
    other_team: ClassVar[int] = OK


class TestImportAccess(AccessTests):
    url_name: ClassVar[str] = "leads:imports"
    expected: ClassVar[dict[Role, int]] = IMPORT
    other_team: ClassVar[int] = FORBIDDEN


@pytest.fixture
def marketer(client: Client) -> User:
    user = UserFactory(role=Role.MARKETER)
    client.force_login(user)
    return user


def names(client: Client, query: str = "") -> list[str]:
    response = client.get(reverse("leads:list") + query)
    assert response.status_code == OK
    return [row.lead.name for row in response.context["listing"].lead_rows]


def test_a_rep_lists_own_and_team_leads_only(client: Client) -> None:
    rep, mate = UserFactory(role=Role.REP), UserFactory(role=Role.REP)
    other = UserFactory(role=Role.REP, team=TeamFactory(name="South"))
    make(name="Mine", by=rep)
    make(name="Mate's", by=mate)
    make(name="Other's", by=other)
    make(name="Nobody's")
    client.force_login(rep)
    assert sorted(names(client)) == ["Mate's", "Mine"]


@pytest.mark.parametrize("text", ["MULLER", "müller", "jm@firma", "acme", "5550 100", "301 5550100"])
def test_search_finds_by_name_email_company_and_phone(client: Client, marketer: User, text: str) -> None:
    make(
        name="Jörg Müller", email="jm@firma.test", phone="+49 301 5550100", company=CompanyFacts(name="ACME")
    )
    make(name="Other")
    assert names(client, f"?q={text}") == ["Jörg Müller"]


@pytest.mark.parametrize("text", ["%", "_", "'", "\\", "%00", "a%00b", "%F0%9F%8E%89" * 200, "*"])
def test_search_takes_any_text(client: Client, marketer: User, text: str) -> None:
    make(name="Rita")
    assert names(client, f"?q={text}") in ([], ["Rita"])


def test_filters_read_as_a_sentence_and_can_be_taken_away(client: Client, marketer: User) -> None:
    make(name="Rita", title="CTO", country="DE")
    make(name="Tom", title="CTO", country="FR")
    response = client.get(reverse("leads:list") + "?lead.title=cto&lead.country=DE")
    listing = response.context["listing"]
    assert [row.lead.name for row in listing.lead_rows] == ["Rita"]
    assert [chip.text for chip in listing.chips] == ["Job title contains “cto”", "Country is Germany"]
    assert len(names(client, listing.chips[1].remove_url)) == 2


@pytest.mark.parametrize("query", ["?nonsense=1", "?lead.stage=nowhere", "?company.employees.gte=many"])
def test_a_filter_that_makes_no_sense_is_named(client: Client, marketer: User, query: str) -> None:
    response = client.get(reverse("leads:list") + query)
    assert response.status_code == BAD
    assert query[1:].partition("=")[0] in response.content.decode()


@pytest.mark.parametrize(
    "query", ["?page=99999", "?page=-1", "?page=x", "?sort=lead.email", "?sort=-", "?page="]
)
def test_a_page_or_order_that_is_not_there_shows_what_is(client: Client, marketer: User, query: str) -> None:
    make(name="Rita")
    assert names(client, query) == ["Rita"]


def test_the_list_is_sorted_and_paged_with_unknowns_last(client: Client, marketer: User) -> None:
    for number in range(60):
        make(name=f"Lead {number:02}")
    make(email="nameless@a.test")
    first, second = names(client, "?sort=lead.name"), names(client, "?sort=lead.name&page=2")
    assert (first[0], len(first), second[-1], len(second)) == ("Lead 00", 50, "", 11)
    assert names(client, "?sort=-lead.name")[0] == "Lead 59"
    assert names(client, "?sort=-lead.name&page=2")[-1] == ""


def test_the_list_asks_the_same_number_of_queries_for_few_and_many(client: Client, marketer: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            names(client)
        return len(captured)

    make(name="Rita", company=CompanyFacts(name="Acme"))
    names(client)
    few = queries()
    for number in range(30):
        make(name=f"Lead {number}", company=CompanyFacts(name=f"Company {number}"))
    assert queries() == few <= 14


def test_a_lead_page_shows_what_is_known(client: Client, marketer: User) -> None:
    lead = make(
        name="Rita <b>",
        phone="+49301234567",
        email="rita@a.test",
        company=CompanyFacts(name="Acme"),
        extra={"Ünit": "7"},
    )
    item = ActivityFacts(kind="page_view", at=NOW - timedelta(days=1), detail="/pricing", lead_id=lead.pk)
    services.add_activities(items=[item], by=None, now=NOW)
    page = client.get(reverse("leads:lead", args=[lead.pk])).content.decode()
    for text in ("Rita &lt;b&gt;", "tel:+49301234567", "mailto:rita@a.test", "Acme", "Ünit", "/pricing"):
        assert text in page


def test_a_refusal_is_shown_and_obeyed(client: Client, marketer: User) -> None:
    lead = make(name="R", phone="+49301234567", email="r@a.test", do_not_call=True, is_unsubscribed=True)
    page = client.get(reverse("leads:lead", args=[lead.pk])).content.decode()
    assert "Do not call" in page
    assert "Unsubscribed from e-mail" in page
    assert "tel:" not in page
    assert "mailto:" not in page


def test_the_lead_page_asks_the_same_number_of_queries_for_few_and_many(
    client: Client, marketer: User
) -> None:
    lead = make(name="Rita", company=CompanyFacts(name="Acme"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("leads:lead", args=[lead.pk]))
        return len(captured)

    queries()
    few = queries()
    items = [ActivityFacts(kind="form", at=NOW, lead_id=lead.pk, campaign="Summer") for _ in range(40)]
    services.add_activities(items=items, by=None, now=NOW)
    assert queries() == few <= 31


def test_a_long_timeline_is_shown_in_steps(client: Client, marketer: User) -> None:
    lead = make(name="Rita")
    items = [ActivityFacts(kind="form", at=NOW - timedelta(hours=n), lead_id=lead.pk) for n in range(100)]
    services.add_activities(items=items, by=None, now=NOW)
    url = reverse("leads:timeline", args=[lead.pk])
    assert len(client.get(url).context["timeline"].entries) == 30
    assert (
        len(client.get(url + "?limit=60", headers={"HX-Request": "true"}).context["timeline"].entries) == 60
    )
    assert client.get(url + "?limit=999999999").status_code == OK


@pytest.mark.parametrize("path", ["/leads/0/", "/leads/99999999999999999999999/", "/leads/7/panel/right/99/"])
def test_an_address_without_a_lead_is_not_found(client: Client, marketer: User, path: str) -> None:
    assert client.get(path).status_code == NOT_FOUND


def test_a_lead_is_added_by_hand(client: Client, marketer: User) -> None:
    data = {"name": "Rita", "email": "rita@a.test", "company_name": "Acme", "company_employees": "12"}
    response = client.post(reverse("leads:new"), data)
    lead = Lead.objects.get()
    assert (response.status_code, response["Location"]) == (MOVED, reverse("leads:lead", args=[lead.pk]))
    assert lead.company is not None
    assert lead.company.employees == 12


def test_a_known_address_is_shown_before_it_is_added_again(client: Client, marketer: User) -> None:
    known = make(name="Rita", email="rita@a.test")
    data = {"name": "Rita 2", "email": "RITA@a.test"}
    response = client.post(reverse("leads:new"), data)
    assert response.status_code == UNPROCESSABLE
    assert reverse("leads:lead", args=[known.pk]) in response.content.decode()
    assert client.post(reverse("leads:new"), data | {"add_anyway": "1"}).status_code == MOVED
    assert Lead.objects.count() == 2


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"email": "x"},
        {"name": "x" * 300},
        {"name": "R", "company_name": "A", "company_domain": "not one"},
    ],
)
def test_a_form_that_cant_be_used_is_shown_again(
    client: Client, marketer: User, data: dict[str, str]
) -> None:
    response = client.post(reverse("leads:new"), data)
    assert response.status_code == UNPROCESSABLE
    assert response.context["form"].errors
    assert not Lead.objects.exists()


def test_an_edit_is_saved_and_a_stale_one_is_a_conflict(client: Client, marketer: User) -> None:
    lead = make(name="Rita", company=CompanyFacts(name="Acme"))
    url = reverse("leads:edit", args=[lead.pk])
    form = client.get(url).context["form"]
    data = {name: value for name, value in form.initial.items() if value not in (None, False)}
    assert client.post(url, data | {"title": "CTO"}).status_code == MOVED
    response = client.post(url, data | {"title": "CEO"})
    assert response.status_code == CONFLICT
    assert "Somebody changed this lead" in response.content.decode()
    lead.refresh_from_db()
    assert (lead.title, lead.company is not None) == ("CTO", True)


def test_an_answer_is_recorded_and_shown(client: Client, marketer: User) -> None:
    lead = make(name="Rita")
    url = reverse("leads:answer", args=[lead.pk])
    assert client.get(url + "?dimension=need").context["form"].initial["dimension"] == "need"
    assert client.post(url, {"dimension": "budget", "level": "2", "amount": "5000"}).status_code == MOVED
    assert BantAnswer.objects.get().author == marketer
    assert "€5,000" in client.get(reverse("leads:lead", args=[lead.pk])).content.decode()
    assert client.post(url, {"dimension": "love", "level": "9"}).status_code == UNPROCESSABLE


def test_the_sheet_of_the_pages_is_there() -> None:
    assert finders.find("css/leads.css")


def test_no_level_is_chosen_before_a_person_chooses(client: Client, marketer: User) -> None:
    client.force_login(marketer)
    url = reverse("leads:answer", args=[make(name="Rita").pk])
    page = client.get(url).content.decode()
    level = page[page.index('name="level"') : page.index("</select>", page.index('name="level"'))]
    assert level.index('value=""') < level.index('value="0"')
    assert '<option value="0" selected' not in level
    refused = client.post(url, {"dimension": "need", "text": "Wants it"})
    assert refused.status_code == UNPROCESSABLE
    assert "Choose how far it is met" in refused.content.decode()
    assert not BantAnswer.objects.exists()
