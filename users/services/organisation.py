"""The organisation: its name, its zone, its currency, and the end of the set-up."""

import zoneinfo
from datetime import datetime

from django.db import transaction

from core.audit import record
from core.errors import Conflict, Invalid, Problem
from core.hooks import Recount, hooks
from core.locking import locked
from users.currencies import CURRENCIES
from users.models import Organisation, User


def consequences(organisation: Organisation, *, zone: str, currency: str) -> list[str]:
    """What would be worked out again if the zone or currency changed to these, in words."""
    return [recount.consequence for recount in _recounts(organisation, zone=zone, currency=currency)]


@transaction.atomic
def change_organisation(
    *, name: str, zone: str, currency: str, by: User, now: datetime, is_sure: bool = False
) -> Organisation:
    """Set name, zone and currency, and confirm them.

    Where rows depend on a zone or currency that changes, ``is_sure`` is needed, else Conflict; what
    depends on it is worked out again in this transaction. Invalid if a value can't be used.
    """
    _check(name, zone, currency)
    Organisation.current()
    row = locked(Organisation.objects.filter(pk=1)).get()
    recounts = _recounts(row, zone=zone, currency=currency)
    if recounts and not is_sure:
        raise Conflict(" ".join(["Say that you are sure.", *(recount.consequence for recount in recounts)]))
    before = {field: getattr(row, field) for field in ("name", "zone", "currency")}
    after = {"name": name.strip(), "zone": zone, "currency": currency}
    if before == after and row.is_confirmed:
        return row
    row.name, row.zone, row.currency, row.is_confirmed = after["name"], zone, currency, True
    row.save(update_fields=[*after, "is_confirmed"])
    record(actor=by, action="organisation.changed", target=row, detail={"before": before, "after": after})
    for recount in recounts:
        recount.run(now)
    return row


@transaction.atomic
def finish_set_up(*, by: User, now: datetime) -> Organisation:
    """Note that every step of the set-up was done, so that nobody is reminded any more."""
    row = locked(Organisation.objects.filter(pk=Organisation.current().pk)).get()
    if row.set_up_at is None:
        row.set_up_at = now
        row.save(update_fields=["set_up_at"])
        record(actor=by, action="organisation.set_up", target=row)
    return row


def _recounts(organisation: Organisation, *, zone: str, currency: str) -> list[Recount]:
    registered = hooks.zone_changed if organisation.zone != zone else []
    registered = registered + (hooks.currency_changed if organisation.currency != currency else [])
    return [recount for recount in registered if recount.in_use()]


def _check(name: str, zone: str, currency: str) -> None:
    problems = []
    if not name.strip() or len(name.strip()) > 120:
        problems.append(Problem("Give the company's name, in at most 120 characters.", "name"))
    if zone not in zoneinfo.available_timezones():
        problems.append(Problem(f"“{zone}” is not a time zone; pick one such as Europe/Berlin.", "zone"))
    if currency not in CURRENCIES:
        problems.append(Problem(f"“{currency}” is not a currency in use; pick one such as EUR.", "currency"))
    if problems:
        raise Invalid(" ".join(problem.message for problem in problems), problems=tuple(problems))
