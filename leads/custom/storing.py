"""The one place where values of custom fields are put into a lead, folded as they are compared."""

from collections.abc import Mapping
from typing import Any

from core.text import fold
from leads.custom.definitions import PREFIX, Definition, definitions
from leads.custom.values import MAX_FOLDED
from leads.models import Lead
from rules.fields import FieldType

Changes = dict[str, tuple[Any, Any]]


def put(lead: Lead, said: Mapping[str, Any], known: Mapping[str, Definition] | None = None) -> Changes:
    """Put checked values into ``lead`` without saving; None takes one out.

    ``known`` are the fields, those in use unless it is given. Gives the old and the new value of each that
    changed, by its key.
    """
    known = definitions() if known is None else known
    new = {slug: value for slug, value in said.items() if not _same(lead.attributes.get(slug), value)}
    changes = {f"{PREFIX}.{slug}": (lead.attributes.get(slug), value) for slug, value in new.items()}
    if new:
        lead.attributes = _without_none({**lead.attributes, **new})
        folded = {slug: _folded(known.get(slug), value) for slug, value in new.items()}
        lead.attributes_folded = _without_none({**lead.attributes_folded, **folded})
    return changes


def _same(old: Any, new: Any) -> bool:
    """1 and True are equal in Python, and not the same value."""
    return type(old) is type(new) and bool(old == new)


def _folded(definition: Definition | None, value: Any) -> str | None:
    is_text = definition is not None and definition.type is FieldType.TEXT and isinstance(value, str)
    return fold(value)[:MAX_FOLDED] if is_text else None


def _without_none(values: dict[str, Any]) -> dict[str, Any]:
    return {slug: value for slug, value in values.items() if value is not None}
