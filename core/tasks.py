"""Hints to the workers, and the sending of what waits in the outbox."""

import logging
from functools import partial
from typing import Any

from celery import Task, shared_task
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from core import broker, repeats, services

GATHERED_SECONDS = 2
logger = logging.getLogger(__name__)


def hint(task: Task[Any, Any], *args: Any) -> None:
    """Tell a worker on commit that there is work; lost hints are found by the task's own sweep.

    Waits at most 200 ms and never raises: when the broker is away it only logs.
    """
    transaction.on_commit(partial(broker.send, task, args))


def gathered_hint(task: Task[Any, Any]) -> None:
    """As ``hint``, one message for a burst: the next one goes once the task has called ``forget_gathered``.

    Or after two seconds, should the message be lost. The cache may be away: then every call sends one.
    """
    try:
        is_first = cache.add(_gathered(task), 1, timeout=GATHERED_SECONDS)
    except Exception:
        is_first = True
    if is_first:
        hint(task)


def forget_gathered(task: Task[Any, Any]) -> None:
    """Called by a task as it begins: what changes from now on is worth a message again."""
    try:
        cache.delete(_gathered(task))
    except Exception:
        logger.warning("The cache is away: hints are not gathered.")


def _gathered(task: Task[Any, Any]) -> str:
    return f"{task.name}.hinted"


@shared_task
def send_outbox() -> int:
    """Send what is due; safe to run twice and at the same time."""
    return services.send_outbox(now=timezone.now())


@shared_task
def note_pulse() -> None:
    """Show that beat, broker and a worker are all there; safe to run at any time."""
    services.note_pulse(now=timezone.now())


@shared_task
def prune_idempotent_requests() -> int:
    """Forget the answers of the API that are a day old; safe to run at any time."""
    return repeats.prune(now=timezone.now())
