"""Speaking to the broker without ever waiting for it: the database is the truth, a message is a hint."""

import logging
import time
from functools import cache
from typing import Any

from celery import Task, current_app
from kombu import Connection
from kombu.pools import producers

LIMIT_SECONDS = 0.2
REST_SECONDS = 5.0
logger = logging.getLogger(__name__)
_resting_until = 0.0


@cache
def _connection() -> Connection:
    """A broker connection that gives up soon; one for the process, pooled and thread-safe."""
    connection = current_app.connection_for_write()
    half = LIMIT_SECONDS / 2
    limits = {"socket_timeout": half, "socket_connect_timeout": half, "max_retries": 0}
    connection.transport_options = (connection.transport_options or {}) | limits
    return connection


def send(task: Task[Any, Any], args: tuple[Any, ...]) -> bool:
    """Send one message at once; False if the broker is away, which is logged and never raised.

    After a failure the broker is left alone for ``REST_SECONDS``, so that a request with many hints
    waits once.
    """
    global _resting_until  # one process, one broker
    if time.monotonic() < _resting_until:
        return False
    try:
        with producers[_connection()].acquire(block=True, timeout=LIMIT_SECONDS) as producer:
            task.apply_async(args=args, producer=producer, retry=False)
    except Exception as error:  # whatever the transport raises: the caller's work is done
        _resting_until = time.monotonic() + REST_SECONDS
        logger.warning(
            "No hint for %s, the broker is away: %s. A sweep will find the work.", task.name, error
        )
        return False
    return True


def is_reachable() -> bool:
    """Whether the broker answers within ``LIMIT_SECONDS``."""
    try:
        with _connection().clone() as connection:
            connection.connect()
    except Exception:  # any failure means the same here
        return False
    return True


def forget() -> None:
    """Start afresh: drop the connection and try the broker at once; for tests and after a fork."""
    global _resting_until  # one process, one broker
    _resting_until = 0.0
    _connection.cache_clear()
