"""A draft is put to both sides, and what becomes of it short of signing."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from alignment.access import may_withdraw, require_side
from alignment.checking import proposal_problems
from alignment.models import Comment, Version
from alignment.notices import tell_author, tell_signers
from alignment.services.locking import take, take_draft, take_proposed
from core import audit
from core.errors import Invalid, NotAllowed, Problem
from users.models import User

LONGEST_COMMENT = 1000


@transaction.atomic
def propose(
    *,
    version_id: int,
    revision: int,
    reason: str,
    by: User,
    now: datetime,
    activate_at: datetime | None = None,
) -> Version:
    """Put the draft to both sides with a ``reason``; from here on it can't be changed.

    Settles its number. Invalid names everything that must be put right first; Conflict if the draft
    was saved after ``revision``. ``activate_at`` None brings it into force as soon as it is signed.
    """
    draft = take_draft(version_id, revision)
    draft.reason = reason.strip()
    problems = proposal_problems(draft)
    if not draft.reason:
        problems = (Problem("Say why both teams should want this version.", "reason"), *problems)
    if problems:
        raise Invalid("This draft can't be proposed yet.", problems=problems)
    draft.number = _settled_number(draft)
    draft.activate_at, draft.proposed_at = activate_at, now
    draft.status = Version.Status.PROPOSED
    draft.save()
    audit.record(actor=by, action="version.propose", target=draft, detail={"number": draft.number})
    tell_signers(draft, by=by, now=now)
    return draft


def _settled_number(draft: Version) -> int:
    """Its own, unless another version with a higher one was proposed before it."""
    others = draft.definition.versions.exclude(pk=draft.pk)
    proposed = others.exclude(status=Version.Status.DRAFT).aggregate(Max("number"))["number__max"] or 0
    if draft.number > proposed:
        return draft.number
    return 1 + int(others.aggregate(Max("number"))["number__max"])


@transaction.atomic
def withdraw(*, version_id: int, by: User, now: datetime) -> Version:
    """Take a proposal back: its author or a manager. Conflict if it is no open proposal."""
    version = take_proposed(version_id)
    if not may_withdraw(by, version):
        raise NotAllowed("Its author or a manager can withdraw a proposal.")
    return _close(version, Version.Status.WITHDRAWN, "version.withdraw", by)


@transaction.atomic
def ask_for_changes(*, version_id: int, text: str, by: User, now: datetime) -> Version:
    """Decline a proposal and say what should be different; a new draft copied from it takes that up.

    NotAllowed for whoever signs for no side; Invalid without a text.
    """
    require_side(by)
    version = take_proposed(version_id)
    said = _say(version, text, by, now, asks_for_changes=True)
    tell_author(version, said, now=now)
    return _close(version, Version.Status.DECLINED, "version.decline", by)


@transaction.atomic
def comment(*, version_id: int, text: str, by: User, now: datetime) -> Comment:
    """Say something of a version, whatever its state. A repeat says it twice."""
    version = take(version_id)
    said = _say(version, text, by, now, asks_for_changes=False)
    audit.record(actor=by, action="version.comment", target=version)
    return said


def _say(version: Version, text: str, by: User, now: datetime, *, asks_for_changes: bool) -> Comment:
    text = text.replace("\0", "").strip()
    if not text or len(text) > LONGEST_COMMENT:
        raise _invalid_text(asks_for_changes, len(text))
    return Comment.objects.create(
        version=version, by=by, at=now, text=text, asks_for_changes=asks_for_changes
    )


def _invalid_text(asks_for_changes: bool, length: int) -> Invalid:
    what = "what should be different" if asks_for_changes else "something"
    message = (
        f"Say {what}." if not length else f"At most {LONGEST_COMMENT:,} characters; this has {length:,}."
    )
    return Invalid(message, problems=(Problem(message, "text"),))


def _close(version: Version, status: Version.Status, action: str, by: User) -> Version:
    version.status = status
    version.save(update_fields=["status"])
    audit.record(actor=by, action=action, target=version)
    return version
