"""Asking about the past: each question is worked out once a day and revision, in the background."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.http import Http404

from alignment import spec
from alignment.models import Version
from core.errors import ApplicationError
from core.tasks import hint
from feedback import backtest, load
from feedback.models import Hindsight
from leads.days import day_number
from scoring.previews import versions_with
from scoring.querysets import live_generation_id, version_ids
from users.models import Organisation

PATIENCE = timedelta(minutes=1)
"""So long a lost message goes unnoticed."""
LONGEST = timedelta(minutes=10)
"""Longer than any question takes: a worker that took it before was lost."""
KEPT_DAYS = 2
FAILED = "It couldn’t be worked out: something went wrong on the server. Look again in a minute."
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answers:
    """The same question of the versions in force and of those with another among them."""

    active: Hindsight
    draft: Hindsight

    @property
    def are_done(self) -> bool:
        """Whether both are there."""
        return all(each.state == Hindsight.State.DONE for each in (self.active, self.draft))

    @property
    def error(self) -> str:
        """Why there will be none, as a sentence."""
        return self.draft.error or self.active.error


@dataclass(frozen=True, slots=True)
class Sides:
    """The versions in force and those with another among them, named with their revisions, on a day of
    ``zone``, the company's."""

    active: str
    draft: str
    day: int
    zone: ZoneInfo


def sides_of(version: Version, *, now: datetime) -> Sides | None:
    """What a question about ``version`` is asked of; None while no version is in force."""
    live = live_generation_id()
    ids = version_ids([live])[live] if live else []
    if not ids:
        return None
    zone = Organisation.current().tz
    return Sides(_named(ids), _named(versions_with(version)), day_number(now, zone), zone)


def ask(*, kind: str, sides: Sides, now: datetime) -> Answers:
    """The question ``kind`` of both sides. What isn't known yet is begun in the background; ask again.

    What failed is begun anew where it is asked a minute later.
    """
    first = _ask(kind, sides.active, sides.day, now)
    is_same = sides.draft == sides.active
    return Answers(first, first if is_same else _ask(kind, sides.draft, sides.day, now))


def _named(ids: Sequence[int]) -> str:
    revisions = dict(Version.objects.filter(pk__in=ids).values_list("pk", "revision"))
    return ",".join(f"{pk}.{revisions[pk]}" for pk in ids)


def _ids(versions: str) -> list[int]:
    return [int(each.partition(".")[0]) for each in versions.split(",")]


def _ask(kind: str, versions: str, day: int, now: datetime) -> Hindsight:
    row, is_new = Hindsight.objects.get_or_create(
        kind=kind, versions=versions, day=day, defaults={"asked_at": now}
    )
    is_old = row.asked_at < now - PATIENCE
    if is_old and row.state == Hindsight.State.FAILED:
        row.state, row.error, row.taken_at = Hindsight.State.WAITING, "", None
        row.save(update_fields=["state", "error", "taken_at"])
    if is_new or (is_old and row.state == Hindsight.State.WAITING and _is_lost(row, now)):
        Hindsight.objects.filter(pk=row.pk).update(asked_at=now)
        _hint(row)
    return row


def _is_lost(row: Hindsight, now: datetime) -> bool:
    return row.taken_at is None or row.taken_at < now - LONGEST


def _hint(row: Hindsight) -> None:
    from feedback.tasks import look_back

    hint(look_back, row.pk)


def answer(*, pk: int, now: datetime) -> bool:
    """Work out a question and store what was found; False if there is nothing to do for this worker.

    A question about a draft that was edited since is dropped: the edit asked another one. No transaction
    is held meanwhile; killed on the way, it is asked again.
    """
    free = Q(taken_at=None) | Q(taken_at__lt=now - LONGEST)
    waiting = Hindsight.objects.filter(free, pk=pk, state=Hindsight.State.WAITING)
    if not waiting.update(taken_at=now):
        return False
    row = Hindsight.objects.get(pk=pk)
    Hindsight.objects.filter(day__lt=row.day - KEPT_DAYS).delete()
    result: dict[str, object] = {"state": Hindsight.State.DONE, "done_at": now}
    try:
        if _is_asked_still(row):
            result["result"] = _worked_out(row, now)
    except Http404:  # the draft was discarded meanwhile
        pass
    except ApplicationError as problem:
        result |= {"state": Hindsight.State.FAILED, "error": problem.message[:500]}
    except Exception:  # whoever waits is told, whatever it was
        logger.exception("A question about the past has no answer.", extra={"hindsight": pk})
        result |= {"state": Hindsight.State.FAILED, "error": FAILED}
    if not _is_asked_still(row):
        Hindsight.objects.filter(pk=pk).delete()
        return False
    return bool(Hindsight.objects.filter(pk=pk).update(**result))


def _is_asked_still(row: Hindsight) -> bool:
    """Whether its versions are there and say what they said."""
    try:
        return _named(_ids(row.versions)) == row.versions
    except KeyError:
        return False


def _worked_out(row: Hindsight, now: datetime) -> dict[str, object]:
    specs = [spec.load(pk) for pk in _ids(row.versions)]
    zone = Organisation.current().tz
    if row.kind == Hindsight.Kind.BACKTEST:
        return backtest.look_back(specs, now=now, zone=zone).to_json()
    return load.look_back(specs, now=now, zone=zone).to_json()
