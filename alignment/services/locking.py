"""Taking hold of a version, and telling others of what became of it."""

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


def take_draft(version_id: int, revision: int) -> Version:
    """The draft as its editor saw it, locked; Conflict if it is none any more or was saved meanwhile."""
    draft = take(version_id)
    if not draft.is_editable:
        raise Conflict(
            f"Version {draft.number} is {draft.get_status_display().lower()} and can't be changed any more. "
            "Draft a new version from it."
        )
    if draft.revision != revision:
        raise StaleEdit("Somebody saved this draft after you opened it. Compare, then save again.", draft)
    return draft


def take_proposed(version_id: int) -> Version:
    """The proposal, locked; Conflict if it is no longer open."""
    version = take(version_id)
    if version.status != Version.Status.PROPOSED:
        status = version.get_status_display().lower()
        raise Conflict(f"Version {version.number} is {status}: there is no open proposal.")
    return version


def tell() -> None:
    """Tell the higher apps, once this transaction has committed."""
    for listener in hooks.agreement_changed:
        transaction.on_commit(listener, robust=True)


class StaleEdit(Conflict):
    """The draft was saved by somebody else meanwhile; ``draft`` is it as it is now."""

    code = "stale"

    def __init__(self, message: str, draft: Version) -> None:
        super().__init__(message)
        self.draft = draft
