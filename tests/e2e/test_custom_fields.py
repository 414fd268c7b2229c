"""An admin makes a field; a file fills it, a criterion asks for it, and the page of a lead shows it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visits

pytestmark = pytest.mark.e2e
FILE = (
    "Name,Email,Warehouse area,Shoe\n"
    'Wilma Depot,wilma@depot.example,"1,200 m2",38\n'
    "Otto Depot,otto@depot.example,large,44\n"
)


def add_field(page: Page) -> None:
    page.goto("/leads/fields/")
    page.get_by_role("link", name="Add a field").first.click()
    page.get_by_label("Name").fill("Storage space")
    page.get_by_label("It holds").select_option("number")
    page.get_by_label("Unit").fill("m2")
    page.get_by_label("Columns in files").fill("Warehouse area")
    page.get_by_role("button", name="Add the field").click()
    page.wait_for_url(re.compile(r"/leads/fields/\d+/$"))
    expect(page.get_by_text("attribute.storage_space")).to_be_visible()
    expect(page.get_by_text("No condition of a definition asks for it yet.")).to_be_visible()


def bring_in(page: Page, file: Path) -> None:
    page.goto("/leads/imports/")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_label("Warehouse area")).to_have_value("attributes.storage_space")
    expect(page.get_by_text("“large” is no number.")).to_be_visible()
    page.get_by_role("button", name="Start the import").click()
    expect(page.get_by_role("link", name="See the leads")).to_be_visible()
    problems = page.get_by_role("region", name="What couldn't be used")
    expect(problems).to_contain_text("Warehouse area")
    expect(problems).to_contain_text("is no number")


def test_a_field_is_made_filled_asked_for_and_shown(visit: Visits, tmp_path: Path) -> None:
    file = tmp_path / "depots.csv"
    file.write_text(FILE)
    add_field(visit("ines"))
    page = visit("jonas")
    bring_in(page, file)

    page.goto("/leads/?attribute.storage_space.gte=1000")
    expect(page.get_by_text("Storage space is at least 1,000 m2")).to_be_visible()
    page.get_by_role("link", name="Wilma Depot").click()
    page.wait_for_url(re.compile(r"/leads/\d+/$"))
    own = page.locator(".panel").filter(has=page.get_by_role("heading", name="Custom fields"))
    expect(own).to_contain_text("Storage space")
    expect(own).to_contain_text("1,200 m2")

    page.goto("/definition/")
    page.get_by_role("button", name="Draft a change").click()
    page.wait_for_url(re.compile("/edit/"))
    draft = page.url
    page.goto(draft.partition("edit/")[0] + "criteria/?dimension=fit")
    page.get_by_label("Name").fill("Much to store")
    asked = page.get_by_role("combobox", name="What to ask, 1")
    asked.focus()
    page.keyboard.type("Storage")
    page.keyboard.press("Enter")
    value = page.get_by_label(re.compile("Value: Storage space is at least"))
    value.fill("1000")
    expect(page.locator(".builder-sentence")).to_contain_text("Storage space is at least 1,000 m2")
    expect(page.locator(".builder-counted")).to_have_text(re.compile(r"^1 of \d+ leads$"))
    page.goto(draft)
    page.get_by_role("button", name="Discard", exact=True).click()
    page.get_by_role("button", name="Discard draft").click()
    page.wait_for_url(lambda address: "/edit/" not in address)
