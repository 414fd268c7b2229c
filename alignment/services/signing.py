"""Two people put their names to a version."""

from datetime import datetime

from django.db import transaction

from alignment import notices
from alignment.access import require_side
from alignment.models import Side, Signature, Version
from alignment.querysets import open_objections
from alignment.services.locking import refuse_late, take, tell
from core import audit
from core.errors import Conflict
from users.models import User


@transaction.atomic
def sign(*, version_id: int, by: User, now: datetime) -> Version:
    """Sign for the side of ``by``; the second side's name makes the version signed.

    A proposal is then activated by scoring when its time has come; version 1 of a template, which is
    in force already, is no longer unsigned. NotAllowed for whoever signs for no side; Conflict if
    it isn't open for names or an objection is, the side has signed, or ``by`` signed for the other
    side before. An emergency rollback takes names past objections.
    """
    side = require_side(by)
    version = take(version_id)
    refuse_late(version, now)
    if not version.is_signable:
        raise Conflict(f"Version {version.number} is {_state(version)}: it takes no signatures.")
    _refuse_objections(version)
    signatures = list(version.signatures.select_related("by"))
    for signature in signatures:
        if signature.side == side:
            who = "You have" if signature.by_id == by.pk else f"{signature.by} has"
            raise Conflict(f"{who} signed for {side.label.lower()} already.")
        if signature.by_id == by.pk:
            raise Conflict(f"You signed for {signature.get_side_display().lower()}: nobody signs for both.")
    write_signature(version, side, by, now)
    if signatures:
        _complete(version, by, now)
    return version


def write_signature(version: Version, side: Side, by: User, now: datetime) -> None:
    """Put a name under a locked version that takes it."""
    Signature.objects.create(version=version, side=side, by=by, at=now)
    audit.record(actor=by, action="version.sign", target=version, detail={"side": side.value})


def _refuse_objections(version: Version) -> None:
    if version.kind == Version.Kind.EMERGENCY:
        return
    names = list(dict.fromkeys(str(each.by) for each in open_objections(version)))
    if names:
        who = " and ".join(names) + (" objects" if len(names) == 1 else " object")
        raise Conflict(
            f"{who} to version {version.number}: the objection has to be settled first, "
            "or overruled by the mediator."
        )


def _complete(version: Version, by: User, now: datetime) -> None:
    version.signed_at = now
    if version.status == Version.Status.PROPOSED:
        version.status = Version.Status.SIGNED
    version.save(update_fields=["status", "signed_at"])
    if version.kind == Version.Kind.EMERGENCY:
        notices.tell_rolled_back(version, now=now)
    elif not version.is_in_force:
        notices.tell_signed(version, by=by, now=now)
    tell()


def _state(version: Version) -> str:
    if version.is_in_force:
        return "signed and active"
    return version.get_status_display().lower()
