"""The objections that content can meet: the agreed reasons by their keys, under their newest labels."""

from collections.abc import Iterable

from alignment.models import Reason, Version


def labels_of(keys: Iterable[str]) -> dict[str, str]:
    """The newest label of each key; nothing is asked of the database without keys."""
    wanted = {key for key in keys if key}
    if not wanted:
        return {}
    rows = Reason.objects.filter(key__in=wanted).order_by("version_id")
    return dict(rows.values_list("key", "label"))


def choices(kept: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The reasons of the versions in force by key, and those in ``kept`` that are in no list any more."""
    rows = Reason.objects.filter(version__status=Version.Status.ACTIVE).order_by("version_id", "position")
    found = dict(rows.values_list("key", "label"))
    gone = {key for key in kept if key and key not in found}
    labels = labels_of(gone)
    return [*found.items(), *((key, labels.get(key, key)) for key in sorted(gone))]
