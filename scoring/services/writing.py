"""Writing judgements and what they changed; always in the transaction that found the changes."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import connection

from scoring.engine.branch import DIMENSIONS, STORED
from scoring.engine.dialect import among, id_list, moment
from scoring.engine.running import Change, Judged
from scoring.engine.text import Slot, Sql, glue
from scoring.models import Generation, Score, ScoreCause, ScoreChange

BATCH = 1_000
WEEK = timedelta(days=7)
Each = TypeVar("Each")


def lock_scores(generation: int, where: Sql, slots: dict[Slot, object]) -> None:
    """Lock the rows of ``generation`` that ``where`` (on ``{id}``) chooses, in lead order.

    Whoever judges again takes this lock first and judges in the *next* statement: judged before it, an
    older snapshot would overwrite a newer score. SQLite has one writer.
    """
    if connection.vendor != "postgresql":
        return
    query = glue(
        "SELECT count(*) FROM (SELECT 1 FROM scoring_score WHERE generation_id = {generation} "
        "AND {chosen} ORDER BY lead_id FOR NO KEY UPDATE) locked",
        generation=Sql("%s", (Slot.GENERATION,)),
        chosen=where.on("lead_id"),
    )
    with connection.cursor() as cursor:
        cursor.execute(*query.bind({**slots, Slot.GENERATION: generation}))


def lock_scores_of(generation: int, lead_ids: Collection[int]) -> None:
    """As ``lock_scores``, for a list of leads."""
    lock_scores(generation, among("{id}", Slot.IDS), {Slot.IDS: id_list(lead_ids)})


def write(generation: int, changes: Iterable[Change], today: int) -> None:
    """Store the new judgements in lead order, over what is there."""
    for batch in _batches(sorted(changes, key=lambda change: change.new.lead_id)):
        Score.objects.bulk_create(
            [Score(generation_id=generation, as_of=today, **each.new._asdict()) for each in batch],
            update_conflicts=True,
            unique_fields=["generation", "lead"],
            update_fields=[*(each.removesuffix("_id") for each in STORED[1:]), "as_of"],
        )


def _batches(every: Sequence[Each]) -> Iterator[Sequence[Each]]:
    """A thousand at a time, so that only so many rows are made at once."""
    return (every[start : start + BATCH] for start in range(0, len(every), BATCH))


def log(generation: int, changes: Iterable[tuple[Change, str]], now: datetime) -> None:
    """Write history for (change, cause): each change of grade, readiness or points, by a fact.

    By time alone a change of points is told of once a week and lead.
    """
    told = [(change, cause) for change, cause in changes if _differs(change)]
    quiet = {
        change.new.lead_id for change, cause in told if cause == ScoreCause.DECAY and not _matters(change)
    }
    lately = ScoreChange.objects.filter(lead__in=quiet, cause=ScoreCause.DECAY, at__gt=now - WEEK)
    skipped = quiet & set(lately.values_list("lead_id", flat=True)) if quiet else set()
    for batch in _batches(told):
        rows = [
            _row(generation, each, cause, now) for each, cause in batch if each.new.lead_id not in skipped
        ]
        ScoreChange.objects.bulk_create(rows)


def _matters(change: Change) -> bool:
    """Whether grade or readiness changed."""
    old, new = change.old, change.new
    return old is None or (old.grade, old.is_ready) != (new.grade, new.is_ready)


def _differs(change: Change) -> bool:
    old = change.old
    return old is None or _matters(change) or old.points != change.new.points


def _row(generation: int, change: Change, cause: str, now: datetime) -> ScoreChange:
    old, new = change.old, change.new
    before = old or Judged(new.lead_id, None, 0, 0, 0, 0, 0, 0, 0, None, 0, 1)
    moved = {each: getattr(new, each) - getattr(before, each) for each in DIMENSIONS}
    return ScoreChange(
        lead_id=new.lead_id,
        generation=generation,
        at=now,
        cause=cause,
        version_id=new.version_id,
        old_grade=before.grade,
        new_grade=new.grade,
        old_total=None if old is None else old.total,
        new_total=new.total,
        was_ready=before.is_ready,
        is_ready=new.is_ready,
        **moved,
    )


def log_activation(generation: Generation, where: Sql, slots: dict[Slot, object]) -> int:
    """Tell what the activation of ``generation`` changed for the leads that ``where`` chooses.

    A grade, readiness or points that differ from the generation before, so that the log alone tells the
    lead from the rules; a repeat writes nothing. Call it with the scores locked, before they are written
    again.
    """
    old, new = "score_before", "score_after"
    moved = ", ".join(f"{new}.{each} - COALESCE({old}.{each}, 0)" for each in DIMENSIONS)
    points = [", ".join(f"{side}.{each}" for each in (*DIMENSIONS, "grade")) for side in (old, new)]
    was_ready = f"COALESCE({old}.gate = 0, {_false()})"
    query = glue(
        "INSERT INTO scoring_scorechange (lead_id, generation, at, cause, version_id, old_grade, new_grade, "
        "old_total, new_total, was_ready, is_ready, {dimensions}) "
        "SELECT score_after.lead_id, score_after.generation_id, {at}, {cause}, score_after.version_id, "
        "score_before.grade, score_after.grade, score_before.total, score_after.total, {was_ready}, "
        "score_after.gate = 0, {moved} "
        "FROM scoring_score score_after LEFT JOIN scoring_score score_before "
        "ON score_before.generation_id = {before} AND score_before.lead_id = score_after.lead_id "
        "AND {chosen_before} "
        "WHERE score_after.generation_id = {generation} AND {chosen} AND (score_before.lead_id IS NULL "
        "OR ({before_points}) IS DISTINCT FROM ({after_points}) OR {was_ready} <> (score_after.gate = 0)) "
        "AND NOT EXISTS (SELECT 1 FROM scoring_scorechange told WHERE told.lead_id = score_after.lead_id "
        "AND told.generation = score_after.generation_id AND {chosen_told}) "
        "ORDER BY score_after.lead_id ON CONFLICT DO NOTHING",
        dimensions=", ".join(DIMENSIONS),
        at=Sql("%s", (moment(generation.live_at or generation.started_at),)),
        cause=Sql("%s", (ScoreCause.ACTIVATION.value,)),
        was_ready=was_ready,
        moved=moved,
        before_points=points[0],
        after_points=points[1],
        before=Sql("%s", (generation.replaces_id or 0,)),
        generation=Sql("%s", (Slot.GENERATION,)),
        # Said of each table: the planner would read the scores and the history of every lead for a range.
        chosen=where.on("score_after.lead_id"),
        chosen_before=where.on("score_before.lead_id"),
        chosen_told=where.on("told.lead_id"),
    )
    with connection.cursor() as cursor:
        cursor.execute(*query.bind({**slots, Slot.GENERATION: generation.pk}))
        return int(cursor.rowcount)


def log_activation_of(generation: Generation, lead_ids: Collection[int]) -> int:
    """As ``log_activation``, for a list of leads."""
    return log_activation(generation, among("{id}", Slot.IDS), {Slot.IDS: id_list(lead_ids)})


def _false() -> str:
    return "false" if connection.vendor == "postgresql" else "0"
