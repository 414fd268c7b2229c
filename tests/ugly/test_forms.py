"""Every form with every field filled in badly: a message and the right status, and nothing half-done."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus

import pytest
from django.db import transaction
from django.test import Client

from tests.ugly.forms import ALIASES, ELSEWHERE, FORMS, ODD, READING, WITHOUT_FIELDS, WORST
from tests.ugly.walk import routes
from tests.ugly.world import World, browser, counts

FORM = "application/x-www-form-urlencoded"


def post(client: Client, url: str, data: Mapping[str, object]) -> Any:
    """As a browser sends a form, with what no browser would send."""
    pairs = (
        f"{quote_plus(name)}={quote_plus(str(value), errors='surrogatepass')}" for name, value in data.items()
    )
    return client.post(url, "&".join(pairs), content_type=FORM)


def address(world: World, name: str) -> str:
    known = {each.name: each for each in routes() if "post" in each.methods}
    if name == "join":
        return f"/join/{world.secret}/"
    wanted = ALIASES.get(name, name)
    if "/" in wanted:
        for place, row in {"<int:pk>": world.lead, "<int:draft>": world.draft}.items():
            wanted = wanted.replace(place, str(row.pk))
        return f"/{wanted}"
    return known[wanted].url_in(world)


@pytest.mark.parametrize("name", FORMS)
def test_a_field_filled_in_badly_breaks_nothing(world: World, name: str) -> None:
    fill_in_badly(world, name, WORST)


@pytest.mark.long
@pytest.mark.parametrize("name", FORMS)
def test_a_field_filled_in_with_anything_odd_breaks_nothing(world: World, name: str) -> None:
    fill_in_badly(world, name, tuple(ODD))


def fill_in_badly(world: World, name: str, kinds: tuple[str, ...]) -> None:
    """Each field gets each odd value, the others stay good; what was written is taken back each time."""
    role, values = FORMS[name]
    client, url, good = (
        browser(world.people[role] if role else None),
        address(world, name),
        dict(values(world)),
    )
    before = counts()
    with transaction.atomic():
        assert post(client, url, good).status_code in (200, 302, 409, 422)
        transaction.set_rollback(True)
    for field in good:
        for kind in kinds:
            value = ODD[kind]
            with transaction.atomic():
                response = post(client, url, good | {field: value})
                assert response.status_code < 500, (field, kind)
                assert "<script>alert" not in response.content.decode(), (field, kind)
                if response.status_code >= 400:
                    assert counts() == before, (field, kind, response.status_code)
                transaction.set_rollback(True)


def test_an_empty_form_breaks_nothing(world: World) -> None:
    for name, (role, _) in FORMS.items():
        with transaction.atomic():
            before = counts()
            response = browser(world.people[role] if role else None).post(address(world, name))
            assert response.status_code < 500, name
            assert response.status_code < 400 or counts() == before, name
            transaction.set_rollback(True)


def test_every_form_is_tried() -> None:
    pages = {each.name for each in routes() if "post" in each.methods and not each.path.startswith("api/")}
    assert pages - READING - WITHOUT_FIELDS - ELSEWHERE - set(FORMS) == set()
