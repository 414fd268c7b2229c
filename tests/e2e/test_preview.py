"""What would happen: a draft is previewed, its leads looked into, and one lead is tried."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visits

pytestmark = pytest.mark.e2e
MOVE = re.compile(r"^[A-D] → [A-D]: [\d,]+ leads?$")


def draft(page: Page) -> str:
    """A draft in which A and B are harder to reach; the address below which its pages stand."""
    page.goto("/definition/")
    page.get_by_role("button", name="Draft a change").click()
    page.wait_for_url(re.compile(r"/edit/$"))
    address = page.url.removesuffix("edit/")
    page.goto(f"{address}parts/grades/")
    page.get_by_label(re.compile("^A")).first.fill("85")
    page.get_by_role("button", name=re.compile("^Save")).first.click()
    page.wait_for_url(re.compile(r"/edit/"))
    return address


def test_a_draft_is_previewed_looked_into_and_tried_on_one_lead(visit: Visits) -> None:
    page = visit("leila")
    address = draft(page)
    expect(page.get_by_role("heading", name="What would happen")).to_be_visible()
    expect(page.get_by_text(re.compile(r"A → B: \d+"))).to_be_visible()
    page.goto(f"{address}preview/")
    move = page.locator(".moves-list").get_by_role("link", name=MOVE).first
    expect(move).to_be_visible()
    number = re.sub(r"\D", "", move.inner_text().partition(":")[2])
    move.click()
    expect(page.get_by_text(re.compile(rf"^\s*{int(number):,} leads? under version"))).to_be_visible()
    page.locator("a.row-link").first.click()
    expect(page.get_by_role("heading", name="Try one lead")).to_be_visible()
    expect(page.locator(".compared tfoot")).to_contain_text("Points")


def test_counting_starts_by_itself_and_without_scripts_by_a_button(visit: Visits) -> None:
    page = visit("jonas", scripts=False)
    page.goto("/definition/")
    page.get_by_role("button", name="Draft a change").click()
    page.wait_for_url(re.compile(r"/edit/$"))
    address = page.url.removesuffix("edit/")
    page.goto(f"{address}preview/")
    page.get_by_role("button", name="Count the leads").click()
    expect(page.get_by_text("No lead changes its grade.")).to_be_visible()
    expect(page.get_by_text("Nobody moves")).to_be_visible()


def test_somebody_typed_is_judged_under_both(visit: Visits) -> None:
    page = visit("jonas")
    page.goto("/definition/")
    page.get_by_role("button", name="Draft a change").click()
    page.wait_for_url(re.compile(r"/edit/$"))
    page.goto(f"{page.url.removesuffix('edit/')}try/")
    page.get_by_label("Name, e-mail, phone or company").press_sequentially("a")
    expect(page.locator("#found a").first).to_be_visible()
    page.get_by_label("Job title").fill("Chief Executive")
    page.get_by_role("group", name="What they said").get_by_label("Budget").select_option("2")
    page.get_by_role("button", name="Judge them").click()
    expect(page.get_by_role("heading", name="Somebody typed")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^Job title of somebody who decides"))).to_contain_text(
        "+12"
    )
