"""``manage.py import_definition FILE``: a YAML file becomes a draft, as on the pages."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from alignment.access import may_draft
from alignment.document import Document, read_file
from alignment.models import Definition, Version
from alignment.services import draft_from_document, start_definition
from core.errors import ApplicationError
from users.models import User


class Command(BaseCommand):
    """Write a draft of a new definition, or with ``--into`` the next draft of one that exists."""

    help = "Read a definition from a YAML file into a draft, which both sides sign in the browser."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, metavar="EMAIL", help="whose draft it becomes")
        parser.add_argument("--into", metavar="NAME", help="the definition of which it is a new draft")
        parser.add_argument("--name", help="of the new definition, if not as the file says")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            document = read_file(options["file"].read_bytes())
            draft = _write(document, _author(options["by"]), options["into"], options["name"])
        except OSError as error:
            raise CommandError(f"The file can't be read: {error.strerror}.") from None
        except ApplicationError as error:
            raise CommandError("\n".join([error.message, *_more(error)])) from None
        self.stdout.write(f"{draft} is a draft of {draft.author}. It judges nobody before it is signed.")


def _write(document: Document, by: User, into: str | None, name: str | None) -> Version:
    now = timezone.now()
    if into is None:
        return start_definition(name=name or document.name, document=document, by=by, now=now)
    definition = Definition.objects.filter(name=into).first()
    if definition is None:
        raise CommandError(f"There is no definition “{into}”.")
    return draft_from_document(definition_id=definition.pk, document=document, by=by, now=now)


def _author(email: str) -> User:
    author = User.objects.filter(email__iexact=email, is_active=True).first()
    if author is None or not may_draft(author):
        raise CommandError(f"Nobody who drafts has the address {email}.")
    return author


def _more(error: ApplicationError) -> list[str]:
    """All problems, where the message names only the first."""
    if len(error.problems) < 2:
        return []
    return [f"- {problem.where}: {problem.message}" for problem in error.problems]
