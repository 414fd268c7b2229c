"""The product's worker and beat as processes, by the very commands of docker-compose.yml."""

import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tools.compose import services

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 120


SUCCEEDED = re.compile(r"Task (\S+)\[\S+ succeeded in ([0-9.]+)s")


@dataclass
class Spent:
    """What the worker did, known once it ended: runs and seconds of each task, seconds of processor."""

    tasks: dict[str, list[float]] = field(default_factory=dict)
    processor: float = 0.0


@contextmanager
def product(workers: int) -> Iterator[Spent]:
    """Run both for the length of the block; the worker with ``workers`` processes, and ready."""
    spent = Spent()
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "worker.log"
        worker = _start(_command("worker", "--concurrency", str(workers)), log)
        beat = _start(_command("beat", "--schedule", f"{folder}/schedule"), Path(folder) / "beat.log")
        try:
            _wait(worker, log)
            yield spent
        finally:
            before = _children()
            for process in (beat, worker):
                process.terminate()
                process.wait(timeout=60)
            spent.processor = round(_children() - before, 1)
            for name, seconds in SUCCEEDED.findall(log.read_text()):
                runs, total = spent.tasks.get(name, [0, 0.0])
                spent.tasks[name] = [runs + 1, round(total + float(seconds), 2)]


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _command(name: str, option: str, value: str) -> list[str]:
    """The command of a service, with one of its options set to something else."""
    words: list[str] = services()[name]["command"]
    assert any(word.startswith(option) for word in words), f"{name} has no {option}"
    told = [f"{option}={value}" if word.startswith(option) else word for word in words]
    return [sys.executable, "-m", *told]


def _start(command: list[str], log: Path) -> "subprocess.Popen[bytes]":
    with log.open("wb") as output:
        return subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output)


def _wait(worker: "subprocess.Popen[bytes]", log: Path) -> None:
    limit = time.monotonic() + START_SECONDS
    while " ready." not in log.read_text():
        if worker.poll() is not None or time.monotonic() > limit:
            raise RuntimeError(f"The worker did not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.1)
