"""What end-to-end tests do with a page: sign in, change its size and colours, look for barriers."""

import os
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.test import Client
from playwright.sync_api import ConsoleMessage, Locator, Page, Response, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from users.models import User

NARROW, WIDE = 390, 1440
PATIENCE = float(os.environ.get("BANTAM_E2E_SECONDS", "60")) * 1000
"""Milliseconds that a test waits for anything: many for a slow, busy machine, and none where all is well."""
expect.set_options(timeout=PATIENCE)
VIOLATION = "CSP violation"
RUN_AXE = "options => axe.run(options).then(results => results.violations)"
COLOUR_RULES = ("color-contrast", "link-in-text-block")
"""The rules of axe about colours, but for one that is off."""
# Run before any script of the page: the browser tells the document, and the document tells us.
LISTENER = f"""
document.addEventListener("securitypolicyviolation", (event) => console.error(
  "{VIOLATION}:", event.violatedDirective, event.blockedURI, event.sourceFile, event.sample));
"""


class Complaints:
    """Collects what a page must never do, while the test goes on."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def listen(self, page: Page) -> None:
        """Listen to ``page`` from its first request on."""
        page.add_init_script(LISTENER)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.found.append(f"{page.url}: script error: {error}"))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if VIOLATION in message.text or "Content Security Policy" in message.text:
            self.found.append(f"{message.page.url if message.page else ''}: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.found.append(f"{response.url}: status {response.status}")


def sign_in(page: Page, user: User) -> None:
    """Sign ``user`` in without the form, as the next request of the browser will show."""
    client = Client()
    client.force_login(user)
    page.context.clear_cookies()
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies(
        [{"name": cookie.key, "value": cookie.value, "domain": "localhost", "path": "/"}]
    )


def at_width(page: Page, width: int, *, patience: float = PATIENCE) -> None:
    """Make the window ``width`` pixels wide and check that the page doesn't scroll sideways."""
    page.set_viewport_size({"width": width, "height": 900})
    fits = "width => document.documentElement.scrollWidth <= width"
    with suppress(PlaywrightTimeoutError):  # a plot follows a moment later
        page.wait_for_function(fits, arg=width, timeout=patience)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, f"{page.url} is {wide} px wide in a window of {width} px"


def in_colours(page: Page, scheme: Literal["light", "dark"]) -> None:
    """Show the page as in a system set to light or dark; a page of ours has followed when it returns."""
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(
        "scheme => [undefined, scheme].includes(document.documentElement.dataset.bsTheme)", arg=scheme
    )


def reload_until(page: Page, shown: Locator) -> None:
    """Load the page again and again until it shows what a worker does meanwhile."""
    limit = time.monotonic() + PATIENCE / 1000
    while not shown.count() and time.monotonic() < limit:
        page.wait_for_timeout(250)
        page.reload()
    expect(shown.first).to_be_visible()


def assert_accessible(page: Page, *, rules: Sequence[str] = (), apart_from: Sequence[str] = ()) -> None:
    """Fail with each finding of axe on the page once it is loaded, by some rules alone or by all but some."""
    page.wait_for_load_state()
    # Without its preload of style sheets, which writes inline styles that our policy then blocks; and
    # with the nodes of findings alone, which takes a third of the time on a long page.
    options: dict[str, Any] = {"preload": False, "resultTypes": ["violations"]}
    options["rules"] = {rule: {"enabled": False} for rule in apart_from}
    if rules:
        options["runOnly"] = list(rules)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    findings: list[dict[str, Any]] = page.evaluate(RUN_AXE, options)
    assert not findings, "\n".join(
        f"{page.url}: {finding['id']}: {finding['help']} - {node['html']} - {node['failureSummary']}"
        for finding in findings
        for node in finding["nodes"]
    )


def assert_fit(page: Page) -> None:
    """Axe finds nothing and nothing scrolls sideways, narrow and wide, light and dark.

    In dark only what is about colours is asked again: nothing else depends on it. After a click that
    navigates, expect something of the new page first: else it is the old one.
    """
    page.wait_for_load_state()
    for width in (NARROW, WIDE):
        at_width(page, width)
        in_colours(page, "light")
        assert_accessible(page)
        in_colours(page, "dark")
        assert_accessible(page, rules=COLOUR_RULES)
