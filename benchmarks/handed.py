"""Handoffs made by the database itself: the work of a sales team, with what became of each lead."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from benchmarks.base import vacuum

TEAMS = 10
LEADS = """
INSERT INTO leads_lead ({columns})
SELECT {values} FROM (SELECT n, ''::text AS t FROM generate_series(1, %s) n) made
"""
VERSIONS = 3
MADE = """
CREATE TEMPORARY TABLE made AS
SELECT n, owner.id AS owner_id, owner.team_id, grade, assigned, lag, place, responded, decided,
  CASE WHEN n %% 3 = 0 THEN decided WHEN n %% 10 < 6 AND decided + interval '20 days' < %(now)s
    THEN decided + interval '20 days' END AS closed
FROM (SELECT *, CASE WHEN answer < 0.93 AND assigned + wait < %(now)s THEN assigned + wait END AS responded,
    CASE WHEN (verdict < 0.97 OR assigned < %(now)s - interval '4 weeks') AND assigned + think < %(now)s
      THEN assigned + think END AS decided
  FROM (SELECT *, CASE WHEN n %% 3 = 0 THEN 'A' ELSE 'B' END AS grade,
      (n * {versions} / (%(count)s + 1))::int AS place, 1 + (random() * 90)::int AS lag, random() AS answer,
      random() AS verdict, 1 + (n * 7919) %% %(reps)s AS rep,
      interval '1 minute' * (5 - 55 * ln(1 - random() * 0.999)) AS wait,
      interval '1 hour' * (1 - 22 * ln(1 - random() * 0.999)) AS think
    FROM (SELECT n, %(start)s + interval '1 day' * (day + day / 5 * 2) + interval '1 hour' * (8 + n %% 9)
        + interval '1 second' * (n * 7919 %% 3600) AS assigned
      FROM (SELECT n, ((n - 1) * %(days)s / %(count)s)::int AS day
        FROM generate_series(1::bigint, %(count)s) n) by_day) by_hour
    WHERE assigned < %(now)s) drawn) timed
JOIN (SELECT id, team_id, row_number() OVER (ORDER BY id) AS rep FROM users_user WHERE role = 'rep') owner
  USING (rep)
"""
HANDOFFS = """
INSERT INTO feedback_handoff (lead_id, cycle, state, team_id, version_id, term_id, grade, total, facts,
  ready_at, first_assigned_at, accepted_at, closed_at, closed_grade, withdrawn_why)
SELECT n, 1, CASE WHEN decided IS NULL THEN 'assigned' WHEN n %% 3 = 0 THEN 'rejected'
  WHEN closed IS NOT NULL THEN 'lost' ELSE 'accepted' END, made.team_id, term.version_id, term.id, term.grade,
  60 + n %% 40, '{"lead.title": "Sales Director", "company.employees": 420, "lead.country": "DE"}',
  assigned - lag * interval '1 second', assigned, decided, closed,
  CASE WHEN closed IS NULL THEN '' ELSE term.grade END, ''
FROM made JOIN term ON term.place = made.place AND term.grade = made.grade ORDER BY assigned, n
"""
ASSIGNMENTS = """
INSERT INTO feedback_assignment (handoff_id, owner_id, why, grade, version_id, source, source_folded,
  system_minutes, assigned_at, ended_at, response_due_at, decision_due_at, responded_at, decided_at,
  response_minutes, decision_minutes, next_event_at)
SELECT handoff.id, made.owner_id, 'In turn: this rep had the fewest undecided leads (3).', handoff.grade,
  handoff.version_id, lead.source, lead.source_folded, lag / 60, assigned, closed,
  assigned + CASE made.grade WHEN 'A' THEN interval '1 hour' ELSE interval '1 day' END,
  assigned + CASE made.grade WHEN 'A' THEN interval '2 days' ELSE interval '7 days' END,
  responded, decided, extract(epoch FROM responded - assigned) / 60,
  extract(epoch FROM decided - assigned) / 60 * 0.3, NULL
FROM made JOIN feedback_handoff handoff ON handoff.lead_id = made.n JOIN leads_lead lead ON lead.id = made.n
ORDER BY assigned, n
"""
EVENTS = """
INSERT INTO feedback_slaevent (assignment_id, clock, step, due_at, at, took)
SELECT id, clock, step, due, at, false FROM (
  SELECT id, 'response' AS clock, step, response_due_at AS due, responded_at AS stopped, CASE step
    WHEN 'at_risk' THEN assigned_at + 0.75 * (response_due_at - assigned_at) ELSE response_due_at END AS at
  FROM feedback_assignment, (VALUES ('at_risk'), ('breached')) steps (step)
  UNION ALL
  SELECT id, 'decision', step, decision_due_at, decided_at, CASE step
    WHEN 'at_risk' THEN assigned_at + 0.75 * (decision_due_at - assigned_at) ELSE decision_due_at END
  FROM feedback_assignment, (VALUES ('at_risk'), ('breached')) steps (step)
) taken WHERE at < %s AND (stopped IS NULL OR stopped > at) ORDER BY at, id
"""


def make_handoffs(count: int, *, reps: int, weeks: int, now: datetime) -> None:
    """``count`` handoffs in the ``weeks`` up to and with that of ``now``, of leads with the same ids.

    Fills empty tables with the same base for the same numbers, in working hours; those that would lie ahead
    of now are left out. The versions came into force one after the other. Rows lie in the order in which they
    would have been written.
    """
    from benchmarks.base import LEAD_VALUES

    place_people(reps)
    terms = make_versions(now)
    lead = LEAD_VALUES | {"company_id": "NULL::bigint"}
    columns, values = ", ".join(lead), ", ".join(lead.values())
    start = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(weeks=weeks - 1)
    start -= timedelta(days=start.weekday())
    given: dict[str, Any] = {"count": count, "reps": reps, "start": start, "days": weeks * 5, "now": now}
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(LEADS.format(columns=columns, values=values.format(companies=1)), [count])
        cursor.execute("CREATE TEMPORARY TABLE term (place int, grade text, version_id bigint, id bigint)")
        cursor.executemany("INSERT INTO term VALUES (%s, %s, %s, %s)", terms)
        cursor.execute(MADE.format(versions=VERSIONS), given)
        cursor.execute(HANDOFFS, [])
        cursor.execute(ASSIGNMENTS, [])
        cursor.execute(EVENTS, [now])
        cursor.execute("DROP TABLE made, term")
    vacuum("leads_lead", "feedback_handoff", "feedback_assignment", "feedback_slaevent")


def place_people(reps: int) -> None:
    """So many reps in ten teams."""
    from users.models import Role, Team, User

    teams = Team.objects.bulk_create(Team(name=f"Team {number}") for number in range(1, TEAMS + 1))
    User.objects.bulk_create(
        User(
            name=f"Rep {number}", email=f"rep{number}@example.com", role=Role.REP, team=teams[number % TEAMS]
        )
        for number in range(1, reps + 1)
    )


def make_versions(now: datetime) -> list[tuple[int, str, int, int]]:
    """Versions of the shipped definition, one after the other; gives (place, grade, version, term)."""
    from alignment.models import SlaTerm, Version
    from alignment.services import copy_to_draft, install_template
    from alignment.shipped import BANT
    from users.models import Role, User

    marketer = User.objects.create(name="Mo", email="mo@example.com", role=Role.MARKETER)
    versions = [install_template(by=None, now=now, template=BANT)]
    while len(versions) < VERSIONS:
        versions.append(copy_to_draft(version=versions[0], by=marketer, now=now))
        # The new one too: a definition has one draft, of which a second copy would be the same row.
        pks = [version.pk for version in versions]
        Version.objects.filter(pk__in=pks).update(status=Version.Status.RETIRED)
    Version.objects.filter(pk=versions[-1].pk).update(status=Version.Status.ACTIVE)
    terms = SlaTerm.objects.filter(version__in=versions, grade__in=("A", "B"), source="")
    places = {version.pk: place for place, version in enumerate(versions)}
    return [(places[row.version_id], row.grade, row.version_id, row.pk) for row in terms]
