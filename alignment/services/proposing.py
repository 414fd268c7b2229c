"""A draft is put to both sides, and what becomes of it short of signing."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from alignment.access import may_withdraw, require_side
from alignment.checking import proposal_problems
from alignment.models import Definition, Version
from alignment.notices import tell_called_off, tell_declined, tell_signers, tell_withdrawn
from alignment.services.discussing import write_comment
from alignment.services.locking import refuse_not_open, take, take_draft, take_open, tell
from core import audit
from core.errors import Invalid, NotAllowed, Problem
from core.locking import locked
from users.models import User

OPEN_FOR = timedelta(days=30)
FURTHEST = timedelta(days=366)
SHORTEST = timedelta(hours=1)
LONGEST_REASON = 2000


@transaction.atomic
def propose(
    *,
    version_id: int,
    revision: int,
    reason: str,
    by: User,
    now: datetime,
    activate_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> Version:
    """Put the draft to both sides with a ``reason``; from here on it can't be changed.

    Settles its number. ``activate_at`` None brings it into force as soon as it is signed, and so does a
    moment that has passed by then. It expires without both names at ``expires_at``, 30 days from now
    unless given. Both are part of what is signed. Invalid names everything that must be put right
    first; Conflict if the draft was saved after ``revision``.
    """
    draft = take_draft(version_id, revision)
    draft.activate_at, draft.expires_at = activate_at, expires_at or now + OPEN_FOR
    problems = (*reason_problems(reason), *_date_problems(draft, now), *proposal_problems(draft))
    if problems:
        raise Invalid("This draft can't be proposed yet.", problems=problems)
    draft.edits.all().delete()  # nothing of it can be undone any more
    put_to_both(draft, reason, _settled_number(draft), now)
    audit.record(actor=by, action="version.propose", target=draft, detail={"number": draft.number})
    tell_signers(draft, by=by, now=now)
    return draft


def put_to_both(draft: Version, reason: str, number: int, now: datetime) -> None:
    """Close a draft that may be proposed: from here on the database keeps it as it is."""
    draft.reason, draft.number = _clean(reason), number
    draft.status, draft.proposed_at = Version.Status.PROPOSED, now
    draft.save()


def reason_problems(reason: str) -> Iterator[Problem]:
    """What is wrong with the reason of a proposal."""
    length = len(_clean(reason))
    if not length:
        yield Problem("Say why both teams should want this version.", "reason")
    elif length > LONGEST_REASON:
        yield Problem(f"At most {LONGEST_REASON:,} characters; this has {length:,}.", "reason")


def _date_problems(draft: Version, now: datetime) -> Iterator[Problem]:
    """A moment must be still to come, and no further away than a year."""
    begins, ends = draft.activate_at, draft.expires_at
    if begins is not None and begins < now:
        yield Problem("This moment is past: leave it empty to begin once both have signed.", "activate_at")
    if ends is not None and ends < now + SHORTEST:
        yield Problem("It would expire before anybody has read it: give a later day.", "expires_at")
    for name, moment in (("activate_at", begins), ("expires_at", ends)):
        if moment is not None and moment > now + FURTHEST:
            yield Problem("This is more than a year away: propose it later.", name)


def _clean(text: str) -> str:
    return text.replace("\0", "").strip()


def _settled_number(draft: Version) -> int:
    """Its own, unless another version with a higher one was proposed before it."""
    locked(Definition.objects.filter(pk=draft.definition_id)).get()  # two proposals get two numbers
    others = draft.definition.versions.exclude(pk=draft.pk)
    proposed = others.exclude(status=Version.Status.DRAFT).aggregate(Max("number"))["number__max"] or 0
    if draft.number > proposed:
        return draft.number
    return 1 + int(others.aggregate(Max("number"))["number__max"])


@transaction.atomic
def withdraw(*, version_id: int, by: User, now: datetime) -> Version:
    """Take back a proposal (its author or a manager), or what is signed and not yet in force (a manager).

    The names stay under it, and author and both sides are told. Conflict if it is neither.
    """
    version = take(version_id)
    if version.status == Version.Status.SIGNED:
        return _call_off(version, by, now)
    refuse_not_open(version, now)
    if not may_withdraw(by, version):
        raise NotAllowed("Its author or a manager can withdraw a proposal.")
    tell_withdrawn(version, by=by, now=now)
    return _close(version, Version.Status.WITHDRAWN, "version.withdraw", by)


def _call_off(version: Version, by: User, now: datetime) -> Version:
    if not may_withdraw(by, version):
        raise NotAllowed("Both sides have signed it: a marketing or sales manager can withdraw it.")
    tell_called_off(version, by=by, now=now)
    tell()  # what waited behind it may come into force
    return _close(version, Version.Status.WITHDRAWN, "version.call_off", by)


@transaction.atomic
def ask_for_changes(*, version_id: int, text: str, by: User, now: datetime) -> Version:
    """Decline a proposal and say what should be different; a new draft copied from it takes that up.

    Author and managers are told. NotAllowed for whoever signs for no side; Invalid without a text.
    """
    require_side(by)
    version = take_open(version_id, now)
    said = write_comment(version, text, by, now, asks_for_changes=True)
    tell_declined(version, said, now=now)
    return _close(version, Version.Status.DECLINED, "version.decline", by)


def _close(version: Version, status: Version.Status, action: str, by: User) -> Version:
    version.status = status
    version.save(update_fields=["status"])
    audit.record(actor=by, action=action, target=version)
    return version
