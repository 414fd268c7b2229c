"""Versions for tests. A version's parts can only be written while it is a draft, hence the order here."""

from typing import Any

from alignment.models import (
    Criterion,
    Definition,
    Dimension,
    Disqualifier,
    Grade,
    Reason,
    SlaTerm,
    Version,
    VersionDimension,
)

ALWAYS: dict[str, Any] = {"all": []}
NEVER: dict[str, Any] = {"any": []}
CAPS = dict(zip(Dimension, (15, 15, 20, 15, 20, 15), strict=True))


def make_draft(definition: Definition | None = None, **columns: Any) -> Version:
    """A small draft that can be proposed: one criterion (+20 need, always), one of each other part."""
    definition = definition or Definition.objects.create(name=f"Definition {Definition.objects.count() + 1}")
    columns.setdefault("number", definition.versions.count() + 1)
    draft = Version.objects.create(definition=definition, **columns)
    for dimension, cap in CAPS.items():
        VersionDimension.objects.create(version=draft, dimension=dimension, cap=cap)
    Criterion.objects.create(
        version=draft, key="always", label="Everybody", dimension=Dimension.NEED, points=20, condition=ALWAYS
    )
    Disqualifier.objects.create(version=draft, key="nobody", label="Nobody", condition=NEVER)
    Reason.objects.create(version=draft, key="no_need", label="No need", dimension=Dimension.NEED)
    for grade in Grade:
        SlaTerm.objects.create(version=draft, grade=grade, is_handed_over=grade in ("A", "B"))
    return draft


def make_version(status: str = Version.Status.ACTIVE, **columns: Any) -> Version:
    """A version as ``make_draft`` writes it, moved on to ``status``."""
    version = make_draft(**columns)
    version.status = status
    version.save(update_fields=["status"])
    return version
