"""Two people put their names to a version."""

from datetime import datetime

from django.db import transaction

from alignment.access import require_side
from alignment.models import Signature, Version
from alignment.services.locking import take, tell
from core import audit
from core.errors import Conflict
from users.models import User


@transaction.atomic
def sign(*, version_id: int, by: User, now: datetime) -> Version:
    """Sign for the side of ``by``; the second side's name makes the version signed.

    A proposal is then activated by scoring when its time has come; version 1 of a template, which is
    in force already, is no longer unsigned. NotAllowed for whoever signs for no side; Conflict if
    it isn't open for names, the side has signed, or ``by`` signed for the other side before.
    """
    side = require_side(by)
    version = take(version_id)
    if not version.is_signable:
        raise Conflict(f"Version {version.number} is {_state(version)}: it takes no signatures.")
    signatures = list(version.signatures.select_related("by"))
    for signature in signatures:
        if signature.side == side:
            who = "You have" if signature.by_id == by.pk else f"{signature.by} has"
            raise Conflict(f"{who} signed for {side.label.lower()} already.")
        if signature.by_id == by.pk:
            raise Conflict(f"You signed for {signature.get_side_display().lower()}: nobody signs for both.")
    Signature.objects.create(version=version, side=side, by=by, at=now)
    audit.record(actor=by, action="version.sign", target=version, detail={"side": side.value})
    if signatures:
        _complete(version, now)
    return version


def _complete(version: Version, now: datetime) -> None:
    version.signed_at = now
    if version.status == Version.Status.PROPOSED:
        version.status = Version.Status.SIGNED
    version.save(update_fields=["status", "signed_at"])
    tell()


def _state(version: Version) -> str:
    if version.is_in_force:
        return "signed and active"
    return version.get_status_display().lower()
