"""Two people act at the same moment, over two real connections."""

from functools import partial

import pytest

from alignment import services
from alignment.criteria import CriterionValues
from alignment.models import Signature, Version
from alignment.services.editing import criteria, undo
from core.errors import Conflict
from tests.alignment.factories import ALWAYS, make_draft, make_version
from tests.alignment.moments import NOW
from tests.alignment.racing import at_once
from tests.factories import UserFactory
from users.models import Role

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _rows_can_be_locked(on_postgres: bool) -> None:
    if not on_postgres:
        pytest.skip("SQLite holds the whole database for one writer at a time: there is no race to show.")


def test_both_sides_sign_at_once_and_the_version_is_signed() -> None:
    version = make_version(Version.Status.PROPOSED)
    managers = [UserFactory(role=role) for role in (Role.MARKETING_MANAGER, Role.SALES_MANAGER)]
    errors = at_once(*(lambda by=by: services.sign(version_id=version.pk, by=by, now=NOW) for by in managers))
    assert errors == [None, None]
    version.refresh_from_db()
    assert version.status == Version.Status.SIGNED


def test_two_managers_of_one_side_sign_at_once_and_one_name_stands() -> None:
    version = make_version(Version.Status.PROPOSED)
    managers = UserFactory.batch(2, role=Role.SALES_MANAGER)
    errors = at_once(*(lambda by=by: services.sign(version_id=version.pk, by=by, now=NOW) for by in managers))
    assert [type(error) for error in errors if error] == [Conflict]
    assert Signature.objects.count() == 1


def test_a_draft_edited_while_it_is_proposed_ends_as_one_of_both() -> None:
    by = UserFactory(role=Role.MARKETER)
    draft = make_draft(author=by)
    edit = partial(criteria.set_points, version_id=draft.pk, key="always", points=1, seen=None)
    errors = at_once(
        lambda: edit(by=by, now=NOW),
        lambda: services.propose(version_id=draft.pk, revision=1, reason="Now.", by=by, now=NOW),
    )
    assert [isinstance(error, Conflict) for error in errors if error] == [True]
    draft.refresh_from_db()
    edited = draft.criteria.get().points == 1
    assert (draft.status == Version.Status.DRAFT) == edited


def test_two_clicks_on_draft_a_change_make_one_draft() -> None:
    by, active = UserFactory(role=Role.MARKETER), make_version()
    copy = lambda: services.copy_to_draft(version=active, by=by, now=NOW)  # noqa: E731 - said twice
    assert at_once(copy, copy) == [None, None]
    assert Version.objects.filter(status=Version.Status.DRAFT).count() == 1


def test_two_activations_run_one_after_the_other() -> None:
    active = make_version()
    signed = [make_version(Version.Status.SIGNED, definition=active.definition) for _ in range(2)]
    errors = at_once(
        *(lambda version=version: services.mark_active(version=version, now=NOW) for version in signed)
    )
    assert errors == [None, None]  # one after the other: the later one stays
    assert Version.objects.filter(status=Version.Status.ACTIVE).count() == 1
    assert Version.objects.filter(status=Version.Status.RETIRED).count() == 2


def test_two_people_edit_one_draft_at_once_and_both_edits_stand() -> None:
    draft = make_draft(author=UserFactory(role=Role.MARKETER))
    first, second = UserFactory.batch(2, role=Role.MARKETER)
    put = partial(criteria.put_criterion, version_id=draft.pk, key=None, seen=None, now=NOW)
    values = CriterionValues(label="New", dimension="fit", points=1, condition=ALWAYS)
    assert at_once(*(partial(put, values=values, by=by) for by in (first, second))) == [None, None]
    assert {row.key for row in draft.criteria.all()} == {"always", "new", "new_2"}
    draft.refresh_from_db()
    assert (draft.revision, draft.edits.count()) == (3, 2)


def test_two_clicks_on_undo_take_back_one_step() -> None:
    by = UserFactory(role=Role.MARKETER)
    draft = make_draft(author=by)
    for points in (1, 2):
        criteria.set_points(version_id=draft.pk, key="always", points=points, seen=None, by=by, now=NOW)
    click = partial(undo, version_id=draft.pk, revision=3, by=by, now=NOW)
    assert [type(error) for error in at_once(click, click) if error] == [Conflict]
    assert draft.criteria.get().points == 1
