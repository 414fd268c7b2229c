"""Who may see, draft and sign what."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from alignment.models import Comment, Side, Version
from core.errors import NotAllowed
from users.access import require_role
from users.models import MANAGERS, MARKETING, SALES, Role, User

READERS = frozenset(Role) - {Role.EXECUTIVE}
DRAFTERS = MARKETING | {Role.SALES_MANAGER, Role.MEDIATOR}
INSTALLERS = DRAFTERS | {Role.ADMIN}
VOICES = MARKETING | SALES | {Role.MEDIATOR}
"""Both teams, whose agreement it is: they comment, object and mention; admins only read."""
SIGNING_ROLES = {Role.MARKETING_MANAGER: Side.MARKETING, Role.SALES_MANAGER: Side.SALES}


def visible_versions(user: User) -> QuerySet[Version]:
    """What was agreed or proposed; drafts only for those who may draft, nothing for executives."""
    if user.role not in READERS:
        return Version.objects.none()
    return Version.objects.all() if may_draft(user) else Version.objects.exclude(status=Version.Status.DRAFT)


def get_version(user: User, pk: int) -> Version:
    """The version, if ``user`` may see it; Http404 otherwise."""
    rows = visible_versions(user).select_related("definition", "author", "based_on")
    return get_object_or_404(rows, pk=pk)


def get_draft(user: User, pk: int) -> Version:
    """The version, to be edited; NotAllowed if ``user`` sees it but doesn't draft, Http404 if not even that.

    It may have been proposed meanwhile: the services tell.
    """
    version = get_version(user, pk)
    require_role(user, DRAFTERS)
    return version


def may_draft(user: User) -> bool:
    """Whether ``user`` may write drafts and propose them."""
    return user.role in DRAFTERS


def side_of(user: User) -> Side | None:
    """The side for which ``user`` may sign, if any."""
    return SIGNING_ROLES.get(Role(user.role))


def require_side(user: User) -> Side:
    """The side for which ``user`` signs; NotAllowed if there is none."""
    side = side_of(user)
    if side is None:
        raise NotAllowed("A marketing manager signs for marketing and a sales manager for sales.")
    return side


def may_withdraw(user: User, version: Version) -> bool:
    """Whether ``user`` may take it back: a manager of either side, and while nobody is bound its author."""
    is_own = version.author_id == user.pk and may_draft(user)
    return user.role in MANAGERS or (is_own and version.status != Version.Status.SIGNED)


def get_comment(user: User, pk: int) -> Comment:
    """The comment, if ``user`` may see its version; Http404 otherwise."""
    rows = Comment.objects.filter(version__in=visible_versions(user)).select_related("version")
    return get_object_or_404(rows, pk=pk)


def may_speak(user: User) -> bool:
    """Whether ``user`` has a voice in the discussion."""
    return user.role in VOICES


def may_resolve(user: User, comment: Comment) -> bool:
    """An objection is its author's to settle; a remark is settled by its author or by whoever drafts."""
    return comment.by_id == user.pk or (not comment.is_objection and may_draft(user))


def may_reopen(user: User, comment: Comment) -> bool:
    """Whether ``user`` may open a settled comment again.

    A remark is anybody's who has a voice. An objection is its author's, as settling it was; one that was
    overruled is the mediator's.
    """
    if comment.resolution == Comment.Resolution.OVERRULED:
        return may_overrule(user)
    return comment.by_id == user.pk if comment.is_objection else may_speak(user)


def may_overrule(user: User) -> bool:
    """Whether ``user`` may put an objection of somebody else aside: the mediator alone."""
    return user.role == Role.MEDIATOR


def may_name(user: User) -> bool:
    """Whether ``user`` keeps the glossary: both teams, but for reps, who read it."""
    return may_draft(user)
