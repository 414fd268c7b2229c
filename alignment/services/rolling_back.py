"""Back to an earlier version: as a new one that says the same, signed by both sides like any other."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.http import Http404

from alignment import notices
from alignment.access import may_draft, require_side
from alignment.checking import proposal_problems
from alignment.models import Definition, Version
from alignment.services.drafting import copy_content
from alignment.services.proposing import OPEN_FOR, put_to_both, reason_problems
from alignment.services.signing import write_signature
from core import audit
from core.errors import Conflict, Invalid, NotAllowed
from core.locking import locked
from users.models import User

EMERGENCY_OPEN_FOR = timedelta(days=3)


@transaction.atomic
def roll_back(
    *, version_id: int, reason: str, by: User, now: datetime, is_emergency: bool = False
) -> Version:
    """Propose that the content of an earlier version counts again; gives the new version.

    In an emergency a manager starts it, which is their signature; a manager of the other side confirms
    by signing, past open objections, and it counts at once. NotAllowed for those who don't draft, or
    don't sign in an emergency. Conflict if that version was never in force, is in force, or an
    emergency rollback is open. Invalid without a reason, or if it can't be read any more.
    """
    side = require_side(by) if is_emergency else None
    if not may_draft(by):
        raise NotAllowed("Marketing, sales managers and the mediator propose a rollback.")
    definition = locked(Definition.objects.filter(versions=version_id)).first()
    if definition is None:
        raise Http404("This version is gone.")
    earlier = definition.versions.get(pk=version_id)
    _refuse(definition, earlier, is_emergency)
    version = _copied(definition, earlier, by, now, is_emergency)
    problems = (*reason_problems(reason), *proposal_problems(version))
    if problems:
        raise Invalid(f"Version {earlier.number} can't come back like this.", problems=problems)
    put_to_both(version, reason, version.number, now)
    detail = {"number": version.number, "based_on": earlier.pk, "kind": version.kind}
    audit.record(actor=by, action="version.roll_back", target=version, detail=detail)
    if side is None:
        notices.tell_signers(version, by=by, now=now)
    else:
        write_signature(version, side, by, now)
        notices.tell_emergency(version, by=by, side=side, now=now)
    return version


def can_come_back(version: Version) -> bool:
    """Whether it was in force once and isn't any more."""
    return version.status == Version.Status.RETIRED


def _refuse(definition: Definition, earlier: Version, is_emergency: bool) -> None:
    if not can_come_back(earlier):
        status = earlier.get_status_display().lower()
        raise Conflict(f"Version {earlier.number} is {status}: only one that was in force can come back.")
    waiting = definition.versions.filter(kind=Version.Kind.EMERGENCY, status=Version.Status.PROPOSED).first()
    if is_emergency and waiting is not None:
        raise Conflict(
            f"An emergency rollback is under way: confirm version {waiting.number}, or withdraw it first."
        )


def _copied(definition: Definition, earlier: Version, by: User, now: datetime, is_emergency: bool) -> Version:
    number = 1 + int(definition.versions.aggregate(Max("number"))["number__max"])
    version = Version(
        definition=definition,
        number=number,
        kind=Version.Kind.EMERGENCY if is_emergency else Version.Kind.ROLLBACK,
        based_on=earlier,
        created_at=now,
        expires_at=now + (EMERGENCY_OPEN_FOR if is_emergency else OPEN_FOR),
    )
    copy_content(earlier, version)
    version.author = by  # only now, closed in this transaction: the author may have an open draft beside it
    return version
