"""Which fields conditions ask for as they are written, also those that are gone."""

from collections.abc import Iterator, Mapping, Sequence

from django.urls import reverse

from alignment.models import Version
from core.hooks import FieldUse

OPEN = (
    Version.Status.DRAFT,
    Version.Status.PROPOSED,
    Version.Status.SIGNED,
    Version.Status.ACTIVE,
)


def asked_by(version: Version) -> set[str]:
    """The keys of all fields that a version asks for, whether it can be read or not."""
    return {key for _label, key in _parts(version)}


def field_uses() -> Mapping[str, Sequence[FieldUse]]:
    """Where open and active versions ask for which fields, by key: the places in the order of the versions;
    four queries. A draft is named, and what stands in it is its author's."""
    found: dict[str, list[FieldUse]] = {}
    versions = Version.objects.filter(status__in=OPEN).select_related("definition").order_by("pk")
    for version in versions.prefetch_related("dimensions", "criteria", "disqualifiers"):
        for label, key in _parts(version):
            use = _use(version, label)
            places = found.setdefault(key, [])
            if use not in places:
                places.append(use)
    return found


def _use(version: Version, label: str) -> FieldUse:
    if version.status == Version.Status.DRAFT:
        return FieldUse(f"A draft of {version.definition}", "", is_agreed=False)
    return FieldUse(f"{label} ({version})", reverse("alignment:version", args=[version.pk]), is_agreed=True)


def _parts(version: Version) -> Iterator[tuple[str, str]]:
    """(what the condition is called, key of a field that it asks for)"""
    trees: list[tuple[str, object]] = [("Scope", version.scope), ("Must-have", version.gate_must_have)]
    trees += [(criterion.label, criterion.condition) for criterion in version.criteria.all()]
    trees += [(each.label, each.condition) for each in version.disqualifiers.all()]
    for row in version.dimensions.all():
        trees += [(row.get_dimension_display(), tree) for tree in (row.partial_when, row.met_when)]
    for label, tree in trees:
        yield from ((label, key) for key in _keys(tree))


def _keys(tree: object) -> Iterator[str]:
    todo = [tree]
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            if isinstance(key := part.get("field"), str):
                yield key
            todo += [part.get("not"), *_listed(part.get("all")), *_listed(part.get("any"))]


def _listed(part: object) -> list[object]:
    return part if isinstance(part, list) else []
