"""Background work: each task asks the database what is to do, so a lost or doubled message is harmless."""

import time
from datetime import datetime

from celery import shared_task
from django.utils import timezone

from core.hooks import hooks
from core.tasks import forget_gathered, gathered_hint, hint
from scoring import counts, services
from scoring.distribution import counting
from scoring.services.logging import finish_logging

GATHER_SECONDS = 0.1
TELL_SECONDS = 1.0


@shared_task
def judge() -> int:
    """Judge marked leads until none is left to take.

    After each batch it waits a moment, so that changes that come one by one are judged together: a batch
    costs hardly more than one lead. While they keep coming, the listeners are told once a second.
    """
    forget_gathered(judge)
    total, told = 0, float("-inf")
    is_untold = False
    while done := services.judge_marked(now=timezone.now()):
        total += done
        is_untold = time.monotonic() - told < TELL_SECONDS
        if not is_untold:
            told = time.monotonic()
            _tell()
        time.sleep(GATHER_SECONDS)
    if is_untold:
        _tell()
    return total


def _tell() -> None:
    for tell in hooks.scores_changed:
        tell()


@shared_task
def activate() -> None:
    """Announce what should be in force, or go on with what is being built."""
    services.activate_due(now=timezone.now())


@shared_task
def build() -> None:
    """Build ranges while there are any, flip after the last, then log what changed."""
    while services.build_range(now=timezone.now()):
        pass
    services.finish_build(now=timezone.now())
    while services.log_activation_range(now=timezone.now()):
        pass
    finish_logging()


@shared_task
def end_overrides() -> int:
    """End grades set by hand whose time is over, until none is left to take."""
    total = 0
    while done := services.end_due_overrides(now=timezone.now()):
        total += done
    return total


@shared_task
def refresh() -> int:
    """Today's refresh, unless it has run."""
    return services.refresh(now=timezone.now())


@shared_task
def preview(preview_id: int) -> None:
    """Count what a version would do, until it is done, cancelled or overtaken."""
    while services.preview_range(preview_id=preview_id, now=timezone.now()):
        pass


@shared_task
def resume_previews() -> None:
    """Go on with previews whose worker was lost; what another is at is passed over."""
    for each in services.running_previews():
        preview(each)


@shared_task
def refine_counts(version_id: int) -> int:
    """Count well what a page counted roughly."""
    return counts.refine_counts(version_id)


@shared_task
def count_grades(asked: str = "") -> bool:
    """Count the base for its day, once, and a large one for now; ``asked`` is when a person asked (ISO)."""
    now = timezone.now()
    is_day = counting.count_day(now=now)
    return counting.count_now(now=now, asked_at=datetime.fromisoformat(asked) if asked else None) or is_day


@shared_task
def prune() -> int:
    """Drop scores and previews that nobody asks for any more."""
    return services.prune(now=timezone.now()) + services.prune_previews(now=timezone.now())


def hint_judge() -> None:
    """Tell a worker of marks: one message for a burst of changes, as the task forgets it when it starts."""
    gathered_hint(judge)


def hint_activate() -> None:
    """Tell a worker that the agreement changed."""
    hint(activate)
