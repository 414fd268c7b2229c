"""``manage.py export_definition NAME``: a version as a YAML file, as the pages export it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from alignment.document import file_of
from alignment.models import Version


class Command(BaseCommand):
    """Print the version of a definition that is in force, or the one of ``--number``."""

    help = "Write a definition as a YAML file that import_definition reads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", help="the definition's name; may be left out if there is one")
        parser.add_argument("--number", type=int, help="of the version, if not the one in force")
        parser.add_argument("--output", type=Path, help="the file to write instead of printing it")

    def handle(self, *_args: Any, **options: Any) -> None:
        text = file_of(_version(options["name"], options["number"]))
        path: Path | None = options["output"]
        if path is None:
            self.stdout.write(text, ending="")
            return
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"The file can't be written: {error.strerror}.") from None


def _version(name: str | None, number: int | None) -> Version:
    found = Version.objects.select_related("definition")
    found = found.filter(status=Version.Status.ACTIVE) if number is None else found.filter(number=number)
    versions = list(found if name is None else found.filter(definition__name=name))
    if len(versions) == 1:
        return versions[0]
    known = sorted({f"“{version.definition}”" for version in found})
    hint = f"Name one of {', '.join(known)}." if known else "There is none yet."
    what = f"of “{name}” " if name else ""
    raise CommandError(
        f"There {'are several versions' if versions else 'is no version'} {what}like this. {hint}"
    )
