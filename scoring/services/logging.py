"""Telling the history what an activation changed, after its flip, in ranges."""

from datetime import datetime

from django.db import transaction

from core.locking import locked
from scoring.engine.statement import SELECTIONS, Choice, Leads
from scoring.models import Generation, GenerationRange
from scoring.services.writing import lock_scores, log_activation


@transaction.atomic
def log_activation_range(*, now: datetime) -> bool:
    """Log one range of the live generation; False if none is left to take.

    A worker that judges a lead of a range not yet logged logs that lead first: no row is written twice
    and each says what the activation alone did. The scores are locked before they are compared.
    """
    undone = GenerationRange.objects.filter(
        generation__state=Generation.State.LIVE, generation__is_logged=False, logged_at__isnull=True
    )
    part = locked(undone.select_related("generation"), skip_locked=True).first()
    if part is None:
        return False
    where, slots = SELECTIONS[Choice.RANGE](), Leads(part.first_lead, part.last_lead).slots()
    lock_scores(part.generation_id, where, slots)
    log_activation(part.generation, where, slots)
    part.logged_at = now
    part.save(update_fields=["logged_at"])
    return True


@transaction.atomic
def finish_logging() -> bool:
    """Note that the whole activation is in the history; False while a range is missing."""
    generation = locked(Generation.objects.filter(state=Generation.State.LIVE, is_logged=False)).first()
    if generation is None or generation.ranges.filter(logged_at__isnull=True).exists():
        return False
    generation.is_logged = True
    generation.save(update_fields=["is_logged"])
    return True
