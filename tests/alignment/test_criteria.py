"""Criteria of a draft: add, edit, copy, move, switch, delete."""

from functools import partial
from typing import Any

import pytest

from alignment.criteria import CriterionValues, values_of
from alignment.models import Criterion, Version
from alignment.services.editing import PartGone, criteria, digest
from alignment.services.editing.keys import make_key
from alignment.services.locking import StaleEdit
from core.errors import Conflict, Invalid
from tests.alignment.factories import ALWAYS, make_draft
from tests.alignment.moments import NOW
from tests.factories import UserFactory
from users.models import Role, User

pytestmark = pytest.mark.django_db
VISITS = {"kind": "page_view", "detail": "*pricing*"}
GOOD: dict[str, Any] = {"label": "Second", "dimension": "need", "points": 5, "condition": ALWAYS}


@pytest.fixture
def by() -> User:
    return UserFactory(role=Role.MARKETER)


@pytest.fixture
def draft() -> Version:
    return make_draft()


def put(
    draft: Version, by: User, key: str | None = None, seen: str | None = None, **values: Any
) -> Criterion:
    return criteria.put_criterion(
        version_id=draft.pk, key=key, values=CriterionValues(**(GOOD | values)), seen=seen, by=by, now=NOW
    )


def order(draft: Version, dimension: str = "need") -> list[str]:
    return [row.key for row in draft.criteria.filter(dimension=dimension)]


def move(draft: Version, by: User, key: str, before: str | None, dimension: str = "need") -> None:
    criteria.move_criterion(version_id=draft.pk, key=key, dimension=dimension, before=before, by=by, now=NOW)


def test_a_new_criterion_goes_to_the_end_with_a_key_of_its_label(draft: Version, by: User) -> None:
    row = put(draft, by, label=" Décides, and said so ")
    assert (row.key, row.label) == ("decides_and_said_so", "Décides, and said so")
    assert order(draft) == ["always", "decides_and_said_so"]
    assert draft.edits.get().what == "Added “Décides, and said so”"


def test_keys_are_unique_and_outlive_a_rename(draft: Version, by: User) -> None:
    first, second = put(draft, by), put(draft, by)
    assert (first.key, second.key) == ("second", "second_2")
    assert put(draft, by, key="second", label="Renamed").key == "second"


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("200 employees or more", "200_employees_or_more"),
        ("見込み客", "criterion"),
        ("x" * 160, "x" * 60),
        ("Größe", "grosse"),
    ],
)
def test_a_key_is_made_of_what_can_be_read_in_a_file(label: str, key: str) -> None:
    assert make_key(label, [], otherwise="criterion") == key


def test_a_long_key_that_is_taken_keeps_its_length() -> None:
    assert make_key("x" * 160, ["x" * 60], otherwise="criterion") == "x" * 58 + "_2"


def test_an_activity_is_saved_with_its_limits_and_decay(draft: Version, by: User) -> None:
    decay = {"kind": "half_life", "days": 14}
    row = put(draft, by, condition=None, activity=VISITS, per="occurrence", cap=10, daily_cap=2, decay=decay)
    row.refresh_from_db()
    assert (row.condition, row.activity, row.per) == (None, VISITS, "occurrence")
    assert (row.cap, row.daily_cap, row.decay) == (10, 2, decay)


def test_a_condition_forgets_what_only_activities_have(draft: Version, by: User) -> None:
    row = put(draft, by, condition=None, activity=VISITS, per="occurrence", cap=10, decay={"kind": "none"})
    assert row.decay is None
    put(draft, by, key=row.key, per="occurrence", cap=10, daily_cap=3, decay={"kind": "window", "days": 1})
    row.refresh_from_db()
    assert (row.activity, row.per, row.cap, row.daily_cap, row.decay) == (None, "once", None, None, None)


def test_an_edit_says_what_it_changed(draft: Version, by: User) -> None:
    put(draft, by, key="always", label="Everybody", points=7)
    assert draft.edits.all()[0].what == "Points of “Everybody”"
    put(draft, by, key="always", label="All", points=8)
    assert draft.edits.all()[0].what == "Name and points of “All”"


def test_a_repeat_of_an_edit_is_none(draft: Version, by: User) -> None:
    for _ in range(2):
        put(draft, by, key="always", points=7)
    assert draft.edits.count() == 1


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"label": " "}, "label"),
        ({"label": "x" * 161}, "label"),
        ({"label": "nul\0"}, "label"),
        ({"dimension": "charm"}, "dimension"),
        ({"points": 101}, "points"),
        ({"points": -101}, "points"),
        ({"points": "7"}, "points"),
        ({"points": True}, "points"),
        ({"condition": None}, "condition"),
        ({"activity": VISITS}, "condition"),
        ({"condition": {"all": [{"field": "gone", "op": "is", "value": 1}]}}, "condition.all[0].field"),
        ({"condition": None, "activity": {"kind": "nap"}}, "activity.kind"),
        ({"condition": None, "activity": {"kind": []}}, "activity.kind"),
        ({"condition": None, "activity": VISITS, "per": "never"}, "per"),
        ({"condition": None, "activity": VISITS, "cap": 0}, "cap"),
        ({"condition": None, "activity": VISITS, "daily_cap": 100_000}, "daily_cap"),
        ({"condition": None, "activity": VISITS, "decay": {"kind": "rust"}}, "decay.kind"),
        ({"condition": None, "activity": VISITS, "decay": {"kind": "window", "days": 0}}, "decay.days"),
    ],
)
def test_a_value_that_can_not_be_is_named_at_its_place(
    draft: Version, by: User, values: dict[str, Any], where: str
) -> None:
    with pytest.raises(Invalid) as caught:
        put(draft, by, **values)
    assert where in [problem.where for problem in caught.value.problems]
    assert draft.criteria.count() == 1


def test_every_wrong_value_is_named_at_once(draft: Version, by: User) -> None:
    with pytest.raises(Invalid) as caught:
        put(draft, by, label="", points=500, dimension="")
    assert {problem.where for problem in caught.value.problems} == {"label", "points", "dimension"}


def test_a_list_can_be_put_into_any_order(draft: Version, by: User) -> None:
    for label in ("B", "C"):
        put(draft, by, label=label)
    move(draft, by, "c", before="always")
    assert order(draft) == ["c", "always", "b"]
    move(draft, by, "always", before=None)
    assert order(draft) == ["c", "b", "always"]
    assert draft.edits.all()[0].what == "Moved “Everybody” to another place"


def test_a_move_to_where_it_is_changes_nothing(draft: Version, by: User) -> None:
    put(draft, by, label="B")
    move(draft, by, "always", before="b")
    move(draft, by, "always", before="always")
    move(draft, by, "b", before=None)
    assert draft.edits.count() == 1
    assert order(draft) == ["always", "b"]


def test_a_criterion_moves_to_another_dimension(draft: Version, by: User) -> None:
    put(draft, by, label="F", dimension="fit")
    move(draft, by, "always", before="f", dimension="fit")
    assert (order(draft), order(draft, "fit")) == ([], ["always", "f"])
    assert draft.edits.all()[0].what == "Moved “Everybody” to Fit"


def test_an_edit_that_changes_the_dimension_puts_it_at_its_end(draft: Version, by: User) -> None:
    put(draft, by, label="F", dimension="fit")
    put(draft, by, key="always", dimension="fit")
    assert order(draft, "fit") == ["f", "always"]


def test_a_move_within_a_list_that_changed_is_refused(draft: Version, by: User) -> None:
    with pytest.raises(Conflict, match="Somebody changed this list"):
        move(draft, by, "always", before="gone")
    with pytest.raises(Invalid):
        move(draft, by, "always", before=None, dimension="charm")


def test_a_copy_stands_behind_with_a_key_of_its_own(draft: Version, by: User) -> None:
    put(draft, by, label="B")
    draft.criteria.filter(key="always").update(is_on=False)
    copy = criteria.copy_criterion(version_id=draft.pk, key="always", by=by, now=NOW)
    assert (copy.label, copy.is_on) == ("Everybody (copy)", False)
    assert order(draft) == ["always", "everybody_copy", "b"]
    first = draft.criteria.get(key="always")
    assert values_of(copy).condition == first.condition


def test_a_copy_of_the_longest_name_fits(draft: Version, by: User) -> None:
    put(draft, by, key="always", label="x" * 160)
    assert len(criteria.copy_criterion(version_id=draft.pk, key="always", by=by, now=NOW).label) == 160


def test_switched_off_and_on_again(draft: Version, by: User) -> None:
    for is_on in (False, False, True):
        criteria.switch_criterion(version_id=draft.pk, key="always", is_on=is_on, by=by, now=NOW)
    assert [step.what for step in draft.edits.all()] == [
        "Switched on “Everybody”",
        "Switched off “Everybody”",
    ]


def test_deleted_once_it_is_gone_for_the_second_click(draft: Version, by: User) -> None:
    seen = digest(draft.criteria.get())
    criteria.remove_criterion(version_id=draft.pk, key="always", seen=seen, by=by, now=NOW)
    with pytest.raises(PartGone):
        criteria.remove_criterion(version_id=draft.pk, key="always", seen=seen, by=by, now=NOW)
    with pytest.raises(PartGone):
        put(draft, by, key="always")


def test_points_typed_over_others_are_told(draft: Version, by: User) -> None:
    act = partial(criteria.set_points, version_id=draft.pk, key="always", seen=digest(20), by=by, now=NOW)
    act(points=12)
    act(points=12)
    with pytest.raises(StaleEdit, match="the points of “Everybody”"):
        act(points=13)
    assert draft.criteria.get().points == 12


def test_there_is_a_limit_to_criteria(draft: Version, by: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(criteria, "MOST", 1)
    with pytest.raises(Invalid, match="at most 1 criteria"):
        put(draft, by)
