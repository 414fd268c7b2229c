"""``manage.py backup`` copies the embedded database while others write, or says why it can't."""

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from pytest_django import Settings


def rows(file: Path) -> int:
    with closing(sqlite3.connect(file)) as database:
        return int(database.execute("SELECT count(*) FROM lead").fetchone()[0])


@pytest.fixture
def database(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[sqlite3.Connection]:
    """A database as the embedded mode has it, with 1,000 rows, and a connection that is open to write."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(connections["default"], "vendor", "sqlite")
    monkeypatch.setitem(connections["default"].settings_dict, "NAME", str(tmp_path / "bantam.sqlite3"))
    with closing(sqlite3.connect(tmp_path / "bantam.sqlite3", isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE lead (name TEXT)")
        database.executemany("INSERT INTO lead VALUES (?)", [(f"Lead {number}",) for number in range(1000)])
        yield database


def test_it_holds_what_was_committed_though_somebody_writes(
    database: sqlite3.Connection, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database.execute("BEGIN IMMEDIATE")
    database.execute("INSERT INTO lead VALUES ('not yet')")
    call_command("backup")
    database.execute("COMMIT")
    (file,) = (tmp_path / "backups").iterdir()
    assert (rows(file), rows(tmp_path / "bantam.sqlite3")) == (1000, 1001)
    assert str(file) in capsys.readouterr().out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_it_goes_where_it_is_told_and_overwrites_nothing(
    database: sqlite3.Connection, tmp_path: Path
) -> None:
    file = tmp_path / "elsewhere" / "copy.sqlite3"
    call_command("backup", str(file))
    database.execute("DELETE FROM lead")
    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", str(file))
    assert rows(file) == 1000


@pytest.mark.usefixtures("database")
def test_what_cant_be_written_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match="could not be written"):
        call_command("backup", str(tmp_path / "file" / "copy.sqlite3"))
    assert not list(tmp_path.rglob("*.part"))


def test_a_damaged_database_is_said_and_leaves_nothing(database: sqlite3.Connection, tmp_path: Path) -> None:
    database.close()
    file = tmp_path / "bantam.sqlite3"
    file.write_bytes(file.read_bytes()[:4096] + b"\xff" * 40_000)
    with pytest.raises(CommandError, match="could not be written"):
        call_command("backup")
    assert not list((tmp_path / "backups").iterdir())


@pytest.mark.usefixtures("database")
def test_without_a_database_none_is_made(tmp_path: Path) -> None:
    for each in tmp_path.glob("bantam.sqlite3*"):
        each.unlink()
    with pytest.raises(CommandError, match="There is no database"):
        call_command("backup")
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("database")
def test_postgresql_is_left_to_its_own_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections["default"], "vendor", "postgresql")
    with pytest.raises(CommandError, match="pg_dump"):
        call_command("backup")
