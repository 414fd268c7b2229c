"""A small process that outlives its parent by a moment, to stop servers and clear their folder.

It reads lines ``PID SIGNAL`` from a pipe that only the parent holds. When the pipe closes, because
the parent is done or was killed, it stops those processes and deletes the folder.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PATIENCE_SECONDS = 10
Watch = Callable[[int, int], None]


@contextmanager
def keeper(folder: Path) -> Iterator[Watch]:
    """Start a keeper of ``folder``; gives the function that tells it of a process and its stop signal.

    At the end of the block it has stopped them all and deleted the folder.
    """
    reading, writing = os.pipe()
    command = [sys.executable, str(Path(__file__).resolve()), str(folder)]
    process = subprocess.Popen(command, stdin=reading, start_new_session=True)
    os.close(reading)

    def watch(pid: int, number: int) -> None:
        os.write(writing, f"{pid} {number}\n".encode())

    try:
        yield watch
    finally:
        os.close(writing)
        process.wait(timeout=2 * PATIENCE_SECONDS)


def stop(pids: list[tuple[int, int]]) -> None:
    """Send each process its signal, and after ``PATIENCE_SECONDS`` kill those still there."""
    for pid, number in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
    limit = time.monotonic() + PATIENCE_SECONDS
    while any(_lives(pid) for pid, _ in pids) and time.monotonic() < limit:
        time.sleep(0.02)
    for pid, _ in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _lives(pid: int) -> bool:
    """Whether it runs; one that ended but that nobody waited for yet doesn't."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        pass
    if sys.platform == "linux":
        return False
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    lines = [line.split() for line in sys.stdin]
    stop([(int(pid), int(number)) for pid, number in lines])
    shutil.rmtree(sys.argv[1], ignore_errors=True)
