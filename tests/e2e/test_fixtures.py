"""The end-to-end fixtures themselves: a page of ours passes, and a bad page would fail its test."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.e2e.conftest import opened
from tests.e2e.pages import COLOUR_RULES, VIOLATION, Complaints, assert_accessible, assert_fit, at_width

pytestmark = pytest.mark.e2e


@login_not_required
def bad(request: HttpRequest) -> HttpResponse:
    return HttpResponse('<html><body><img src="/nothing.png"><p style="color:red">x</p></body></html>')


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [path("bad/", bad), path("broken/", broken), path("", include("config.urls"))]


@pytest.fixture
def unwatched(chromium: Browser, live_server: LiveServer) -> Iterator[tuple[Page, Complaints]]:
    """A page whose complaints are looked at instead of failing the test."""
    complaints = Complaints()
    with opened(chromium, live_server.url) as context:
        own = context.new_page()
        complaints.listen(own)
        yield own, complaints


@pytest.mark.urls(__name__)
def test_an_inline_style_and_a_failure_are_complaints(unwatched: tuple[Page, Complaints]) -> None:
    own, complaints = unwatched
    with own.expect_console_message(lambda message: VIOLATION in message.text):
        own.goto("/bad/")
    own.goto("/broken/")
    assert any("style-src" in each for each in complaints.found)
    assert "status 500" in complaints.found[-1]


@pytest.mark.urls(__name__)
def test_axe_finds_the_barriers_of_a_bad_page(unwatched: tuple[Page, Complaints]) -> None:
    own, _ = unwatched
    own.goto("/bad/")
    with pytest.raises(AssertionError, match="image-alt"):
        assert_accessible(own)


def test_the_rules_about_colours_are_all_that_axe_has(page: Page) -> None:
    page.goto("/no-such-page/")
    page.evaluate(AXE_SCRIPT)
    asked = page.evaluate("axe._audit.rules.filter(rule => rule.enabled && rule.tags.includes('cat.color'))")
    assert {rule["id"] for rule in asked} == set(COLOUR_RULES)


def test_a_contrast_too_low_in_dark_colours_alone_is_found(page: Page) -> None:
    page.goto("/no-such-page/")
    css = ":root[data-bs-theme=dark] h1 { color: #222; }"
    page.evaluate(
        "css => document.styleSheets[0].insertRule(css, document.styleSheets[0].cssRules.length)", css
    )
    with pytest.raises(AssertionError, match="color-contrast"):
        assert_fit(page)


def test_a_page_of_ours_has_no_complaint_and_no_barrier(page: Page) -> None:
    response = page.goto("/no-such-page/")
    assert response is not None
    assert response.status == 404
    assert_fit(page)


def test_a_page_wider_than_its_window_is_told(page: Page) -> None:
    page.goto("/no-such-page/")
    page.evaluate("document.documentElement.style.minWidth = '2000px'")
    with pytest.raises(AssertionError, match="px wide"):
        at_width(page, 390, patience=500)
