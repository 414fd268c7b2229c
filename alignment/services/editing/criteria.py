"""The criteria of a draft: add, edit, copy, move, switch, delete."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from alignment.criteria import LABEL_LENGTH, CriterionValues, criterion_problems, points_problem, values_of
from alignment.models import Criterion, Dimension, Version
from alignment.services.editing.core import PartGone, check_seen, editing
from alignment.services.editing.keys import make_key
from core.display import signed
from core.errors import Conflict, Invalid, Problem
from core.text import capital
from users.models import User

MOST = 300  # criteria of a version
NAMES = {
    "label": "name",
    "dimension": "dimension",
    "points": "points",
    "condition": "condition",
    "activity": "activity",
    "per": "how often it counts",
    "cap": "most points",
    "daily_cap": "most a day",
    "decay": "decay",
}


def put_criterion(
    *, version_id: int, key: str | None, values: CriterionValues, seen: str | None, by: User, now: datetime
) -> Criterion:
    """Add a criterion (``key`` None) at the end of its dimension, or change the one with ``key``.

    A new one gets a key made of its label; a rename keeps the key. Invalid names each value that can't
    be, StaleEdit has the row as it is now if it changed since it had the digest ``seen``, PartGone
    if it was deleted. A repeat of a change changes nothing; a repeat of an addition adds another.
    """
    problems = criterion_problems(values)
    if problems:
        raise Invalid("Some values can't be saved.", problems=problems)
    with editing(version_id=version_id, by=by, now=now) as edit:
        rows = _rows(edit.draft)
        if key is None:
            row = _add(edit.draft, rows, values.columns())
            edit.what = f"Added “{row.label}”"
            return row
        row = _find(rows, key)
        check_seen(row, seen, name=f"“{row.label}”")
        changed = _set(row, values.columns())
        edit.what = f"{capital(_listed(NAMES[name] for name in changed))} of “{row.label}”"
        if "dimension" in changed:
            _place(rows, row, None)
        return row


def set_points(
    *, version_id: int, key: str, points: int, seen: str | None, by: User, now: datetime
) -> Criterion:
    """Change the points of a criterion alone; ``seen`` is the digest of the points that were shown."""
    if wrong := points_problem(points):
        raise Invalid(wrong, problems=(Problem(wrong, "points"),))
    with editing(version_id=version_id, by=by, now=now) as edit:
        row = _find(_rows(edit.draft), key)
        if row.points != points:
            check_seen(row.points, seen, name=f"the points of “{row.label}”")
        edit.what = f"Points of “{row.label}”: {signed(row.points)} → {signed(points)}"
        _set(row, {"points": points})
    return row


def switch_criterion(*, version_id: int, key: str, is_on: bool, by: User, now: datetime) -> Criterion:
    """Let a criterion count or not; a repeat changes nothing."""
    with editing(version_id=version_id, by=by, now=now) as edit:
        row = _find(_rows(edit.draft), key)
        edit.what = f"Switched {'on' if is_on else 'off'} “{row.label}”"
        _set(row, {"is_on": is_on})
    return row


def copy_criterion(*, version_id: int, key: str, by: User, now: datetime) -> Criterion:
    """Put a copy right behind the criterion, with a name and key of its own; a repeat makes another."""
    with editing(version_id=version_id, by=by, now=now) as edit:
        rows = _rows(edit.draft)
        row = _find(rows, key)
        values = values_of(row).columns() | {"label": _copied(row.label), "is_on": row.is_on}
        edit.what = f"Copied “{row.label}”"
        copy = _add(edit.draft, rows, values)
        following = rows[rows.index(row) + 1]
        _place(rows, copy, None if following is copy else following)
    return copy


def move_criterion(
    *, version_id: int, key: str, dimension: str, before: str | None, by: User, now: datetime
) -> Criterion:
    """Put a criterion into ``dimension``, before the one with the key ``before`` or at the end.

    Conflict if that one is no longer there: the list has another order than was shown.
    """
    if dimension not in Dimension.values:
        raise Invalid("Choose one of the six dimensions.")
    with editing(version_id=version_id, by=by, now=now) as edit:
        rows = _rows(edit.draft)
        row = _find(rows, key)
        target = next((each for each in rows if each.key == before and each.dimension == dimension), None)
        if before and target is None:
            raise Conflict("Somebody changed this list meanwhile. Look at it again, then move.")
        where = f"to {Dimension(dimension).label}" if dimension != row.dimension else "to another place"
        edit.what = f"Moved “{row.label}” {where}"
        _set(row, {"dimension": dimension})
        _place(rows, row, None if target is row else target, stays=target is row)
    return row


def remove_criterion(*, version_id: int, key: str, seen: str | None, by: User, now: datetime) -> None:
    """Delete a criterion; StaleEdit if it changed since ``seen``, PartGone on a repeat."""
    with editing(version_id=version_id, by=by, now=now) as edit:
        row = _find(_rows(edit.draft), key)
        check_seen(row, seen, name=f"“{row.label}”")
        edit.what = f"Deleted “{row.label}”"
        row.delete()


def _rows(draft: Version) -> list[Criterion]:
    return list(draft.criteria.all())


def _find(rows: Iterable[Criterion], key: str) -> Criterion:
    row = next((each for each in rows if each.key == key), None)
    if row is None:
        raise PartGone("Somebody deleted this criterion meanwhile.")
    return row


def _add(draft: Version, rows: list[Criterion], columns: dict[str, Any]) -> Criterion:
    if len(rows) >= MOST:
        raise Invalid(f"A definition has at most {MOST} criteria. Delete one first.")
    key = make_key(columns["label"], [each.key for each in rows], otherwise="criterion")
    position = max((each.position for each in rows), default=0) + 1
    row = Criterion.objects.create(version=draft, key=key, position=position, **columns)
    rows.append(row)
    return row


def _set(row: Criterion, values: dict[str, Any]) -> list[str]:
    """Write what differs; the names of it."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return changed


def _place(rows: list[Criterion], row: Criterion, before: Criterion | None, *, stays: bool = False) -> None:
    """Put ``row`` before another, or behind the last of its dimension, and number the rows anew."""
    if stays:
        return
    others = [each for each in rows if each is not row]
    if before is not None:
        place = others.index(before)
    else:
        same = [index for index, each in enumerate(others) if each.dimension == row.dimension]
        place = same[-1] + 1 if same else len(others)
    others.insert(place, row)
    moved = [each for position, each in enumerate(others, 1) if _renumbered(each, position)]
    Criterion.objects.bulk_update(moved, ["position"])


def _renumbered(row: Criterion, position: int) -> bool:
    differs = row.position != position
    row.position = position
    return differs


def _copied(label: str) -> str:
    suffix = " (copy)"
    return label[: LABEL_LENGTH - len(suffix)] + suffix


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}" if found else "nothing"
