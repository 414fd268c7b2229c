"""What both teams agreed, and who signed it."""

from alignment.models.content import (
    Commitment,
    Criterion,
    Dimension,
    Disqualifier,
    Reason,
    SlaTerm,
    VersionDimension,
)
from alignment.models.drafting import DraftEdit
from alignment.models.glossary import GlossaryEntry
from alignment.models.signing import Comment, Reopening, Side, Signature
from alignment.models.version import Definition, Grade, Version

__all__ = [
    "Comment",
    "Commitment",
    "Criterion",
    "Definition",
    "Dimension",
    "Disqualifier",
    "DraftEdit",
    "GlossaryEntry",
    "Grade",
    "Reason",
    "Reopening",
    "Side",
    "Signature",
    "SlaTerm",
    "Version",
    "VersionDimension",
]
