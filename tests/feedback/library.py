"""Pieces of content for tests."""

from datetime import datetime
from typing import Any

from feedback.models import Assignment, ContentPiece, ContentUse
from tests.feedback.world import NOW
from users.models import User


def make_piece(title: str = "Guide", **given: Any) -> ContentPiece:
    """An article with a link, for everybody, that answers nothing unless told."""
    fields = {"kind": "article", "url": "https://example.com/guide", "created_at": NOW, "updated_at": NOW}
    return ContentPiece.objects.create(title=title, **fields | given)


def make_use(
    piece: ContentPiece, row: Assignment, by: User, *, at: datetime = NOW, how: str = "link"
) -> ContentUse:
    """A use in the episode of an assignment, past the service."""
    return ContentUse.objects.create(
        piece=piece, lead=row.handoff.lead, handoff=row.handoff, by=by, how=how, at=at
    )
