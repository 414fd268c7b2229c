"""Whatever stands behind the question mark: a page or a message, never a failure, and nothing written."""

from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from core.errors import ApplicationError
from leads.listing import Listing
from leads.models import Lead
from rules.fields import Use, registry
from rules.operators import OPERATORS
from tests.ugly.walk import Route, routes
from tests.ugly.world import World, counts
from users.models import Role

ODD = {
    "zero": "0",
    "negative": "-1",
    "minus": "-",
    "decimal": "1.5",
    "large": "9999999999",
    "too large for the database": "9" * 30,
    "too long for a number": "9" * 5_000,
    "infinite": "1e400",
    "no number": "NaN",
    "superscript": "²",
    "Arabic digit": "٣",
    "null character": "\0",
    "half of a character": "\ud800",
    "hidden direction": "\u202e",
    "8 kB": "x" * 8_000,
    "list": "[1]",
    "object": '{"all": []}',
    "many": "A," * 3_000,
    "first day": "0001-01-01",
    "last day": "9999-12-31",
    "first moment": "0001-01-01T00:00:00+14:00",
    "last moment": "9999-12-31T23:59:59-12:00",
    "quote": "' OR 1=1 --",
    "wildcards": "%_*\\",
    "markup": "<script>alert(1)</script>",
}
READ_BY_PYTHON = {
    *("zero", "minus", "no number", "superscript", "Arabic digit", "hidden direction", "list", "object"),
    "markup",
}
"""Read or refused before any query, or a text like any other to a database: not tried again on SQLite."""
ASKED = {
    "people": ("page", "sort", "q", "role", "team", "state"),
    "invitations": ("page",),
    "teams": ("page",),
    "list": ("page", "sort", "q", "lead.owner", "company.employees.gte", "unknown", "score.grade"),
    "timeline": ("limit",),
    "field_new": ("column",),
    "answer": ("dimension",),
    "changes": ("since", "until", "page"),
    "next": ("in",),
    "routing_try": ("q", "lead"),
    "hand_over": ("page",),
    "definition": ("version",),
    "history": ("page", "definition"),
    "compare": ("old", "new"),
    "discussion": ("criterion",),
    "preview_leads": ("page", "move", "ready"),
    "try": ("q", "lead"),
    "grades": ("by", "sort", "weeks", "show", "group"),
    "grades_file": ("by", "sort", "weeks", "show", "group"),
    "commitment_leads": ("page", "definition", "kind", "grade", "month", "show"),
    "backtest": ("page", "old", "new", "said", "ready", "moved"),
    "load": ("page", "show"),
    "caps_bar": ("cap_budget", "cap_need", "seen"),
    "bands_bar": ("kind", "floor_a", "floor_c", "fit_0", "cell_1_1"),
    "queue": ("page", "team", "owner"),
    "queue_list": ("open",),
    "pool": ("page", "team", "show"),
    "accepted": ("page",),
    "sla": ("clock", "split", "weeks", "team", "all"),
    "sla_now": ("clock", "team"),
    "sla_period": ("split", "weeks"),
    "sla_file": ("split", "weeks"),
    "sla_assignments": (
        *("page", "show", "clock", "owner", "team", "grade", "source", "version", "of", "week"),
        *("weeks", "weekday", "hour", "step", "coming"),
    ),
    "reasons": ("page", "by", "days", "reason", "dimension", "criterion", "source", "unseen"),
    "notices": ("page",),
    "values": ("field", "use"),
    "sign_in": ("next",),
    "api-leads": ("q", "sort", "limit", "cursor", "fields", "lead.owner", "unknown"),
    "api-handoffs": ("limit", "cursor", "state", "owner", "lead", "due_before", "unknown"),
}
"""The parameters that each page reads."""
NEEDED = {"preview_leads": {"move": "AA"}}
"""Without these there is no page."""
NAMES_A_ROW = {"preview_leads", "try", "routing_try"}
"""Their address says which lead or which cell is meant, and there may be none."""
BY_NAME = {route.name: route for route in routes()}
READER = {"people": Role.ADMIN, "invitations": Role.ADMIN, "teams": Role.ADMIN, "field_new": Role.ADMIN}


def escaped(value: str) -> str:
    return quote(value, errors="surrogatepass")


@pytest.mark.parametrize("name", ASKED)
def test_any_value_of_any_parameter_is_answered(world: World, name: str, on_postgres: bool) -> None:
    route = BY_NAME[name]
    client, address = world.client(READER.get(name, Role.SALES_MANAGER)), route.url_in(world)
    assert client.get(address, NEEDED.get(name)).status_code in (200, 302)
    allowed = (200, 302, 400, 404) if name in NAMES_A_ROW else (200, 302, 400)
    before = counts()  # what the page worked out once and keeps is there now
    for kind in [each for each in ODD if on_postgres or each not in READ_BY_PYTHON]:
        for parameter in ASKED[name]:
            response = client.get(f"{address}?{parameter}={escaped(ODD[kind])}")
            assert response.status_code in allowed, (parameter, kind, response.status_code)
            if not route.is_api:
                assert "<script>alert" not in response.content.decode(), (parameter, kind)
    assert counts() == before


@pytest.mark.parametrize("role", list(Role))
def test_a_query_that_a_page_does_not_know_is_answered(world: World, role: Role) -> None:
    client = world.client(role)
    query = "?page=0&page=-1&page=%C2%B2&sort=%00&q[]=1&=&&&%ED%A0%80=%FF&next=//evil.example&" + "x" * 8_000
    for route in _pages():
        assert client.get(route.url_in(world) + query).status_code < 500, route.path


def test_more_parameters_than_anybody_has_are_refused(world: World) -> None:
    response = world.client(Role.MARKETER).get("/leads/?" + "&".join(f"a{n}=1" for n in range(12_000)))
    assert response.status_code == 400
    assert "could not be read" in response.content.decode()


@pytest.mark.parametrize("key", [each.key for each in registry.fixed() if Use.VIEW in each.uses])
def test_any_value_of_any_filter_is_judged_or_refused(db: None, key: str) -> None:
    now, zone = timezone.now(), ZoneInfo("Pacific/Kiritimati")
    for name in (key, *(f"{key}.{each}" for each in OPERATORS[registry.get(key).type])):
        for value in ODD.values():
            given = value.replace("\ud800", "\ufffd")  # what Django makes of it in an address
            try:
                listing = Listing(Lead.objects.all(), {name: [given]}, now=now, zone=zone)
            except ApplicationError:
                continue
            assert len(listing.lead_rows) == listing.counted
            assert listing.chips or not given.strip()


def _pages() -> list[Route]:
    return [
        each for each in routes() if "get" in each.methods and each.name not in ("api-schema", "sign_out")
    ]


def test_the_admin_site_answers_odd_queries(world: World) -> None:
    client, before = world.client(Role.ADMIN), counts()
    pages = (
        "leads/lead/",
        "feedback/handoff/",
        "core/auditentry/",
        "users/user/",
        f"leads/lead/{'9' * 30}/change/",
    )
    for page in pages:
        for parameter in ("q", "p", "o", "stage__exact", "id", "all", "e", "_popup"):
            for kind in ("null character", "too large for the database", "superscript", "negative", "markup"):
                response = client.get(f"/admin/{page}?{parameter}={escaped(ODD[kind])}")
                assert response.status_code < 500, (page, parameter, kind)
                assert "<script>alert" not in response.content.decode(), (page, parameter, kind)
    assert counts() == before
