"""Beside a draft and on pages of its own: what it would have meant for what sales decided and works on."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visits
from tests.e2e.pages import assert_fit, reload_until

pytestmark = pytest.mark.e2e


def drafted(page: Page) -> str:
    page.goto("/definition/")
    page.get_by_role("button", name="Draft a change").click()
    page.wait_for_url(re.compile("/edit/$"))
    found = re.search(r"versions/(\d+)/", page.url)
    assert found
    return found[1]


def test_the_editor_says_in_two_lines_what_the_past_says_of_a_draft(visit: Visits) -> None:
    page = visit("jonas")
    drafted(page)
    rail = page.locator("section", has=page.get_by_role("heading", name="By what sales decided"))
    expect(rail).to_contain_text(re.compile(r"Backtest:\s+(A accepted|too few A leads)"))
    expect(rail).to_contain_text(re.compile(r"Work for sales:\s+.* a week for each rep"))
    rail.get_by_role("link", name="Backtest").click()
    page.wait_for_url(re.compile("/backtest/"))
    expect(page.get_by_role("heading", name="Decided leads")).to_be_visible()
    assert_fit(page)


def test_each_figure_leads_to_its_leads(visit: Visits) -> None:
    page = visit("leila")
    number = drafted(page)
    page.goto(f"/definition/versions/{number}/backtest/")
    table = page.get_by_role("region", name="Backtest by grade")
    expect(table).to_be_visible()
    table.get_by_role("row", name=re.compile("^All")).get_by_role("link").first.click()
    expect(page.get_by_text("Leads where", exact=False)).to_be_visible()
    page.goto(f"/definition/versions/{number}/load/")
    expect(page.get_by_role("region", name="Room of each rep")).to_be_visible()
    page.get_by_role("link", name=re.compile("^With this version")).click()
    page.wait_for_url(re.compile("show="))
    expect(page.get_by_role("region", name="Leads", exact=True)).to_be_visible()
    assert_fit(page)


def test_without_scripts_the_pages_wait_for_a_reload(visit: Visits) -> None:
    page = visit("samuel", scripts=False)
    number = drafted(page)
    for name, what in (("backtest", "Backtest by grade"), ("load", "Room of each rep")):
        page.goto(f"/definition/versions/{number}/{name}/")
        reload_until(page, page.get_by_role("region", name=what))
