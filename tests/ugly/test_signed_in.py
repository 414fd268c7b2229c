"""What a person who is signed in gets and leaves behind: addresses, headers, fields of a form."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.ugly.walk import ELSEWHERE, routes
from tests.ugly.world import World, browser
from users.models import Role, User

pytestmark = pytest.mark.alike


@pytest.mark.parametrize("page", ELSEWHERE)
def test_no_form_leads_to_another_site(world: World, page: str) -> None:
    sends: list[tuple[Role, str, dict[str, object]]] = [
        (Role.REP, "/notices/read/", {}),
        (Role.MARKETER, "/reasons/seen/", {"decision": "1"}),
        (
            Role.SALES_MANAGER,
            "/queue/assign/",
            {"handoff": world.undecided.handoff_id, "to": world.outsider.pk},
        ),
        (Role.REP, f"/tokens/{world.people[Role.REP].pk}/{world.token.token_key}/revoke/", {}),
    ]
    for role, address, data in sends:
        response = world.client(role).post(address, {**data, "next": page})
        assert response.status_code == 302, address
        assert re.fullmatch(r"/[^/\\].*", response.headers["Location"]), response.headers["Location"]


def test_nobody_gives_themselves_more_than_the_form_offers(world: World) -> None:
    rep = world.people[Role.REP]
    more = {
        "role": "admin",
        "is_active": "0",
        "team": "",
        "email": "x@example.com",
        "is_staff": "1",
        "password": "x",
    }
    browser(rep).post("/profile/", {"name": "Ann", "zone": "", **more})
    joining = browser()
    data = {"name": "Bea", "password": "quite a long one", "zone": "", **more, "is_superuser": "1"}
    joining.post(f"/join/{world.secret}/", data | {"password": "quite a long one"})
    rep.refresh_from_db()
    joined = User.objects.get(name="Bea")
    assert (rep.name, rep.role, rep.is_active, rep.email != "x@example.com") == ("Ann", Role.REP, True, True)
    assert (joined.role, joined.email, joined.team) == (Role.REP, "new@example.com", world.team)
    form = {
        "name": "Eve",
        "stage": "customer",
        "owner": world.outsider.pk,
        "team": world.outsider.team_id,
        "id": world.lead.pk,
    }
    address = world.client(Role.MARKETER).post("/leads/new/", form).headers["Location"]
    made = type(world.lead).objects.get(pk=int(address.strip("/").rpartition("/")[2]))
    assert (made.stage, made.owner, made.team) == ("inquiry", None, None)
    assert made.pk != world.lead.pk


def test_the_back_button_shows_nothing_after_signing_out(world: World) -> None:
    for role in (Role.ADMIN, Role.MARKETER, Role.REP, Role.SALES_MANAGER):
        client = world.client(role)
        for route in routes():
            if "get" in route.methods and route.name not in ("sign_out", "api-schema", "styleguide"):
                response = client.get(route.url_in(world))
                kept = response.headers.get("Cache-Control", "")
                allowed = ("no-store", "no-cache") if route.name == "queue_list" else ("no-store",)
                assert any(word in kept for word in allowed), (route.path, kept)
                assert "private" in kept, (route.path, kept)


def test_every_answer_says_what_a_browser_may_load(world: World, settings: Any) -> None:
    client = world.client(Role.ADMIN)
    asked = [
        *(
            "/",
            "/leads/",
            "/nowhere/",
            "/leads/0/",
            "/api/v1/leads/",
            "/api/nowhere",
            "/api/docs/",
            "/api/schema/",
        ),
        *("/admin/", "/admin/nowhere/", "/admin/leads/lead/", "/healthz", "/sign-in/", "/reasons/?by=x"),
    ]
    for address in asked:
        policy = client.get(address).headers.get("Content-Security-Policy", "")
        assert "default-src 'none'" in policy, address
        assert "unsafe" not in policy, address
    for response in (Client(enforce_csrf_checks=True).post("/sign-in/"), browser().get("/leads/")):
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
