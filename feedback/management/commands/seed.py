"""``manage.py seed``: the sample company."""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from feedback.sample.build import build, build_bulk
from feedback.sample.people import DEMO_PASSWORD as DEMO_PASSWORD  # the demo tells people
from feedback.sample.plan import Plan
from leads.models import Lead
from users.models import User

START_OVER = "The sample company is incomplete. Start over with an empty database (make demo FRESH=1)."


class Command(BaseCommand):
    help = (
        "Make up a company with people, leads, an agreement and months of sales work, on an empty database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--leads", type=int, default=5_000)
        parser.add_argument("--activities", type=int, default=None, help="default: eight a lead")
        parser.add_argument(
            "--seed", type=int, default=1, help="the same seed and --now make the same company"
        )
        parser.add_argument("--now", type=_moment, default=None, help="the moment it ends at, in ISO 8601")
        parser.add_argument("--no-sales", action="store_true", help="leads and scores only, for benchmarks")

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists() or Lead.objects.exists():
            raise CommandError(
                "There are people or leads here already. The sample company needs an empty database: "
                "for the demo, start over with make demo FRESH=1."
            )
        plan = _plan(options)
        run = build_bulk if options["no_sales"] else build
        try:
            run(plan, self.tell)
        except KeyboardInterrupt:
            raise CommandError(f"Interrupted. {START_OVER}") from None
        except Exception:
            self.stderr.write(START_OVER)
            raise

    def tell(self, line: str) -> None:
        """One line of progress, at once."""
        self.stdout.write(line)
        self.stdout.flush()


def _plan(options: dict[str, Any]) -> Plan:
    leads, activities = options["leads"], options["activities"]
    activities = 8 * leads if activities is None else activities
    if leads < 1 or activities < 0:
        raise CommandError("Give at least one lead and no fewer than 0 activities.")
    return Plan(leads, activities, options["seed"], options["now"] or timezone.now())


def _moment(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
