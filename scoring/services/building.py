"""Building a generation beside the live one, and the flip."""

from datetime import datetime

from django.db import transaction

from alignment.models import Version
from alignment.services import mark_active
from core import audit
from core.errors import Conflict
from core.locking import locked
from scoring import querysets
from scoring.engine.running import Judge
from scoring.engine.statement import Leads
from scoring.locks import share_generations, take_generations
from scoring.models import Generation, GenerationRange, LiveGeneration
from users.models import Organisation


@transaction.atomic
def build_range(*, now: datetime) -> bool:
    """Judge one range of the generation that is being built; False if no range is left to take.

    It inserts and never overwrites: a row that is there was judged by a worker on newer facts. Any
    number of workers may call it; killed on the way, the range is done again.
    """
    share_generations()
    undone = GenerationRange.objects.filter(generation__state=Generation.State.BUILDING, done_at__isnull=True)
    part = locked(undone, skip_locked=True).first()
    if part is None:
        return False
    judge = Judge(querysets.specs_of(part.generation_id), now, Organisation.current().tz)
    judge.fill(part.generation_id, Leads(part.first_lead, part.last_lead))
    part.done_at = now
    part.save(update_fields=["done_at"])
    return True


def finish_build(*, now: datetime) -> Generation | None:
    """Flip to the generation whose ranges are all done; None while there is none. A repeat is harmless.

    A version that can't come into force any more cancels the build; the next sweep announces anew.
    """
    try:
        return _flip(now)
    except Conflict as problem:
        with transaction.atomic():
            take_generations()
            rows = Generation.objects.filter(state=Generation.State.BUILDING)
            rows.update(state=Generation.State.CANCELLED, retired_at=now)
            audit.record(actor=None, action="generation.fail", detail={"reason": problem.message})
        return None


@transaction.atomic
def _flip(now: datetime) -> Generation | None:
    take_generations()
    generation = locked(Generation.objects.filter(state=Generation.State.BUILDING)).first()
    if generation is None or generation.ranges.filter(done_at__isnull=True).exists():
        return None
    ranked = Version.objects.filter(pk__in=generation.ranks.values("version"))
    # One that was withdrawn meanwhile is refused by mark_active, and the build with it.
    for version in ranked.filter(status__in=(Version.Status.SIGNED, Version.Status.WITHDRAWN)).order_by("pk"):
        mark_active(version=version, now=now)
    live = Generation.objects.filter(state=Generation.State.LIVE)
    live.update(state=Generation.State.RETIRED, retired_at=now)
    generation.state, generation.live_at = Generation.State.LIVE, now
    generation.save(update_fields=["state", "live_at"])
    LiveGeneration.objects.update_or_create(pk=1, defaults={"generation": generation})
    audit.record(actor=None, action="generation.flip", target=generation)
    return generation
