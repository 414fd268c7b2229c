"""How people wish to be told, and the channels in which teams hear what their managers are told."""

from dataclasses import dataclass
from datetime import datetime, time

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from core import audit
from core.errors import Conflict, Invalid, Problem
from core.models import OutboxMessage
from core.sending import NotSent, checked_address, post
from core.services.letters import slack, teams
from feedback.models import Channel, NoticeSettings
from feedback.texts import checked_text
from users.models import Team, User


@transaction.atomic
def set_wishes(
    *,
    user: User,
    mail: str,
    daily_at: time | None = None,
    quiet_from: time | None = None,
    quiet_until: time | None = None,
    now: datetime,
) -> NoticeSettings:
    """Note when a person's mails go out. They hold for what is told from now on; a repeat changes nothing.

    Invalid for quiet hours with one end or two equal ones, and for an unknown way.
    """
    if mail not in NoticeSettings.Mail.values:
        raise _invalid("Choose when mails go out.", "mail")
    if (quiet_from is None) != (quiet_until is None):
        missing = "quiet_from" if quiet_from is None else "quiet_until"
        raise _invalid("Quiet hours have a beginning and an end; leave both empty for none.", missing)
    if quiet_from is not None and quiet_from == quiet_until:
        raise _invalid("Quiet hours that end where they begin are none: leave both empty.", "quiet_until")
    values = {"mail": mail, "quiet_from": quiet_from, "quiet_until": quiet_until}
    if daily_at is not None:
        values["daily_at"] = daily_at
    row, _ = NoticeSettings.objects.update_or_create(user=user, defaults=values)
    audit.record(actor=user, action="notices.wishes", target=user, detail={"mail": mail})
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelContent:
    """What a channel says; ``feedback.models.Channel`` says what each means."""

    name: str
    shape: str
    address: str
    team: Team | None
    is_active: bool = True


@transaction.atomic
def save_channel(*, channel: Channel | None, content: ChannelContent, by: User, now: datetime) -> Channel:
    """Add a channel, or change one; an empty address keeps the one there is.

    What waits for an address that is no longer used is dropped. Invalid for a name that is taken, an
    unknown shape and an address that is not https.
    """
    row, before = channel or Channel(), channel.address if channel else ""
    _check(row, content)
    keeps = before and not content.address.strip()
    row.address = before if keeps else checked_address(content.address, where="address")
    row.name = checked_text(content.name, limit=80, where="name")
    row.shape, row.team, row.is_active = content.shape, content.team, content.is_active
    row.save()
    if before and (before != row.address or not row.is_active):
        _drop_waiting(before)
    detail = {"shape": row.shape, "is_active": row.is_active}
    audit.record(actor=by, action="channel.save", target=row, detail=detail)
    return row


def _check(row: Channel, content: ChannelContent) -> None:
    name = checked_text(content.name, limit=80, where="name")
    if not name:
        raise _invalid("Give it a name.", "name")
    if Channel.objects.filter(name=name).exclude(pk=row.pk).exists():
        raise _invalid("There is a channel of this name.", "name")
    if content.shape not in Channel.Shape.values:
        raise _invalid("Choose Slack or Microsoft Teams.", "shape")


@transaction.atomic
def remove_channel(*, channel: Channel, by: User, now: datetime) -> None:
    """Remove a channel, with what waits for it."""
    audit.record(actor=by, action="channel.remove", target=channel)
    _drop_waiting(channel.address)
    channel.delete()


def try_channel(*, channel: Channel, by: User, now: datetime) -> None:
    """Post a line to the channel at once; Conflict, which says why, if it didn't arrive."""
    line = OutboxMessage(
        channel=channel.shape,
        address=channel.address,
        subject=f"{by.name} tries this channel: here stands what sales managers are told.",
        body=f"{settings.BASE_URL}{reverse('feedback:channels')}",
    )
    shaped = slack([line]) if channel.shape == Channel.Shape.SLACK else teams([line])
    try:
        post(channel.address, shaped)
    except NotSent as error:
        raise Conflict(f"{channel} could not be reached. {error}"[:300]) from error


def _drop_waiting(address: str) -> None:
    OutboxMessage.objects.filter(address=address, sent_at=None).delete()


def _invalid(message: str, where: str) -> Invalid:
    return Invalid(message, problems=(Problem(message, where),))
