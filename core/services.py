"""The outbox: messages written with the change they tell of, and sent after its commit."""

import hashlib
import logging
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.utils import timezone

from core.locking import locked
from core.models import OutboxMessage

BATCH = 50
MAX_TRIES = 12
LEASE = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=6)
logger = logging.getLogger(__name__)


def enqueue_mail(
    *, to: models.Model, key: str, subject: str, body: str, now: datetime, delay: timedelta = timedelta(0)
) -> OutboxMessage:
    """Write an e-mail to the person ``to``, to be sent ``delay`` after ``now``.

    ``key`` names the occasion: a repeat with the same key gives the first message and writes nothing.
    Call it inside the transaction of the change it tells of: outside one it raises RuntimeError.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("core.services.enqueue_mail must run inside the transaction it tells of.")
    fields = {"to": to, "subject": subject[:200], "body": body, "created_at": now, "send_after": now + delay}
    return OutboxMessage.objects.get_or_create(key=key, defaults=fields)[0]


def send_outbox(*, now: datetime) -> int:
    """Send every message that is due at ``now``; gives how many went out.

    A message is claimed by pushing its next try into the future, so two senders never hold the same
    one; a sender that dies after sending and before saying so sends it again, with the same Message-ID.
    """
    sent = 0
    while batch := _claim(now):
        sent += sum(_send(message, now) for message in batch)
    return sent


@transaction.atomic
def settle_outbox(*, now: datetime) -> int:
    """Note what is due at ``now`` as sent without sending it; gives how many. For made-up history only."""
    return OutboxMessage.objects.filter(sent_at=None, send_after__lte=now).update(sent_at=now)


@transaction.atomic
def _claim(now: datetime) -> list[OutboxMessage]:
    due = OutboxMessage.objects.filter(sent_at__isnull=True, send_after__lte=now, tries__lt=MAX_TRIES)
    batch = list(locked(due.select_related("to"), skip_locked=True)[:BATCH])
    ids = [message.pk for message in batch]
    OutboxMessage.objects.filter(pk__in=ids).update(send_after=now + LEASE, tries=models.F("tries") + 1)
    return batch


def _send(message: OutboxMessage, now: datetime) -> bool:
    rows = OutboxMessage.objects.filter(pk=message.pk)
    try:
        _email(message).send()
    except Exception as error:  # whatever the mail server says: the others must go out
        logger.warning("Message %s was not sent: %s", message.pk, error)
        wait = min(timedelta(seconds=30) * 2**message.tries, LONGEST_WAIT)
        rows.update(last_error=f"{type(error).__name__}: {error}"[:300], send_after=now + wait)
        return False
    rows.update(sent_at=timezone.now(), last_error="")
    return True


def _email(message: OutboxMessage) -> EmailMessage:
    """The e-mail of a message; its id depends on the key alone, so a mailbox can tell a repeat."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    digest = hashlib.sha256(message.key.encode()).hexdigest()[:32]
    return EmailMessage(
        subject=" ".join(message.subject.split()),  # a line break would begin another head
        body=message.body,
        to=[message.to.email],
        headers={"Message-ID": f"<{digest}@{domain}>"},
    )
