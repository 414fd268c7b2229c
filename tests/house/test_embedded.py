"""The embedded mode as a person starts it: one process, one port, and an end when told."""

import io
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from django.core.management.base import CommandError
from pytest_django import Settings

from config.management.commands import demo
from tests.factories import UserFactory
from tests.paths import ROOT
from tests.workers import wait_until
from tools.servers import free_port

PATIENCE = 120
"""In seconds, as on a machine that has much else to do."""


def environment_of(folder: Path) -> dict[str, str]:
    keep = {name: value for name, value in os.environ.items() if not name.startswith(("BANTAM", "DJANGO"))}
    return keep | {
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "PORT": str(free_port()),
        "BANTAM_DATA_DIR": str(folder),
    }


@pytest.fixture
def empty(tmp_path: Path) -> dict[str, str]:
    """For a first start."""
    return environment_of(tmp_path / "company")


@pytest.fixture
def environment(tmp_path: Path, started_before: Path) -> dict[str, str]:
    """For a later start, which finds its tables."""
    return environment_of(Path(copytree(started_before, tmp_path / "company")))


@pytest.fixture(scope="module")
def started_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a first start that was stopped."""
    folder = tmp_path_factory.mktemp("first") / "company"
    environment = environment_of(folder)
    process = start(environment)
    wait_until(lambda: answers(environment), "the embedded mode to answer", process)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, output
    return folder


def start(environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def answers(environment: dict[str, str]) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{environment['PORT']}/healthz", timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


@pytest.fixture
def running(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = start(environment)
    wait_until(lambda: answers(environment), "the embedded mode to answer", process)
    yield process
    process.kill()
    process.communicate()


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_all_within_seconds(running: subprocess.Popen[str], end: signal.Signals) -> None:
    running.send_signal(end)
    output, _ = running.communicate(timeout=30)
    assert running.returncode == 0, output
    assert output.endswith("Bantam has stopped.\n")
    assert "Traceback" not in output


def test_a_port_in_use_is_one_clear_line(running: subprocess.Popen[str], environment: dict[str, str]) -> None:
    second = start(environment)
    output, _ = second.communicate(timeout=PATIENCE)
    assert second.returncode == 1
    assert output.count("\n") == 1
    assert f"Port {environment['PORT']}" in output
    assert answers(environment)


def test_its_data_is_for_its_owner_alone(empty: dict[str, str]) -> None:
    subprocess.run([sys.executable, "manage.py", "check"], cwd=ROOT, env=empty, check=True)
    assert Path(empty["BANTAM_DATA_DIR"]).stat().st_mode & 0o777 == 0o700


@pytest.mark.django_db
def test_a_first_start_that_is_interrupted_says_how_to_go_on(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*args: object, **options: object) -> None:
        UserFactory()
        raise KeyboardInterrupt

    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(demo, "call_command", interrupted)
    for _ in range(2):  # the second start finds what the first one left
        with pytest.raises(CommandError, match="Start over with: make demo FRESH=1"):
            demo.Command(stdout=io.StringIO()).prepare()


def test_it_refuses_to_run_beside_a_broker(empty: dict[str, str]) -> None:
    process = start(empty | {"REDIS_URL": "redis://127.0.0.1:1/0", "BANTAM_SECRET_KEY": "x"})
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "docker-compose.yml" in output


def test_a_stranger_cannot_make_it_keep_a_large_body(
    running: subprocess.Popen[str], environment: dict[str, str]
) -> None:
    head = b"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 40000000\r\n\r\n"
    with socket.create_connection(("127.0.0.1", int(environment["PORT"])), timeout=10) as stranger:
        stranger.sendall(head)
        answer = b"".join(iter(lambda: stranger.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"Sign in first" in answer
    assert answers(environment)
