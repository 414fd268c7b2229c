"""Background work of the agreement: the database says what is due, so a doubled message is harmless."""

from celery import shared_task
from django.utils import timezone

from alignment.services.expiring import expire_due, warn_expiring


@shared_task
def expire() -> int:
    """Close proposals whose time is up, and remind of those whose time is nearly up."""
    now = timezone.now()
    warn_expiring(now=now)
    return expire_due(now=now)
