"""The first run: a link that only somebody who can see the console has makes the first admin."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

from core.errors import Conflict
from core.locking import locked
from users.models import Organisation, Role, User
from users.querysets import active_admins
from users.services import add_person
from users.services.checks import as_invalid


@transaction.atomic
def setup_url(base_url: str) -> str | None:
    """The address at which the first admin is made; None once there is an active admin.

    A repeat gives the same address. It is signed with the server's key over a number in the database:
    whoever has read only the database can't make it, and it dies when it was used.
    """
    if active_admins().exists():
        return None
    Organisation.current()
    row = locked(Organisation.objects.filter(pk=1)).get()
    if not row.setup_nonce:
        row.setup_nonce = get_random_string(32)
        row.save(update_fields=["setup_nonce"])
    return base_url.rstrip("/") + reverse("users:first_run", kwargs={"token": _sign(row.setup_nonce)})


def is_setup_token(token: str) -> bool:
    """Whether ``token`` is the one of the address, and still needed."""
    nonce = Organisation.objects.filter(pk=1).values_list("setup_nonce", flat=True).first()
    return bool(nonce) and constant_time_compare(token, _sign(nonce or "")) and not active_admins().exists()


@transaction.atomic
def create_first_admin(*, token: str, email: str, name: str, password: str, now: datetime) -> User:
    """Make the first admin; Conflict unless ``token`` still counts, Invalid if a value can't be used.

    Two at once: the second gets the Conflict.
    """
    row = locked(Organisation.objects.filter(pk=1)).first()
    if row is None or not is_setup_token(token):
        raise Conflict("This link was used already. Sign in, or ask an admin to invite you.")
    try:
        validate_password(password, User(email=email, name=name))
    except ValidationError as error:
        raise as_invalid(error, "password") from error
    admin = add_person(
        email=email, name=name, role=Role.ADMIN, team=None, password=password, by=None, now=now
    )
    row.setup_nonce = ""
    row.save(update_fields=["setup_nonce"])
    return admin


def _sign(nonce: str) -> str:
    return salted_hmac("users.setup", nonce, algorithm="sha256").hexdigest()
