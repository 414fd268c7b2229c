"""Custom fields for tests."""

from datetime import UTC, datetime
from typing import Any

from leads.custom.checking import FieldContent
from leads.models import CustomField
from leads.services import create_field

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
T = CustomField.Type


def content(label: str = "Seats", kind: str = T.NUMBER, **more: Any) -> FieldContent:
    """What an admin says of a field."""
    return FieldContent(label=label, type=kind, **more)


def make(label: str = "Seats", kind: str = T.NUMBER, **more: Any) -> CustomField:
    """A field, made as an admin makes it."""
    return create_field(content=content(label, kind, **more), by=None, now=NOW)


def make_all() -> dict[str, CustomField]:
    """One field of each type, by its slug."""
    rows = [
        make("Seats", unit="seats", headers=("No. of seats",)),
        make("Need in words", T.TEXT),
        make("Renewal", T.DATE),
        make("Opted in", T.BOOLEAN),
        make("Plan", T.CHOICE, choices=("Gold", "Silver")),
    ]
    return {row.slug: row for row in rows}
