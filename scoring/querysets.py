"""The scores and generations that others ask for, named by meaning."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from alignment import spec
from alignment.spec import VersionSpec
from rules.fields import registry
from scoring.models import Generation, GenerationVersion, LiveGeneration, Score, ScoreChange


def live_generation_id() -> int | None:
    """The generation that readers see; None before the first activation. Ask once per request."""
    return LiveGeneration.objects.values_list("generation_id", flat=True).first()


def live_scores() -> QuerySet[Score]:
    """The scores that readers see; none before the first activation."""
    return Score.objects.filter(generation_id=live_generation_id() or 0)


def open_generations() -> QuerySet[Generation]:
    """What must be kept fresh: the live generation and the one that is being built, oldest first."""
    return Generation.objects.filter(state__in=[Generation.State.LIVE, Generation.State.BUILDING]).order_by(
        "pk"
    )


def building() -> Generation | None:
    """The generation that is being built."""
    return Generation.objects.filter(state=Generation.State.BUILDING).first()


def version_ids(generations: Iterable[int]) -> dict[int, list[int]]:
    """The ids of each generation's versions, in the order in which a lead is offered to them."""
    found: dict[int, list[int]] = {each: [] for each in generations}
    ranks = GenerationVersion.objects.filter(generation__in=found).order_by("rank")
    for generation, version in ranks.values_list("generation_id", "version_id"):
        found[generation].append(version)
    return found


def specs_of(generation: int) -> Sequence[VersionSpec]:
    """The versions of a generation, read into plain values, in their order.

    Custom fields are looked at anew: who claims marks and asks here then sees every change of a field
    that set one of them.
    """
    registry.renew()
    return [spec.load(version) for version in version_ids([generation])[generation]]


def history_of(lead_id: int) -> QuerySet[ScoreChange]:
    """What became of a lead's score, newest first."""
    return ScoreChange.objects.filter(lead_id=lead_id).order_by("-at", "-pk")
