"""Drafts: copied from a version, edited by anybody who drafts, discarded."""

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Max

from alignment.changes import DraftChanges
from alignment.checking import change_problems
from alignment.models import Definition, Version
from alignment.services.locking import take_draft
from core import audit
from core.errors import Conflict, Invalid
from core.locking import locked
from users.models import User

PARTS = ("dimensions", "criteria", "disqualifiers", "reasons", "terms")
COPIED = (
    "scope",
    "position",
    "floor_a",
    "floor_b",
    "floor_c",
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
    for name in COPIED:
        setattr(draft, name, getattr(version, name))
    draft.save()
    for part in PARTS:
        _copy_rows(getattr(version, part).all(), draft)
    audit.record(actor=by, action="version.draft", target=draft, detail={"based_on": version.pk})
    return draft


def _copy_rows(rows: models.QuerySet[Any], draft: Version) -> None:
    copies = list(rows)
    for row in copies:
        row.pk, row.version = None, draft
    rows.model.objects.bulk_create(copies)


@transaction.atomic
def edit_draft(*, version_id: int, revision: int, changes: DraftChanges, by: User, now: datetime) -> Version:
    """Change a draft; all or nothing. ``now`` is not stored: the audit log has the moment.

    Invalid names each value that can't be; StaleEdit (a Conflict) if it was saved after ``revision``,
    Conflict if it is no draft any more. A repeat with the new revision changes nothing.
    """
    draft = take_draft(version_id, revision)
    problems = change_problems(draft, changes)
    if problems:
        raise Invalid("Some values can't be saved.", problems=problems)
    changed = _apply(draft, changes)
    if changed:
        draft.revision += 1
        draft.save()
        audit.record(actor=by, action="version.edit", target=draft, detail={"changed": changed})
    return draft


def _apply(draft: Version, changes: DraftChanges) -> dict[str, Any]:
    """Write what differs; returns {place: [before, after]}."""
    changed = _set(draft, changes.version, "")
    for row in draft.dimensions.all():
        if row.dimension in changes.cap:
            changed |= _save(row, {"cap": changes.cap[row.dimension]}, f"_{row.dimension}")
    by_column = {"points": changes.points, "label": changes.label, "is_on": changes.is_on}
    for criterion in draft.criteria.all():
        values = {name: given[criterion.key] for name, given in by_column.items() if criterion.key in given}
        changed |= _save(criterion, values, f"_{criterion.key}")
    return changed


def _save(row: models.Model, values: dict[str, Any], suffix: str) -> dict[str, Any]:
    changed = _set(row, values, suffix)
    if changed:
        row.save(update_fields=list(values))
    return changed


def _set(row: models.Model, values: dict[str, Any], suffix: str) -> dict[str, Any]:
    changed = {}
    for name, value in values.items():
        before = getattr(row, name)
        if before != value:
            setattr(row, name, value)
            changed[f"{name}{suffix}"] = [before, value]
    return changed


@transaction.atomic
def discard_draft(*, version_id: int, revision: int, by: User, now: datetime) -> None:
    """Delete a draft for good; Conflict if it was saved after ``revision`` or is no draft any more."""
    draft = take_draft(version_id, revision)
    audit.record(actor=by, action="version.discard", target=draft, detail={"number": draft.number})
    draft.delete()
