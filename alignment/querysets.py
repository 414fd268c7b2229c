"""The versions that others ask for, named by meaning."""

from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from alignment.models import Signature, Version
from users.models import User


def active_versions() -> QuerySet[Version]:
    """The versions in force, in the order in which a lead is offered to their scopes."""
    return Version.objects.filter(status=Version.Status.ACTIVE).order_by("position", "pk")


def due_for_activation(now: datetime) -> QuerySet[Version]:
    """Signed versions whose time has come, the one that was signed first on top."""
    due = Q(activate_at__isnull=True) | Q(activate_at__lte=now)
    return Version.objects.filter(due, status=Version.Status.SIGNED).order_by("signed_at", "pk")


def waiting_beside(version: Version, viewer: User) -> QuerySet[Version]:
    """What may come after ``version``: open proposals, signed ones, and the viewer's own draft."""
    open_to_all = Q(status__in=(Version.Status.PROPOSED, Version.Status.SIGNED))
    own = Q(status=Version.Status.DRAFT, author=viewer)
    return Version.objects.filter(open_to_all | own, definition=version.definition_id).order_by("number")


def with_signers(versions: QuerySet[Version]) -> QuerySet[Version]:
    """``versions`` with author, definition and both signatures at hand: two queries."""
    signatures = Prefetch("signatures", Signature.objects.select_related("by"))
    return versions.select_related("definition", "author", "based_on").prefetch_related(signatures)
