"""Keys for programs: made once, shown once, kept as a hash."""

from datetime import datetime, timedelta

from django.db import transaction
from knox.models import get_digest_token
from knox.settings import CONSTANTS

from core.audit import record
from core.errors import Invalid, Problem
from users.models import ApiToken, User

LIFETIMES = {30: "30 days", 90: "90 days", 365: "One year"}
MOST = 20


@transaction.atomic
def create_token(*, person: User, name: str, days: int, now: datetime) -> tuple[ApiToken, str]:
    """Make a token for ``person``; gives it with its secret, which is not kept.

    Raises Invalid for an empty name, a lifetime that is not offered, or more than ``MOST`` live tokens.
    """
    name = name.strip()
    if not name or len(name) > 80:
        raise Invalid(
            "Name the token, in at most 80 characters.", problems=(Problem("Name the token.", "name"),)
        )
    if days not in LIFETIMES:
        raise Invalid("Choose how long the token lives.", problems=(Problem("Choose one.", "days"),))
    if ApiToken.objects.filter(user=person, expiry__gt=now).count() >= MOST:
        raise Invalid(f"You have {MOST} tokens. Revoke one that is not needed any more first.")
    digest, secret = get_digest_token()
    prefix = secret[: CONSTANTS.TOKEN_KEY_LENGTH]
    expiry = now + timedelta(days=days)
    token = ApiToken.objects.create(user=person, name=name, digest=digest, token_key=prefix, expiry=expiry)
    record(
        actor=person, action="token.created", target=person, detail={"token": token.token_key, "days": days}
    )
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User, now: datetime) -> None:
    """Make a token useless at once; a repeat changes and records nothing."""
    if ApiToken.objects.filter(pk=token.pk).delete()[0]:
        record(actor=by, action="token.revoked", target=token.user, detail={"token": token.token_key})
