"""A real browser for the end-to-end tests; a page fails its test on what no page of ours may do."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.e2e.pages import Complaints
from tools.chromium import FLAGS, find


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, one for all tests; found or fetched as ``tools.chromium`` says, else the test fails."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    """A browser with nobody signed in; addresses such as ``/leads/`` mean the live server."""
    context = chromium.new_context(
        base_url=live_server.url,
        viewport={"width": 1440, "height": 900},
        locale="en-GB",
        timezone_id="Europe/Berlin",
        reduced_motion="reduce",
    )
    context.set_default_timeout(float(os.environ.get("BANTAM_E2E_SECONDS", "15")) * 1000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page; the test fails on a CSP violation, an uncaught script error or a status of 500 and up."""
    complaints = Complaints()
    context.on("page", complaints.listen)
    page = context.new_page()
    yield page
    assert not complaints.found, "\n".join(complaints.found)
