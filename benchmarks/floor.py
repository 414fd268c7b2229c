"""What no engine can beat, in tables of its own that stay as they are whatever becomes of the product's."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

TABLES = """
CREATE TABLE floor_lead (id bigint PRIMARY KEY, score integer NOT NULL, name text, email text, phone text,
  title text, company_id bigint, country text, city text, language text, source text, stage text,
  owner_id bigint, team_id bigint, do_not_call boolean, is_unsubscribed boolean, note text, extra jsonb,
  created_at timestamptz, updated_at timestamptz);
CREATE TABLE floor_activity (id bigint PRIMARY KEY, lead_id bigint NOT NULL, kind text NOT NULL,
  detail text NOT NULL, at_epoch bigint NOT NULL);
CREATE TABLE floor_score (generation_id bigint, lead_id bigint, version_id bigint, a smallint,
  b smallint, c smallint, d smallint, e smallint, f smallint, total smallint, grade varchar(1), bant smallint,
  gate smallint, as_of integer, PRIMARY KEY (generation_id, lead_id));
CREATE INDEX floor_score_total ON floor_score (generation_id, total DESC, lead_id DESC);
"""
LEADS = """
INSERT INTO floor_lead SELECT id, 0, name, email, phone, title, company_id, country, city, language, source,
  stage, owner_id, team_id, do_not_call, is_unsubscribed, repeat('x', 40), extra, created_at, updated_at
FROM leads_lead
"""
ACTIVITIES = """
INSERT INTO floor_activity SELECT id, lead_id, (%s)[kind], detail, at_epoch FROM leads_activity ORDER BY id
"""
INDEXES = """
CREATE INDEX floor_lead_score ON floor_lead (score);
CREATE INDEX floor_lead_email ON floor_lead (email);
CREATE INDEX floor_lead_created ON floor_lead (created_at);
CREATE INDEX floor_activity_lead ON floor_activity (lead_id, at_epoch, kind);
"""
FILL = "INSERT INTO floor_score SELECT 1, id, 1, 1, 1, 1, 1, 1, 1, 6, 'D', 0, 1, 1 FROM floor_lead"
COUNT = """
SELECT count(*) FROM (SELECT lead_id, count(*) FROM floor_activity WHERE at_epoch > %s GROUP BY lead_id) each
"""
SCAN = "SELECT count(*), sum(length(note) + score) FROM floor_lead"
FILL_SHARE = f"{FILL} WHERE id BETWEEN %s AND %s"
COUNT_SHARE = COUNT.replace("> %s", "> %s AND lead_id BETWEEN %s AND %s")
UPDATE = "UPDATE floor_lead SET score = score + 1"


def make_floor() -> None:
    """The tables, with the base's rows."""
    from leads.models import KIND_CODES

    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        cursor.execute(LEADS)
        cursor.execute(ACTIVITIES, [list(KIND_CODES)])
        cursor.execute(INDEXES)


def drop_floor() -> None:
    """As if there had been none."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE floor_lead, floor_activity, floor_score")


def empty_floor() -> None:
    """As before the first run; isn't timed."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE floor_score")


def floor(since_epoch: int) -> None:
    """Constants for every lead into the empty generation, and one grouped count inside the horizon.

    With the server's own settings: it may count in parallel, which no INSERT of a SELECT ever does.
    """
    with connection.cursor() as cursor:
        cursor.execute(FILL)
        cursor.execute(COUNT, [since_epoch])
        cursor.fetchall()


def floor_on_one_core(since_epoch: int) -> None:
    """The same without parallel workers, as what it is compared with: one connection, one process."""
    with one_core():
        floor(since_epoch)


def floor_share(since_epoch: int, low: int, high: int) -> None:
    """``floor_on_one_core`` for the leads from ``low`` to ``high``: one worker's part of it."""
    with one_core(), connection.cursor() as cursor:
        cursor.execute(FILL_SHARE, [low, high])
        cursor.execute(COUNT_SHARE, [since_epoch, low, high])
        cursor.fetchall()


def judge_floor(since_epoch: int) -> None:
    """What judging has to read at least, on one core: the grouped count and one bare scan of the leads."""
    with one_core(), connection.cursor() as cursor:
        cursor.execute(COUNT, [since_epoch])
        cursor.fetchall()
        cursor.execute(SCAN)
        cursor.fetchall()


@contextmanager
def one_core() -> Iterator[None]:
    """No parallel workers for this connection inside the block."""
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        yield
        cursor.execute("RESET max_parallel_workers_per_gather")


def bare_update() -> None:
    """One indexed integer of every lead."""
    with connection.cursor() as cursor:
        cursor.execute(UPDATE)
