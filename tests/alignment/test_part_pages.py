"""The forms of a draft's parts in the browser: who gets in, what they cost, two people at the same part."""

import re
from typing import ClassVar

import pytest
from django.test import Client
from django.urls import reverse

from alignment.models import Version
from alignment.services.editing import parts_lists
from alignment.views.parts import PARTS
from tests.access import FORBIDDEN, OK
from tests.alignment.editor_forms import HTMX
from tests.alignment.factories import make_draft, make_version
from tests.alignment.moments import NOW
from tests.alignment.pages import DRAFTING, POSTING, Queries
from tests.alignment.part_forms import ROWS, address, again, filled, post
from tests.alignment.test_pages import OnVersion
from users.models import User


class OnPart(OnVersion):
    """A form of a part of a draft."""

    __test__ = False
    status = Version.Status.DRAFT
    part: ClassVar[str] = "gate"
    expected = DRAFTING
    other_team = FORBIDDEN

    def url(self) -> str:
        return reverse(self.url_name, args=[make_draft().pk, self.part])


class TestPart(OnPart):
    __test__ = True
    url_name = "alignment:part"


class TestSaving(TestPart):
    method = "post"
    data = {"gate_grade": "A", "gate_bant_count": "2", "gate_bant_level": "1"}
    expected = POSTING


class TestRemoving(OnPart):
    __test__ = True
    url_name = "alignment:part_remove"
    part = "reasons"
    method = "post"
    data = {"key": "no_need"}
    expected = POSTING


class TestMoving(TestRemoving):
    url_name = "alignment:part_move"


class TestCapsBar(OnVersion):
    __test__ = True
    url_name = "alignment:caps_bar"
    status = Version.Status.DRAFT
    expected = DRAFTING
    other_team = FORBIDDEN


class TestBandsBar(TestCapsBar):
    url_name = "alignment:bands_bar"


@pytest.mark.parametrize("name", PARTS)
def test_every_part_opens_as_a_page_and_as_a_fragment(client: Client, draft: Version, name: str) -> None:
    key = ROWS.get(name, "budget" if name == "inference" else "")
    page, part = client.get(address(draft, name, key)), client.get(address(draft, name, key), headers=HTMX)
    assert "<html" in page.content.decode()
    assert "<html" not in part.content.decode()
    assert part.content.decode().count("<form") == 1


@pytest.mark.parametrize("name", ["caps", "grades", "gate", "scope", "commitments", "reasons", "terms"])
def test_a_form_sent_untouched_changes_nothing(client: Client, draft: Version, name: str) -> None:
    response = post(client, draft, name, ROWS.get(name, ""))
    assert response.status_code == 302
    assert again(draft).revision == 1


@pytest.mark.parametrize(
    ("name", "key", "typed", "at"),
    [
        ("gate", "", {"gate_grade": "A"}, 'parts/gate/"'),
        ("inference", "need", {}, 'parts/inference/?key=need"'),
        ("reasons", "no_need", {"label": "No plan"}, 'parts/reasons/?key=no_need"'),
        ("reasons", "", {"label": "Too early"}, 'parts/reasons/?key=too_early"'),
        ("terms", "", {"source": "Trade fair"}, 'parts/terms/?key=A%3ATrade%20fair"'),
    ],
)
def test_what_was_edited_has_the_focus_afterwards(
    client: Client, draft: Version, name: str, key: str, typed: dict[str, str], at: str
) -> None:
    back = post(client, draft, name, key, **typed).headers["Location"].partition("#")[0]
    editor = client.get(back, headers=HTMX).content.decode()
    focused = [tag for tag in editor.split("<a ") if "data-focus-after-swap" in tag.partition(">")[0]]
    assert len(focused) == 1
    assert at in focused[0].partition(">")[0]


def test_two_texts_of_a_part_are_shown_and_saved_again_the_own_one_stands(
    client: Client, draft: Version
) -> None:
    mine = filled(client, draft, "caps", cap_budget="22")
    post(client, draft, "caps", cap_budget="18")
    response = client.post(address(draft, "caps"), mine)
    text = response.content.decode()
    assert response.status_code == 409
    assert "Somebody changed the caps after you opened it" in text
    assert "at most 22" in text
    assert "at most 18" in text
    client.post(address(draft, "caps"), mine | {"seen": response.context["form"]["seen"].value()})
    assert again(draft).dimensions.get(dimension="budget").cap == 22


def test_to_the_drawer_a_conflict_is_a_form_with_an_error(client: Client, draft: Version) -> None:
    mine = filled(client, draft, "caps", cap_budget="22")
    post(client, draft, "caps", cap_budget="18")
    assert client.post(address(draft, "caps"), mine, headers=HTMX).status_code == 422


def test_a_row_deleted_meanwhile_can_be_saved_as_a_new_one(
    client: Client, draft: Version, marketer: User
) -> None:
    typed = filled(client, draft, "reasons", "no_need", label="No plan")
    parts_lists.remove_reason(version_id=draft.pk, key="no_need", seen=None, by=marketer, now=NOW)
    response = client.post(address(draft, "reasons", "no_need"), typed)
    assert response.status_code == 409
    assert "Save it again to add it as a new one" in response.content.decode()
    client.post(response.context["address"], typed)
    assert [row.label for row in draft.reasons.all()] == ["No plan"]


@pytest.mark.parametrize(
    "path", ["parts/luck/", "parts/inference/?key=fit", "parts/inference/", "parts/reasons/?key=gone"]
)
def test_what_a_draft_does_not_have_is_not_found(client: Client, draft: Version, path: str) -> None:
    edit = reverse("alignment:edit", args=[draft.pk]).removesuffix("edit/")
    assert client.get(edit + path).status_code == 404


def test_what_is_alone_of_its_kind_is_neither_deleted_nor_moved(client: Client, draft: Version) -> None:
    for name in ("alignment:part_remove", "alignment:part_move"):
        assert client.post(reverse(name, args=[draft.pk, "gate"])).status_code == 404


def test_parts_of_what_is_no_draft_any_more_are_refused(client: Client, marketer: User) -> None:
    response = client.get(address(make_version(Version.Status.PROPOSED), "gate"))
    assert response.status_code == 409
    assert "no draft any more" in response.content.decode()


@pytest.mark.parametrize("name", PARTS)
def test_a_form_costs_the_same_however_long_the_draft_is(
    client: Client, draft: Version, name: str, django_assert_max_num_queries: Queries
) -> None:
    key = ROWS.get(name, "budget" if name == "inference" else "")
    with django_assert_max_num_queries(15):
        assert client.get(address(draft, name, key)).status_code == OK


@pytest.mark.parametrize("key", ["\0", "A:", "<script>", "x" * 5_000, "B:Webinar", "\u202e"])
def test_a_key_of_no_row_is_not_found(client: Client, draft: Version, key: str) -> None:
    for name in ROWS:
        url = reverse("alignment:part", args=[draft.pk, name])
        assert client.get(url, {"key": key}).status_code == 404
        remove = reverse("alignment:part_remove", args=[draft.pk, name])
        assert client.post(remove, {"key": key}).status_code == 409


def test_what_a_condition_means_is_told_to_a_screen_reader_as_it_is_written(
    client: Client, draft: Version
) -> None:
    page = client.get(address(draft, "scope")).content.decode()
    tag = re.search(r"<div class=\"builder-said\"[^>]*>", page)
    assert tag is not None
    assert 'role="status"' in tag[0]


def test_grades_in_the_wrong_order_are_said_once(client: Client, draft: Version) -> None:
    form = filled(client, draft, "grades") | {"floor_a": "40", "floor_b": "50"}
    page = client.post(address(draft, "grades"), form)
    assert page.status_code == 422
    assert page.content.decode().count("B must begin below A") == 1
