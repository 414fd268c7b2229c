"""The embedded mode: web server, Celery worker and beat in one process, without other servers."""

import logging
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from copy import copy
from types import FrameType

from celery.beat import Service
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer, create_server
from waitress.utilities import RequestEntityTooLarge

from config.celery import app
from core.bodies import MESSAGES, SIGNED_IN, STRANGERS, most_for
from core.errors import Conflict

WEB_THREADS = 8
WORKER_THREADS = 2
STOP_SECONDS = 5
logger = logging.getLogger(__name__)


class Parser(HTTPRequestParser):  # type: ignore[misc] # waitress has no types
    """Refuses a body while it arrives: waitress writes it to a file before the application is asked.

    The session is looked up for a body that may be large only, so that small requests cost nothing.
    """

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.chunked or self.content_length > STRANGERS:
            headers = self.headers
            with closing(connection):
                most = most_for(headers.get("COOKIE", ""), headers.get("AUTHORIZATION", ""))
            self.adj: Adjustments = copy(self.adj)
            self.adj.max_request_body_size = most

    def received(self, data: bytes) -> int:
        taken: int = super().received(data)
        if isinstance(self.error, RequestEntityTooLarge):
            self.error.body = MESSAGES[self.adj.max_request_body_size]
        return taken


class Channel(HTTPChannel):  # type: ignore[misc] # waitress has no types
    """A connection whose requests are read by ``Parser``."""

    parser_class = Parser


def check_port(bind: str, port: int) -> None:
    """Raise Conflict with a clear line if the port can't be had."""
    with socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as error:
            why = error.strerror or error
            raise Conflict(
                f"Port {port} of {bind} can't be used ({why}). Choose another: PORT=8001."
            ) from error


def run(bind: str, port: int) -> None:
    """Serve until Ctrl-C or SIGTERM, then stop web, worker and beat; returns within seconds.

    Call it in the main thread, after ``check_port``.
    """
    with ExitStack() as stack:
        stack.enter_context(_worker())
        stack.enter_context(_beat())
        BaseWSGIServer.channel_class = Channel  # the class: a name may stand for several addresses
        server = create_server(
            get_wsgi_application(),
            host=bind,
            port=port,
            threads=WEB_THREADS,
            ident="Bantam",
            max_request_body_size=SIGNED_IN,
        )
        stack.callback(server.close)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _stop)
        with suppress(KeyboardInterrupt):
            server.run()


def _stop(number: int, frame: FrameType | None) -> None:
    """The first signal ends the server's loop; a second one changes nothing."""
    for again in (signal.SIGINT, signal.SIGTERM):
        signal.signal(again, signal.SIG_IGN)
    raise KeyboardInterrupt


@contextmanager
def _worker() -> Iterator[None]:
    """A worker of threads; ``WorkController`` and not ``Worker``, which would take the signals."""
    worker = app.WorkController(
        pool_cls="threads",
        concurrency=WORKER_THREADS,
        without_mingle=True,
        without_gossip=True,
        without_heartbeat=True,
        hostname="embedded@localhost",
    )
    thread = threading.Thread(target=worker.start, name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopper = threading.Thread(target=worker.stop, name="worker-stop", daemon=True)
        stopper.start()
        stopper.join(STOP_SECONDS)  # a task that runs longer is cut off; its work is found again


@contextmanager
def _beat() -> Iterator[None]:
    beat = Service(app, max_interval=1, schedule_filename=str(settings.DATA_DIR / "beat-schedule"))
    thread = threading.Thread(target=beat.start, name="beat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        beat.stop()
        thread.join(STOP_SECONDS)
