"""Judging the leads whose facts changed."""

from collections.abc import Collection
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Max

from core.locking import locked
from leads.days import day_number
from leads.models import Activity, ChangedLead
from scoring import querysets
from scoring.engine.running import Judge
from scoring.engine.statement import Leads
from scoring.locks import share_generations
from scoring.models import Generation
from scoring.services.writing import lock_scores_of, log, log_activation_of, write
from users.models import Organisation

LIMIT = 500
AHEAD = 300  # seconds by which another machine's clock may be ahead of ours


@transaction.atomic
def judge_marked(*, now: datetime, limit: int = LIMIT, only: Collection[int] | None = None) -> int:
    """Judge at most ``limit`` marked leads, ``only`` these of them if given, under every live or building
    generation; gives how many.

    The order is the promise: claim the marks, *then* read which generations there are, judge in the
    next statement, write, delete the marks, commit. An editor of a claimed lead waits for the commit
    and then sets a fresh mark, so no change of facts is ever overlooked. Marks that another worker
    holds are passed over. Killed on the way, it has done nothing.
    """
    marks = ChangedLead.objects.all() if only is None else ChangedLead.objects.filter(lead__in=only)
    causes = dict(locked(marks, skip_locked=True).values_list("lead_id", "cause")[:limit])
    if not causes:
        return 0
    share_generations()
    at = _moment(causes, now)
    for generation in querysets.open_generations():
        _judge(generation, causes, at)
    ChangedLead.objects.filter(pk__in=causes).delete()
    return len(causes)


def _moment(lead_ids: Collection[int], now: datetime) -> datetime:
    """``now``, or the newest activity of these leads if that is a little later.

    It was written after the caller looked at the clock, or by a machine whose clock is ahead. Its mark
    goes with this judgement, so it has to count in it.
    """
    seconds = int(now.timestamp())
    today = day_number(now, Organisation.current().tz)
    rows = Activity.objects.filter(lead_id__in=lead_ids, day__gte=today)
    newest = rows.filter(at_epoch__range=(seconds + 1, seconds + AHEAD)).aggregate(at=Max("at_epoch"))["at"]
    return now if newest is None else datetime.fromtimestamp(newest, tz=UTC)


def _judge(generation: Generation, causes: dict[int, str], now: datetime) -> None:
    ids = sorted(causes)
    lock_scores_of(generation.pk, ids)
    is_live = generation.state == Generation.State.LIVE
    if is_live and not generation.is_logged:
        log_activation_of(generation, ids)
    judge = Judge(querysets.specs_of(generation.pk), now, Organisation.current().tz)
    changes = judge.changes(generation.pk, Leads(ids=ids))
    write(generation.pk, changes, judge.today)
    if is_live:
        log(generation.pk, [(change, causes[change.new.lead_id]) for change in changes], now)
