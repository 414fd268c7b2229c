"""Taking hold of a version, and telling others of what became of it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404

from alignment.models import Version
from core.errors import Conflict
from core.hooks import hooks
from core.locking import locked


def take(version_id: int) -> Version:
    """The version, locked until the transaction ends; Http404 if it is gone."""
    version = locked(Version.objects.filter(pk=version_id)).first()
    if version is None:
        raise Http404("This version is gone: its draft was discarded.")
    return version


def take_draft(version_id: int, revision: int | None = None) -> Version:
    """The draft, locked; Conflict if it is none any more, StaleEdit if it was edited after ``revision``."""
    draft = take(version_id)
    if not draft.is_editable:
        raise Conflict(
            f"Version {draft.number} is {draft.get_status_display().lower()} and can't be changed any more. "
            "Draft a new version from it."
        )
    if revision is not None and draft.revision != revision:
        raise StaleEdit("Somebody saved this draft after you opened it. Compare, then save again.", draft)
    return draft


def take_open(version_id: int, now: datetime) -> Version:
    """The proposal, locked; Conflict if it is no longer open, or its time was up before ``now``."""
    version = take(version_id)
    refuse_not_open(version, now)
    return version


def refuse_not_open(version: Version, now: datetime) -> None:
    """Conflict if it is no proposal, or its time was up before ``now``."""
    refuse_late(version, now)
    if version.status != Version.Status.PROPOSED:
        status = version.get_status_display().lower()
        raise Conflict(f"Version {version.number} is {status}: there is no open proposal.")


def refuse_late(version: Version, now: datetime) -> None:
    """Conflict if the proposal's time is up, whether or not it was marked as expired yet."""
    is_open = version.status == Version.Status.PROPOSED
    if is_open and version.expires_at is not None and version.expires_at <= now:
        raise Conflict(f"Version {version.number} has expired. Draft a new version from it.")


def tell() -> None:
    """Tell the higher apps, once this transaction has committed."""
    for listener in hooks.agreement_changed:
        transaction.on_commit(listener, robust=True)


class StaleEdit(Conflict):
    """What is edited was changed by somebody else meanwhile; ``part`` is it as it is now."""

    code = "stale"

    def __init__(self, message: str, part: Any) -> None:
        super().__init__(message)
        self.part = part
