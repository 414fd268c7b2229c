"""Whatever people typed without a gap, no page is wider than its window: every page, found by its address."""

import pytest
from django.db import transaction
from django.test import Client
from playwright.sync_api import Page

from tests.e2e.pages import NARROW, WIDE, at_width, sign_in
from tests.ugly.walk import routes
from tests.ugly.world import World, browser, make_world
from users.models import Role, User

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsvorstandssitzung"
READERS = (Role.SALES_MANAGER, Role.REP, Role.MARKETING_MANAGER, Role.MARKETER, Role.ADMIN)
NO_PAGES = {"sign_out", "styleguide"}
TINY = 320
"""Pixels: the width of a small phone, or of a window that is enlarged four times."""
PATIENCE = 2_000


def test_no_page_is_wider_than_its_window(page: Page, transactional_db: None) -> None:
    with transaction.atomic():
        world = make_world(WORD)
    pages, wrong = readable(world), []
    assert sum(map(len, pages.values())) > 70
    for person, addresses in pages.items():
        sign_in(page, person)
        for address in addresses:
            page.goto(address)
            page.wait_for_load_state()
            for width in (TINY, NARROW, WIDE):
                try:
                    at_width(page, width, patience=PATIENCE)
                except AssertionError as found:
                    wrong.append(str(found))
    assert not wrong, "\n".join(wrong)


def readable(world: World) -> dict[User, list[str]]:
    """The addresses of whole pages, each under the first of ``READERS`` who may open it."""
    found: dict[User, list[str]] = {world.people[role]: [] for role in READERS}
    clients = {person: browser(person) for person in found}
    for route in routes():
        if "get" in route.methods and not route.is_api and route.name not in NO_PAGES:
            address = route.url_in(world)
            who = next((each for each in found if _is_page(clients[each], address)), None)
            if who is not None:
                found[who].append(address)
    return found


def _is_page(client: Client, address: str) -> bool:
    answer = client.get(address)
    return answer.status_code == 200 and not answer.streaming and b"<html" in answer.content[:2_000]
