"""The editor: who gets in, and what each small action does without JavaScript."""

import re
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from django.test import Client
from django.urls import reverse

from alignment.models import Version
from alignment.services.editing import criteria, digest, undo
from tests.access import FORBIDDEN, AccessTests
from tests.alignment.editor_forms import ACTIVITY, EMPLOYEES, at, filled, saved, text
from tests.alignment.factories import make_draft
from tests.alignment.moments import NOW
from tests.alignment.pages import DRAFTING, POSTING
from tests.factories import UserFactory
from users.models import Role

Queries = Callable[[int], Any]


class OnCriterion(AccessTests):
    """An address of a criterion of a draft that is made first."""

    __test__ = False
    method = "post"
    expected = POSTING
    other_team: ClassVar[int] = FORBIDDEN

    def url(self) -> str:
        draft = make_draft()
        criteria.switch_criterion(
            version_id=draft.pk, key="always", is_on=False, by=UserFactory(role=Role.MARKETER), now=NOW
        )
        return reverse(self.url_name, args=[draft.pk, *self.more()])

    def more(self) -> list[str]:
        return ["always"]


class TestForm(OnCriterion):
    __test__ = True
    url_name = "alignment:criterion"
    method = "get"
    expected = DRAFTING


class TestNewForm(OnCriterion):
    __test__ = True
    url_name = "alignment:criteria"
    method = "get"
    expected = DRAFTING

    def more(self) -> list[str]:
        return []


class TestEffect(TestNewForm):
    url_name = "alignment:effect"
    method = "post"


class TestUndo(TestNewForm):
    url_name = "alignment:undo"
    method = "post"
    data = {"revision": "2"}
    expected = POSTING


class TestRedo(TestUndo):
    url_name = "alignment:redo"
    data = {"revision": "3"}

    def url(self) -> str:
        address = super().url()
        draft = Version.objects.latest("pk")
        undo(version_id=draft.pk, revision=2, by=UserFactory(role=Role.MARKETER), now=NOW)
        return address


class TestPoints(OnCriterion):
    __test__ = True
    url_name = "alignment:points"
    data = {"points": "3"}


class TestSwitch(OnCriterion):
    __test__ = True
    url_name = "alignment:switch"
    data = {"is_on": "1"}


class TestCopy(OnCriterion):
    __test__ = True
    url_name = "alignment:copy"


class TestMove(OnCriterion):
    __test__ = True
    url_name = "alignment:move"
    data = {"dimension": "fit"}


class TestDelete(OnCriterion):
    __test__ = True
    url_name = "alignment:delete"


# Without JavaScript: plain POSTs that lead back to the editor


def test_a_criterion_is_added_with_a_condition(client: Client, draft: Version) -> None:
    response = client.post(at(draft, "criteria"), filled())
    assert response.headers["Location"] == f"{at(draft)}?at=new_one#criterion-new_one"
    row = saved(draft, "new_one")
    assert (row.label, row.dimension, row.points, row.condition) == ("New one", "need", 5, EMPLOYEES)
    page = text(client, at(draft))
    assert "Employees is at least 200" in page
    assert "Added “New one”" in page


def test_a_criterion_is_added_that_counts_activities(client: Client, draft: Version) -> None:
    decay = {"decay": "half_life", "decay_days": "14", "daily_cap": ""}
    client.post(at(draft, "criteria"), filled(**ACTIVITY, **decay))
    row = saved(draft, "new_one")
    assert row.activity == {"kind": "page_view", "detail": "*pricing*"}
    assert (row.condition, row.per, row.cap, row.daily_cap) == (None, "occurrence", 10, None)
    assert row.decay == {"kind": "half_life", "days": 14}


def test_the_form_shows_what_the_criterion_says(client: Client, draft: Version) -> None:
    client.post(at(draft, "criteria"), filled(**ACTIVITY, decay="step", decay_days="30", decay_keep="40"))
    page = text(client, at(draft, "criterion", "new_one"))
    assert 'value="*pricing*"' in page
    assert 'value="40"' in page
    assert re.search(r'value="page_view"[^>]*checked', page)
    assert "40 % is kept after every 30 days" in page


def test_a_button_of_the_condition_changes_the_form_and_saves_nothing(client: Client, draft: Version) -> None:
    data = filled(saved(draft), label="Half typed", **{"builder-action": "condition:add:"})
    response = client.post(at(draft, "criterion", "always"), data)
    assert response.status_code == 200
    page = response.content.decode()
    assert 'value="Half typed"' in page
    assert "condition-1-field" in page
    assert saved(draft).label == "Everybody"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"label": ""}, "Give it a name."),
        ({"label": "x" * 161}, "at most 160 characters"),
        ({"points": "n/a"}, "Give a whole number from −100 to 100."),
        ({"points": "9" * 5000}, "Give a whole number from −100 to 100."),
        ({"dimension": "charm"}, "Select a valid choice"),
        ({"condition-0-value": "many"}, "needs a number"),
        ({"condition-0-field": "gone"}, "gone"),
        (ACTIVITY | {"activity-kinds": []}, "activit"),
        (ACTIVITY | {"activity-kinds": "nap"}, "no longer there"),
        (ACTIVITY | {"cap": "0"}, "Give a whole number from 1 to 1,000."),
        (ACTIVITY | {"decay": "window", "decay_days": ""}, "whole number from 1 to 730"),
        (ACTIVITY | {"decay": "step", "decay_days": "30", "decay_keep": ""}, "whole number from 1 to 99"),
    ],
)
def test_a_value_that_can_not_be_stays_in_the_form(
    client: Client, draft: Version, values: dict[str, Any], message: str
) -> None:
    response = client.post(at(draft, "criteria"), filled(**values))
    assert response.status_code == 422
    assert message in response.content.decode()
    assert draft.criteria.count() == 1


def test_all_that_is_wrong_is_said_at_once(client: Client, draft: Version) -> None:
    data = filled(label="", **{"condition-0-value": ""})
    page = client.post(at(draft, "criteria"), data).content.decode()
    assert "Give it a name." in page
    assert "what is missing or can’t be is marked below" in page


def test_points_are_changed_in_the_list(client: Client, draft: Version) -> None:
    response = client.post(at(draft, "points", "always"), {"points": "−7", "seen_points": digest(20)})
    assert response.headers["Location"].endswith("?at=always&on=points#criterion-always")
    assert saved(draft).points == -7


@pytest.mark.parametrize("value", ["", "n/a", "101", "9" * 5000, "1e3"])
def test_points_that_can_not_be_are_refused(client: Client, draft: Version, value: str) -> None:
    response = client.post(at(draft, "points", "always"), {"points": value})
    assert response.status_code == 400
    assert "Give a whole number from −100 to 100." in response.content.decode()
    assert saved(draft).points == 20


def test_points_over_others_are_told(client: Client, draft: Version) -> None:
    response = client.post(at(draft, "points", "always"), {"points": "3", "seen_points": digest(19)})
    assert response.status_code == 409
    assert "Somebody changed the points of “Everybody”" in response.content.decode()


def test_switched_off_copied_moved_and_deleted(client: Client, draft: Version) -> None:
    client.post(at(draft, "switch", "always"), {"is_on": "0"})
    assert not saved(draft).is_on
    client.post(at(draft, "copy", "always"))
    client.post(at(draft, "move", "everybody_copy"), {"to": "need:always"})
    assert [row.key for row in draft.criteria.all()] == ["everybody_copy", "always"]
    client.post(at(draft, "move", "always"), {"dimension": "fit"})
    assert saved(draft).dimension == "fit"
    client.post(at(draft, "delete", "always"), {"seen": digest(saved(draft))})
    assert [row.key for row in draft.criteria.all()] == ["everybody_copy"]
    assert "Deleted “Everybody”" in text(client, at(draft))


def test_undo_takes_back_what_was_shown_and_says_so(client: Client, draft: Version) -> None:
    client.post(at(draft, "switch", "always"), {"is_on": "0"})
    page = client.post(at(draft, "undo"), {"revision": "2"}, follow=True).content.decode()
    assert "Undid: Switched off “Everybody”" in page
    assert "Nothing was changed yet" in page
    assert saved(draft).is_on
    response = client.post(at(draft, "undo"), {"revision": "2"})
    assert response.status_code == 409


def test_redo_stands_there_until_the_next_edit(client: Client, draft: Version) -> None:
    client.post(at(draft, "switch", "always"), {"is_on": "0"})
    assert "Do again:" not in text(client, at(draft))
    client.post(at(draft, "undo"), {"revision": "2"})
    assert "Do again: Switched off “Everybody”" in text(client, at(draft))
    page = client.post(at(draft, "redo"), {"revision": "3"}, follow=True).content.decode()
    assert "Did again: Switched off “Everybody”" in page
    assert not saved(draft).is_on
    assert client.post(at(draft, "redo"), {"revision": "3"}).status_code == 409
    client.post(at(draft, "undo"), {"revision": "4"})
    client.post(at(draft, "points", "always"), {"points": "3"})
    assert "Do again:" not in text(client, at(draft))


@pytest.mark.parametrize("revision", ["", "n/a", "-1", "9" * 50, "\u0661"])
def test_an_odd_revision_undoes_nothing(client: Client, draft: Version, revision: str) -> None:
    client.post(at(draft, "switch", "always"), {"is_on": "0"})
    assert client.post(at(draft, "undo"), {"revision": revision}).status_code == 409
    assert not saved(draft).is_on


def test_undo_says_whose_change_it_took_back(client: Client, draft: Version) -> None:
    jonas = UserFactory(role=Role.MARKETER, name="Jonas")
    criteria.switch_criterion(version_id=draft.pk, key="always", is_on=False, by=jonas, now=NOW)
    page = client.post(at(draft, "undo"), {"revision": "2"}, follow=True).content.decode()
    assert "Undid: Switched off “Everybody” (by Jonas)" in page
