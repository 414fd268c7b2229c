"""A real browser for the end-to-end tests; a page fails its test on what no page of ours may do."""

import fcntl
import json
import os
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.e2e.pages import PATIENCE, Complaints
from tools import sample
from tools.chromium import FLAGS, find

LEADS = 200
PASSWORD = "bantam-demo"
SESSIONS = "sessions.json"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the files for processes that take one after the other.

    First the longest, which builds the sample company; then those that need none and so needn't wait for
    it; then the others. Long files come before short ones.
    """
    here = Path(__file__).parent
    ours = [item for item in items if item.path.parent == here]
    number = Counter(item.path for item in ours)
    with_company = {item.path for item in ours if "built" in getattr(item, "fixturenames", ())}

    def place(item: pytest.Item) -> tuple[bool, bool, int]:
        tests = number[item.path]
        return tests < max(number.values()), item.path in with_company, -tests

    others = [item for item in items if item.path.parent != here]
    items[:] = others + sorted(ours, key=place)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, one for all tests; found or fetched as ``tools.chromium`` says, else the test fails."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def opened(chromium: Browser, address: str, **options: Any) -> Iterator[BrowserContext]:
    """A browser with nobody signed in; addresses such as ``/leads/`` mean the server at ``address``."""
    context = chromium.new_context(
        base_url=address,
        viewport={"width": 1440, "height": 900},
        locale="en-GB",
        timezone_id="Europe/Berlin",
        reduced_motion="reduce",
        **options,
    )
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def context(chromium: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    """A browser at the test's own server, with the rows that the test made."""
    with opened(chromium, live_server.url) as context:
        yield context
    wait_for_answers()


def wait_for_answers() -> None:
    """Wait until the server is through with what the closed browser asked last.

    A request that still reads and the emptying of all tables would wait for each other. Between two queries a
    request looks as if it were over, so it is looked at three times.
    """
    busy = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
    )
    quiet, limit = 0, time.monotonic() + PATIENCE / 1000
    while quiet < 3 and connection.vendor == "postgresql" and time.monotonic() < limit:
        with connection.cursor() as cursor:
            cursor.execute(busy)
            quiet = 0 if cursor.fetchone()[0] else quiet + 1
        time.sleep(0.05)


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page; the test fails on a CSP violation, an uncaught script error or a status of 500 and up."""
    complaints = Complaints()
    context.on("page", complaints.listen)
    page = context.new_page()
    yield page
    assert not complaints.found, "\n".join(complaints.found)


@pytest.fixture
def plain(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page of a browser without scripts, at the test's own server."""
    with opened(chromium, live_server.url, java_script_enabled=False) as context:
        yield context.new_page()
    wait_for_answers()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a sample company that nobody serves, with a session of each of its people.

    Built once for all processes of a run.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "sample"
    with (folder.parent / "sample.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = folder.with_suffix(".unfinished")
            sample.build(unfinished, leads=LEADS)
            (unfinished / SESSIONS).write_text(json.dumps(sample.sign_in(unfinished)))
            unfinished.rename(folder)
    return folder


@pytest.fixture(scope="module")
def company(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the sample company in the embedded mode, with worker and beat; one a test file."""
    folder = tmp_path_factory.mktemp("company")
    shutil.copytree(built, folder, dirs_exist_ok=True)
    with sample.serving(folder) as address:
        yield address


class Visits:
    """Opens browsers at the sample company, each with one of its people signed in.

    ``sessions`` are by e-mail; what the form for it does is tested by itself.
    """

    def __init__(self, chromium: Browser, address: str, sessions: dict[str, str]) -> None:
        self.chromium, self.address, self.sessions = chromium, address, sessions
        self.complaints = Complaints()
        self.open: list[Any] = []

    def __call__(self, first_name: str = "", *, scripts: bool = True) -> Page:
        """A page for the person with this first name, or for a stranger; ``scripts`` may be off."""
        state = self._signed_in(first_name) if first_name else None
        browser = opened(self.chromium, self.address, java_script_enabled=scripts, storage_state=state)
        self.open.append(browser)
        context = browser.__enter__()
        context.on("page", self.complaints.listen)
        return context.new_page()

    def _signed_in(self, first_name: str) -> StorageState:
        session = self.sessions[f"{first_name}@feldmark.example"]
        cookie = {"name": "sessionid", "value": session, "domain": "localhost", "path": "/"}
        rest = {"expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
        return cast("StorageState", {"cookies": [cookie | rest], "origins": []})

    def end(self) -> None:
        """Close all that are open; AssertionError with what any page must never have done."""
        while self.open:
            self.open.pop().__exit__(None, None, None)
        found, self.complaints.found = self.complaints.found, []
        assert not found, "\n".join(found)


@pytest.fixture(scope="module")
def _visits(chromium: Browser, company: str, built: Path) -> Visits:
    return Visits(chromium, company, json.loads((built / SESSIONS).read_text()))


@pytest.fixture
def visit(_visits: Visits) -> Iterator[Visits]:
    """``visit("marta")`` is a page with Marta signed in; the same is watched as of ``page``."""
    yield _visits
    _visits.end()
