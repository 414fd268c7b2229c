"""The product's own way of rescoring, taken by a benchmark."""

from datetime import datetime

from django.db import connection, transaction

from alignment import spec
from alignment.services import install_template
from leads.models import Lead
from scoring import services
from scoring.engine.branch import STORED
from scoring.engine.running import quiet
from scoring.engine.statement import Leads, slots_of, statement
from scoring.engine.text import glue
from scoring.models import Generation, GenerationRange, LiveGeneration, Score, ScoreChange
from scoring.services.activating import RANGE
from users.models import Organisation


class Rescoring:
    """The shipped BANT template over the base; each ``rescore`` builds a generation and flips to it."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.zone = Organisation.current().tz
        self.version = install_template(by=None, now=now)
        self.spec = spec.load(self.version.pk)

    def rescore(self) -> None:
        """Announce, build every range, flip: what an activation does with one worker."""
        services.activate_due(now=self.now)
        while services.build_range(now=self.now):
            pass
        if services.finish_build(now=self.now) is None:
            raise RuntimeError("The generation was not built.")

    def judge(self) -> None:
        """Judge every lead, range by range as ``rescore`` does, and write nothing."""
        for low in range(1, Lead.objects.count() + 1, RANGE["postgresql"]):
            self._judge_range(Leads(low, low + RANGE["postgresql"] - 1))

    def _judge_range(self, leads: Leads) -> None:
        parts = statement([self.spec], leads.choice, self.now, self.zone)
        query = glue(
            "WITH {tables} SELECT count(grade), sum({all}) FROM ({select}) judged",
            tables=parts.tables,
            all=" + ".join(column for column in STORED if column not in ("lead_id", "version_id", "grade")),
            select=parts.select,
        )
        with transaction.atomic(), connection.cursor() as cursor:
            quiet(cursor)
            cursor.execute(*query.bind(slots_of(self.now, self.zone, leads)))
            cursor.fetchall()

    def clear(self) -> None:
        """As before the first activation."""
        LiveGeneration.objects.all().delete()
        GenerationRange.objects.all().delete()
        with connection.cursor() as cursor:
            for model in (Score, ScoreChange):
                cursor.execute(f"TRUNCATE {model._meta.db_table}")
        Generation.objects.all().delete()

    def checkpoint(self) -> None:
        """So that nobody pays for another's writes."""
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")

    def server(self) -> str:
        """The server's version."""
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            return str(cursor.fetchone()[0])
