"""A rep reads the cheapest step up, takes it, and the lead becomes what was promised."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visits

pytestmark = pytest.mark.e2e
PROMISE = re.compile(r"\((partial|met)\) is worth \+\d+ and makes it ([AB])\b")


def promising(page: Page) -> tuple[str, re.Match[str]]:
    """A lead of grade C of which one answer makes more, and what is promised."""
    page.goto("/leads/?score.grade=C")
    expect(page.locator(".lead-table a.row-link").first).to_be_visible()
    links = page.locator(".lead-table a.row-link")
    addresses = [link.get_attribute("href") or "" for link in links.all()]
    for address in addresses:
        page.goto(address)
        expect(page.locator(".next-step")).to_contain_text("Grade ")
        if promise := PROMISE.search(page.locator(".next-step").inner_text()):
            return address, promise
    raise AssertionError("No lead of the sample company is one answer away from a better grade.")


def test_the_answer_that_was_promised_a_grade_brings_it(visit: Visits) -> None:
    page = visit("nadja")
    address, promise = promising(page)
    first = page.locator(".steps-up > li", has_text=promise[0]).first
    found = re.search(r"→ (\d+) points", first.inner_text())
    assert found
    first.get_by_role("link", name="Record the answer").first.click()
    page.wait_for_url(re.compile(r"/answer/\?dimension="))
    page.get_by_label("Level").select_option(label=promise[1].capitalize())
    page.get_by_role("button", name="Record the answer").click()
    page.wait_for_url(lambda url: url.endswith(address))
    expect(page.get_by_role("heading", name=f"Why {promise[2]}?")).to_be_visible()
    expect(page.locator(".points-total")).to_contain_text(found[1])
    expect(page.locator(".next-step")).to_contain_text(f"Grade {promise[2]}")


def test_without_scripts_the_panel_leads_to_a_page(visit: Visits) -> None:
    page = visit("nadja", scripts=False)
    page.goto("/leads/?score.grade=C")
    page.locator(".lead-table a.row-link").first.click()
    page.wait_for_url(re.compile(r"/leads/\d+/$"))
    page.get_by_role("link", name="What would lift this lead?").click()
    page.wait_for_url(re.compile("/next-step/$"))
    expect(page.get_by_role("region", name="Steps")).to_contain_text("Grade C with")
