"""Dropping the scores of generations that nobody asks for any more."""

from datetime import datetime

from django.db import transaction

from core import audit
from scoring.models import Generation, Score

KEPT = 1  # retired generations whose scores stay, to tell what the rules changed
CHUNK = 20_000


def prune(*, now: datetime) -> int:
    """Delete the scores of cancelled and older retired generations, in chunks; gives how many rows."""
    done = 0
    for generation in _old():
        while count := _prune_chunk(generation):
            done += count
        _note(generation, now)
    return done


def _old() -> list[Generation]:
    rows = Generation.objects.filter(pruned_at__isnull=True)
    if rows.filter(state=Generation.State.LIVE, is_logged=False).exists():
        return []  # the activation is still being compared with the generation before
    retired = rows.filter(state=Generation.State.RETIRED).order_by("-pk")
    return [*retired[KEPT:], *rows.filter(state=Generation.State.CANCELLED)]


@transaction.atomic
def _prune_chunk(generation: Generation) -> int:
    scores = Score.objects.filter(generation_id=generation.pk).order_by("lead_id")
    ids = list(scores.values_list("lead_id", flat=True)[:CHUNK])
    if not ids:
        return 0
    doomed = Score.objects.filter(generation_id=generation.pk, lead_id__gte=ids[0], lead_id__lte=ids[-1])
    return int(doomed._raw_delete(doomed.db))


@transaction.atomic
def _note(generation: Generation, now: datetime) -> None:
    generation.pruned_at = now
    generation.save(update_fields=["pruned_at"])
    audit.record(actor=None, action="generation.prune", target=generation)
