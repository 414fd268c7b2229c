"""The outbox with real Celery worker processes: hints, beat, and a worker that is killed."""

import pytest
from django.db import transaction
from django.utils import timezone

from core import broker
from core.models import OutboxMessage
from core.services import enqueue_mail
from core.tasks import hint, send_outbox
from tests.factories import UserFactory
from tests.workers import Workers, wait_until
from users.models import User

pytestmark = pytest.mark.workers


def write(person: User, key: str, *, hinted: bool) -> None:
    with transaction.atomic():
        enqueue_mail(to=person, key=key, subject="Due", body="A lead is due.", now=timezone.now())
        if hinted:
            hint(send_outbox)


def unsent() -> int:
    return OutboxMessage.objects.filter(sent_at__isnull=True).count()


def test_a_hint_makes_a_worker_send_at_once(workers: Workers) -> None:
    workers.start()
    broker.forget()
    write(UserFactory(), "one", hinted=True)
    wait_until(lambda: unsent() == 0, "the message to be sent")


def test_without_a_hint_beat_finds_the_message(workers: Workers) -> None:
    write(UserFactory(), "one", hinted=False)
    workers.start(beat=True)
    wait_until(lambda: unsent() == 0, "the message to be sent")


def test_what_a_killed_worker_left_is_sent_by_the_next(workers: Workers) -> None:
    broker.forget()
    first = workers.start()
    workers.kill(first)
    write(UserFactory(), "one", hinted=True)
    assert unsent() == 1
    workers.start()
    wait_until(lambda: unsent() == 0, "the message to be sent")
