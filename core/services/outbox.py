"""The outbox: messages written with the change they tell of, and sent after its commit."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import F, Max, Q

from core.locking import locked
from core.models import OutboxMessage
from core.services import letters

BATCH = 50
MOST_FOLDED = 5_000
MAX_TRIES = 12
LEASE = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=6)
FOLD_FOR = timedelta(minutes=5)
"""Whoever got a message that may be folded gets the next ones together, so long after it."""
Receiver = tuple[str, int | None, str]
Letter = list[OutboxMessage]
logger = logging.getLogger(__name__)


def enqueue_mail(
    *, to: models.Model, key: str, subject: str, body: str, now: datetime, delay: timedelta = timedelta(0)
) -> OutboxMessage:
    """Write an e-mail to the person ``to``, to be sent ``delay`` after ``now`` and never folded with others.

    ``key`` names the occasion: a repeat with the same key gives the first message and writes nothing.
    Call it inside the transaction of the change it tells of: outside one it raises RuntimeError.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("core.services.enqueue_mail must run inside the transaction it tells of.")
    fields = {"to": to, "subject": subject[:200], "body": body, "created_at": now, "send_after": now + delay}
    return OutboxMessage.objects.get_or_create(key=key, defaults=fields)[0]


def send_outbox(*, now: datetime) -> int:
    """Send every message that is due at ``now``; gives how many went out, folded or not.

    A message is claimed by pushing its next try into the future, so two senders never hold the same
    one; a sender that dies after sending and before saying so sends it again, with the same Message-ID.
    """
    sent = 0
    while (claimed := _claim(now)) is not None:
        sent += sum(_send(letter, now) for letter in claimed)
    return sent


@transaction.atomic
def settle_outbox(*, now: datetime) -> int:
    """Note what is due at ``now`` as sent without sending it; gives how many. For made-up history only."""
    return OutboxMessage.objects.filter(sent_at=None, send_after__lte=now).update(sent_at=now)


@transaction.atomic
def _claim(now: datetime) -> list[Letter] | None:
    """The next letters, which may be none although more is due; None when nothing is due any more."""
    due = OutboxMessage.objects.filter(sent_at__isnull=True, send_after__lte=now, tries__lt=MAX_TRIES)
    batch = list(locked(due.select_related("to"), skip_locked=True)[:BATCH])
    if not batch:
        return None
    plain = [[message] for message in batch if not message.is_folded]
    by_receiver: dict[Receiver, Letter] = {}
    folded = {_receiver(message) for message in batch if message.is_folded}
    lately = _put_off(due, folded, now)
    if ready := folded - lately:
        rows = due.filter(_to_any(ready), is_folded=True).select_related("to")
        for message in locked(rows, skip_locked=True)[:MOST_FOLDED]:
            by_receiver.setdefault(_receiver(message), []).append(message)
    found = [*plain, *by_receiver.values()]
    ids = [message.pk for letter in found for message in letter]
    OutboxMessage.objects.filter(pk__in=ids).update(send_after=now + LEASE, tries=F("tries") + 1)
    return found


def _put_off(due: models.QuerySet[OutboxMessage], receivers: set[Receiver], now: datetime) -> set[Receiver]:
    """Those of the receivers who got a message lately: what is due for them waits, to go out together."""
    if not receivers:
        return set()
    recent = OutboxMessage.objects.filter(_to_any(receivers), is_folded=True, sent_at__gt=now - FOLD_FOR)
    last = recent.order_by().values_list("channel", "to_id", "address").annotate(at=Max("sent_at"))
    for channel, to_id, address, at in last:
        waiting = due.filter(is_folded=True, channel=channel, to_id=to_id, address=address)
        waiting.update(send_after=at + FOLD_FOR)
    return {(channel, to_id, address) for channel, to_id, address, _ in last}


def _receiver(message: OutboxMessage) -> Receiver:
    return message.channel, message.to_id, message.address


def _to_any(receivers: Iterable[Receiver]) -> Q:
    people = {to_id for _, to_id, _ in receivers if to_id is not None}
    return Q(to__in=people) | Q(
        to=None, address__in={address for _, to_id, address in receivers if not to_id}
    )


def _send(letter: Letter, now: datetime) -> int:
    """Send it; gives how many messages went out."""
    rows = OutboxMessage.objects.filter(pk__in=[message.pk for message in letter])
    try:
        letters.send(letter)
    except Exception as error:  # whatever the receiver says: the others must go out
        logger.warning("Message %s was not sent: %s", letter[0].pk, error)
        wait = min(timedelta(seconds=30) * 2 ** letter[0].tries, LONGEST_WAIT)
        rows.update(last_error=f"{type(error).__name__}: {error}"[:300], send_after=now + wait)
        return 0
    rows.update(sent_at=now, last_error="")
    return len(letter)
