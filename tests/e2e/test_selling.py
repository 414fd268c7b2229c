"""Content used and a buying centre told from the queue and the lead page, with scripts and without."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from feedback.models import Assignment, ContentUse
from leads.models import Company, Lead
from tests.e2e.pages import assert_fit, sign_in
from tests.factories import UserFactory
from tests.feedback.library import make_piece
from tests.feedback.world import active_version, assigned, judge, make_lead
from users.models import Role, User

pytestmark = pytest.mark.e2e


@pytest.fixture
def rep(transactional_db: None) -> User:
    active_version()
    return UserFactory(name="Ana")


@pytest.fixture
def row(rep: User) -> Assignment:
    """A lead in the rep's queue that lacks authority, and a piece that answers it."""
    company = Company.objects.create(name="Acme", industry="Manufacturing")
    lead = make_lead(name="Rita", company=company)
    judge(lead)
    make_piece(
        "Who decides", dimension="authority", industry="Manufacturing", text="Dear {name} of {company}"
    )
    return assigned(rep, lead, at=timezone.now())


def test_a_rep_copies_and_sends_from_the_queue(
    page: Page, context: BrowserContext, rep: User, row: Assignment
) -> None:
    sign_in(page, rep)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/queue/")
    offer = page.locator(".content-offer")
    expect(offer).to_contain_text("Answers Authority, for Manufacturing")
    offer.get_by_role("button", name="Copy text").click()
    expect(page.get_by_text("Copied the text.")).to_be_visible()
    expect(offer).to_contain_text("Used here")
    assert page.evaluate("navigator.clipboard.readText()") == "Dear Rita of Acme"
    offer.get_by_role("button", name="Send").click()
    expect(page.get_by_text("log the attempt")).to_be_visible()
    again = offer.get_by_role("link", name="Open the mail again")
    expect(again).to_have_attribute("href", re.compile(r"^mailto:lead1@example\.com\?subject=Who%20decides&"))
    expect(page.locator("[data-opens]")).to_have_count(0)
    assert sorted(ContentUse.objects.values_list("how", flat=True)) == ["mail", "text"]
    assert Assignment.objects.get().responded_at is None
    assert_fit(page)


def test_a_fact_is_set_in_two_clicks_and_the_queue_stays(page: Page, rep: User, row: Assignment) -> None:
    sign_in(page, rep)
    page.goto("/queue/")
    page.get_by_text("Not known").first.click()
    page.get_by_role("button", name="Central", exact=True).click()
    facts = page.locator("#buying")
    expect(facts).to_contain_text("Central")
    expect(facts).to_contain_text("Ana, ")
    assert Company.objects.get().buying == "central"
    facts.locator("summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Mixed")).to_be_visible()
    assert_fit(page)
    page.get_by_role("link", name="Add politics").click()
    expect(page.get_by_label("Politics")).to_be_visible()
    page.get_by_label("Politics").fill("Finance is against it")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#buying")).to_contain_text("Finance is against it")
    assert page.url.partition("#")[0].endswith(f"/queue/{row.pk}/")


def test_all_of_it_works_without_scripts(plain: Page, rep: User, row: Assignment) -> None:
    sign_in(plain, rep)
    plain.goto(f"/leads/{row.handoff.lead_id}/")
    plain.locator(".buying-menu summary").nth(1).click()
    plain.get_by_role("button", name="No", exact=True).click()
    expect(plain.locator("#buying")).to_contain_text("No")
    assert Company.objects.get().by_rfp is False
    plain.get_by_role("button", name="Send").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Who decides")
    expect(plain.get_by_role("link", name="Open the mail to Rita")).to_have_attribute(
        "href", re.compile("^mailto:")
    )
    expect(plain.get_by_label("Text to copy")).to_have_value("Dear Rita of Acme")
    assert ContentUse.objects.get().how == "mail"


def test_the_page_after_a_use_has_no_barrier(page: Page, rep: User, row: Assignment) -> None:
    sign_in(page, rep)
    page.goto(f"/leads/{row.handoff.lead_id}/")
    token = page.locator(".content-offer input[name=csrfmiddlewaretoken]").input_value()
    page.evaluate(
        """([action, lead, token]) => {
          const form = document.createElement("form");
          form.method = "post";
          form.action = action;
          for (const [name, value] of [["lead", lead], ["how", "link"], ["csrfmiddlewaretoken", token]]) {
            const input = document.createElement("input");
            input.name = name;
            input.value = value;
            form.append(input);
          }
          document.body.append(form);
          form.submit();
        }""",
        [page.locator(".content-offer form").get_attribute("action"), str(row.handoff.lead_id), token],
    )
    expect(page.get_by_role("link", name="Open the link")).to_be_visible()
    assert_fit(page)


def test_a_marketer_fills_the_library_and_sees_what_is_never_used(page: Page, rep: User) -> None:
    sign_in(page, UserFactory(role=Role.MARKETER))
    page.goto("/content/")
    expect(page.get_by_role("heading", name="The library is empty")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Add a piece").first.click()
    page.get_by_label("Title").fill("What it costs")
    page.get_by_label("Link").fill("example.com/costs")
    page.get_by_role("button", name="Add the piece").click()
    expect(page.get_by_text("begins with https://")).to_be_visible()
    page.get_by_label("Link").fill("https://example.com/costs")
    page.get_by_label("Answers").select_option("budget")
    page.get_by_role("button", name="Add the piece").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What it costs")
    page.goto("/content/?show=never")
    expect(page.get_by_role("link", name="What it costs")).to_be_visible()
    page.get_by_role("link", name="What it costs").click()
    page.get_by_role("button", name="Retire").click()
    expect(page.get_by_text("is retired and offered no more")).to_be_visible()
    assert not Lead.objects.exists()
