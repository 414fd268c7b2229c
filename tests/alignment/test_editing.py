"""What all edits of a draft share: they merge, leave a step, and can be undone."""

import pytest
from django.http import Http404

from alignment.criteria import CriterionValues, values_of
from alignment.document import document_of
from alignment.models import Version
from alignment.services import editing
from alignment.services.editing import core, criteria
from alignment.services.locking import StaleEdit
from core.errors import Conflict
from core.models import AuditEntry
from tests.alignment.factories import ALWAYS, make_draft, make_version
from tests.alignment.moments import NOW
from tests.factories import UserFactory
from users.models import Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Version:
    return make_draft()


@pytest.fixture
def leila() -> User:
    return UserFactory(role=Role.MARKETER, name="Leila")


@pytest.fixture
def jonas() -> User:
    return UserFactory(role=Role.MARKETER, name="Jonas")


def worth(draft: Version, points: int, by: User, key: str = "always") -> None:
    criteria.set_points(version_id=draft.pk, key=key, points=points, seen=None, by=by, now=NOW)


def undone(draft: Version, by: User) -> str:
    draft.refresh_from_db()
    return editing.undo(version_id=draft.pk, revision=draft.revision, by=by, now=NOW).what


def test_an_edit_is_a_step_with_the_document_before_it(draft: Version, leila: User) -> None:
    before = document_of(draft)
    worth(draft, 12, leila)
    draft.refresh_from_db()
    step = draft.edits.get()
    assert (step.document, step.revision, step.by, step.at) == (before, 1, leila, NOW)
    assert step.what == "Points of “Everybody”: +20 → +12"
    assert draft.revision == 2
    assert AuditEntry.objects.get(action="version.edit").detail == {"what": step.what}


def test_an_edit_that_changes_nothing_leaves_no_trace(draft: Version, leila: User) -> None:
    worth(draft, 20, leila)
    draft.refresh_from_db()
    assert (draft.revision, draft.edits.count(), AuditEntry.objects.count()) == (1, 0, 0)


def test_what_is_no_draft_can_not_be_edited(leila: User) -> None:
    with pytest.raises(Conflict, match="is active and can't be changed any more"):
        worth(make_version(), 12, leila)


def test_a_draft_that_was_discarded_is_gone(draft: Version, leila: User) -> None:
    pk = draft.pk
    draft.delete()
    with pytest.raises(Http404), editing.editing(version_id=pk, by=leila, now=NOW):
        pass


def test_undo_goes_back_one_step_after_another_and_says_which(draft: Version, leila: User) -> None:
    documents = [document_of(draft)]
    for points in (12, 13):
        worth(draft, points, leila)
        documents.append(document_of(draft))
    assert undone(draft, leila) == "Points of “Everybody”: +12 → +13"
    assert document_of(draft) == documents[1]
    assert undone(draft, leila) == "Points of “Everybody”: +20 → +12"
    assert document_of(draft) == documents[0]
    with pytest.raises(Conflict, match="nothing to undo"):
        undone(draft, leila)
    assert AuditEntry.objects.filter(action="version.undo").count() == 2


def test_a_second_click_on_undo_takes_back_nothing_more(draft: Version, leila: User) -> None:
    worth(draft, 12, leila)
    worth(draft, 13, leila)
    editing.undo(version_id=draft.pk, revision=3, by=leila, now=NOW)
    with pytest.raises(Conflict, match="the last step is now “Points of “Everybody”: \\+20 → \\+12”"):
        editing.undo(version_id=draft.pk, revision=3, by=leila, now=NOW)
    assert draft.criteria.get().points == 12


def test_a_number_of_the_draft_never_comes_back(draft: Version, leila: User, jonas: User) -> None:
    """Else a page from before an undo could take back what somebody did after it."""
    worth(draft, 12, leila)
    undone(draft, leila)
    worth(draft, 13, jonas)
    with pytest.raises(Conflict):
        editing.undo(version_id=draft.pk, revision=2, by=leila, now=NOW)


def redone(draft: Version, by: User) -> str:
    draft.refresh_from_db()
    return editing.redo(version_id=draft.pk, revision=draft.revision, by=by, now=NOW).what


def test_redo_does_again_what_was_undone_one_step_after_another(draft: Version, leila: User) -> None:
    documents = [document_of(draft)]
    for points in (12, 13):
        worth(draft, points, leila)
        documents.append(document_of(draft))
    undone(draft, leila)
    undone(draft, leila)
    assert redone(draft, leila) == "Points of “Everybody”: +20 → +12"
    assert document_of(draft) == documents[1]
    assert redone(draft, leila) == "Points of “Everybody”: +12 → +13"
    assert document_of(draft) == documents[2]
    with pytest.raises(Conflict, match="nothing to do again"):
        redone(draft, leila)
    assert undone(draft, leila) == "Points of “Everybody”: +12 → +13"
    assert document_of(draft) == documents[1]
    assert AuditEntry.objects.filter(action="version.redo").count() == 2


def test_a_new_edit_clears_what_could_be_done_again(draft: Version, leila: User, jonas: User) -> None:
    worth(draft, 12, leila)
    undone(draft, leila)
    worth(draft, 14, jonas)
    with pytest.raises(Conflict, match="nothing to do again"):
        redone(draft, leila)
    assert draft.criteria.get().points == 14
    assert undone(draft, leila) == "Points of “Everybody”: +20 → +14"


def test_a_second_click_on_redo_does_nothing_more(draft: Version, leila: User) -> None:
    for points in (12, 13):
        worth(draft, points, leila)
    undone(draft, leila)
    undone(draft, leila)
    draft.refresh_from_db()
    editing.redo(version_id=draft.pk, revision=draft.revision, by=leila, now=NOW)
    with pytest.raises(Conflict, match="edited meanwhile"):
        editing.redo(version_id=draft.pk, revision=draft.revision, by=leila, now=NOW)
    assert draft.criteria.get().points == 12


def test_undo_brings_back_a_criterion_with_its_key(draft: Version, leila: User) -> None:
    criteria.remove_criterion(version_id=draft.pk, key="always", seen=None, by=leila, now=NOW)
    assert undone(draft, leila) == "Deleted “Everybody”"
    assert draft.criteria.get().key == "always"


def test_undo_brings_back_a_condition_whose_field_is_gone(draft: Version, leila: User) -> None:
    broken = {"field": "lead.shoe_size", "op": "eq", "value": 1}
    draft.criteria.update(condition=broken)
    worth(draft, 12, leila)
    undone(draft, leila)
    assert draft.criteria.get().condition == broken


def test_edits_of_different_parts_by_two_people_both_stand(draft: Version, leila: User, jonas: User) -> None:
    values = CriterionValues(label="Second", dimension="fit", points=5, condition=ALWAYS)
    criteria.put_criterion(version_id=draft.pk, key=None, values=values, seen=None, by=jonas, now=NOW)
    seen = {row.key: editing.digest(row) for row in draft.criteria.all()}
    for key, by in (("always", leila), ("second", jonas)):
        values = CriterionValues(label=f"By {by}", dimension="fit", points=1, condition=ALWAYS)
        criteria.put_criterion(version_id=draft.pk, key=key, values=values, seen=seen[key], by=by, now=NOW)
    assert {row.label for row in draft.criteria.all()} == {"By Leila", "By Jonas"}


def test_edits_of_the_same_part_are_told_apart_with_the_text_as_it_is_now(
    draft: Version, leila: User, jonas: User
) -> None:
    row = draft.criteria.get()
    seen, mine = editing.digest(row), values_of(row)
    worth(draft, 12, jonas)
    with pytest.raises(StaleEdit, match="Somebody changed “Everybody”") as caught:
        criteria.put_criterion(version_id=draft.pk, key="always", values=mine, seen=seen, by=leila, now=NOW)
    assert caught.value.part.points == 12
    seen = editing.digest(caught.value.part)
    criteria.put_criterion(version_id=draft.pk, key="always", values=mine, seen=seen, by=leila, now=NOW)
    assert draft.criteria.get().points == 20


def test_a_part_that_was_only_moved_or_switched_is_not_stale(
    draft: Version, leila: User, jonas: User
) -> None:
    row = draft.criteria.get()
    criteria.switch_criterion(version_id=draft.pk, key="always", is_on=False, by=jonas, now=NOW)
    values = CriterionValues(label="Now", dimension="need", points=1, condition=ALWAYS)
    seen = editing.digest(row)
    saved = criteria.put_criterion(
        version_id=draft.pk, key="always", values=values, seen=seen, by=leila, now=NOW
    )
    assert (saved.label, saved.is_on) == ("Now", False)


def test_only_so_many_steps_are_kept(draft: Version, leila: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, "KEPT", 3)
    for points in range(5):
        worth(draft, points, leila)
    assert [step.revision for step in draft.edits.all()] == [5, 4, 3]
