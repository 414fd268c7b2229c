# ruff: noqa: S608 - the tables and columns are named here
"""From proposed on the database itself refuses to change a version."""

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from alignment import services
from alignment.models import Comment, Reopening, Version
from tests.alignment.factories import make_draft
from tests.alignment.moments import NOW
from tests.factories import UserFactory
from users.models import Role

pytestmark = pytest.mark.django_db

TABLES = [
    "alignment_versiondimension",
    "alignment_criterion",
    "alignment_disqualifier",
    "alignment_reason",
    "alignment_slaterm",
]
LATER = [status for status in Version.Status.values if status != Version.Status.DRAFT]


def run(sql: str, *params: Any) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def refused(sql: str, *params: Any) -> None:
    with pytest.raises(DatabaseError, match="no draft"):
        run(sql, *params)


def moved(version: Version, status: str) -> Version:
    Version.objects.filter(pk=version.pk).update(status=status)
    return version


@pytest.mark.parametrize("table", TABLES)
def test_a_part_of_a_draft_changes_and_goes(table: str) -> None:
    draft = make_draft()
    assert run(f"UPDATE {table} SET version_id = version_id WHERE version_id = %s", draft.pk) >= 1
    assert run(f"DELETE FROM {table} WHERE version_id = %s", draft.pk) >= 1


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("status", LATER)
def test_a_part_of_a_later_version_stays_as_it_is(table: str, status: str) -> None:
    version = moved(make_draft(), status)
    refused(f"UPDATE {table} SET version_id = version_id WHERE version_id = %s", version.pk)
    refused(f"DELETE FROM {table} WHERE version_id = %s", version.pk)


@pytest.mark.parametrize("table", TABLES)
def test_no_part_moves_into_or_out_of_a_later_version(table: str) -> None:
    draft, other = make_draft(), moved(make_draft(), "proposed")
    sql = f"UPDATE {table} SET version_id = %s WHERE version_id = %s"
    refused(sql, other.pk, draft.pk)
    refused(sql, draft.pk, other.pk)


@pytest.mark.parametrize(("table", "column"), [("disqualifier", "label"), ("reason", "label")])
def test_no_part_is_added_to_a_later_version(table: str, column: str) -> None:
    draft, other = make_draft(), moved(make_draft(), "active")
    extra = (
        (", condition", ", '{}'")
        if table == "disqualifier"
        else (
            ", dimension, criterion_key, suggestion, needs_text",
            ", '', '', '', false",
        )
    )
    sql = (
        f"INSERT INTO alignment_{table} (version_id, key, position, {column}{extra[0]}) "
        f"VALUES (%s, 'new', 9, 'New'{extra[1]})"
    )
    assert run(sql, draft.pk) == 1
    refused(sql, other.pk)


@pytest.mark.parametrize(
    "change",
    [
        "floor_a = 99",
        "floor_c = 1",
        "scope = '{\"any\": []}'",
        "gate_must_have = '{\"any\": []}'",
        "gate_grade = 'A'",
        "gate_bant_count = 0",
        "gate_bant_level = 2",
        "kind = 'rollback'",
        "matrix = '{}'",
        "number = 99",
        "position = 99",
        "reason = 'Another one'",
        "activate_at = '2027-01-01 00:00:00'",
        "expires_at = '2027-01-01 00:00:00'",
        "status = 'draft'",
    ],
)
def test_what_a_version_says_changes_in_a_draft_only(change: str) -> None:
    sql = f"UPDATE alignment_version SET {change} WHERE id = %s"
    assert run(sql, make_draft().pk) == 1
    refused(sql, moved(make_draft(), "proposed").pk)


@pytest.mark.parametrize("status", LATER)
def test_only_a_draft_can_be_deleted(status: str) -> None:
    draft, later = make_draft(), moved(make_draft(), status)
    with pytest.raises(DatabaseError), transaction.atomic():
        later.delete()
    draft.delete()
    assert list(Version.objects.all()) == [later]


def test_a_signature_stays_as_it_was_given() -> None:
    version = moved(make_draft(), "proposed")
    services.sign(version_id=version.pk, by=UserFactory(role=Role.SALES_MANAGER), now=NOW)
    refused("UPDATE alignment_signature SET side = 'marketing' WHERE version_id = %s", version.pk)
    refused("DELETE FROM alignment_signature WHERE version_id = %s", version.pk)


def test_the_triggers_can_be_taken_off_and_put_back() -> None:
    migration = import_module("alignment.migrations.0002_versions_are_frozen")
    version = moved(make_draft(), "proposed")
    with connection.cursor() as cursor:
        # A real schema editor refuses to start inside a test's transaction on SQLite.
        editor = SimpleNamespace(connection=connection, execute=cursor.execute)
        migration.VERSIONS.drop(None, editor)
        assert run("UPDATE alignment_version SET floor_a = 98 WHERE id = %s", version.pk) == 1
        migration.VERSIONS.create(None, editor)
    refused("UPDATE alignment_version SET floor_a = 97 WHERE id = %s", version.pk)


def test_a_version_still_moves_on_and_loses_an_author_who_left() -> None:
    version = moved(make_draft(), "proposed")
    assert (
        run("UPDATE alignment_version SET status = 'signed', author_id = NULL WHERE id = %s", version.pk) == 1
    )


# What was said


def said(version: Version, **columns: Any) -> int:
    by = UserFactory(role=Role.MARKETER)
    return int(Comment.objects.create(version=version, by=by, text="Hm.", **columns).pk)


@pytest.mark.parametrize(
    "change", ["text = 'Never said'", "criterion_key = 'other'", "is_objection = false", "by_id = by_id + 1"]
)
def test_a_comment_keeps_its_words(change: str) -> None:
    comment = said(moved(make_draft(), "proposed"), is_objection=True)
    with pytest.raises(DatabaseError, match="What was said stays"):
        run(f"UPDATE alignment_comment SET {change} WHERE id = %s", comment)


def test_a_comment_is_resolved_once() -> None:
    version = moved(make_draft(), "proposed")
    comment = said(version, is_objection=True)
    by = UserFactory(role=Role.MEDIATOR)
    sql = "UPDATE alignment_comment SET resolution = %s, resolved_by_id = %s, resolved_at = %s WHERE id = %s"
    assert run(sql, "overruled", by.pk, NOW, comment) == 1
    with pytest.raises(DatabaseError, match="resolved once"):
        run(sql, "resolved", by.pk, NOW, comment)


OPEN_AGAIN = (
    "UPDATE alignment_comment SET resolution = '', resolved_by_id = NULL, resolved_at = NULL WHERE id = %s"
)


def settled(version: Version) -> Comment:
    by = UserFactory(role=Role.MARKETER)
    return Comment.objects.create(
        version=version, by=by, text="Hm.", resolution="resolved", resolved_by=by, resolved_at=NOW
    )


def kept(comment: Comment, **other: Any) -> Reopening:
    columns = {"was": "resolved", "was_by": comment.by, "was_at": NOW} | other
    return Reopening.objects.create(comment=comment, by=comment.by, at=NOW, **columns)


@pytest.mark.parametrize("other", [None, {"was": "overruled"}, {"was_at": NOW - timedelta(hours=1)}])
def test_a_comment_is_not_opened_again_without_a_record_of_how_it_was_settled(
    other: dict[str, Any] | None,
) -> None:
    comment = settled(moved(make_draft(), "proposed"))
    if other is not None:
        kept(comment, **other)
    with pytest.raises(DatabaseError, match="What was said stays"):
        run(OPEN_AGAIN, comment.pk)


def test_a_comment_is_opened_again_with_one_and_the_record_stays() -> None:
    comment = settled(moved(make_draft(), "proposed"))
    row = kept(comment)
    assert run(OPEN_AGAIN, comment.pk) == 1
    for sql in (
        "UPDATE alignment_reopening SET text = 'Never' WHERE id = %s",
        "DELETE FROM alignment_reopening WHERE id = %s",
    ):
        with pytest.raises(DatabaseError, match="stays on record"):
            run(sql, row.pk)


def test_the_record_goes_with_a_draft() -> None:
    draft = make_draft()
    kept(settled(draft))
    draft.delete()
    assert not Reopening.objects.exists()


def test_a_comment_goes_with_a_draft_alone() -> None:
    draft, version = make_draft(), moved(make_draft(), "declined")
    said(draft)
    comment = said(version)
    with pytest.raises(DatabaseError, match="What was said stays"):
        run("DELETE FROM alignment_comment WHERE id = %s", comment)
    draft.delete()
    assert list(Comment.objects.values_list("pk", flat=True)) == [comment]


@pytest.mark.parametrize(("status", "takes"), [("proposed", True), ("active", True), ("signed", False)])
def test_a_name_goes_only_under_what_is_open(status: str, takes: bool) -> None:
    version, by = moved(make_draft(), status), UserFactory(role=Role.SALES_MANAGER)
    sql = "INSERT INTO alignment_signature (version_id, side, by_id, at) VALUES (%s, 'sales', %s, %s)"
    if takes:
        assert run(sql, version.pk, by.pk, NOW) == 1
    else:
        with pytest.raises(DatabaseError, match="takes names only"):
            run(sql, version.pk, by.pk, NOW)
