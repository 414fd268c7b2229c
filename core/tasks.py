"""Hints to the workers, and the sending of what waits in the outbox."""

from functools import partial
from typing import Any

from celery import Task, shared_task
from django.db import transaction
from django.utils import timezone

from core import broker, repeats, services


def hint(task: Task[Any, Any], *args: Any) -> None:
    """Tell a worker on commit that there is work; lost hints are found by the task's own sweep.

    Waits at most 200 ms and never raises: when the broker is away it only logs.
    """
    transaction.on_commit(partial(broker.send, task, args))


@shared_task
def send_outbox() -> int:
    """Send what is due; safe to run twice and at the same time."""
    return services.send_outbox(now=timezone.now())


@shared_task
def prune_idempotent_requests() -> int:
    """Forget the answers of the API that are a day old; safe to run at any time."""
    return repeats.prune(now=timezone.now())
