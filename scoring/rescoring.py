"""How far an activation is, for the pages of the definition."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alignment.models import Version
from alignment.querysets import due_for_activation
from scoring.models import Generation
from scoring.preview_page import time_left
from scoring.querysets import version_ids
from scoring.services.activating import wanted_versions
from users.models import MANAGERS, MARKETING, Role, User

TOLD = timedelta(minutes=15)  # how long a finished activation is told of
SEERS = MARKETING | MANAGERS | {Role.ADMIN}
STOPPERS = MANAGERS | {Role.ADMIN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescoring:
    """The youngest activation while it runs, was cancelled, or ended a short while ago.

    ``leads`` of ``total`` are judged; ``left`` is the time left in words; ``versions`` are those it brings
    into force, without those that are in force already. ``next`` is signed, and its turn comes in a moment:
    then there may have been no activation yet.
    """

    generation: Generation | None = None
    leads: int = 0
    total: int = 0
    left: str = ""
    versions: Sequence[Version] = ()
    may_stop: bool = False
    next: Version | None = None

    @property
    def is_running(self) -> bool:
        """Whether leads are being judged."""
        return self.generation is not None and self.generation.state == Generation.State.BUILDING

    @property
    def is_cancelled(self) -> bool:
        """Whether a person stopped it."""
        return self.generation is not None and self.generation.state == Generation.State.CANCELLED

    @property
    def is_first(self) -> bool:
        """Whether leads had no score before."""
        return self.generation is not None and self.generation.replaces_id is None


def rescoring_for(viewer: User, *, now: datetime) -> Rescoring | None:
    """What ``viewer`` is told of an activation; None if there is nothing to tell. Two queries then."""
    if viewer.role not in SEERS:
        return None
    generation = Generation.objects.order_by("-pk").first()
    if generation is not None and _is_told(generation, now):
        return _of(generation, viewer, now)
    upcoming = _next(now)
    return None if upcoming is None else Rescoring(next=upcoming)


def _is_told(generation: Generation, now: datetime) -> bool:
    match generation.state:
        case Generation.State.BUILDING:
            return True
        case Generation.State.CANCELLED:  # unless something else is wanted by now
            return version_ids([generation.pk])[generation.pk] == [each.pk for each in wanted_versions(now)]
        case Generation.State.LIVE:
            return generation.live_at is not None and now - generation.live_at < TOLD
    return False


def _of(generation: Generation, viewer: User, now: datetime) -> Rescoring:
    done, ranges = _ranges(generation)
    leads = generation.leads * done // ranges if ranges else 0
    return Rescoring(
        generation=generation,
        leads=leads,
        total=generation.leads,
        left=time_left(generation.started_at, leads, generation.leads, now),
        versions=_new_versions(generation),
        may_stop=viewer.role in STOPPERS,
        next=_next(now) if generation.state == Generation.State.LIVE else None,
    )


def _next(now: datetime) -> Version | None:
    """The signed version whose turn it is: what went live before it is no news any more."""
    return due_for_activation(now).select_related("definition").first()


def _ranges(generation: Generation) -> tuple[int, int]:
    """How many are done, of how many; each has as many leads as the others."""
    done = generation.ranges.values_list("done_at", flat=True)
    return sum(each is not None for each in done), len(done)


def _new_versions(generation: Generation) -> list[Version]:
    """What it brings that the generation before it doesn't have."""
    before = generation.replaces_id
    known = version_ids([generation.pk, *([before] if before else [])])
    fresh = [pk for pk in known[generation.pk] if before is None or pk not in known[before]]
    return list(Version.objects.filter(pk__in=fresh).select_related("definition").order_by("position", "pk"))
