"""E-mails about the agreement, written in the transaction of what they tell of."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from alignment.access import SIGNING_ROLES
from alignment.models import Comment, Version
from core.services import enqueue_mail
from users.models import User


def tell_signers(version: Version, *, by: User, now: datetime) -> None:
    """Ask every manager who can sign to read the proposal, except the one who made it."""
    signers = User.objects.filter(role__in=SIGNING_ROLES, is_active=True).exclude(pk=by.pk)
    subject = f"Version {version.number} of “{version.definition}” waits for signatures"
    body = f"{by} proposes it:\n\n{version.reason}\n\nRead, sign or ask for changes: {_address(version)}\n"
    for signer in signers:
        key = f"version-proposed:{version.pk}:{signer.pk}"
        enqueue_mail(to=signer, key=key, subject=subject, body=body, now=now)


def tell_author(version: Version, comment: Comment, *, now: datetime) -> None:
    """Tell the author what should be different; nobody if they left or said it themselves."""
    author = version.author
    if author is None or not author.is_active or author.pk == comment.by_id:
        return
    subject = f"{comment.by} asks for changes in version {version.number}"
    body = f"{comment.text}\n\nDraft a new version from it: {_address(version)}\n"
    key = f"version-declined:{version.pk}"
    enqueue_mail(to=author, key=key, subject=subject, body=body, now=now)


def _address(version: Version) -> str:
    return f"{settings.BASE_URL}{reverse('alignment:sign', args=[version.pk])}"
