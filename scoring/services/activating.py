"""Which versions should be in force, and announcing the generation that brings them there."""

from datetime import datetime

from django.db import IntegrityError, connection, transaction

from alignment.models import Version
from alignment.querysets import active_versions, due_for_activation
from core import audit
from core.errors import Conflict
from core.locking import locked
from core.tasks import hint
from leads.models import Lead
from scoring import querysets
from scoring.locks import take_generations
from scoring.models import Generation, GenerationRange, GenerationVersion
from users.models import User

RANGE = {"postgresql": 100_000, "sqlite": 1_000}  # leads; on SQLite everybody waits for a range
LAST_ID = 2**63 - 1


def activate_due(*, now: datetime) -> Generation | None:
    """Announce a generation if other versions should be in force than the live one has.

    That is so when a signed version's time has come, at the first activation and when a version was
    retired. Gives what is being built, None if nothing needs to be; a repeat is harmless. What a
    person cancelled is not announced again.
    """
    running = querysets.building()
    if running is not None:
        _nudge()
        return running
    wanted = wanted_versions(now)
    live = querysets.live_generation_id()
    if not wanted or (live and querysets.version_ids([live])[live] == [each.pk for each in wanted]):
        return None
    return None if _was_cancelled(wanted) else _announce(wanted, now)


def wanted_versions(now: datetime) -> list[Version]:
    """The versions that should be in force at ``now``, in the order in which a lead is offered to them."""
    by_definition = {version.definition_id: version for version in active_versions()}
    due: dict[int, Version] = {}
    for version in due_for_activation(now):
        due.setdefault(version.definition_id, version)
    return sorted({**by_definition, **due}.values(), key=lambda version: (version.position, version.pk))


def _was_cancelled(wanted: list[Version]) -> bool:
    last = Generation.objects.order_by("-pk").first()
    if last is None or last.state != Generation.State.CANCELLED:
        return False
    return querysets.version_ids([last.pk])[last.pk] == [version.pk for version in wanted]


def _announce(wanted: list[Version], now: datetime, by: User | None = None) -> Generation | None:
    """Write the generation with its ranges, so that every worker sees it before the first is built."""
    try:
        with transaction.atomic():
            generation = Generation.objects.create(
                started_at=now, replaces_id=querysets.live_generation_id(), leads=Lead.objects.count()
            )
            ranks = [
                GenerationVersion(generation=generation, version=version, rank=rank)
                for rank, version in enumerate(wanted)
            ]
            GenerationVersion.objects.bulk_create(ranks)
            GenerationRange.objects.bulk_create(_ranges(generation))
            detail = {"versions": [version.pk for version in wanted], "leads": generation.leads}
            audit.record(actor=by, action="generation.announce", target=generation, detail=detail)
            _nudge()
    except IntegrityError:  # somebody else announced one at the same moment
        return querysets.building()
    return generation


def _ranges(generation: Generation) -> list[GenerationRange]:
    """Ranges of as many leads each; the last one is open, for leads that come meanwhile."""
    size = RANGE[connection.vendor]
    firsts = [0]
    ids = Lead.objects.order_by("pk").values_list("pk", flat=True)
    while (following := ids.filter(pk__gte=firsts[-1])[size : size + 1].first()) is not None:
        firsts.append(following)
    lasts = [first - 1 for first in firsts[1:]] + [LAST_ID]
    return [
        GenerationRange(generation=generation, first_lead=first, last_lead=last)
        for first, last in zip(firsts, lasts, strict=True)
    ]


def _nudge() -> None:
    from scoring.tasks import build

    hint(build)


@transaction.atomic
def cancel_build(*, by: User, now: datetime) -> Generation:
    """Stop the build; the live generation stays. Conflict if nothing is being built."""
    take_generations()
    generation = locked(Generation.objects.filter(state=Generation.State.BUILDING)).first()
    if generation is None:
        raise Conflict("Nothing is being rescored: it is done or was cancelled already.")
    generation.state, generation.retired_at = Generation.State.CANCELLED, now
    generation.save(update_fields=["state", "retired_at"])
    audit.record(actor=by, action="generation.cancel", target=generation)
    return generation


def restart_build(*, now: datetime, by: User | None = None) -> Generation:
    """Announce again what was cancelled; Conflict if nothing was, a repeat gives what is being built."""
    wanted = wanted_versions(now)
    running = querysets.building()
    if running is not None:
        return running
    generation = _announce(wanted, now, by) if wanted and _was_cancelled(wanted) else None
    if generation is None:
        raise Conflict("There is nothing to activate.")
    return generation
