"""What workers do for people: mail of forgotten passwords, and tidying."""

from datetime import timedelta

from axes.models import AccessAttempt, AccessLog
from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from users.models import ApiToken, User
from users.services.passwords import mail_reset_link

TOKENS_KEPT = timedelta(days=30)
SIGN_INS_KEPT = timedelta(days=90)


@shared_task
def send_reset_link(person_id: int, base_url: str) -> None:
    """Mail a link to reset the password; a repeat sends another link that is as good."""
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if person:
        mail_reset_link(person=person, base_url=base_url)


@shared_task
def tidy() -> None:
    """Delete sessions that are over, tokens and sign-ins of long ago; safe to run at any time."""
    now = timezone.now()
    SessionStore.clear_expired()
    ApiToken.objects.filter(expiry__lt=now - TOKENS_KEPT).delete()
    AccessLog.objects.filter(attempt_time__lt=now - SIGN_INS_KEPT).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - SIGN_INS_KEPT).delete()
