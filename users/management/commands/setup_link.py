"""``manage.py setup_link``: the address at which the first admin is made."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from users.setup import setup_url


class Command(BaseCommand):
    help = "Print the link that makes the first admin; it works once, and not while there is an active admin."

    def handle(self, *args: Any, **options: Any) -> None:
        url = setup_url(settings.BASE_URL)
        if url is None:
            raise CommandError("There is an active admin already; ask them for an invitation.")
        self.stdout.write(url)
