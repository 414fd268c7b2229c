"""What people are told of the agreement, in the app and by mail, in the transaction of what it tells of."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from alignment.access import SIGNING_ROLES
from alignment.models import Comment, Side, Version
from core.hooks import Telling, hooks
from users.models import MARKETING, SALES, Organisation, Role, User


def tell_signers(version: Version, *, by: User, now: datetime) -> None:
    """Ask every manager who can sign to read the proposal, except the one who made it."""
    text = f"Version {version.number} of “{version.definition}” waits for signatures"
    body = f"{by} proposes it:\n\n{version.reason}\n\nRead, sign or ask for changes:"
    _tell(_signers().exclude(pk=by.pk), "proposed", version, text, body, now)


def tell_declined(version: Version, comment: Comment, *, now: datetime) -> None:
    """Tell the author what should be different, and every manager that it takes no signature any more.

    Whoever said it isn't told.
    """
    text = f"{comment.by} asks for changes in version {version.number}"
    body = f"{comment.text}\n\nDraft a new version from it:"
    _tell_others(comment.by_id, "declined", version, text, body, now)


def tell_withdrawn(version: Version, *, by: User, now: datetime) -> None:
    """Tell author and managers, who were asked to sign it, that a proposal is withdrawn."""
    text = f"{by} withdrew version {version.number} of “{version.definition}”: it takes no signatures"
    body = "It stays in the history. To go on with it, draft a new version from it:"
    _tell_others(by.pk, "withdrawn", version, text, body, now)


def tell_mentioned(comment: Comment, version: Version, people: Iterable[User], *, now: datetime) -> None:
    """Tell those whom a comment names, except its author."""
    others = [each for each in people if each.pk != comment.by_id]
    text = f"{comment.by} mentions you in the discussion of version {version.number}"
    path = f"{reverse('alignment:discussion', args=[version.pk])}#comment-{comment.pk}"
    _tell(others, f"mention:{comment.pk}", version, text, comment.text, now, path)


def tell_objection(comment: Comment, version: Version, *, now: datetime) -> None:
    """Tell author, managers and mediator what stands in the way of signatures."""
    others = [each for each in _blocked(version) if each.pk != comment.by_id]
    text = f"{comment.by} objects to version {version.number}"
    _tell(others, f"objection:{comment.pk}", version, text, comment.text, now)


def tell_reopened(comment: Comment, *, by: User, now: datetime) -> None:
    """Tell the same people, and whose objection it is, that it stands in the way again."""
    version = comment.version
    people = [comment.by, *_blocked(version)]
    others = [each for each in people if each.pk != by.pk and each.is_active]
    text = f"{by} opens an objection to version {version.number} again"
    _tell(others, f"reopened:{_time(comment)}", version, text, comment.text, now)


def tell_overruled(comment: Comment, *, now: datetime) -> None:
    """Tell the author of an objection that, and why, the mediator put it aside."""
    version = comment.version
    people = [comment.by] if comment.by.is_active and comment.by_id != comment.resolved_by_id else []
    text = f"{comment.resolved_by} overruled your objection to version {version.number}"
    _tell(people, f"overruled:{_time(comment)}", version, text, comment.resolution_text, now)


def tell_unblocked(version: Version, *, by: User, comment: Comment, now: datetime) -> None:
    """Tell those who haven't signed a proposal that no objection stands in their way any more."""
    if version.status != Version.Status.PROPOSED:
        return
    done = version.signatures.values("side")
    roles = [role for role, side in SIGNING_ROLES.items() if side not in {row["side"] for row in done}]
    text = f"Version {version.number} of “{version.definition}” can be signed: no objection is open"
    people = _signers().filter(role__in=roles).exclude(pk=by.pk)
    _tell(people, f"unblocked:{_time(comment)}", version, text, "", now)


def tell_signed(version: Version, *, by: User, now: datetime) -> None:
    """Tell author and signers that both names stand and from when the version counts."""
    signers = [each.by for each in version.signatures.select_related("by") if each.by.is_active]
    people = [each for each in [*_author(version), *signers] if each.pk != by.pk]
    text = f"Version {version.number} of “{version.definition}” is signed by both sides"
    body = "It counts as soon as all leads are judged by it."
    if version.activate_at and version.activate_at > now:
        body = f"It counts from {_moment(version.activate_at)}."
    _tell(people, "signed", version, text, body, now)


def tell_called_off(version: Version, *, by: User, now: datetime) -> None:
    """Tell author and both sides that what they signed won't come into force."""
    text = f"{by} withdrew version {version.number} of “{version.definition}”, which both sides had signed"
    body = "It won't come into force. To go on with it, draft a new version from it:"
    _tell_others(by.pk, "called-off", version, text, body, now)


def tell_expiring(version: Version, *, now: datetime) -> None:
    """Remind author and missing signers, once, that a proposal lapses soon."""
    text = f"Version {version.number} of “{version.definition}” expires soon without both signatures"
    until = f" until {_moment(version.expires_at)}" if version.expires_at else ""
    body = f"It can be signed{until}:"
    _tell(_concerned(version), "expires", version, text, body, now)


def tell_expired(version: Version, *, now: datetime) -> None:
    """Tell author and signers, once, that a proposal has lapsed."""
    text = f"Version {version.number} of “{version.definition}” expired without both signatures"
    body = "It stays in the history. To go on with it, draft a new version from it:"
    _tell(_concerned(version), "expired", version, text, body, now)


def tell_emergency(version: Version, *, by: User, side: Side, now: datetime) -> None:
    """Ask the managers of the other side, and tell the mediator, at the start of an emergency rollback."""
    roles = [role for role, other in SIGNING_ROLES.items() if other != side]
    people = User.objects.filter(role__in=[*roles, Role.MEDIATOR], is_active=True).exclude(pk=by.pk)
    text = f"{by} starts an emergency rollback of “{version.definition}”: confirm it or not"
    _tell(people, "emergency", version, text, version.reason, now)


def tell_rolled_back(version: Version, *, now: datetime) -> None:
    """Tell both teams that an emergency rollback was confirmed, by whom, and why."""
    names = " and ".join(each.by.name for each in version.signatures.select_related("by"))
    people = User.objects.filter(role__in=MARKETING | SALES | {Role.MEDIATOR}, is_active=True)
    older = version.based_on.number if version.based_on else "an earlier one"
    text = f"“{version.definition}” goes back to version {older}: an emergency rollback by {names}"
    _tell(people, "rolled-back", version, text, version.reason, now)


def _tell_others(by_id: int, occasion: str, version: Version, text: str, body: str, now: datetime) -> None:
    """Tell author and managers of what one of them did, but not that one."""
    others = [each for each in _concerned(version) if each.pk != by_id]
    _tell(others, occasion, version, text, body, now)


def _tell(
    people: Iterable[User],
    occasion: str,
    version: Version,
    text: str,
    body: str,
    now: datetime,
    path: str = "",
) -> None:
    path = path or reverse("alignment:sign", args=[version.pk])
    ids = dict.fromkeys(each.pk for each in people)
    told = [
        Telling(pk, f"version:{version.pk}:{occasion}:{pk}", text=text[:300], path=path, body=body)
        for pk in ids
    ]
    for tell in hooks.tell if told else ():
        tell(told, now)


def _time(comment: Comment) -> str:
    """Names a comment and how often it was opened again: each time is told anew."""
    times = comment.reopenings.count()
    return f"{comment.pk}:{times}" if times else str(comment.pk)


def _moment(at: datetime) -> str:
    """A moment in the company's zone, which a mail to several people names."""
    zone = Organisation.current()
    return f"{at.astimezone(zone.tz):%a %d %b %Y, %H:%M} ({zone.zone})"


def _signers() -> QuerySet[User]:
    return User.objects.filter(role__in=SIGNING_ROLES, is_active=True).order_by("pk")


def _author(version: Version) -> list[User]:
    author = version.author
    return [author] if author is not None and author.is_active else []


def _blocked(version: Version) -> list[User]:
    """Whose way an objection stands in: of a draft only its author's."""
    if version.is_editable:
        return _author(version)
    roles = [*SIGNING_ROLES, Role.MEDIATOR]
    return [*_author(version), *User.objects.filter(role__in=roles, is_active=True)]


def _concerned(version: Version) -> list[User]:
    return [*_author(version), *_signers()]
