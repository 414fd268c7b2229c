"""Drafts: copied from a version, edited by anybody who drafts, discarded."""

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Max

from alignment.models import Definition, Version
from alignment.services.locking import take_draft
from core import audit
from core.errors import Conflict
from core.locking import locked
from users.models import User

PARTS = ("dimensions", "criteria", "disqualifiers", "reasons", "terms", "commitments")
COPIED = (
    "scope",
    "position",
    "floor_a",
    "floor_b",
    "floor_c",
    "matrix",
    "gate_grade",
    "gate_bant_count",
    "gate_bant_level",
    "gate_must_have",
)


@transaction.atomic
def copy_to_draft(*, version: Version, by: User, now: datetime) -> Version:
    """A new draft that says what ``version`` says, with the next number.

    Each person has one open draft of a definition: a repeat returns it, and Conflict tells if it was
    begun from another version.
    """
    if version.is_editable:
        raise Conflict("This is a draft: edit it, or propose it first.")
    # The definition's lock settles the number and the one draft a person.
    definition = locked(Definition.objects.filter(pk=version.definition_id)).get()
    mine = definition.versions.filter(author=by, status=Version.Status.DRAFT).first()
    if mine is not None and mine.based_on_id != version.pk:
        raise Conflict(f"You have an open draft, version {mine.number}. Propose or discard it first.")
    if mine is not None:
        return mine
    number = 1 + int(definition.versions.aggregate(Max("number"))["number__max"])
    draft = Version(definition=definition, number=number, based_on=version, author=by, created_at=now)
    copy_content(version, draft)
    audit.record(actor=by, action="version.draft", target=draft, detail={"based_on": version.pk})
    return draft


def copy_content(version: Version, draft: Version) -> None:
    """Save ``draft``, which has no parts yet, with all that ``version`` says."""
    for name in COPIED:
        setattr(draft, name, getattr(version, name))
    draft.save()
    for part in PARTS:
        _copy_rows(getattr(version, part).all(), draft)


def _copy_rows(rows: models.QuerySet[Any], draft: Version) -> None:
    copies = list(rows)
    for row in copies:
        row.pk, row.version = None, draft
    rows.model.objects.bulk_create(copies)


@transaction.atomic
def discard_draft(*, version_id: int, revision: int, by: User, now: datetime) -> None:
    """Delete a draft for good, and its definition if that has no other version.

    Conflict if it was saved after ``revision`` or is no draft any more.
    """
    draft = take_draft(version_id, revision)
    definition = draft.definition
    audit.record(actor=by, action="version.discard", target=draft, detail={"number": draft.number})
    draft.delete()
    if not definition.versions.exists():
        definition.delete()
