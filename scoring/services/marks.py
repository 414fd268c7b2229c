"""Judging the leads whose facts changed."""

from datetime import datetime

from django.db import transaction

from core.locking import locked
from leads.models import ChangedLead
from scoring import querysets
from scoring.engine.running import Judge
from scoring.engine.statement import Leads
from scoring.locks import share_generations
from scoring.models import Generation
from scoring.services.writing import lock_scores_of, log, log_activation_of, write
from users.models import Organisation

LIMIT = 500


@transaction.atomic
def judge_marked(*, now: datetime, limit: int = LIMIT) -> int:
    """Judge at most ``limit`` marked leads under every live or building generation; gives how many.

    The order is the promise: claim the marks, *then* read which generations there are, judge in the
    next statement, write, delete the marks, commit. An editor of a claimed lead waits for the commit
    and then sets a fresh mark, so no change of facts is ever overlooked. Marks that another worker
    holds are passed over. Killed on the way, it has done nothing.
    """
    causes = dict(locked(ChangedLead.objects.all(), skip_locked=True).values_list("lead_id", "cause")[:limit])
    if not causes:
        return 0
    share_generations()
    for generation in querysets.open_generations():
        _judge(generation, causes, now)
    ChangedLead.objects.filter(pk__in=causes).delete()
    return len(causes)


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
