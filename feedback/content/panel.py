"""The suggestions as the lead page and the queue show them, and what *copy* and *send* need."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from core.hooks import TimelineEntry
from feedback.content.access import READERS, may_use, may_write
from feedback.content.forms import hows
from feedback.content.mail import mailto, text_of
from feedback.content.suggesting import Suggestion, standing_of, suggestions
from feedback.models import ContentPiece, ContentUse
from feedback.words import BantLine
from leads.access import sees_lead
from leads.models import Lead
from users.access import person
from users.models import User


@dataclass(frozen=True, slots=True)
class Offer:
    """A piece ready to be used on a lead; ``text``, ``link`` and ``mail`` are "" where they can't be."""

    piece: ContentPiece
    lead: Lead
    why: str
    used_at: datetime | None
    text: str
    link: str
    mail: str


def offer(piece: ContentPiece, lead: Lead, *, why: str = "", used_at: datetime | None = None) -> Offer:
    """What there is to copy and to send."""
    allowed = hows(piece, lead)
    return Offer(
        piece=piece,
        lead=lead,
        why=why,
        used_at=used_at,
        text=text_of(piece, lead) if ContentUse.How.TEXT in allowed else "",
        link=piece.url if ContentUse.How.LINK in allowed else "",
        mail=mailto(piece, lead) if ContentUse.How.MAIL in allowed else "",
    )


def offers(lead: Lead, *, now: datetime, lines: Sequence[BantLine] | None = None) -> list[Offer]:
    """The suggestions for a lead whose company is at hand; ``lines`` are its BANT lines if they are too."""
    found: list[Suggestion] = suggestions(lead, standing_of(lead, now=now, lines=lines))
    return [offer(each.piece, lead, why=each.why, used_at=each.used_at) for each in found]


def content_context(
    viewer: User, lead: Lead, *, now: datetime, lines: Sequence[BantLine] | None = None
) -> dict[str, Any]:
    """What the templates of the panel take."""
    is_shown = viewer.role in READERS
    return {
        "content_offers": offers(lead, now=now, lines=lines) if is_shown else [],
        "sees_content": is_shown,
        "may_use_content": may_use(viewer) and sees_lead(viewer, lead),
        "may_write_content": may_write(viewer),
    }


def lead_panel(request: HttpRequest, lead: Lead) -> dict[str, Any]:
    """The panel of the lead page."""
    return content_context(person(request), lead, now=timezone.now())


def entries(lead: Lead, limit: int) -> Iterable[TimelineEntry]:
    """Each use on the lead, newest first (1 query)."""
    rows = ContentUse.objects.filter(lead=lead).select_related("piece", "by")[:limit]
    return [
        TimelineEntry(
            at=row.at,
            kind="mail" if row.how == ContentUse.How.MAIL else "external",
            title=f"{row.get_how_display()}: {row.piece}",
            who=str(row.by),
        )
        for row in rows
    ]
