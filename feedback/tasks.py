"""Background work of feedback: each calls one service."""

from celery import shared_task
from django.utils import timezone

from core.tasks import forget_gathered, gathered_hint
from feedback.services import handoffs, hindsight, sla, waiting, weekly, weeks
from users.models import Organisation


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


@shared_task
def keep_weeks() -> int:
    """Count the weeks that are over, so that the follow-up page needn't; safe to run twice."""
    return weeks.keep_weeks(now=timezone.now(), zone=Organisation.current().tz)


@shared_task
def send_week() -> int:
    """Last week's figures to every sales manager who hasn't got them; safe to run twice."""
    return weekly.send_week(now=timezone.now(), zone=Organisation.current().tz)


def hint_open_wanted() -> None:
    """Tell a worker that scores changed, once for a burst; a lost hint is found by the sweep in seconds."""
    gathered_hint(open_wanted)
