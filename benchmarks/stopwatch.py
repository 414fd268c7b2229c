"""When a change was committed and when the score that includes it, by the database's own clock.

A trigger on the marks notes the transaction that set a mark and the one that deleted it; PostgreSQL keeps
the moment of each commit (``track_commit_timestamp``). Whoever changes a lead while a worker holds its
mark waits for that worker's commit, and a worker sees a mark only once the change is committed. So the
first deletion of a lead's mark that commits after the change did is of a worker that judged the change.
Nothing is polled, and the notes are written in the transactions themselves, which costs them a little.
"""

from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

if TYPE_CHECKING:  # it needs Django, which starts later
    from benchmarks.rescoring import Rescoring

CHUNK = 2_000
TABLES = """
CREATE TABLE noted (lead_id bigint NOT NULL, is_judged boolean NOT NULL, xid xid8 NOT NULL);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    INSERT INTO noted VALUES (OLD.lead_id, true, pg_current_xact_id());
  ELSE
    INSERT INTO noted VALUES (NEW.lead_id, false, pg_current_xact_id());
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON leads_changedlead
FOR EACH ROW EXECUTE FUNCTION note();
"""
MOMENTS = """
CREATE TEMPORARY TABLE moments AS
SELECT DISTINCT lead_id, is_judged, xid, pg_xact_commit_timestamp(xid::xid) AS at FROM noted;
CREATE INDEX ON moments (lead_id, is_judged, at);
CREATE TEMPORARY TABLE waits AS
SELECT changed.xid, min(changed.at) AS at, bool_or(judged.at IS NULL) AS is_lost,
  1000 * max(extract(epoch FROM judged.at - changed.at)) AS ms
FROM moments changed LEFT JOIN LATERAL (SELECT min(at) AS at FROM moments judged
  WHERE judged.lead_id = changed.lead_id AND judged.is_judged AND judged.at > changed.at) judged ON true
WHERE NOT changed.is_judged AND changed.lead_id <> 1 GROUP BY changed.xid;
DELETE FROM waits WHERE at < (SELECT min(at) FROM waits) + %s * interval '1 second';
"""
FIGURES = """
SELECT count(*), count(*) FILTER (WHERE is_lost), percentile_cont(ARRAY[0.5, 0.95, 0.99, 1]) WITHIN GROUP
  (ORDER BY ms), count(*) / extract(epoch FROM max(at) - min(at)) FROM waits
"""
BATCHES = "SELECT count(*), count(DISTINCT xid) FROM noted WHERE is_judged AND lead_id <> 1"
JUDGEMENTS = "SELECT count(*) FROM noted WHERE is_judged AND lead_id = %s"


def install() -> None:
    """Begin to take notes; RuntimeError if the server doesn't keep the moments of commits."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW track_commit_timestamp")
        if cursor.fetchone()[0] != "on":
            raise RuntimeError("Start PostgreSQL with track_commit_timestamp=on, or leave DATABASE_URL out.")
        cursor.execute(TABLES)


def judgements(lead_id: int) -> int:
    """How often a lead was judged since ``install``."""
    with connection.cursor() as cursor:
        cursor.execute(JUDGEMENTS, [lead_id])
        return int(cursor.fetchone()[0])


def read(warm: float) -> dict[str, Any]:
    """The figures of all changes but those of lead 1 and of the first ``warm`` seconds.

    A change of a company is graded once the last of its leads is.
    """
    with connection.cursor() as cursor:
        cursor.execute(MOMENTS, [warm])
        cursor.execute(FIGURES)
        changes, lost, (p50, p95, p99, most), rate = cursor.fetchone()
        cursor.execute(BATCHES)
        judged, batches = cursor.fetchone()
    return {
        "p50_ms": round(p50),
        "p95_ms": round(p95),
        "p99_ms": round(p99),
        "most_ms": round(most),
        "changes": changes,
        "changes_per_second": round(float(rate), 1),
        "never_judged": lost,
        "judgements": judged,
        "batches": batches,
    }


def wrong_scores(rescoring: "Rescoring") -> list[int]:
    """The changed leads whose score isn't what a fresh judgement gives."""
    from django.utils import timezone

    from scoring import querysets
    from scoring.engine.running import Judge
    from scoring.engine.statement import Leads

    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT lead_id FROM noted")
        ids = [row[0] for row in cursor.fetchall()]
    generation = querysets.live_generation_id() or 0
    judge = Judge([rescoring.spec], timezone.now(), rescoring.zone)
    wrong: list[int] = []
    for start in range(0, len(ids), CHUNK):
        with transaction.atomic():
            changes = judge.changes(generation, Leads(ids=ids[start : start + CHUNK]))
        wrong += [change.new.lead_id for change in changes]
    return wrong
