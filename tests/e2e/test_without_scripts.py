"""Every write works in a browser without JavaScript: plain forms, plain pages."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PASSWORD, Visits
from tests.e2e.pages import reload_until
from tests.e2e.test_follow_up import busiest

pytestmark = pytest.mark.e2e


@pytest.fixture
def rep(visit: Visits) -> Page:
    """The busiest rep's queue."""
    page = visit(busiest(visit("samuel")), scripts=False)
    page.goto("/queue/")
    return page


def opened(page: Page) -> str:
    return page.locator(".opened-who h2").inner_text()


def test_a_person_signs_in_and_out(visit: Visits) -> None:
    page = visit(scripts=False)
    page.goto("/accepted/")
    page.get_by_label("E-mail").fill("amira@feldmark.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My accepted")
    page.get_by_text("Amira Nasser").first.click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_rep_logs_an_attempt_and_accepts(rep: Page) -> None:
    who = opened(rep)
    rep.get_by_role("button", name="Log attempt").click()
    rep.get_by_role("textbox", name="Note").fill("Left a word with her colleague")
    rep.locator("#log .pick").first.click()
    expect(rep.get_by_text(f"Logged for {who}.")).to_be_visible()
    expect(rep.get_by_text("Left a word with her colleague")).to_be_visible()
    rep.get_by_role("button", name="Accept").click()
    expect(rep.get_by_text(f"Accepted {who}.")).to_be_visible()
    rep.goto("/accepted/")
    expect(rep.get_by_role("region", name="Accepted leads")).to_contain_text(who)


def test_a_rep_rejects_with_a_reason(rep: Page) -> None:
    who = opened(rep)
    rep.get_by_role("button", name="Reject", exact=False).first.click()
    rep.locator("#reject input[type=radio]").first.check()
    rep.locator("#reject").get_by_label("In a few words").fill("Wrong from the start")
    rep.get_by_role("button", name="Reject lead").click()
    expect(rep.get_by_text(f"Rejected {who}.")).to_be_visible()


def test_what_was_typed_into_a_dialog_comes_back_with_the_error(rep: Page) -> None:
    who = opened(rep)
    rep.get_by_role("button", name="Log attempt").click()
    rep.locator("#log input[value=note]").check()
    rep.get_by_role("button", name="Save without a result").click()
    expect(rep.get_by_text("Write the note first.")).to_be_visible()
    rep.get_by_role("textbox", name="Note").fill("Prefers to be written to")
    rep.get_by_role("button", name="Log attempt").click()
    expect(rep.get_by_text(f"Logged for {who}.")).to_be_visible()


def test_a_manager_saves_a_calendar(visit: Visits) -> None:
    page = visit("samuel", scripts=False)
    page.goto("/hours/new/")
    page.get_by_label("Name").fill("Night desk")
    page.get_by_label("Monday").fill("from nine to five")
    page.get_by_role("button", name="Save the calendar").click()
    expect(page.locator(".is-wrong")).to_have_count(1)
    page.get_by_label("Monday").fill("18:00-23:00")
    page.get_by_role("button", name="Save the calendar").click()
    expect(page.get_by_role("link", name="Night desk")).to_be_visible()


def test_a_marketer_starts_an_import_and_sees_its_result(visit: Visits, tmp_path: Path) -> None:
    file = tmp_path / "two.csv"
    file.write_text("Name,Email\nUna Plain,una@plain.example\nPer Plain,per@plain.example\n")
    page = visit("jonas", scripts=False)
    page.goto("/leads/imports/")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name="Start the import").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Is it read right?")
    done = page.get_by_role("link", name="See the leads")
    reload_until(page, done)  # without scripts the page doesn't refresh itself
    expect(page.locator(".tile", has_text="Created")).to_contain_text(re.compile(r"\b2\b"))


def test_a_marketer_drafts_a_change(visit: Visits) -> None:
    page = visit("jonas", scripts=False)
    page.goto("/definition/")
    page.get_by_role("button", name="Draft a change").click()
    page.locator("#grades").get_by_role("link", name="Edit the grades").click()
    page.get_by_label("C begins at").fill("29")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.locator("#grades")).to_contain_text("fewer than 29")
    page.get_by_role("button", name=re.compile("^Undo")).click()
    expect(page.get_by_text("Nothing was changed yet")).to_be_visible()
