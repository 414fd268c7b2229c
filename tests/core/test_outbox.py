"""The outbox: written with the change, sent after it, at least once."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from pytest_django import Settings

from core.models import OutboxMessage
from core.services import LEASE, MAX_TRIES, enqueue_mail, send_outbox
from tests.factories import UserFactory
from users.models import User

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def write(to: User, key: str = "due:1", delay: timedelta = timedelta(0)) -> OutboxMessage:
    with transaction.atomic():
        return enqueue_mail(to=to, key=key, subject="Due", body="A lead is due.", now=NOW, delay=delay)


def test_a_message_is_sent_once() -> None:
    person = UserFactory()
    write(person)
    assert send_outbox(now=NOW) == 1
    assert send_outbox(now=NOW + timedelta(days=1)) == 0
    assert [sent.to for sent in mail.outbox] == [[person.email]]


def test_the_same_key_is_written_once() -> None:
    person = UserFactory()
    assert write(person) == write(person)
    assert OutboxMessage.objects.count() == 1


def test_a_delayed_message_waits() -> None:
    write(UserFactory(), delay=timedelta(seconds=10))
    assert send_outbox(now=NOW + timedelta(seconds=9)) == 0
    assert send_outbox(now=NOW + timedelta(seconds=10)) == 1


def test_a_refused_message_waits_longer_each_time_and_lets_the_others_out(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "tests.core.test_outbox.Refuses"
    good, bad = write(UserFactory()), write(UserFactory(email="full@example.com"), key="due:2")
    assert send_outbox(now=NOW) == 1
    good.refresh_from_db()
    bad.refresh_from_db()
    assert good.sent_at is not None
    assert (bad.sent_at, bad.tries) == (None, 1)
    assert "mailbox is full" in bad.last_error
    assert send_outbox(now=NOW + timedelta(seconds=29)) == 0
    first_wait = bad.send_after - NOW
    send_outbox(now=bad.send_after)
    second_start = bad.send_after
    bad.refresh_from_db()
    assert bad.send_after - second_start == 2 * first_wait


def test_a_message_that_always_fails_is_given_up_and_kept(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "tests.core.test_outbox.Refuses"
    message = write(UserFactory(email="full@example.com"))
    for day in range(MAX_TRIES + 3):
        send_outbox(now=NOW + timedelta(days=day))
    message.refresh_from_db()
    assert message.tries == MAX_TRIES
    assert message.last_error


def test_a_sender_that_died_leaves_the_message_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    message = write(UserFactory())
    monkeypatch.setattr("core.services.letters.email", _die)
    with pytest.raises(KeyboardInterrupt):
        send_outbox(now=NOW)
    monkeypatch.undo()
    assert send_outbox(now=NOW + LEASE / 2) == 0
    assert send_outbox(now=NOW + LEASE) == 1
    message.refresh_from_db()
    assert message.sent_at is not None


def test_a_repeat_has_the_same_message_id() -> None:
    message = write(UserFactory())
    send_outbox(now=NOW)
    OutboxMessage.objects.update(sent_at=None, send_after=NOW)
    send_outbox(now=NOW)
    ids = {sent.extra_headers["Message-ID"] for sent in mail.outbox}
    assert len(mail.outbox) == 2
    assert len(ids) == 1
    assert message.key not in ids.pop()


@pytest.mark.django_db(transaction=True)
def test_a_message_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        enqueue_mail(to=UserFactory(), key="due:1", subject="Due", body="", now=NOW)


def _die(message: OutboxMessage) -> None:
    raise KeyboardInterrupt


class Refuses(EmailBackend):
    """A mail server that refuses one mailbox."""

    def send_messages(self, messages: Sequence[mail.EmailMessage]) -> int:
        if any("full@example.com" in message.to for message in messages):
            raise OSError("mailbox is full")
        return int(super().send_messages(messages))
