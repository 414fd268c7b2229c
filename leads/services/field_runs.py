"""Work over all leads that a field makes: kept columns that become values, leads that are judged again.

Each chunk of leads and its place are one transaction, so a run that dies goes on where it was, and two
that run at once share the work. A service starts it within its own transaction; ``tasks.run_fields`` does it.
"""

import logging
from collections.abc import Callable, Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from core import audit
from core.errors import Conflict
from core.hooks import hooks
from core.locking import locked
from leads import cleaning
from leads.custom import storing, values
from leads.custom.definitions import definition_of
from leads.imports.values import is_empty
from leads.marks import mark
from leads.models import ChangeCause, CustomField, FieldRun, Lead
from leads.services.applying import write_changed
from users.models import Organisation, User

CHUNK = 1_000
MAX_EXAMPLES = 5
DATE_ORDERS = ("", "dmy", "mdy")
Kind, State = FieldRun.Kind, FieldRun.State
logger = logging.getLogger(__name__)


def start_conversion(
    *, field: CustomField, headers: Collection[str], date_order: str, by: User | None, now: datetime
) -> FieldRun:
    """Have what imports kept under ``headers`` become values of ``field``, in the background."""
    order = date_order if date_order in DATE_ORDERS else ""
    return _start(field, Kind.CONVERT, by, now, headers=sorted(set(headers)), date_order=order)


def start_judging(*, field: CustomField, by: User | None, now: datetime) -> FieldRun | None:
    """Have every lead judged again in the background, if an agreed condition asks for ``field``; None if
    none does. What was judged under the field as it was until now is overtaken."""
    uses = [use for found in hooks.field_uses for use in found().get(field.key, ())]
    if not any(use.is_agreed for use in uses):
        return None
    FieldRun.objects.filter(field=field, kind=Kind.JUDGE, state=State.RUNNING).update(
        state=State.DONE, ended_at=now
    )
    return _start(field, Kind.JUDGE, by, now)


def _start(field: CustomField, kind: str, by: User | None, now: datetime, **more: object) -> FieldRun:
    last = Lead.objects.aggregate(last=Max("pk"))["last"] or 0
    if FieldRun.objects.filter(field=field, state=State.RUNNING).exists():
        raise Conflict(f"{field} is still at work on the leads. Wait until that is done.")
    return FieldRun.objects.create(
        field=field, kind=kind, author=by, created_at=now, moved_at=now, last_lead=last, **more
    )


def run_fields(*, clock: Callable[[], datetime]) -> int:
    """Do the work that there is, each to its end; gives how many there were. What another worker is at is
    passed over. One that breaks is logged and tried again by the next call."""
    ids = list(FieldRun.objects.filter(state=State.RUNNING).order_by("pk").values_list("pk", flat=True))
    for run_id in ids:
        try:
            while _chunk(run_id, clock()):
                pass
        except Exception:
            logger.exception("The work %s on the leads broke; it is tried again.", run_id)
    return len(ids)


@transaction.atomic
def _chunk(run_id: int, now: datetime) -> bool:
    """The next leads of a run; False when it is over, or another worker is at it."""
    rows = FieldRun.objects.filter(pk=run_id, state=State.RUNNING).select_related("field", "author")
    row = locked(rows, skip_locked=True).first()
    if row is None:
        return False
    ids = Lead.objects.filter(pk__gt=row.position, pk__lte=row.last_lead).order_by("pk")
    last = ids.values_list("pk", flat=True)[CHUNK - 1 : CHUNK].first() or row.last_lead
    work = _convert if row.kind == Kind.CONVERT else _judge
    work(row, last, now)
    row.position, row.moved_at = last, now
    if is_over := last >= row.last_lead:
        row.state, row.ended_at = State.DONE, now
        counts = {"field": row.field.key, "converted": row.converted, "unfit": row.unfit}
        audit.record(actor=row.author, action=f"field.{row.kind}", target=row.field, detail=counts)
    row.save()
    return not is_over


def _judge(row: FieldRun, last: int, now: datetime) -> None:
    ids = Lead.objects.filter(pk__gt=row.position, pk__lte=last).values_list("pk", flat=True)
    mark(ids, cause=ChangeCause.EDIT, now=now)


def _convert(row: FieldRun, last: int, now: datetime) -> None:
    """A value that fits moves into the field; one that doesn't stays where it was and is counted. A value
    that a lead has already is not overwritten."""
    leads = Lead.objects.filter(pk__gt=row.position, pk__lte=last, extra__has_any_keys=row.headers)
    definition = definition_of(row.field)
    known = {definition.slug: definition}
    zone = Organisation.current().tz
    changed = []
    for lead in locked(leads):
        for header in row.headers:
            raw = lead.extra.get(header)
            if not isinstance(raw, str) or (definition.slug in lead.attributes):
                continue
            try:
                value = None if is_empty(raw) else values.read(definition, raw, zone, row.date_order)
            except cleaning.UnusableError as error:
                _tell(row, raw, error.reason)
                continue
            lead.extra = {key: kept for key, kept in lead.extra.items() if key != header}
            storing.put(lead, {definition.slug: value}, known)
            lead.updated_at = now
            row.converted += value is not None
            changed.append(lead)
    write_changed(changed)
    mark([lead.pk for lead in changed], cause=ChangeCause.IMPORT, now=now)


def _tell(row: FieldRun, raw: str, reason: str) -> None:
    row.unfit += 1
    if len(row.examples) < MAX_EXAMPLES and all(raw[:100] != each[0] for each in row.examples):
        row.examples = [*row.examples, [raw[:100], reason]]
