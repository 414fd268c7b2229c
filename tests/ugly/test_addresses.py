"""Addresses that name a row: another team's, nobody's, and ids that no row can have; strangers; tokens."""

import pytest
from django.test import Client

from tests.ugly.walk import routes
from tests.ugly.world import World, browser, counts
from users.models import Role

ROUTES = routes()
WITH_ID = [route for route in ROUTES if route.takes_id]
PUBLIC = {
    *("healthz", "sign_in", "sign_out", "forgotten", "password_reset_confirm", "join", "first_run"),
    "styleguide",
}
AGREED = {
    *("version", "sign", "draft", "edit", "caps", "propose", "discard", "decline", "comment", "withdraw"),
    *("discussion", "mention", "edits", "export", "reopen"),
    "api-version",
}
"""What was agreed is everybody's to read."""
OF_ALL_SALES = {"content_piece", "content_use"}
"""The library is all of sales'; the lead that a piece is used on is named in the form."""
IMPOSSIBLE = (0, 2**63 - 1, 2**63, 10**30, 10**400)
KEPT_OUT = (403, 404, 405)


def test_the_walk_finds_the_addresses() -> None:
    names = {route.name for route in WITH_ID}
    assert {"lead", "accept", "api-lead", "import", "person", "notice", "token_revoke"} <= names


def test_a_row_of_another_team_does_not_exist(world: World) -> None:
    client, before, wrong = browser(world.outsider), counts(), []
    for route in WITH_ID:
        if route.name in AGREED | OF_ALL_SALES:
            continue
        for method in route.methods:
            response = route.ask(client, route.url_in(world), method)
            is_own_list = route.name == "queue_list" and world.lead.name not in response.content.decode()
            if response.status_code not in KEPT_OUT and not is_own_list:
                wrong.append((method, route.path, response.status_code))
    assert not wrong
    assert counts() == before


def test_a_rep_gets_their_own_list_whatever_the_address_says(world: World) -> None:
    rep = world.people[Role.REP]
    assert world.lead.name in browser(rep).get(f"/queue/list/{rep.pk}/").content.decode()
    assert world.lead.name not in browser(world.outsider).get(f"/queue/list/{rep.pk}/").content.decode()


def test_a_stranger_gets_nothing(world: World) -> None:
    before, wrong = counts(), []
    for route in ROUTES:
        for method in route.methods if route.name not in PUBLIC else ():
            response = route.ask(browser(), route.url_in(world), method)
            location = response.headers.get("Location", "")
            is_api = route.path.startswith("api/") and route.name != "api-docs"
            if not (response.status_code == 401 if is_api else location.startswith("/sign-in/")):
                wrong.append((method, route.path, response.status_code))
    assert not wrong
    assert counts() == before


@pytest.mark.parametrize(
    ("role", "ids"),
    [
        (Role.ADMIN, IMPOSSIBLE),
        (Role.SALES_MANAGER, IMPOSSIBLE),
        (Role.MARKETER, (2**63 - 1,)),
        (Role.REP, (2**63 - 1,)),
    ],
)
def test_an_id_that_no_row_has_is_not_found(world: World, role: Role, ids: tuple[int, ...]) -> None:
    client, before, wrong = world.client(role), counts(), []
    for route in WITH_ID:
        if route.name == "queue_list" and role == Role.REP:
            continue
        for pk in ids:
            for method in route.methods:
                status = route.ask(client, route.url(pk), method).status_code
                if status not in KEPT_OUT:
                    wrong.append((method, route.path, pk, status))
    assert not wrong
    assert counts() == before


@pytest.mark.parametrize("part", ["-1", "²", "1.0", "0x1", "1%00", "%ED%A0%80", "1;drop", "a"])
def test_an_id_that_is_no_number_is_not_found(world: World, part: str) -> None:
    client = world.client(Role.ADMIN)
    for route in WITH_ID:
        assert client.get(route.url(part)).status_code == 404, route.path


def test_every_form_needs_its_token(world: World) -> None:
    before = counts()
    for role in (Role.ADMIN, Role.REP):
        client = Client(enforce_csrf_checks=True)
        client.force_login(world.people[role])
        for route in ROUTES:
            for method in sorted(route.methods - {"get"}):
                response = route.ask(client, route.url_in(world), method)
                assert response.status_code == 403, route.path
                if not route.path.startswith("api/"):
                    assert "This form is out of date" in response.content.decode(), route.path
    assert counts() == before
