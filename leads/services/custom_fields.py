"""Making, changing, retiring and bringing back the fields that a company adds to its leads."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from core import audit
from core.errors import Conflict, Invalid, Problem
from core.locking import locked
from leads.custom import checking, counting
from leads.custom.checking import FieldContent
from leads.models import CustomField
from leads.services.field_runs import start_conversion, start_judging
from rules.fields import registry
from users.models import User

CHANGED = (
    "Somebody changed this field while you were editing. Load it again to see what changed; nothing of yours "
    "was saved."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Columns that imports kept, to become the values of a new field. ``date_order`` says how their dates
    begin ("dmy", "mdy" or "")."""

    headers: Collection[str] = ()
    date_order: str = ""


@transaction.atomic
def create_field(
    *, content: FieldContent, by: User | None, now: datetime, kept: Kept | None = None
) -> CustomField:
    """Add a field; what imports kept under ``kept.headers`` becomes its values in the background.

    Invalid, located, if a part can't be used or there are too many fields; Conflict if the name is taken.
    """
    others = _others()
    good = checking.checked(content, others)
    slug = checking.slug_of(good.label, others)
    row = CustomField(
        slug=slug, position=max((each.position for each in others), default=0) + 1, created_at=now
    )
    _fill(row, good, now)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Conflict(f"Somebody else made a field called {good.label} at this moment.") from None
    registry.renew()
    audit.record(actor=by, action="field.create", target=row, detail={"field": row.key, "type": row.type})
    if kept and kept.headers:
        start_conversion(field=row, headers=kept.headers, date_order=kept.date_order, by=by, now=now)
    return row


@transaction.atomic
def update_field(
    *,
    field: CustomField,
    content: FieldContent,
    by: User | None,
    now: datetime,
    seen_at: datetime | None = None,
    is_sure: bool = False,
) -> CustomField:
    """Change a field; its key stays. A repeat writes nothing.

    ``seen_at`` is the ``updated_at`` that the editor saw: if the field changed since, it is a Conflict.
    Invalid, located, also for another type while leads have values, and, unless ``is_sure``, for taking
    away choices that leads have: they keep them, and no condition can ask for them any more.
    """
    others = _others()
    row = next((each for each in others if each.pk == field.pk), None)
    if row is None or (seen_at is not None and row.updated_at != seen_at):
        raise Conflict(CHANGED)
    good = checking.checked(content, [each for each in others if each.pk != row.pk])
    _check_type(row, good)
    if not is_sure:
        _check_choices(row, good)
    before = _content_of(row)
    if before == good:
        return row
    means_else = (row.type, row.choices) != (good.type, list(good.choices))
    _fill(row, good, now)
    row.save()
    registry.renew()
    names = [name for name in FieldContent.__slots__ if getattr(before, name) != getattr(good, name)]
    audit.record(actor=by, action="field.update", target=row, detail={"field": row.key, "fields": names})
    if means_else:
        start_judging(field=row, by=by, now=now)
    return row


@transaction.atomic
def retire_field(*, field: CustomField, by: User | None, now: datetime) -> CustomField:
    """Take a field out of use; its values stay. Criteria that ask for it hold for nobody, and the leads are
    judged again. A repeat changes nothing."""
    row = locked(CustomField.objects.filter(pk=field.pk)).get()
    if row.retired_at is None:
        row.retired_at = row.updated_at = now
        _save_use(row, "field.retire", by, now)
    return row


@transaction.atomic
def restore_field(*, field: CustomField, by: User | None, now: datetime) -> CustomField:
    """Bring a retired field back with the values that it had. A repeat changes nothing; Invalid if another
    field took its headers meanwhile."""
    others = _others()
    row = next(each for each in others if each.pk == field.pk)
    if row.retired_at is not None:
        checking.checked(_content_of(row), [each for each in others if each.pk != row.pk])
        row.retired_at, row.updated_at = None, now
        _save_use(row, "field.restore", by, now)
    return row


@transaction.atomic
def move_field(*, field: CustomField, is_up: bool, by: User | None, now: datetime) -> None:
    """Put a field one place up or down among those in use; at the end of the list it stays."""
    rows = [each for each in _others() if each.retired_at is None]
    place = next((place for place, each in enumerate(rows) if each.pk == field.pk), None)
    other = None if place is None else place + (-1 if is_up else 1)
    if place is None or other is None or not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for position, each in enumerate(rows, 1):
        each.position = position
    CustomField.objects.bulk_update(rows, ["position"])
    registry.renew()
    audit.record(actor=by, action="field.move", target=field, detail={"field": field.key})


def _others() -> list[CustomField]:
    """All fields, locked, so that two editors come one after the other; in their order."""
    rows = locked(CustomField.objects.all())
    return sorted(rows, key=lambda each: (each.position, each.pk))


def _save_use(row: CustomField, action: str, by: User | None, now: datetime) -> None:
    row.save()
    registry.renew()
    audit.record(actor=by, action=action, target=row, detail={"field": row.key})
    start_judging(field=row, by=by, now=now)


def _content_of(row: CustomField) -> FieldContent:
    return FieldContent(
        label=row.label,
        type=row.type,
        unit=row.unit,
        help=row.help,
        choices=tuple(row.choices),
        headers=tuple(row.headers),
    )


def _fill(row: CustomField, content: FieldContent, now: datetime) -> None:
    row.label, row.type, row.unit, row.help = content.label, content.type, content.unit, content.help
    row.choices, row.headers = list(content.choices), list(content.headers)
    row.updated_at = now


def _check_type(row: CustomField, content: FieldContent) -> None:
    if row.type != content.type and counting.has_values(row.slug):
        message = (
            f"Leads have values of {row.label}, so its type stays {row.get_type_display().lower()}. Retire "
            "the field and make a new one of the type that you need."
        )
        raise Invalid(message, problems=(Problem(message, "type"),))


def _check_choices(row: CustomField, content: FieldContent) -> None:
    gone = [each for each in row.choices if each not in content.choices]
    if row.type != content.type or not gone:
        return
    used = [f"“{choice}” ({count})" for choice, count in counting.choice_counts(row.slug, gone)]
    if used:
        message = (
            f"Leads have choices that you take away: {', '.join(used)}. They keep them, but conditions can't "
            "ask for them any more. Save again to take them away."
        )
        raise Invalid(message, problems=(Problem(message, "choices"),))
