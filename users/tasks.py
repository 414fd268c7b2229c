"""What workers do for people: mail of forgotten passwords, and tidying."""

from datetime import timedelta

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from users.models import ApiToken, User
from users.services.passwords import mail_reset_link


@shared_task
def send_reset_link(person_id: int, base_url: str) -> None:
    """Mail a link to reset the password; a repeat sends another link that is as good."""
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if person:
        mail_reset_link(person=person, base_url=base_url)


@shared_task
def tidy() -> None:
    """Delete sessions that are over and tokens that ended a month ago; safe to run at any time."""
    SessionStore.clear_expired()
    ApiToken.objects.filter(expiry__lt=timezone.now() - timedelta(days=30)).delete()
