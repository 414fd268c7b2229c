"""Colleagues are invited by a link that works once and for a week."""

import hashlib
import logging
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string

from core.audit import record
from core.errors import Conflict
from core.locking import locked
from users.models import Invitation, Organisation, Team, User, fold_email
from users.services.checks import as_invalid, check_team, unique_or
from users.services.people import add_person

LIFETIME = timedelta(days=7)
logger = logging.getLogger(__name__)


def hash_token(token: str) -> str:
    """What is stored of a link's secret; the secret is random, so a plain hash can't be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(*, email: str, role: str, team: Team | None, by: User, now: datetime) -> tuple[Invitation, str]:
    """Invite a colleague; gives the invitation and the secret of its link, which is not kept.

    Raises Conflict if the address has an account or an open invitation, Invalid if a value can't be used.
    """
    email = fold_email(email)
    check_team(role, team)
    if User.objects.filter(email=email).exists():
        raise Conflict(f"{email} has an account already. Find it in the list of people.")
    invited = f"{email} has been invited already. Send a new link from the list of invitations."
    if Invitation.objects.filter(email=email, accepted_at=None, withdrawn_at=None).exists():
        raise Conflict(invited)
    token = secrets.token_urlsafe(32)
    invitation = Invitation(email=email, role=role, team=team, invited_by=by, created_at=now)
    invitation.expires_at, invitation.token_hash = now + LIFETIME, hash_token(token)
    try:
        invitation.clean_fields()
    except ValidationError as error:
        raise as_invalid(error) from error
    with unique_or(invited):
        invitation.save()
    detail = {"role": role, "team": team and team.pk}
    record(
        actor=by, action="person.invited", target=invitation, detail=detail, personal={"email": (None, email)}
    )
    return invitation, token


@transaction.atomic
def renew_invitation(*, invitation: Invitation, by: User, now: datetime) -> tuple[Invitation, str]:
    """A new link for an open invitation, for another week; the old link stops working at once."""
    invitation = _locked_open(invitation)
    token = secrets.token_urlsafe(32)
    invitation.token_hash, invitation.expires_at = hash_token(token), now + LIFETIME
    invitation.save(update_fields=["token_hash", "expires_at"])
    record(actor=by, action="invitation.renewed", target=invitation)
    return invitation, token


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User, now: datetime) -> Invitation:
    """Take an open invitation back; its link stops working at once."""
    invitation = _locked_open(invitation)
    invitation.withdrawn_at = now
    invitation.save(update_fields=["withdrawn_at"])
    record(actor=by, action="invitation.withdrawn", target=invitation)
    return invitation


@transaction.atomic
def accept_invitation(*, invitation: Invitation, name: str, password: str, zone: str, now: datetime) -> User:
    """Make the invited person's account; Conflict if the link was used, withdrawn or is too old.

    Raises Invalid if the password is too weak or another value can't be used.
    """
    invitation = _locked_open(invitation)
    if not invitation.is_usable(now=now):
        raise Conflict("This invitation has expired. Ask the colleague who invited you for a new link.")
    try:
        validate_password(password, User(email=invitation.email, name=name))
    except ValidationError as error:
        raise as_invalid(error, "password") from error
    person = add_person(
        email=invitation.email,
        name=name,
        role=invitation.role,
        team=invitation.team,
        password=password,
        by=invitation.invited_by,
        now=now,
        zone=zone,
    )
    invitation.accepted_at, invitation.accepted_by = now, person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    record(actor=person, action="invitation.accepted", target=invitation)
    return person


def mail_invitation(*, invitation: Invitation, link: str) -> bool:
    """Send the link at once, so that its secret is stored nowhere; False if the mail server refused.

    Call it after the commit that made the link.
    """
    company = str(Organisation.current())
    body = render_to_string(
        "users/mail/invitation.txt", {"invitation": invitation, "link": link, "company": company}
    )
    subject = f"{invitation.invited_by.name} invites you to Bantam".replace("\n", " ")
    try:
        return send_mail(subject, body, None, [invitation.email]) == 1
    except Exception as error:
        logger.warning("The mail for invitation %s was not sent: %s", invitation.pk, error)
        return False


def _locked_open(invitation: Invitation) -> Invitation:
    row = locked(Invitation.objects.filter(pk=invitation.pk).select_related("invited_by", "team")).get()
    if not row.is_open:
        state = "used" if row.accepted_at else "withdrawn"
        raise Conflict(f"This invitation was {state} already. Ask the colleague who sent it for a new one.")
    return row
