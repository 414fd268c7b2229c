"""Telling people: a notice in the app and a mail from the outbox, once for each occasion."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from core.hooks import Telling
from core.models import OutboxMessage
from feedback.models import Notification
from users.models import User


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell one person; ``key`` names the occasion, ``path`` is where it leads.

    ``body`` is what the mail says besides ``text``.
    """

    user_id: int
    key: str
    text: str
    path: str
    body: str = ""


def tell(tellings: Iterable[Telling], now: datetime) -> None:
    """What an app below wants people to know, told as a notice."""
    notify([Notice(each.user_id, each.key, each.text, each.path, each.body) for each in tellings], now=now)


def notify(notices: Iterable[Notice], *, now: datetime, wait: timedelta = timedelta(0)) -> None:
    """Write notices with their mails, which ``wait``; one whose key was used before is not written again.

    Call it inside the transaction of the change it tells of: outside one it raises RuntimeError.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("feedback.services.notices.notify must run inside the transaction it tells of.")
    batch = list(notices)
    Notification.objects.bulk_create(
        [
            Notification(user_id=each.user_id, key=each.key, text=each.text[:300], url=each.path, at=now)
            for each in batch
        ],
        ignore_conflicts=True,
    )
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                key=f"notice:{each.key}",
                to_id=each.user_id,
                subject=each.text[:200],
                body="\n\n".join(filter(None, [each.text, each.body, f"{settings.BASE_URL}{each.path}\n"])),
                created_at=now,
                send_after=now + wait,
            )
            for each in batch
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def mark_read(*, user: User, now: datetime, notice_id: int | None = None) -> int:
    """Mark one of the person's notices (or all) as read; gives how many were unread before."""
    unread = Notification.objects.filter(user=user, read_at=None)
    if notice_id is not None:
        unread = unread.filter(pk=notice_id)
    return unread.update(read_at=now)
