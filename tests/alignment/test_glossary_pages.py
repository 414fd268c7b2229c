"""The pages of the glossary."""

import re
from typing import ClassVar

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alignment.models import GlossaryEntry, Version
from alignment.services.glossary import name_term
from tests.access import FORBIDDEN, MOVED, OK, AccessTests
from tests.alignment.pages import DRAFTERS, DRAFTING, READING, Queries, make_proposal
from tests.factories import UserFactory
from users.models import Role, User


class TestGlossary(AccessTests):
    url_name = "alignment:glossary"
    expected = READING
    other_team = OK


class TestNewTerm(AccessTests):
    url_name = "alignment:new_term"
    expected = DRAFTING
    other_team = FORBIDDEN


class TestTerm(TestNewTerm):
    url_name = "alignment:term"

    def url(self) -> str:
        return reverse(self.url_name, args=["lead"])


class TestForgetting(AccessTests):
    url_name = "alignment:forget"
    method = "post"
    data: ClassVar[dict[str, object]] = {"revision": 1}
    expected = dict.fromkeys(Role, FORBIDDEN) | dict.fromkeys(DRAFTERS, MOVED)
    other_team = FORBIDDEN

    def url(self) -> str:
        by = UserFactory(role=Role.MARKETER)
        name_term(term="lead", name="Contact", meaning="", revision=0, by=by, now=timezone.now())
        return reverse(self.url_name, args=["lead"])


@pytest.fixture
def proposal(db: None) -> Version:
    return make_proposal()


def test_words_are_named_on_the_page(
    client: Client, marketer: User, django_assert_num_queries: Queries
) -> None:
    url = reverse("alignment:term", args=["lead"])
    form = {"name": "Contact", "meaning": "", "revision": 0}
    assert client.post(url, form).status_code == 302
    text = client.get(reverse("alignment:glossary")).content.decode()
    assert "Contact" in text
    with django_assert_num_queries(5):
        client.get(reverse("alignment:glossary"))


def test_a_term_called_like_the_menu_takes_nothing_of_it(client: Client, marketer: User) -> None:
    text = client.get(reverse("alignment:glossary")).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert {"side", "term-side"} <= set(ids)
    assert len(ids) == len(set(ids))


def test_words_saved_meanwhile_stand_beside_what_was_typed(client: Client, marketer: User) -> None:
    url = reverse("alignment:term", args=["lead"])
    client.post(url, {"name": "Contact", "meaning": "A person.", "revision": 0})
    typed = {"name": "Prospect", "meaning": "Somebody.", "revision": 0}
    response = client.post(url, typed)
    text = response.content.decode()
    assert response.status_code == 409
    assert all(said in text for said in ("Contact", "A person.", "Prospect", "Somebody."))
    assert client.post(url, typed | {"revision": 1}).status_code == 302
    assert GlossaryEntry.objects.get().name == "Prospect"


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"name": "", "meaning": "", "revision": 0}, 422),
        ({"name": "x" * 81, "meaning": "", "revision": 0}, 422),
        ({"name": "X", "meaning": "x" * 1001, "revision": 0}, 422),
        ({"name": "X", "meaning": "", "revision": "n/a"}, 422),
        ({"name": "X", "meaning": "", "revision": "9" * 30}, 422),
        ({"name": "X", "meaning": "", "revision": 7}, 409),
        ({"name": "a\0b", "meaning": "", "revision": 0}, 422),
    ],
)
def test_words_that_can_not_be_stay_in_the_form(
    client: Client, marketer: User, form: dict[str, object], status: int
) -> None:
    assert client.post(reverse("alignment:term", args=["lead"]), form).status_code == status
    assert not GlossaryEntry.objects.exists()


def test_a_term_of_its_own_is_added_and_removed(client: Client, marketer: User) -> None:
    client.post(reverse("alignment:new_term"), {"name": "Golden hour", "meaning": "One.", "revision": 0})
    again = client.post(reverse("alignment:new_term"), {"name": "Lead", "meaning": "One.", "revision": 0})
    assert "stands in the list above" in again.content.decode()
    assert client.get(reverse("alignment:term", args=["golden-hour"])).status_code == 200
    url = reverse("alignment:forget", args=["golden-hour"])
    assert client.post(url, {"revision": "n/a"}).status_code == 400
    assert client.post(url, {"revision": 1}).status_code == 302
    assert client.get(reverse("alignment:term", args=["golden-hour"])).status_code == 404
