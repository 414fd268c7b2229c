"""Our own servers: they start, use what is given, and never outlive the one who asked for them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest
import redis

from tests.paths import ROOT
from tools.servers import postgres_programs, servers


@pytest.fixture(autouse=True)
def _own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever servers this run has, these tests start their own."""
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("REDIS_URL", "")


def ask(url: str, question: str) -> object:
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            row = cursor.fetchone()
            assert row is not None
            return row[0]
    finally:
        connection.close()


def answers(url: str) -> bool:
    try:
        return ask(url, "SELECT 1") == 1
    except psycopg2.OperationalError:
        return False


def test_both_servers_answer_and_stop_with_the_block() -> None:
    with servers(fsync=True, settings={"work_mem": "7MB"}) as env:
        url = env["DATABASE_URL"]
        assert ask(url, "SHOW fsync") == "on"
        assert ask(url, "SHOW work_mem") == "7MB"
        assert redis.Redis.from_url(env["REDIS_URL"]).ping()
    assert not answers(url)


def test_a_server_that_is_named_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://named/db")
    monkeypatch.setenv("REDIS_URL", "redis://named/0")
    with servers() as env:
        assert env == {"DATABASE_URL": "postgres://named/db", "REDIS_URL": "redis://named/0"}


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_servers_end_with_their_parent_however_it_dies(end: signal.Signals) -> None:
    command = [sys.executable, "-m", "tests.servers", "--", sys.executable, "-u", "-c"]
    command += ["import os, time; print(os.environ['DATABASE_URL']); time.sleep(60)"]
    parent = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    url = parent.stdout.readline().strip()
    assert answers(url)
    parent.send_signal(end)
    parent.wait(timeout=60)
    limit = time.monotonic() + 60
    while answers(url):
        assert time.monotonic() < limit, "PostgreSQL is still there"
        time.sleep(0.1)
    parent.stdout.close()


def test_the_command_says_the_status() -> None:
    command = [sys.executable, "-m", "tests.servers", "--", sys.executable, "-c", "raise SystemExit(3)"]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 3


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands PostgreSQL to another user")
def test_programs_that_nobody_can_reach_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.servers._open_to_all", lambda path: False)
    assert postgres_programs(tmp_path).is_relative_to(tmp_path)
    with servers() as env:
        assert answers(env["DATABASE_URL"])
