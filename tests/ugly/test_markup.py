"""Markup in whatever a person or a file can say: shown as typed, never run."""

import re
from html.parser import HTMLParser

import pytest

from tests.ugly.walk import routes
from tests.ugly.world import World
from users.models import Role

pytestmark = pytest.mark.alike
EVIL = "\"'><img src=x onerror=alert(1)><script>alert(2)</script></script>{{7*7}}{% now %}javascript:alert(3)"
TEXT = EVIL
"""What stands in the company of this file: see ``world``."""
EVENTS = re.compile(r"^on[a-z]+$")


class Reader(HTMLParser):
    """What a browser would run: elements and attributes that can only come from ``EVIL``."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "script" and not values.get("src") and values.get("type") != "application/json":
            self.found.append(f"<{tag}> without a source")
        if tag == "img" and values.get("src") == "x":
            self.found.append("<img src=x>")
        for name, value in attrs:
            if EVENTS.match(name) or name == "style":
                self.found.append(f"{tag} {name}")
            if name in ("href", "src", "action", "formaction") and (value or "").strip().startswith(
                "javascript:"
            ):
                self.found.append(f"{tag} {name}={value}")


@pytest.mark.parametrize(
    "role", [Role.ADMIN, Role.MARKETER, Role.MARKETING_MANAGER, Role.REP, Role.SALES_MANAGER]
)
def test_no_page_runs_what_somebody_typed(world: World, role: Role) -> None:
    client, shown = world.client(role), 0
    for route in routes():
        if "get" not in route.methods or route.path.startswith("api/"):
            continue
        response = client.get(route.url_in(world))
        if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
            continue
        text = response.content.decode()
        reader = Reader()
        reader.feed(text)
        assert not reader.found, (route.path, reader.found)
        assert "<script>alert(2)" not in text, route.path
        shown += "&lt;script&gt;alert(2)" in text
    assert shown >= 4, "the pages show the text, so escaping was tried"


def test_the_admin_site_runs_nothing_either(world: World) -> None:
    client = world.client(Role.ADMIN)
    for page in ("leads/lead/", f"leads/lead/{world.lead.pk}/change/", "leads/company/", "core/auditentry/"):
        text = client.get(f"/admin/{page}").content.decode()
        assert "<script>alert(2)" not in text, page
        assert "<img src=x" not in text, page


def test_a_toast_shows_markup_as_text(world: World) -> None:
    client = world.client(Role.REP)
    response = client.post(
        f"/queue/{world.undecided.pk}/attempt/", {"kind": "note", "note": EVIL}, follow=True
    )
    assert "Logged for" in response.content.decode()
    assert "<script>alert(2)" not in response.content.decode()


def test_the_api_gives_text_as_json_that_no_browser_takes_for_a_page(world: World) -> None:
    response = world.client(Role.MARKETER).get(f"/api/v1/leads/{world.lead.pk}/")
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert EVIL in response.json()["name"]


def test_an_error_repeats_no_markup(world: World) -> None:
    client = world.client(Role.MARKETING_MANAGER)
    for address in ("/reasons/?by=<script>alert(2)</script>", "/sla/?clock=<script>alert(2)</script>"):
        response = client.get(address)
        assert response.status_code == 400
        assert "<script>alert(2)" not in response.content.decode()
