"""What time alone changes: once a day the whole live generation is judged again."""

from datetime import datetime

from django.db import IntegrityError, connection, transaction

from core.locking import locked
from leads.days import day_number
from leads.models import ChangedLead, Lead
from scoring import querysets
from scoring.engine.running import Change, Judge
from scoring.engine.statement import SELECTIONS, Choice, Leads
from scoring.locks import share_generations
from scoring.models import Generation, Refresh, Score, ScoreCause
from scoring.services.activating import LAST_ID
from scoring.services.writing import lock_scores, lock_scores_of, log, write
from users.models import Organisation

RANGE = {"postgresql": 50_000, "sqlite": 1_000}  # leads; each that changed is held in memory
MANY = 10_000  # leads: more of a range are quicker judged with the whole of it


def refresh(*, now: datetime) -> int:
    """Run today's refresh if it hasn't run yet, or go on with it; gives how many scores changed.

    A day is one of the company's zone. Nothing to do before the first activation and while the
    activation of the live generation is still being logged.
    """
    run = _start(now)
    changed = 0
    while run is not None and (done := _refresh_range(run.pk, now)) is not None:
        changed += done
    return changed


def _start(now: datetime) -> Refresh | None:
    generation = Generation.objects.filter(state=Generation.State.LIVE, is_logged=True).first()
    if generation is None:
        return None
    today = day_number(now, Organisation.current().tz)
    if generation.live_at is not None and day_number(generation.live_at, Organisation.current().tz) >= today:
        return None
    try:
        with transaction.atomic():
            run, _is_new = Refresh.objects.get_or_create(
                generation=generation, day=today, defaults={"started_at": now}
            )
    except IntegrityError:
        return None
    return None if run.ended_at else run


@transaction.atomic
def _refresh_range(run_id: int, now: datetime) -> int | None:
    """Judge the next range and write what time changed.

    None when the run is over, or another worker is at it.
    """
    share_generations()
    run = locked(Refresh.objects.filter(pk=run_id, ended_at__isnull=True), skip_locked=True).first()
    if (
        run is None
        or not Generation.objects.filter(pk=run.generation_id, state=Generation.State.LIVE).exists()
    ):
        return None
    part = _next(run.position)
    judge = Judge(querysets.specs_of(run.generation_id), now, Organisation.current().tz)
    changes = _locked_changes(judge, run.generation_id, part)
    write(run.generation_id, changes, judge.today)
    log(run.generation_id, _with_causes(changes, part), now)
    _drop_orphans(run.generation_id, part)
    run.position, run.changed = part.high, run.changed + len(changes)
    run.ended_at = now if part.high == LAST_ID else None
    run.save(update_fields=["position", "changed", "ended_at"])
    return len(changes)


def _locked_changes(judge: Judge, generation: int, part: Leads) -> list[Change]:
    """What differs from the stored scores, which are locked now.

    A look without locks finds which leads differ; only their scores are locked and judged again in the next
    statement, so that a worker's newer score is never overwritten and the many that stay cost no lock.
    """
    ids = [change.new.lead_id for change in judge.changes(generation, part) if change.old is not None]
    if not ids:
        return []
    if len(ids) > MANY:
        lock_scores(generation, SELECTIONS[Choice.RANGE](), part.slots())
    else:
        lock_scores_of(generation, ids)
        part = Leads(ids=ids)
    return [change for change in judge.changes(generation, part) if change.old is not None]


def _with_causes(changes: list[Change], part: Leads) -> list[tuple[Change, str]]:
    """Time, unless the lead is marked: then it changed for that, and the refresh only came first."""
    if not changes:
        return []
    marks = ChangedLead.objects.filter(lead_id__gte=part.low, lead_id__lte=part.high)
    causes = dict(marks.values_list("lead_id", "cause"))
    return [(change, causes.get(change.new.lead_id, ScoreCause.DECAY.value)) for change in changes]


def _next(position: int) -> Leads:
    size = RANGE[connection.vendor]
    following = Lead.objects.filter(pk__gt=position).order_by("pk").values_list("pk", flat=True)
    last = following[size - 1 : size].first()
    return Leads(position + 1, LAST_ID if last is None else last)


def _drop_orphans(generation: int, part: Leads) -> None:
    """Delete the scores of leads that are gone; no foreign key does it."""
    rows = Score.objects.filter(generation_id=generation, lead_id__gte=part.low, lead_id__lte=part.high)
    alive = Lead.objects.filter(pk__gte=part.low, pk__lte=part.high)
    gone = list(rows.exclude(lead_id__in=alive.values("pk")).values_list("lead_id", flat=True))
    if gone:
        Score.objects.filter(generation_id=generation, lead_id__in=gone).delete()
