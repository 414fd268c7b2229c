"""Undo and redo in the editor, also when somebody else was faster."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visits

pytestmark = pytest.mark.e2e


def drafted(page: Page) -> str:
    page.goto("/definition/")
    page.get_by_role("button", name="Draft a change").click()
    page.wait_for_url(re.compile("/edit/$"))
    return page.url


def worth_one_more(page: Page, place: int) -> str:
    """Raise the points of a criterion and wait until it is saved; the points in words."""
    points = page.locator("input[name=points]").nth(place)
    value = int(points.input_value()) + 1
    points.fill(str(value))
    points.press("Enter")
    said = f"→ +{value}"
    expect(last_step(page)).to_contain_text(said)
    return said


def last_step(page: Page) -> Locator:
    return page.locator(".steps li").first


def test_what_was_undone_is_done_again_by_keys_and_by_button(visit: Visits) -> None:
    page = visit("jonas")
    drafted(page)
    said = worth_one_more(page, 0)
    redo = page.get_by_role("button", name="Redo")
    expect(redo).to_have_count(0)
    page.locator("h1").click()
    page.keyboard.press("Control+z")
    expect(redo).to_be_visible()
    page.keyboard.press("Control+Shift+Z")
    expect(redo).to_have_count(0)
    expect(last_step(page)).to_contain_text(said)
    page.get_by_role("button", name="Undo").click()
    redo.click()
    expect(last_step(page)).to_contain_text(said)
    page.get_by_role("button", name="Undo").click()
    expect(redo).to_be_visible()
    worth_one_more(page, 1)
    expect(redo).to_have_count(0)


def test_an_undo_that_comes_too_late_shows_how_the_draft_is_now(visit: Visits) -> None:
    page = visit("leila")  # a draft of their own: the other test left steps in the first
    address = drafted(page)
    worth_one_more(page, 0)
    other = page.context.new_page()
    other.goto(address)
    said = worth_one_more(other, 1)
    other.close()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("This draft was edited meanwhile")).to_be_visible()
    expect(last_step(page)).to_contain_text(said)
    page.get_by_role("button", name="Undo").click()
    expect(last_step(page)).not_to_contain_text(said)
