"""How messages look on each channel; several to one receiver become one letter."""

import hashlib
from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage

from core.models import OutboxMessage
from core.sending import post

MOST_LINES = 50
"""So many messages are spelled out in one letter; the rest is counted."""


def send(letter: Sequence[OutboxMessage]) -> None:
    """Send messages to one receiver as one; whatever the channel raises is the caller's."""
    first = letter[0]
    if first.channel == OutboxMessage.Channel.EMAIL:
        email(letter).send()
    elif first.channel == OutboxMessage.Channel.SLACK:
        post(first.address, slack(letter))
    else:
        post(first.address, teams(letter))


def email(letter: Sequence[OutboxMessage]) -> EmailMessage:
    """An e-mail; its id depends on the keys alone, so a mailbox can tell a repeat."""
    first, count = letter[0], len(letter)
    assert first.to is not None  # noqa: S101 - an e-mail has a person, by constraint
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    digest = hashlib.sha256("\0".join(each.key for each in letter).encode()).hexdigest()[:32]
    subject = first.subject if count == 1 else f"{count} notices: {first.subject}"
    bodies = [each.body for each in letter[:MOST_LINES]]
    return EmailMessage(
        subject=" ".join(subject.split()),  # a line break would begin another head
        body="\n\n".join([*bodies, *_rest(count)]),
        to=[first.to.email],
        headers={"Message-ID": f"<{digest}@{domain}>"},
    )


def slack(letter: Sequence[OutboxMessage]) -> dict[str, Any]:
    """An incoming webhook of Slack: one line a message, which is a link; its three signs are escaped."""
    lines = [f"<{each.body}|{_escaped(each.subject)}>" for each in letter[:MOST_LINES]]
    return {"text": "\n".join([*lines, *_rest(len(letter))])}


def teams(letter: Sequence[OutboxMessage]) -> dict[str, Any]:
    """A workflow of Teams: an adaptive card with a line for each message and a button for the first."""
    lines = [each.subject for each in letter[:MOST_LINES]] + _rest(len(letter))
    blocks = [{"type": "TextBlock", "text": line, "wrap": True} for line in lines]
    card = {
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": blocks,
        "actions": [{"type": "Action.OpenUrl", "title": "Open in Bantam", "url": letter[0].body}],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "attachments": [attachment]}


def _rest(count: int) -> list[str]:
    return [f"And {count - MOST_LINES} more."] if count > MOST_LINES else []


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("|", "¦")
