"""How long answers to writes with an ``Idempotency-Key`` are kept."""

from datetime import datetime, timedelta

from core.models import IdempotentRequest

ANSWERS_KEPT = timedelta(hours=24)


def prune(*, now: datetime) -> int:
    """Delete the answers that are no longer kept; gives how many. A repeat deletes nothing."""
    return IdempotentRequest.objects.filter(created_at__lt=now - ANSWERS_KEPT).delete()[0]
