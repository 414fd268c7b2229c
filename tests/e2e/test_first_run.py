"""The first run: whoever holds the link becomes the admin and is led through what is missing."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.e2e.pages import assert_fit
from users.setup import setup_url

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SENTENCE = "a hen in a small ring"


def become_admin(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("Your name").fill("Ada Okafor")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Password").fill(SENTENCE)
    page.get_by_role("button", name="Become the first admin").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up Bantam")


def link_of(server: LiveServer) -> str:
    link = setup_url(server.url)
    assert link
    return link


def test_a_stranger_without_the_link_gets_nowhere(page: Page, live_server: LiveServer) -> None:
    page.goto("/people/")
    expect(page.get_by_text("Bantam isn't set up yet")).to_be_visible()
    assert_fit(page)
    link = link_of(live_server)
    response = page.goto("/setup/" + "0" * 64 + "/")
    assert response is not None
    assert response.status == 404
    become_admin(page, link)
    page.context.clear_cookies()
    used = page.goto(link)
    assert used is not None
    assert used.status == 404


def test_the_admin_is_led_from_the_link_to_hours_and_company(page: Page, live_server: LiveServer) -> None:
    link = link_of(live_server)
    page.goto(link)
    assert_fit(page)
    become_admin(page, link)
    assert_fit(page)
    expect(page.get_by_text("There is no lead yet.")).to_be_visible()
    page.get_by_role("link", name="Do: Company, time zone and currency").click()
    page.get_by_label("Company name").fill("Kestrel Tools")
    page.get_by_label("Time zone").fill("europe/berlin")
    page.get_by_label("Currency").fill("EUR")
    page.get_by_role("button", name="Save settings").click()
    expect(page.get_by_role("link", name="Look at: Company, time zone and currency")).to_be_visible()
    page.get_by_role("link", name="Do: Working hours").click()
    page.get_by_role("link", name="Add a calendar").first.click()
    page.get_by_label("Name").fill("Office")
    page.get_by_label("Monday").fill("9:00-12:00, 13:00-18:00")
    page.get_by_role("button", name="Save the calendar").click()
    expect(page.get_by_role("link", name="Office")).to_be_visible()
    page.goto("/setup/")
    expect(page.get_by_role("link", name="Look at: Working hours")).to_be_visible()
    expect(page.get_by_text("Invite a marketing manager, a sales rep and a sales manager.")).to_be_visible()
    expect(page.get_by_role("button", name="Finish the set-up")).to_have_count(0)
