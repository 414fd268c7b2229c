"""A signed version comes into force; called by scoring when its scores are ready."""

from datetime import datetime

from django.db import transaction

from alignment.models import Version
from alignment.services.locking import take
from core import audit
from core.errors import Conflict
from core.locking import locked


@transaction.atomic
def mark_active(*, version: Version, now: datetime) -> Version:
    """Bring the signed ``version`` into force and retire the one before it, in one transaction.

    Conflict if it isn't signed, which also stops a second activation of it.
    """
    # All rows of the definition in one order: two activations can't wait for each other.
    rows = {row.pk: row for row in locked(Version.objects.filter(definition=version.definition_id))}
    current = rows[version.pk]
    if current.status != Version.Status.SIGNED:
        raise Conflict(f"Version {current.number} is {current.get_status_display().lower()}, not signed.")
    for row in rows.values():
        if row.is_in_force:
            _retire(row, now)  # first, or the index that allows one active version refuses
    current.status, current.activated_at = Version.Status.ACTIVE, now
    current.save(update_fields=["status", "activated_at"])
    audit.record(actor=None, action="version.activate", target=current)
    return current


@transaction.atomic
def mark_retired(*, version: Version, now: datetime) -> Version:
    """Take ``version`` out of force with nothing in its place; Conflict if it isn't active."""
    current = take(version.pk)
    if not current.is_in_force:
        raise Conflict(f"Version {current.number} is {current.get_status_display().lower()}, not active.")
    _retire(current, now)
    return current


def _retire(version: Version, now: datetime) -> None:
    version.status, version.retired_at = Version.Status.RETIRED, now
    version.save(update_fields=["status", "retired_at"])
    audit.record(actor=None, action="version.retire", target=version)
