"""Markup and formulas in whatever a person or a file can say: shown as typed, never run."""

import csv
import io
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from core.services import send_outbox
from leads.imports import jobs
from leads.models import ImportJob
from tests.ugly.walk import routes
from tests.ugly.world import World, make_world
from users.models import Role

EVIL = "\"'><img src=x onerror=alert(1)><script>alert(2)</script></script>{{7*7}}{% now %}javascript:alert(3)"
MARKS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
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


@pytest.fixture
def evil(db: None) -> World:
    return make_world(EVIL)


@pytest.mark.parametrize(
    "role", [Role.ADMIN, Role.MARKETER, Role.MARKETING_MANAGER, Role.REP, Role.SALES_MANAGER]
)
def test_no_page_runs_what_somebody_typed(evil: World, role: Role) -> None:
    client, shown = evil.client(role), 0
    for route in routes():
        if "get" not in route.methods or route.path.startswith("api/"):
            continue
        response = client.get(route.url_in(evil))
        if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
            continue
        text = response.content.decode()
        reader = Reader()
        reader.feed(text)
        assert not reader.found, (route.path, reader.found)
        assert "<script>alert(2)" not in text, route.path
        shown += "&lt;script&gt;alert(2)" in text
    assert shown >= 4, "the pages show the text, so escaping was tried"


def test_the_admin_site_runs_nothing_either(evil: World) -> None:
    client = evil.client(Role.ADMIN)
    for page in ("leads/lead/", f"leads/lead/{evil.lead.pk}/change/", "leads/company/", "core/auditentry/"):
        text = client.get(f"/admin/{page}").content.decode()
        assert "<script>alert(2)" not in text, page
        assert "<img src=x" not in text, page


def test_a_toast_shows_markup_as_text(evil: World) -> None:
    client = evil.client(Role.REP)
    response = client.post(
        f"/queue/{evil.undecided.pk}/attempt/", {"kind": "note", "note": EVIL}, follow=True
    )
    assert "Logged for" in response.content.decode()
    assert "<script>alert(2)" not in response.content.decode()


def test_the_api_gives_text_as_json_that_no_browser_takes_for_a_page(evil: World) -> None:
    response = evil.client(Role.MARKETER).get(f"/api/v1/leads/{evil.lead.pk}/")
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert EVIL in response.json()["name"]


def test_an_error_repeats_no_markup(evil: World) -> None:
    client = evil.client(Role.MARKETING_MANAGER)
    for address in ("/reasons/?by=<script>alert(2)</script>", "/sla/?clock=<script>alert(2)</script>"):
        response = client.get(address)
        assert response.status_code == 400
        assert "<script>alert(2)" not in response.content.decode()


@pytest.mark.parametrize("mark", [*MARKS, "\t=", "\r=", " ="])
def test_what_was_left_out_is_exported_without_formulas(world: World, mark: str) -> None:
    now = timezone.now()
    content = f'Name,Email\nTom,"{mark}cmd|calc!A1"\nAna,ana@example.com\n'.encode()
    job = jobs.upload(content=content, file_name="x.csv", by=None, now=now)
    jobs.set_mapping(job=job, kind="leads", mapping={0: "name", 1: "email"}, system="", options={})
    jobs.start(job=job, by=None, now=now)
    jobs.run(job_id=job.pk, clock=lambda: now)
    assert ImportJob.objects.get(pk=job.pk).created == 2
    response: Any = world.client(Role.MARKETER).get(f"/leads/imports/{job.pk}/left-out.csv")
    rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    cells = [cell for row in rows for cell in row]
    assert any("cmd|calc" in cell for cell in cells)
    assert not [cell for cell in cells if cell.lstrip().startswith(MARKS)]
    assert response.headers["Content-Disposition"] == f'attachment; filename="import-{job.pk}-left-out.csv"'


@pytest.mark.parametrize("name", ["Rita\r\nBcc: all@example.com", "Rita\nX: 1", "Rita\x0bX", "Rita\u2028X"])
def test_a_name_gives_no_mail_another_head(db: None, name: str) -> None:
    world = make_world(name)
    send_outbox(now=timezone.now())
    assert world.lead.name.isprintable()
    sent = [each for each in mail.outbox if "look at it" in each.subject]
    assert len(sent) == 1
    for each in mail.outbox:
        assert each.subject.isprintable()
        assert not each.bcc
        assert "\nBcc" not in each.message().as_string().partition("\n\n")[0]
