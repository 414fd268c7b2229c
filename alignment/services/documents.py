"""Writing a document into a draft."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from alignment.document import Document
from alignment.models import (
    Commitment,
    Criterion,
    Disqualifier,
    Reason,
    SlaTerm,
    Version,
    VersionDimension,
)

PARTS: dict[str, type[models.Model]] = {
    "dimensions": VersionDimension,
    "criteria": Criterion,
    "disqualifiers": Disqualifier,
    "reasons": Reason,
    "terms": SlaTerm,
    "commitments": Commitment,
}


def write_document(draft: Version, document: Document) -> None:
    """Make ``draft`` say what ``document`` says, and nothing else; inside a transaction that locks it.

    Its rows are replaced and get new ids; number, author, reason and revision stay. A place in the order
    that the document doesn't name stays too. The caller writes the audit row.
    """
    for name, value in document.version.items():
        setattr(draft, name, value)
    draft.save(update_fields=list(document.version))
    for part, model in PARTS.items():
        _replace(draft, model, getattr(document, part))


def _replace(draft: Version, model: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    objects = model._default_manager
    objects.filter(version=draft).delete()
    objects.bulk_create(model(version=draft, **row) for row in rows)
