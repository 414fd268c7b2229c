"""Hints to the workers: sent on commit, soon or not at all, and never in the way."""

import socket
import time
from collections.abc import Iterator

import pytest
from celery import current_app
from django.db import transaction

from core import broker
from core.tasks import hint, send_outbox

pytestmark = pytest.mark.servers
NEVER = 50 * broker.LIMIT_SECONDS
"""Half of what a hundred messages took, did each wait for the limit; without it one would wait for ever."""


@pytest.fixture(autouse=True)
def _fresh_broker() -> Iterator[None]:
    broker.forget()
    yield
    broker.forget()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[object, ...]]]:
    """What was handed to the broker."""
    messages: list[tuple[str, tuple[object, ...]]] = []
    monkeypatch.setattr(broker, "send", lambda task, args: messages.append((task.name, args)))
    return messages


@pytest.mark.django_db(transaction=True)
def test_a_hint_goes_out_with_the_commit(sent: list[object]) -> None:
    with transaction.atomic():
        hint(send_outbox, 7)
        assert sent == []
    assert sent == [("core.tasks.send_outbox", (7,))]


@pytest.mark.django_db(transaction=True)
def test_a_rollback_sends_nothing(sent: list[object]) -> None:
    with transaction.atomic():
        hint(send_outbox)
        transaction.set_rollback(True)
    assert sent == []


@pytest.fixture
def silent_server() -> Iterator[int]:
    """A server that takes connections and never says a word, as a hung broker does."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def point_broker_at(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    elsewhere = current_app.connection(f"redis://127.0.0.1:{port}/0")
    monkeypatch.setattr(current_app, "connection_for_write", lambda: elsewhere)


@pytest.mark.parametrize("broken", ["closed_port", "silent_server"])
def test_a_broker_that_is_away_costs_little_and_raises_nothing(
    broken: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    point_broker_at(monkeypatch, request.getfixturevalue(broken))
    started = time.monotonic()
    assert broker.send(send_outbox, ()) is False
    assert time.monotonic() - started < NEVER
    started = time.monotonic()
    assert [broker.send(send_outbox, ()) for _ in range(100)] == [False] * 100
    assert time.monotonic() - started < NEVER


def test_a_broker_that_is_there_takes_the_message() -> None:
    assert broker.send(send_outbox, ()) is True
    assert broker.is_reachable()


def test_after_a_rest_the_broker_is_tried_again(monkeypatch: pytest.MonkeyPatch, closed_port: int) -> None:
    with monkeypatch.context() as away:
        point_broker_at(away, closed_port)
        assert broker.send(send_outbox, ()) is False
    broker.forget()
    assert broker.send(send_outbox, ()) is True
