"""Handoffs as a company has after some years, made by the database itself: most are closed, some are open."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection

from alignment.models import SlaTerm, Version
from alignment.services import install_template
from benchmarks.base import vacuum
from users.models import Role, Team, User

REPS = 50
OPEN_EACH = 10
"""Every so many-th handoff is open, the others were decided."""
HANDOFFS = """
INSERT INTO feedback_handoff (lead_id, cycle, state, team_id, version_id, term_id, grade, total, facts,
  ready_at, first_assigned_at, closed_at, closed_grade, withdrawn_why)
SELECT n, 1, CASE WHEN n %% {each} = 0 THEN 'assigned' ELSE 'rejected' END, {team}, {version}, {term}, 'A',
  80, '{{}}', at, at, CASE WHEN n %% {each} > 0 THEN at + interval '5 hours' END,
  '', ''
FROM (SELECT n, CASE WHEN n %% {each} = 0 THEN %s - interval '1 hour'
  ELSE %s - random() * interval '52 weeks' END AS at
  FROM generate_series(1, %s) n) made
"""
ASSIGNMENTS = """
INSERT INTO feedback_assignment (handoff_id, owner_id, grade, version_id, source, source_folded,
  system_minutes, why, assigned_at, response_due_at, decision_due_at,
  responded_at, decided_at, ended_at, response_minutes, decision_minutes, next_event_at)
SELECT id, {first_rep} + id / {each} % {reps}, grade, version_id, 'Web', 'web', 0, 'In turn', ready_at,
  ready_at + interval '4 days',
  ready_at + interval '9 days', CASE WHEN closed_at IS NOT NULL THEN ready_at + interval '1 hour' END,
  closed_at, closed_at, 60, CASE WHEN closed_at IS NOT NULL THEN 300 END,
  CASE WHEN closed_at IS NULL THEN ready_at + interval '3 days' END
FROM feedback_handoff
"""


LEADS = """
UPDATE leads_lead SET stage = 'sales_ready', owner_id = owner, team_id = {team}
FROM (SELECT lead_id, owner_id AS owner FROM feedback_handoff
  JOIN feedback_assignment ON handoff_id = feedback_handoff.id WHERE state = 'assigned') open
WHERE leads_lead.id = open.lead_id
"""


def make_team() -> list[User]:
    """A sales manager and ``REPS`` reps of one team; their ids follow each other."""
    team = Team.objects.create(name="Sales")
    password = make_password(None)
    people = [User(email="manager@example.test", name="Manager", role=Role.SALES_MANAGER)]
    people += [
        User(email=f"rep{number}@example.test", name=f"Rep {number}", role=Role.REP) for number in range(REPS)
    ]
    for person in people:
        person.team, person.password = team, password
    return User.objects.bulk_create(people)[1:]


def make_handoffs(count: int, reps: list[User], now: datetime) -> None:
    """A handoff for each of the leads 1 to ``count``, under the shipped version."""
    if not Version.objects.exists():
        install_template(by=None, now=now)
    version = Version.objects.earliest("pk")
    names = {
        "each": OPEN_EACH,
        "team": reps[0].team_id,
        "version": version.pk,
        "term": SlaTerm.objects.get(version=version, grade="A", source="").pk,
        "first_rep": reps[0].pk,
        "reps": len(reps),
    }
    with connection.cursor() as cursor:
        cursor.execute(HANDOFFS.format(**names), [now, now - timedelta(days=2), count])
        cursor.execute(ASSIGNMENTS.format(**names))
        cursor.execute(LEADS.format(**names))
    vacuum("feedback_handoff", "feedback_assignment", "leads_lead")


def use(database: str, *, like: str = "") -> None:
    """Go on in another database of the same server, made ``like`` one that is there."""
    if like:
        connection.close()
        _name("postgres")
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{database}" TEMPLATE "{like}"')
    connection.close()
    _name(database)


def _name(database: str) -> None:
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = database
