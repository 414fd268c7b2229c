"""The versions that others ask for, named by meaning."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from alignment.models import Comment, Definition, Signature, Version
from users.models import User


def active_versions() -> QuerySet[Version]:
    """The versions in force, in the order in which a lead is offered to their scopes."""
    return Version.objects.filter(status=Version.Status.ACTIVE).order_by("position", "pk")


def waiting_for_names() -> QuerySet[Version]:
    """What both sides may sign (``Version.is_signable``): first what is in use already, then proposals."""
    unsigned = Q(status=Version.Status.ACTIVE, signed_at=None)
    found = Version.objects.filter(unsigned | Q(status=Version.Status.PROPOSED))
    return found.order_by("status", "pk")  # "active" comes before "proposed"


def due_for_activation(now: datetime) -> QuerySet[Version]:
    """Signed versions whose time has come, the one that was signed first on top."""
    due = Q(activate_at__isnull=True) | Q(activate_at__lte=now)
    return Version.objects.filter(due, status=Version.Status.SIGNED).order_by("signed_at", "pk")


def waiting_beside(version: Version, viewer: User) -> QuerySet[Version]:
    """What may come after ``version``, and first versions of definitions that aren't in force yet: open
    proposals, signed ones, and the viewer's own drafts."""
    others = Definition.objects.exclude(versions__status=Version.Status.ACTIVE)
    here = Q(definition=version.definition_id) | Q(definition__in=others)
    return waiting(viewer).filter(here)


def waiting(viewer: User) -> QuerySet[Version]:
    """Open proposals, signed versions that don't count yet, and the viewer's own drafts."""
    open_to_all = Q(status__in=(Version.Status.PROPOSED, Version.Status.SIGNED))
    own = Q(status=Version.Status.DRAFT, author=viewer)
    found = Version.objects.filter(open_to_all | own)
    return found.select_related("definition").order_by("definition", "number")


def with_signers(versions: QuerySet[Version]) -> QuerySet[Version]:
    """``versions`` with author, definition and both signatures at hand: two queries."""
    signatures = Prefetch("signatures", Signature.objects.select_related("by"))
    return versions.select_related("definition", "author", "based_on").prefetch_related(signatures)


def asked_of(draft: Version) -> QuerySet[Comment]:
    """What a side asked to be different in the proposal that ``draft`` takes up, the oldest first."""
    rows = Comment.objects.filter(version=draft.based_on_id, asks_for_changes=True)
    return rows.select_related("by").order_by("at", "pk")


def open_objections(version: Version) -> QuerySet[Comment]:
    """What stands in the way of signatures, the oldest first."""
    rows = Comment.objects.filter(version=version, is_objection=True, resolution="")
    return rows.select_related("by").order_by("at", "pk")


@dataclass(frozen=True, slots=True)
class Said:
    """How much was said of something: all comments, and the objections among them that are open."""

    comments: int = 0
    objections: int = 0


def comments_by_criterion(version_id: int) -> dict[str, Said]:
    """How much was said of each criterion of a version, by its key, and of the whole under ``""``.

    One query.
    """
    is_open = Q(is_objection=True, resolution="")
    rows = (
        Comment.objects.filter(version=version_id)
        .order_by()
        .values("criterion_key")
        .annotate(comments=Count("pk"), objections=Count("pk", filter=is_open))
    )
    return {row["criterion_key"]: Said(row["comments"], row["objections"]) for row in rows}


def expiring(now: datetime) -> QuerySet[Version]:
    """Proposals whose date has passed without both names."""
    return Version.objects.filter(status=Version.Status.PROPOSED, expires_at__lte=now)
