"""The list of leads reads like a sentence, and the page of a lead explains its grade to the point."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import LEADS, Visits
from tests.e2e.pages import reload_until

pytestmark = pytest.mark.e2e


def rows(page: Page) -> Locator:
    return page.get_by_role("region", name="Leads").locator("tbody tr")


def points_of(page: Page) -> list[int]:
    return [int(text) for text in rows(page).locator(".cluster > .num").all_inner_texts()]


def number(text: str) -> int:
    """The figure as the page writes it, with its own minus sign."""
    found = re.search(r"[+−-]?\d+", text)
    assert found, text
    return int(found[0].replace("−", "-"))


def test_the_list_is_filtered_sorted_searched_and_paged(visit: Visits) -> None:
    page = visit("jonas")
    page.goto("/leads/")
    expect(page.get_by_text(f"1–50 of {LEADS} leads")).to_be_visible()
    assert points_of(page) == sorted(points_of(page), reverse=True)
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_text(f"51–100 of {LEADS} leads")).to_be_visible()
    page.get_by_role("link", name="Name").click()
    expect(page.get_by_role("columnheader", name="Name")).to_have_attribute("aria-sort", re.compile("."))
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Grade", exact=True).select_option("C")
    page.get_by_role("button", name="Show leads").click()
    expect(page.locator(".filters")).to_contain_text("Grade is C")
    page.wait_for_load_state()
    assert set(rows(page).locator(".grade").all_inner_texts()) == {"Grade\nC"}
    page.locator(".chip a").click()
    page.wait_for_url(lambda address: "score.grade" not in address)
    expect(page.locator(".chip")).to_have_count(0)
    name = rows(page).locator("a.row-link").first.inner_text()
    page.get_by_label("Search leads").last.fill(name.upper())
    page.get_by_role("button", name="Search").last.click()
    expect(rows(page).locator("a.row-link").first).to_have_text(name)
    page.wait_for_load_state()
    page.get_by_label("Search leads").last.fill("nobody is called so")
    page.get_by_role("button", name="Search").last.click()
    expect(page.get_by_text("No lead is like this")).to_be_visible()


def test_the_explanation_of_a_grade_adds_up(visit: Visits) -> None:
    page = visit("jonas")
    page.goto("/leads/?score.grade=A")
    listed = points_of(page)[0]
    rows(page).locator("a.row-link").first.click()
    page.wait_for_url(re.compile(r"/leads/\d+/"))
    explained = page.get_by_role("region", name="Points by criterion")
    expect(explained).to_be_visible()
    parts = []
    for part in explained.locator("section").all():
        earned = [number(text) for text in part.locator("li .num").all_inner_texts()]
        points = number(part.locator(".points-sum strong").inner_text())
        assert sum(earned) == points
        parts.append(points)
    assert len(parts) == 6
    total = number(explained.locator(".points-total strong").inner_text())
    assert sum(parts) == total == listed
    bars = page.locator(".bars .bar-figure strong").all_inner_texts()
    assert [int(each) for each in bars] == parts
    expect(page.get_by_role("heading", name="Why A?")).to_be_visible()


def test_a_lead_is_added_and_corrected_by_hand_and_then_graded(visit: Visits) -> None:
    page = visit("jonas")
    page.goto("/leads/new/")
    page.get_by_role("textbox", name="E-mail").fill("tilda@nowhere.example")
    page.get_by_role("textbox", name="Name").first.fill("Tilda Nowhere")
    page.locator("main form").first.locator(".btn-primary").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tilda Nowhere")
    graded = page.get_by_role("heading", name=re.compile("Why [A-D]"))
    reload_until(page, graded)  # a worker grades it within seconds
    page.wait_for_load_state()
    page.keyboard.press("e")
    page.get_by_role("textbox", name="Title").fill("Head of Planning")
    page.locator("main form").first.locator(".btn-primary").click()
    expect(page.get_by_text("Head of Planning").first).to_be_visible()


def test_a_rep_sees_the_leads_of_the_team_and_no_others(visit: Visits) -> None:
    everybody = visit("samuel")
    everybody.goto("/leads/?lead.team=1&sort=lead.name")
    own = rows(everybody).locator("a.row-link").first
    theirs = own.get_attribute("href") or ""
    berlin, london = visit("sabine"), visit("grace")
    answers = {(page.goto(theirs) or pytest.fail("no answer")).status for page in (berlin, london)}
    assert answers == {200, 404}
