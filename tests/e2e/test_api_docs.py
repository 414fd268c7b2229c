"""The description of the API in a real browser: drawn from our own files, under the strict policy."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages import NARROW, at_width, sign_in
from tests.factories import UserFactory
from users.models import Role

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_the_description_is_drawn_and_can_be_tried_with_the_session(page: Page) -> None:
    sign_in(page, UserFactory(role=Role.MARKETER))
    page.goto("/api/docs/")
    expect(page.get_by_role("heading", name="API", exact=True)).to_be_visible()
    page.locator("#operations-Leads-upsert_lead").get_by_role("button").first.click()
    page.get_by_role("button", name="Try it out").click()
    page.locator("#operations-Leads-upsert_lead textarea").fill('{"name": "Rita"}')
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table tbody .response-col_status").first).to_contain_text("201")


def test_the_description_fits_a_phone(page: Page) -> None:
    sign_in(page, UserFactory(role=Role.MARKETER))
    page.goto("/api/docs/")
    expect(page.locator(".opblock").first).to_be_visible()
    at_width(page, NARROW)
