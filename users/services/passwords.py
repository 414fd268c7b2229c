"""Passwords are changed, and forgotten."""

from datetime import datetime, timedelta
from functools import partial

from django.contrib.auth.password_validation import password_changed
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import models, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from core.audit import record
from core.broker import send
from users.models import User, fold_email

PAUSE = timedelta(minutes=2)


@transaction.atomic
def ask_for_reset(*, email: str, base_url: str, now: datetime) -> None:
    """Have a link to reset the password sent, if an active person has the address.

    At most one mail in ``PAUSE``, so that nobody's mailbox is flooded. It is sent by a worker, so the
    answer takes as long for an address that has no account.
    """
    person = User.objects.filter(email=fold_email(email), is_active=True).first()
    due = models.Q(reset_asked_at=None) | models.Q(reset_asked_at__lte=now - PAUSE)
    if person and User.objects.filter(due, pk=person.pk).update(reset_asked_at=now):
        record(actor=None, action="password.reset_asked", target=person)
        transaction.on_commit(partial(_have_sent, person.pk, base_url))


def _have_sent(person_id: int, base_url: str) -> None:
    from users.tasks import send_reset_link

    if not send(send_reset_link, (person_id, base_url)):
        send_reset_link(person_id, base_url)


def mail_reset_link(*, person: User, base_url: str) -> None:
    """Send ``person`` a link that sets a new password: once, for a day. Its secret is not stored."""
    secret = default_token_generator.make_token(person)
    place = {"uidb64": urlsafe_base64_encode(force_bytes(person.pk)), "token": secret}
    link = base_url.rstrip("/") + reverse("users:password_reset_confirm", kwargs=place)
    body = render_to_string("users/mail/password_reset.txt", {"person": person, "link": link})
    send_mail("Reset your Bantam password", body, None, [person.email])


@transaction.atomic
def change_password(*, person: User, password: str, now: datetime) -> None:
    """Set a new password that was checked before; every other session of the person ends."""
    person.set_password(password)
    person.save(update_fields=["password"])
    password_changed(password, person)
    record(actor=person, action="password.changed", target=person)
