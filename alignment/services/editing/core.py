"""What all edits of a draft share: lock, merge, remember, undo, redo."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.forms.models import model_to_dict

from alignment.document import document_of, read_document
from alignment.models import DraftEdit, Version
from alignment.services.documents import write_document
from alignment.services.locking import StaleEdit, take_draft
from core import audit
from core.errors import Conflict
from users.models import User

KEPT = 200  # steps that can be undone; older ones are forgotten
LONGEST = 200
APART = ("id", "version", "position", "is_on")  # a part moved or switched meanwhile is still the same text


class PartGone(Conflict):
    """It was deleted meanwhile; what was typed can still be saved as a new one."""

    code = "gone"


@dataclass(slots=True)
class Edit:
    """One edit under way: the locked ``draft`` and ``what`` is done to it, in words.

    Columns set on ``draft`` are saved when the edit ends; other rows are saved by the service itself.
    """

    draft: Version
    what: str = ""


@contextmanager
def editing(*, version_id: int, by: User, now: datetime, what: str = "") -> Iterator[Edit]:
    """Edit the draft in one transaction; ``what`` may still be set inside.

    At the end: the draft's columns are saved, its revision rises, and the step is kept for undo and
    written to the audit log. An edit that changes nothing leaves no trace, so a repeat is none. Http404
    if the draft is gone, Conflict if it is no draft any more. Two editors wait for each other here and
    both edits stand; ``check_seen`` tells those apart that touch the same part.
    """
    with transaction.atomic():
        draft = take_draft(version_id)
        before = document_of(draft)
        edit = Edit(draft, what)
        yield edit
        if document_of(draft) != before:
            _keep(edit, before, by, now)


def digest(part: object) -> str:
    """The fingerprint of a part as it is shown: of a row (without its place and switch) or of JSON data."""
    data = model_to_dict(part, exclude=APART) if isinstance(part, models.Model) else part
    text = json.dumps(data, sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def check_seen(part: object, seen: str | None, *, name: str) -> None:
    """StaleEdit with ``part`` as it is now unless it still has the digest ``seen``; None: don't ask."""
    if seen is not None and seen != digest(part):
        raise StaleEdit(f"Somebody changed {name} after you opened it. Compare, then save again.", part)


def undo(*, version_id: int, revision: int, by: User, now: datetime) -> DraftEdit:
    """Take back the youngest edit of a draft; the step taken back, whose ``what`` tells it.

    ``revision`` is the draft's as it was shown: Conflict if it was edited or undone since (so a
    repeat takes back nothing more), and if there is nothing to undo. ``redo`` brings it back until the
    draft is edited otherwise.
    """
    with transaction.atomic():
        draft = take_draft(version_id)
        step = draft.edits.filter(is_undone=False).select_related("by").first()
        if step is None:
            raise Conflict("There is nothing to undo.")
        if draft.revision != revision:
            raise Conflict(
                f"This draft was edited meanwhile; the last step is now “{step.what}”. Look again."
            )
        _turn(step, draft, is_undone=True)
        audit.record(actor=by, action="version.undo", target=draft, detail={"what": step.what})
    return step


def redo(*, version_id: int, revision: int, by: User, now: datetime) -> DraftEdit:
    """Do again the edit that was undone last; the step, as ``undo`` returns it.

    Conflict if the draft is no longer as it was shown, or nothing was undone since the last edit.
    """
    with transaction.atomic():
        draft = take_draft(version_id)
        step = draft.edits.filter(is_undone=True).select_related("by").last()
        if step is None:
            raise Conflict("There is nothing to do again: the draft was edited since, or nothing was undone.")
        if draft.revision != revision:
            raise Conflict("This draft was edited meanwhile. Look again.")
        _turn(step, draft, is_undone=False)
        audit.record(actor=by, action="version.redo", target=draft, detail={"what": step.what})
    return step


def _turn(step: DraftEdit, draft: Version, *, is_undone: bool) -> None:
    """Write the step's document and keep in it what the draft said until now."""
    until_now = document_of(draft)
    # A stored step is believed: the field of a condition may be gone since.
    write_document(draft, read_document(step.document, checks_conditions=False))
    _raise_revision(draft)
    step.document, step.is_undone = until_now, is_undone
    step.save(update_fields=["document", "is_undone"])


def _keep(edit: Edit, before: dict[str, object], by: User, now: datetime) -> None:
    draft, what = edit.draft, edit.what[:LONGEST]
    draft.edits.filter(is_undone=True).delete()  # the draft goes another way now
    DraftEdit.objects.create(
        version=draft, revision=draft.revision, document=before, what=what, by=by, at=now
    )
    forgotten = list(draft.edits.values_list("pk", flat=True)[KEPT : KEPT + 50])
    draft.edits.filter(pk__in=forgotten).delete()
    _raise_revision(draft)
    audit.record(actor=by, action="version.edit", target=draft, detail={"what": what})


def _raise_revision(draft: Version) -> None:
    draft.revision += 1  # also by an undo: a number that comes back would hide what happened between
    draft.save()
