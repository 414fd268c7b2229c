"""The product's own way of rescoring, taken by a benchmark."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from alignment import spec
from alignment.services import install_template
from alignment.shipped import BANT, Template
from leads.models import Lead
from scoring import services
from scoring.engine.branch import STORED
from scoring.engine.running import quiet
from scoring.engine.statement import Leads, slots_of, statement
from scoring.engine.text import glue
from scoring.models import Generation, GenerationRange, LiveGeneration, Refresh, Score, ScoreChange
from scoring.services.activating import RANGE
from scoring.services.logging import finish_logging
from users.models import Organisation


class Rescoring:
    """A template over the base; each ``rescore`` builds a generation and flips to it."""

    def __init__(self, now: datetime, template: Template = BANT) -> None:
        self.now = now
        self.zone = Organisation.current().tz
        self.version = install_template(by=None, now=now, template=template)
        self.spec = spec.load(self.version.pk)

    def rescore(self) -> None:
        """Announce, build every range, flip: what an activation does with one worker."""
        self.announce()
        while services.build_range(now=self.now):
            pass
        self.flip()

    def announce(self) -> None:
        """The first step of ``rescore``, after which any worker may build ranges."""
        services.activate_due(now=self.now)

    def flip(self) -> None:
        """The last step, once every range is built."""
        if services.finish_build(now=self.now) is None:
            raise RuntimeError("The generation was not built.")

    def tell(self) -> None:
        """Write the activation to the history, as workers do after the flip."""
        while services.log_activation_range(now=self.now):
            pass
        finish_logging()

    def refresh(self) -> int:
        """The daily refresh at the moment of the rescore; gives how many scores changed."""
        return services.refresh(now=self.now)

    def backdate(self) -> None:
        """Make the live generation a day older than its scores: a refresh is due and finds nothing."""
        Generation.objects.filter(state=Generation.State.LIVE).update(live_at=self.now - timedelta(days=1))

    def forget_refreshes(self) -> None:
        """So that today's is due again."""
        Refresh.objects.all().delete()

    def tuples_written(self, *tables: str) -> int:
        """Rows inserted, updated and deleted so far, by PostgreSQL's statistics."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_force_next_flush()")
            cursor.execute(
                "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables "
                "WHERE relname = ANY(%s)",
                [list(tables)],
            )
            return int(cursor.fetchone()[0])

    def log_position(self) -> int:
        """Bytes of the write-ahead log so far."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
            return int(cursor.fetchone()[0])

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
        Refresh.objects.all().delete()
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
