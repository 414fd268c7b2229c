"""Telling people: a notice in the app and a mail from the outbox, once for each occasion."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from core.hooks import Telling
from core.models import OutboxMessage
from feedback.delivery import send_after
from feedback.models import Channel, Notification
from users.models import Organisation, User


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


@dataclass(frozen=True, slots=True)
class Post:
    """One thing to tell the channels of a team; ``key`` names the occasion."""

    team_id: int | None
    key: str
    text: str
    path: str


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
    OutboxMessage.objects.bulk_create(_mails(batch, now + wait, now), ignore_conflicts=True)


def post(posts: Iterable[Post], *, now: datetime, wait: timedelta = timedelta(0)) -> None:
    """Write what the channels of a team hear, and those of all teams; ``wait`` and keys as in ``notify``."""
    batch = list(posts)
    channels = list(Channel.objects.filter(is_active=True)) if batch else []
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                key=f"channel:{channel.pk}:{each.key}",
                channel=channel.shape,
                address=channel.address,
                is_folded=True,
                subject=each.text[:200],
                body=f"{settings.BASE_URL}{each.path}",
                created_at=now,
                send_after=now + wait,
            )
            for each in batch
            for channel in channels
            if channel.team_id in (None, each.team_id)
        ],
        ignore_conflicts=True,
    )


def _mails(notices: Iterable[Notice], at: datetime, now: datetime) -> Iterator[OutboxMessage]:
    """The mails of notices, each when its reader wishes; one who wants none gets none."""
    batch = list(notices)
    readers = User.objects.filter(pk__in={each.user_id for each in batch}).select_related("notice_settings")
    company = Organisation.current().tz if batch else ZoneInfo("UTC")
    wishes = {
        reader.pk: (
            getattr(reader, "notice_settings", None),
            ZoneInfo(reader.zone) if reader.zone else company,
        )
        for reader in readers
    }
    for each in batch:
        own, zone = wishes[each.user_id]
        if (moment := send_after(own, at, zone)) is None:
            continue
        yield OutboxMessage(
            key=f"notice:{each.key}",
            to_id=each.user_id,
            is_folded=True,
            subject=each.text[:200],
            body="\n\n".join(filter(None, [each.text, each.body, f"{settings.BASE_URL}{each.path}\n"])),
            created_at=now,
            send_after=moment,
        )


@transaction.atomic
def mark_read(*, user: User, now: datetime, notice_id: int | None = None) -> int:
    """Mark one of the person's notices (or all) as read; gives how many were unread before."""
    unread = Notification.objects.filter(user=user, read_at=None)
    if notice_id is not None:
        unread = unread.filter(pk=notice_id)
    return unread.update(read_at=now)
