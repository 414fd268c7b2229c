"""``manage.py serve``: the embedded mode for a company of its own."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config import embedded
from core.errors import ApplicationError
from users.setup import setup_url


class Command(BaseCommand):
    help = "Run Bantam in one process: web, worker and beat on SQLite, without other servers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--bind", default="127.0.0.1", help="0.0.0.0 lets other machines in")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError("REDIS_URL is set; run gunicorn and Celery as docker-compose.yml does.")
        try:
            embedded.check_port(options["bind"], options["port"])
        except ApplicationError as error:
            raise CommandError(error.message) from error
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0, interactive=False)
        self.prepare()
        self.stdout.write(f"Bantam is on {self.address(options)} - Ctrl-C stops it.")
        self.welcome(self.address(options))
        self.stdout.flush()
        embedded.run(options["bind"], options["port"])
        self.stdout.write("Bantam has stopped.")

    def address(self, options: dict[str, Any]) -> str:
        """Where people find it: as configured, unless another port was asked for."""
        asked = f"http://127.0.0.1:{options['port']}"
        return settings.BASE_URL if options["port"] == settings.PORT else asked

    def prepare(self) -> None:
        """What must be there before the first request."""

    def welcome(self, address: str) -> None:
        """Say how the first person gets in."""
        if url := setup_url(address):
            self.stdout.write(f"Nobody can sign in yet. Set it up here, once: {url}")
