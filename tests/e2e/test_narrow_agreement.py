"""On a telephone the agreement can be read whole: no figure and no action of a page is left out."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visits
from tests.e2e.pages import NARROW, at_width

pytestmark = pytest.mark.e2e


def drafted(page: Page) -> str:
    page.goto("/definition/")
    page.get_by_role("button", name="Draft a change").click()
    page.wait_for_url(re.compile("/edit/$"))
    return page.url.removesuffix("edit/")


def test_a_preview_shows_every_figure_and_every_action(visit: Visits) -> None:
    page = visit("jonas")
    address = drafted(page)
    at_width(page, NARROW)
    page.goto(f"{address}preview/")
    expect(page.get_by_role("heading", name="Who moves most")).to_be_visible()
    expect(page.get_by_role("link", name="Try one lead")).to_be_visible()
    number = address.rstrip("/").rpartition("/")[2]
    for name, region, figure in (
        ("backtest", "Backtest by grade", "td[data-label^='Won']"),
        ("load", "Room of each rep", "td[data-label='Would come a week']"),
    ):
        page.goto(f"/definition/versions/{number}/{name}/")
        table = page.get_by_role("region", name=region)
        expect(table).to_be_visible()
        expect(table.locator(figure).first).to_be_visible()
        at_width(page, NARROW)
