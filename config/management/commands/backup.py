"""``manage.py backup``: a copy of the embedded mode's database, while Bantam runs."""

import os
import sqlite3
from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone


class Command(BaseCommand):
    """Write the whole database as of one moment into one file; nobody waits for it.

    CommandError if there is none, if it isn't SQLite, if the file is there already or can't be written;
    then nothing of it is left.
    """

    help = "Copy the database of the embedded mode into one file, while Bantam runs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="else one with the time in its name")

    def handle(self, *_args: Any, **options: Any) -> None:
        if connection.vendor != "sqlite":
            raise CommandError("This database is PostgreSQL's: take pg_dump, as docs/running.md says.")
        source = Path(str(connection.settings_dict["NAME"]))
        if not source.is_file():
            raise CommandError(f"There is no database at {source}, so there is nothing to copy.")
        file = options["file"] or _usual_file()
        if file.exists():
            raise CommandError(f"{file} is there already. Give another name, or none.")
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(source, file)
        except (OSError, sqlite3.Error) as error:
            raise CommandError(f"{file} could not be written: {error}.") from error
        self.stdout.write(f"{file} holds everything as of now ({file.stat().st_size / 1_000_000:,.1f} MB).")


def _usual_file() -> Path:
    now = timezone.localtime()
    return Path(settings.DATA_DIR) / "backups" / f"bantam-{now:%Y-%m-%d-%H%M%S}.sqlite3"


def _write(source: Path, file: Path) -> None:
    """The file is whole, or isn't there."""
    part = file.with_name(f"{file.name}.{os.getpid()}.part")  # two at once don't write into one
    try:
        part.touch(mode=0o600)
        _copy(source, part)
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    """One consistent copy, checked, and without a log beside it."""
    with closing(sqlite3.connect(source)) as ours, closing(sqlite3.connect(target)) as copy:
        ours.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(f"the copy is damaged ({found})")
