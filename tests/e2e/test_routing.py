"""A sales manager writes a rule, tries a lead and hands over somebody's work, by keyboard and mouse."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visits
from tests.e2e.pages import NARROW, assert_fit, at_width

pytestmark = pytest.mark.e2e
NEXT = "Robert Keller"


@pytest.fixture
def page(visit: Visits) -> Page:
    return visit("samuel")


def test_a_rule_is_written_moved_and_tried(page: Page) -> None:
    page.goto("/routing/")
    page.get_by_role("link", name="Add a rule").click()
    page.get_by_label("Name").fill("Every lead first")
    page.get_by_label("Round robin").check()
    page.get_by_role("button", name="Save the rule").click()
    rules = page.locator(".rules .rule")
    last = rules.nth(-2)
    expect(last).to_contain_text("Every lead goes to any team, in turn (round robin)")
    for _ in range(3):
        row = page.locator(".rule", has_text="Every lead first")
        row.get_by_label("More for").click()
        row.get_by_role("button", name="Move up").click()
        page.wait_for_url("**/routing/")
    expect(page.locator(".rule").first).to_contain_text("Every lead first")
    assert_fit(page)
    page.get_by_role("link", name="Try a lead").click()
    page.get_by_role("searchbox", name="Lead", exact=True).fill("an")
    page.keyboard.press("Enter")
    page.locator(".found a").first.click()
    expect(page.get_by_text("would get it.")).to_be_visible()
    expect(page.get_by_text("decides")).to_be_visible()
    page.goto("/routing/")
    page.locator(".rule").first.get_by_label("More for").click()
    page.locator(".rule").first.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete the rule").click()
    expect(page.locator(".rule").first).not_to_contain_text("Every lead first")


def test_the_work_of_a_rep_is_handed_over_and_the_next_owner_is_told(page: Page) -> None:
    at_width(page, NARROW)
    page.goto("/routing/hand-over/")
    busy = page.get_by_role("link", name=re.compile(r"\b[1-9]\d* undecided")).filter(has_not_text=NEXT).first
    address = busy.get_attribute("href") or ""
    busy.click()
    lead = page.locator("tbody .row-link").first
    expect(lead).to_be_visible()
    page.get_by_label("All of it to one rep, chosen below").check()
    page.get_by_label("Which rep").select_option(label=NEXT)
    page.get_by_role("button", name=re.compile(r"^Hand over \d+ leads?$")).click()
    expect(page.get_by_text(re.compile(rf"Handed over: \d+ went to {NEXT}"))).to_be_visible()
    page.goto("/queue/")
    page.goto("/routing/hand-over/")
    expect(page.locator(f'a[href="{address}"]')).to_contain_text("0 undecided, 0 accepted")


def test_why_this_owner_opens_from_the_queue(page: Page) -> None:
    page.goto("/queue/")
    page.locator("main tbody a.row-link").first.click()
    page.wait_for_url(re.compile(r"/queue/\d+/"))
    foot = page.locator(".opened-foot")
    expect(foot).to_contain_text("Assigned")
    disclosure = foot.locator("summary")
    if disclosure.count():
        disclosure.click()
        expect(foot.locator(".why p")).to_be_visible()
    foot.get_by_role("button", name="Take back into the pool").click()
    page.wait_for_url(re.compile(r"/queue/pool/"))
    expect(page.get_by_text("taken back; dealt from").first).to_be_visible()
