"""Background work of feedback: each calls one service."""

from celery import shared_task
from django.utils import timezone

from core.tasks import forget_gathered, gathered_hint
from feedback.services import handoffs, hindsight, sla, waiting


@shared_task
def open_wanted() -> int:
    """Open handoffs for leads that became sales-ready; safe to run twice and at the same time."""
    forget_gathered(open_wanted)
    return handoffs.open_wanted(now=timezone.now()).opened


@shared_task
def compare_all() -> int:
    """The nightly comparison of all leads with all handoffs."""
    return handoffs.compare_all(now=timezone.now()).opened


@shared_task
def sweep() -> int:
    """Take the steps that are due, of owners and in the pool; safe to run twice and at the same time."""
    now = timezone.now()
    return sla.sweep(now=now) + waiting.sweep_pool(now=now)


@shared_task
def look_back(pk: int) -> bool:
    """Work out one question about the past; safe to run twice and at the same time."""
    return hindsight.answer(pk=pk, now=timezone.now())


def hint_open_wanted() -> None:
    """Tell a worker that scores changed, once for a burst; a lost hint is found by the sweep in seconds."""
    gathered_hint(open_wanted)
