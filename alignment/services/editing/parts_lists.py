"""Disqualifiers, reject reasons and SLA terms of a draft: add, change, move, delete.

``put_…`` adds a part (``key`` None) at the end or changes the one with ``key``. Invalid names each
value that can't be, StaleEdit has the row as it is now if it changed since it had the digest ``seen``
(None: don't ask), PartGone tells that it was deleted. A repeat of a change changes nothing.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TypeVar

from django.db import models

from alignment.models import Disqualifier, Reason, SlaTerm, Version
from alignment.parts import DisqualifierValues, ReasonValues, TermValues
from alignment.parts.promises import term_key
from alignment.services.editing.core import Edit, PartGone, check_seen, editing
from alignment.services.editing.keys import make_key
from alignment.services.editing.parts import check
from core.errors import Conflict, Invalid, Problem
from core.text import fold
from users.models import User

MOST = 100  # rows of a kind

Part = TypeVar("Part", Disqualifier, Reason)
Row = TypeVar("Row", bound=models.Model)


def put_disqualifier(
    *,
    version_id: int,
    key: str | None,
    values: DisqualifierValues,
    seen: str | None,
    by: User,
    now: datetime,
) -> Disqualifier:
    """Add or change what always makes a D."""
    check(values)
    with editing(version_id=version_id, by=by, now=now) as edit:
        return _put(edit, Disqualifier, key, values, seen)


def put_reason(
    *, version_id: int, key: str | None, values: ReasonValues, seen: str | None, by: User, now: datetime
) -> Reason:
    """Add or change a reason to reject; the criterion it names must be one of the draft's."""
    check(values)
    with editing(version_id=version_id, by=by, now=now) as edit:
        known = edit.draft.criteria.values_list("key", flat=True)
        if values.criterion_key and values.criterion_key not in known:
            message = "This criterion is gone. Choose another one, or none."
            raise Invalid(message, problems=(Problem(message, "criterion_key"),))
        return _put(edit, Reason, key, values, seen)


def put_term(
    *, version_id: int, key: str | None, values: TermValues, seen: str | None, by: User, now: datetime
) -> SlaTerm:
    """Add or change the term of a grade, or of a grade from one source; ``key`` is ``A`` or ``A:Webinar``."""
    check(values)
    with editing(version_id=version_id, by=by, now=now) as edit:
        rows = _rows(edit.draft, SlaTerm)
        row = SlaTerm(version=edit.draft) if key is None else _find(rows, key)
        if key is not None:
            check_seen(asdict(TermValues.of(row)), seen, name=f"the term of {term_words(row)}")
        _check_twin([each for each in rows if each.pk != row.pk], values)
        _write(row, values.columns() | {"source": values.source.strip()})
        edit.what = f"{'Added' if key is None else 'Changed'} the term of {term_words(row)}"
        return row


def remove_disqualifier(*, version_id: int, key: str, seen: str | None, by: User, now: datetime) -> None:
    """Delete it; PartGone on a repeat."""
    with editing(version_id=version_id, by=by, now=now) as edit:
        _remove(edit, Disqualifier, key, seen)


def remove_reason(*, version_id: int, key: str, seen: str | None, by: User, now: datetime) -> None:
    """Delete it; PartGone on a repeat."""
    with editing(version_id=version_id, by=by, now=now) as edit:
        _remove(edit, Reason, key, seen)


def remove_term(*, version_id: int, key: str, seen: str | None, by: User, now: datetime) -> None:
    """Delete a term; PartGone on a repeat. A draft that lacks a grade can't be proposed."""
    with editing(version_id=version_id, by=by, now=now) as edit:
        row = _find(_rows(edit.draft, SlaTerm), key)
        check_seen(asdict(TermValues.of(row)), seen, name=f"the term of {term_words(row)}")
        edit.what = f"Deleted the term of {term_words(row)}"
        row.delete()


def move_disqualifier(*, version_id: int, key: str, before: str | None, by: User, now: datetime) -> None:
    """Put it before the one with the key ``before``, or at the end; Conflict if that one is gone."""
    with editing(version_id=version_id, by=by, now=now) as edit:
        _move(edit, Disqualifier, key, before)


def move_reason(*, version_id: int, key: str, before: str | None, by: User, now: datetime) -> None:
    """Put it before the one with the key ``before``, or at the end; Conflict if that one is gone."""
    with editing(version_id=version_id, by=by, now=now) as edit:
        _move(edit, Reason, key, before)


def key_of(row: models.Model) -> str:
    """What names a disqualifier, a reason or a term of a version."""
    return term_key(row) if isinstance(row, SlaTerm) else str(getattr(row, "key", ""))


def term_words(row: SlaTerm) -> str:
    """``grade A``, ``grade A from Webinar``."""
    return f"grade {row}"


def _put(
    edit: Edit,
    model: type[Part],
    key: str | None,
    values: DisqualifierValues | ReasonValues,
    seen: str | None,
) -> Part:
    rows = _rows(edit.draft, model)
    if key is None:
        row = _new(edit.draft, rows, model, values.label)
        edit.what = f"Added {_named(values)}"
    else:
        row = _find(rows, key)
        check_seen(_as_shown(row), seen, name=_named(row))
        edit.what = f"Changed {_named(values)}"
    _write(row, asdict(values) | {"label": values.label.strip()})
    return row


def _new(draft: Version, rows: Sequence[Part], model: type[Part], label: str) -> Part:
    if len(rows) >= MOST:
        raise Invalid(f"At most {MOST} of these. Delete one first.")
    otherwise = model._meta.verbose_name or ""
    key = make_key(label, [each.key for each in rows], otherwise=str(otherwise))
    return model(version=draft, key=key, position=max((each.position for each in rows), default=0) + 1)


def _remove(edit: Edit, model: type[Part], key: str, seen: str | None) -> None:
    row = _find(_rows(edit.draft, model), key)
    check_seen(_as_shown(row), seen, name=_named(row))
    edit.what = f"Deleted {_named(row)}"
    row.delete()


def _move(edit: Edit, model: type[Part], key: str, before: str | None) -> None:
    rows = _rows(edit.draft, model)
    row = _find(rows, key)
    others = [each for each in rows if each is not row]
    keys = [each.key for each in others]
    if before and before != key and before not in keys:
        raise Conflict("Somebody changed this list meanwhile. Look at it again, then move.")
    if before == key:
        return
    others.insert(keys.index(before) if before else len(others), row)
    for position, each in enumerate(others, 1):
        each.position = position
    edit.what = f"Moved {_named(row)}"
    model.objects.bulk_update(others, ["position"])


def _rows(draft: Version, model: type[Row]) -> list[Row]:
    return list(model._default_manager.filter(version=draft))


def _find(rows: Sequence[Row], key: str) -> Row:
    row = next((each for each in rows if key_of(each) == key), None)
    if row is None:
        raise PartGone("Somebody deleted this meanwhile.")
    return row


def _named(part: Disqualifier | Reason | DisqualifierValues | ReasonValues) -> str:
    kind = "reason" if isinstance(part, (Reason, ReasonValues)) else "disqualifier"
    return f"the {kind} “{part.label.strip()}”"


def _as_shown(row: Disqualifier | Reason) -> dict[str, object]:
    return asdict(DisqualifierValues.of(row) if isinstance(row, Disqualifier) else ReasonValues.of(row))


def _write(row: models.Model, columns: dict[str, object]) -> None:
    for name, value in columns.items():
        setattr(row, name, value)
    row.save()


def _check_twin(others: Sequence[SlaTerm], values: TermValues) -> None:
    name = values.grade, fold(values.source)
    if any((each.grade, fold(each.source)) == name for each in others):
        source = f" from “{values.source.strip()}”" if name[1] else ""
        message = f"There is a term of grade {values.grade}{source} already. Change that one."
        raise Invalid(message, problems=(Problem(message, "source" if name[1] else "grade"),))
