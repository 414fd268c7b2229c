"""Proposals that nobody signed in time."""

from datetime import datetime, timedelta

from django.db import transaction

from alignment import notices
from alignment.models import Version
from alignment.querysets import expiring
from core import audit
from core.locking import locked

WARNED_BEFORE = timedelta(days=3)


@transaction.atomic
def expire_due(*, now: datetime) -> int:
    """Mark every proposal whose time is up as expired and tell author and signers; gives how many.

    Each is marked once: a worker leaves out what another holds, and what is expired is no proposal.
    """
    due = list(locked(expiring(now).select_related("definition", "author"), skip_locked=True))
    for version in due:
        version.status = Version.Status.EXPIRED
        version.save(update_fields=["status"])
        audit.record(actor=None, action="version.expire", target=version)
        notices.tell_expired(version, now=now)
    return len(due)


@transaction.atomic
def warn_expiring(*, now: datetime) -> int:
    """Remind author and signers of proposals that expire soon; gives how many do.

    Soon is three days, or the last quarter of a shorter time. Nobody is told twice.
    """
    soon = Version.objects.filter(
        status=Version.Status.PROPOSED, expires_at__gt=now, expires_at__lte=now + WARNED_BEFORE
    ).select_related("definition", "author")
    warned = [version for version in soon if _warns_from(version) <= now]
    for version in warned:
        notices.tell_expiring(version, now=now)
    return len(warned)


def _warns_from(version: Version) -> datetime:
    assert version.expires_at is not None  # noqa: S101 - it was asked for
    if version.proposed_at is None:
        return version.expires_at - WARNED_BEFORE
    return version.expires_at - min(WARNED_BEFORE, (version.expires_at - version.proposed_at) / 4)
