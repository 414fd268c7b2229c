"""What both teams agreed, and who signed it."""

from alignment.models.content import Criterion, Dimension, Disqualifier, Reason, SlaTerm, VersionDimension
from alignment.models.signing import Comment, Side, Signature
from alignment.models.version import Definition, Grade, Version

__all__ = [
    "Comment",
    "Criterion",
    "Definition",
    "Dimension",
    "Disqualifier",
    "Grade",
    "Reason",
    "Side",
    "Signature",
    "SlaTerm",
    "Version",
    "VersionDimension",
]
