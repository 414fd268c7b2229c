"""Real Celery processes for tests, on the database that the test uses."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from celery import current_app
from django.db import connection

from tests.paths import ROOT
from tools.servers import answers, free_port, valkey_command


class Workers:
    """Celery worker processes (prefork) of one test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        with current_app.connection_for_write() as broker:
            broker.connect()
            broker.default_channel.client.flushdb()  # type: ignore[attr-defined] # Redis has it

    def start(
        self, *, concurrency: int = 2, beat: bool = False, include: str = "", waits: bool = True
    ) -> subprocess.Popen[bytes]:
        """Start a worker with ``concurrency`` children, optionally with beat; returns once it is ready.

        ``include`` is a module that it imports first. Without ``waits`` it returns at once: see ``ready``.
        """
        name = f"test{len(self.processes)}@localhost"
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-n", name, "-l", "INFO"]
        command += ["-c", str(concurrency), "--without-gossip", "--without-mingle"]
        command += ["-I", include] if include else []
        if beat:
            command += ["-B", "-s", str(self.folder / "schedule")]
        log = self.folder / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment(), stdout=output, stderr=output, start_new_session=True
            )
        self.processes.append(process)
        if waits:
            self.ready(process)
        return process

    def ready(self, process: subprocess.Popen[bytes]) -> None:
        """Return once a worker that was started is ready; AssertionError with all logs if it doesn't come."""
        name = f"test{self.processes.index(process)}@localhost"
        log = self.folder / f"{name}.log"
        try:
            started = f"the worker {name} to start"
            wait_until(lambda: f"{name} ready" in log.read_text(), started, process, seconds=120)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log()}") from error

    def kept(
        self, process: subprocess.Popen[bytes], *, beat: bool, include: str = ""
    ) -> subprocess.Popen[bytes]:
        """The process, or another in its place if it ended by itself, as compose starts it anew.

        One ends if the broker goes while Celery's transport for Redis puts messages back.
        """
        if process.poll() is None:
            return process
        return self.start(beat=beat, include=include, waits=False)

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """``kill -9`` on a worker and its children, as a crash of the machine would."""
        with suppress(ProcessLookupError):  # it had ended by itself
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)

    def close(self) -> None:
        """End all: kindly, then by force."""
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.kill(process)

    def log(self) -> str:
        """All that the workers wrote, for a failing test's message."""
        return "\n".join(file.read_text(errors="replace") for file in sorted(self.folder.glob("*.log")))


class Broker:
    """A broker of one test, which may stop and start it; at its end it is gone. ``url`` stays the same."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, empty; returns once it answers."""
        command = [*valkey_command(self.port), "--dir", str(self.folder)]
        with (self.folder / "broker.log").open("ab") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output)
        wait_until(lambda: answers(self.port), "the broker to start", self.process)

    def stop(self) -> None:
        """Kill it, as a machine that goes down does; a repeat changes nothing."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(timeout=10)


def environment() -> dict[str, str]:
    """The environment in which a process of ours uses the database of this test."""
    own = connection.settings_dict
    url = f"postgres://{own['USER']}@{own['HOST']}:{own['PORT']}/{own['NAME']}"
    if own["PASSWORD"]:
        url = url.replace("@", f":{own['PASSWORD']}@", 1)
    return os.environ | {"DATABASE_URL": url}


def wait_until(
    done: Callable[[], object],
    what: str,
    process: subprocess.Popen[Any] | None = None,
    *,
    seconds: float = 120.0,
) -> None:
    """Wait for ``done()`` to be true; AssertionError that names ``what`` when it never is.

    ``seconds`` is long, as on a machine that has much else to do; a test that passes waits no longer for it.
    """
    limit = time.monotonic() + seconds
    while not done():
        if process is not None and process.poll() is not None:
            raise AssertionError(f"waited for {what}, but it ended with status {process.returncode}")
        if time.monotonic() > limit:
            raise AssertionError(f"waited {seconds:g} s for {what}")
        time.sleep(0.05)
