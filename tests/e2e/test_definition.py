"""The agreement changes: drafted by one, signed by both sides, in force when all leads are judged."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visits

pytestmark = pytest.mark.e2e
WHY = "Too many leads were an A that sales did not call one."


def draft(page: Page) -> None:
    """A higher bar for A, other points for one criterion, and a stricter gate."""
    page.goto("/definition/")
    page.get_by_role("button", name="Draft a change").click()
    points = page.locator("input[name^=points_]").first
    points.fill(str(int(points.input_value()) - 1))
    page.get_by_label("A begins at").fill("99")
    page.get_by_label("BANT dimensions").select_option("4")
    page.get_by_label("B begins at").fill("99")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Some values can’t be saved")).to_be_visible()
    page.get_by_label("B begins at").fill("55")
    page.get_by_role("button", name="Propose version 2").click()


def propose(page: Page) -> str:
    expect(page.locator(".changes").first).to_be_visible()
    assert page.locator(".changes li").count() >= 3
    page.get_by_role("button", name="Propose version 2").click()
    expect(page.locator(".is-wrong").first.or_(page.locator(":invalid").first)).to_be_attached()
    page.get_by_label("Why should both teams want this?").fill(WHY)
    page.get_by_role("button", name="Propose version 2").click()
    expect(page).to_have_url(re.compile(r"/definition/versions/\d+/"))
    found = re.search(r"/definition/versions/(\d+)/", page.url)
    assert found
    return f"/definition/versions/{found[1]}/sign/"


def test_a_draft_becomes_the_agreement_when_both_sides_signed(visit: Visits) -> None:
    marketer, marketing, sales = visit("jonas"), visit("marta"), visit("samuel")
    marketer.goto("/leads/?score.grade=A")
    known = marketer.locator(".lead-table a.row-link").first.get_attribute("href") or ""
    draft(marketer)
    address = propose(marketer)
    marketer.goto(address)
    expect(marketer.get_by_role("button", name=re.compile("^Sign for"))).to_have_count(0)
    marketing.goto(address)
    expect(marketing.get_by_text(WHY)).to_be_visible()
    marketing.get_by_role("button", name="Sign for marketing").click()
    expect(marketing.get_by_text("The other side's name is still missing.")).to_be_visible()
    expect(marketing.get_by_role("button", name=re.compile("^Sign for"))).to_have_count(0)
    marketing.goto("/definition/")
    expect(marketing.get_by_text("Version 1, active")).to_be_visible()
    sales.goto(address)
    sales.get_by_role("button", name="Sign for sales").click()
    expect(sales.get_by_text("is signed by both sides")).to_be_visible()
    state = sales.get_by_text(re.compile("Version 2, active since .* signed by"))
    for _ in range(60):  # workers judge all leads first
        sales.goto("/definition/")
        if state.count():
            break
        sales.wait_for_timeout(500)
    expect(state).to_be_visible()
    sales.goto(known)
    expect(sales.get_by_role("heading", name=re.compile("Why [BCD]"))).to_be_visible()
    sales.goto("/definition/versions/")
    expect(sales.get_by_role("main")).to_contain_text("Retired")


def test_who_wants_changes_says_so_and_closes_the_proposal(visit: Visits) -> None:
    marketer, sales = visit("leila"), visit("samuel")
    marketer.goto("/definition/")
    marketer.get_by_role("button", name="Draft a change").click()
    marketer.get_by_label("C begins at").fill("33")
    marketer.get_by_role("button", name=re.compile("^Propose version")).click()
    marketer.get_by_label("Why should both teams want this?").fill(WHY)
    marketer.get_by_role("button", name=re.compile("^Propose version")).click()
    expect(marketer.get_by_role("heading", level=1)).to_contain_text("Version")
    sales.goto("/definition/")
    sales.get_by_role("link", name=re.compile(r"^Version \d")).first.click()
    sales.get_by_label("Comment").fill("A C is fine as it is.")
    sales.locator("#say").get_by_role("button", name="Ask for changes").click()
    expect(sales.get_by_text("Asks for changes")).to_be_visible()
    expect(sales.get_by_role("button", name=re.compile("^Sign for"))).to_have_count(0)
