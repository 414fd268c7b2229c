"""Keeping the content library, and counting each time that a piece is used."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction

from alignment.models import Dimension
from core import audit
from core.errors import Conflict, Invalid, Problem
from core.locking import locked
from feedback.content.access import may_use
from feedback.models import ContentPiece, ContentUse, Handoff
from feedback.texts import checked_text
from leads.models import Lead, Stage
from users.models import User

LIMITS = {"title": 160, "url": 500, "text": 5_000, "reason_key": 60, "industry": 120, "language": 10}
SAME_USE = timedelta(minutes=1)
"""A second press within so long is the same use."""
CHANGED = (
    "Somebody changed this piece while you were editing. Load it again to see what changed; nothing of yours "
    "was saved."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceContent:
    """All that is said of a piece; see ``models.ContentPiece``."""

    title: str
    kind: str
    url: str = ""
    text: str = ""
    dimension: str = ""
    reason_key: str = ""
    industry: str = ""
    stage: str = ""
    language: str = ""


@transaction.atomic
def save_piece(
    *,
    piece: ContentPiece | None,
    content: PieceContent,
    by: User,
    now: datetime,
    seen_at: datetime | None = None,
) -> ContentPiece:
    """Add a piece, or change one; a repeat of the same content writes nothing.

    ``seen_at`` is the ``updated_at`` that the editor saw: if the piece changed since, it is a Conflict.
    Invalid, located, without a title, without a link and a text, or for a link that is no web address.
    """
    good = _checked(content)
    names = [field.name for field in fields(PieceContent)]
    row = locked(ContentPiece.objects.filter(pk=piece.pk)).get() if piece else ContentPiece(created_by=by)
    if piece and seen_at is not None and row.updated_at != seen_at:
        raise Conflict(CHANGED)
    changed = [name for name in names if getattr(row, name) != getattr(good, name)]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, getattr(good, name))
    if piece is None:
        row.created_at = now
    row.updated_at = now
    row.save()
    action = "content.update" if piece else "content.create"
    audit.record(actor=by, action=action, target=row, detail={"fields": changed})
    return row


@transaction.atomic
def retire_piece(*, piece: ContentPiece, by: User, now: datetime) -> ContentPiece:
    """Suggest it no more; it and its uses stay. A repeat changes nothing."""
    return _set_retired(piece, now, by, "content.retire")


@transaction.atomic
def restore_piece(*, piece: ContentPiece, by: User, now: datetime) -> ContentPiece:
    """Suggest it again. A repeat changes nothing."""
    return _set_retired(piece, None, by, "content.restore")


@transaction.atomic
def use_piece(*, piece: ContentPiece, lead: Lead, how: str, by: User, now: datetime) -> ContentUse:
    """Count that ``by`` copies a piece for a lead or opens a mail with it.

    It is no attempt to reach the lead and stops no clock. The same use again within a minute is counted
    once. NotAllowed isn't raised here: whoever calls has checked that ``by`` may see the lead. Invalid for
    a mail to a lead that unsubscribed or has no address, for a text or a link that the piece lacks, and
    for who isn't in sales; Conflict if the piece was retired meanwhile.
    """
    row = locked(ContentPiece.objects.filter(pk=piece.pk)).get()  # two presses at once count once
    if row.retired_at is not None:
        raise Conflict(f"“{row}” was retired. Reload the page to see what is offered now.")
    person = Lead.objects.get(pk=lead.pk)
    _check_use(row, person, how, by)
    same = ContentUse.objects.filter(piece=row, lead=person, by=by, how=how, at__gt=now - SAME_USE)
    if (earlier := same.first()) is not None:
        return earlier
    handoff = Handoff.objects.filter(lead=person, closed_at=None).order_by("-cycle").first()
    use = ContentUse.objects.create(piece=row, lead=person, handoff=handoff, by=by, how=how, at=now)
    audit.record(actor=by, action="content.use", target=row, detail={"use": use.pk, "lead": person.pk})
    return use


def _check_use(piece: ContentPiece, lead: Lead, how: str, by: User) -> None:
    if not may_use(by):
        raise _invalid("Only sales uses content on a lead.", "how")
    if how not in ContentUse.How.values:
        raise _invalid("Choose to copy the text, to copy the link or to open a mail.", "how")
    if how == ContentUse.How.TEXT and not piece.text:
        raise _invalid("This piece has no text. Copy its link.", "how")
    if how == ContentUse.How.LINK and not piece.url:
        raise _invalid("This piece has no link. Copy its text.", "how")
    if how == ContentUse.How.MAIL and lead.is_unsubscribed:
        raise _invalid(f"{lead} unsubscribed from e-mail and must not be written to.", "how")
    if how == ContentUse.How.MAIL and not lead.email:
        raise _invalid(f"No e-mail address of {lead} is known.", "how")


def _set_retired(piece: ContentPiece, at: datetime | None, by: User, action: str) -> ContentPiece:
    row = locked(ContentPiece.objects.filter(pk=piece.pk)).get()
    if (row.retired_at is None) != (at is None):
        row.retired_at = at
        row.save(update_fields=["retired_at"])
        audit.record(actor=by, action=action, target=row)
    return row


def _checked(content: PieceContent) -> PieceContent:
    texts = {name: checked_text(getattr(content, name), limit=limit, where=name) for name, limit in
             LIMITS.items()}  # fmt: skip
    texts["text"] = texts["text"].replace("\r\n", "\n")
    texts |= {name: " ".join(texts[name].split()) for name in ("title", "industry")}
    texts["language"] = texts["language"].lower().replace("_", "-")
    if not texts["title"]:
        raise _invalid("Give the piece a title.", "title")
    if not texts["url"] and not texts["text"]:
        raise _invalid("Give a link, a text to copy, or both.", "url")
    _check_link(texts["url"])
    _check_choices(content)
    return PieceContent(kind=content.kind, dimension=content.dimension, stage=content.stage, **texts)


def _check_choices(content: PieceContent) -> None:
    known = {
        "kind": ContentPiece.Kind.values,
        "dimension": ["", *Dimension.values],
        "stage": ["", *Stage.values],
    }
    for name, values in known.items():
        if getattr(content, name) not in values:
            raise _invalid(f"Choose one of the {name}s that are offered.", name)


def _check_link(url: str) -> None:
    if not url:
        return
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
    except ValueError:
        is_web = False
    if not is_web or any(char.isspace() or not char.isprintable() for char in url):
        raise _invalid("Give a web address that begins with https:// or http://.", "url")


def _invalid(message: str, where: str) -> Invalid:
    return Invalid(message, problems=(Problem(message, where),))
