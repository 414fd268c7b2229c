"""The custom fields that are in use now, as plain values and as fields of the registry.

They are read once for each piece of work in each thread: a request, a task, or what lies between two calls
of ``renew``. Where a change must be seen at once, such as after claiming the marks that it set, whoever
asks calls ``rules.fields.registry.renew`` first. So nothing is kept that another process may have changed.
"""

import threading
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from celery.signals import task_prerun
from django.core.signals import request_started
from django.db.models.expressions import Combinable

from leads.models import CustomField
from rules.attributes import attribute_expression
from rules.context import Context
from rules.fields import CONDITION_USES, Field, FieldType, Use, registry

PREFIX = "attribute"
GROUP = "Custom fields"
USES = CONDITION_USES | {Use.COLUMN, Use.IMPORT}
TYPES: Mapping[str, FieldType] = {kind: FieldType(kind) for kind in CustomField.Type.values}


@dataclass(frozen=True, slots=True)
class Definition:
    """A custom field that is in use; see ``models.CustomField``."""

    slug: str
    label: str
    type: FieldType
    unit: str = ""
    help: str = ""
    choices: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The name of the field in conditions, addresses and files."""
        return f"{PREFIX}.{self.slug}"


@dataclass(frozen=True, slots=True)
class _Read:
    definitions: Mapping[str, Definition]
    fields: tuple[Field, ...]
    edition: Hashable


_local = threading.local()


def definitions() -> Mapping[str, Definition]:
    """The custom fields in use by their slugs, in their order."""
    return _read().definitions


def definition_of(row: CustomField) -> Definition:
    """A row as a plain value."""
    return Definition(
        slug=row.slug,
        label=row.label,
        type=TYPES[row.type],
        unit=row.unit,
        help=row.help,
        choices=tuple(row.choices),
        headers=tuple(row.headers),
    )


def renew() -> None:
    """Read the fields again at the next look, in this thread."""
    _local.read = None


def register() -> None:
    """Offer the fields to the registry, and look at them anew in each request and task."""
    registry.register_provider(PREFIX, _fields, edition=_edition, renew=renew, former=_former)
    request_started.connect(_renew, dispatch_uid="leads.custom.renew")
    task_prerun.connect(_renew, dispatch_uid="leads.custom.renew")


def _renew(*_sender: Any, **_said: Any) -> None:
    renew()


def _fields() -> tuple[Field, ...]:
    return _read().fields


def _former(key: str) -> str:
    slug = key.removeprefix(f"{PREFIX}.")
    if not slug.isidentifier():  # typed by hand: the database may not even take it
        return ""
    retired = CustomField.objects.filter(slug=slug, retired_at__isnull=False)
    return retired.values_list("label", flat=True).first() or ""


def _edition() -> Hashable:
    return _read().edition


def _read() -> _Read:
    read: _Read | None = getattr(_local, "read", None)
    if read is None:
        rows = CustomField.objects.filter(retired_at=None)
        known = {row.slug: definition_of(row) for row in rows}
        edition = tuple((each.slug, each.type, each.choices) for each in known.values())
        read = _local.read = _Read(known, tuple(map(_field, known.values())), edition)
    return read


def _field(each: Definition) -> Field:
    is_text = each.type is FieldType.TEXT
    return Field(
        key=each.key,
        label=each.label,
        type=each.type,
        uses=USES,
        group=GROUP,
        expression=_value(each, "attributes"),
        folded_expression=_value(each, "attributes_folded") if is_text else None,
        choices=tuple((text, text) for text in each.choices),
        unit=each.unit,
        help=each.help,
    )


def _value(each: Definition, column: str) -> Any:
    def build(_ctx: Context) -> Combinable:
        return attribute_expression(column, each.slug, each.type)

    return build
