"""Counting the weeks that are over once, so that the follow-up page needn't; PostgreSQL only.

Up to 50,000 leads, for which SQLite is meant, everything is counted each time.
"""

import datetime as dt
import zoneinfo
from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import Q

from core.locking import locked
from feedback.models import Assignment, ChangedWeek, KeptPart, KeptWeek, SlaEvent
from feedback.reports import kept_weeks
from feedback.reports.measuring import (
    CLOCKS,
    decided_cells,
    delay_cells,
    due_cells,
    slot_cells,
    step_cells,
)
from feedback.reports.splits import Split
from feedback.reports.weeks import Week, weeks_until
from users.models import Team

LONGEST = 52
"""The most weeks that the page shows."""
SETTLED_AFTER = dt.timedelta(minutes=2)
"""Longer than any transaction lasts that changes what is counted: one whose change came before a week was
announced, so that it was not noted, has ended by then and is counted."""


def keep_weeks(*, now: dt.datetime, zone: zoneinfo.ZoneInfo) -> int:
    """Announce the weeks that are over, count those announced a while ago; gives how many were counted.

    May run twice and at the same time. A week that changes while it is counted, or later, is not shown from
    then on and is announced again by the next run. One in which a clock still runs out is left for later.
    """
    if connection.vendor != "postgresql":
        return 0
    past = [week for week in weeks_until(now, LONGEST + 1, zone) if week.end <= now]
    _forget(past, zone)
    kept = 0
    settled = KeptWeek.objects.filter(zone=zone.key, is_counted=False, announced_at__lte=now - SETTLED_AFTER)
    by_monday = {week.monday: week for week in past}
    for row in settled:
        kept += _count(row, by_monday[row.monday], now, zone)
    _announce(past, now, zone)
    return kept


@transaction.atomic
def _forget(past: Sequence[Week], zone: zoneinfo.ZoneInfo) -> None:
    """Weeks that changed, those of another zone, and those that no page shows any more."""
    shown = Q(zone=zone.key, monday__in=[week.monday for week in past])
    KeptWeek.objects.filter(~shown | Q(pk__in=ChangedWeek.objects.values("kept_id"))).delete()
    ChangedWeek.objects.exclude(kept_id__in=KeptWeek.objects.values("pk")).delete()


@transaction.atomic
def _announce(past: Sequence[Week], now: dt.datetime, zone: zoneinfo.ZoneInfo) -> None:
    KeptWeek.objects.bulk_create(
        [
            KeptWeek(
                monday=week.monday, zone=zone.key, starts_at=week.start, ends_at=week.end, announced_at=now
            )
            for week in past
            if not _runs_on(week, now)
        ],
        ignore_conflicts=True,
    )


def _runs_on(week: Week, now: dt.datetime) -> bool:
    """Whether something assigned in the week is due only later: then time alone changes its figures."""
    assigned = Assignment.objects.filter(assigned_at__gte=week.start, assigned_at__lt=week.end)
    return assigned.filter(Q(response_due_at__gt=now) | Q(decision_due_at__gt=now)).exists()


def _count(row: KeptWeek, week: Week, now: dt.datetime, zone: zoneinfo.ZoneInfo) -> bool:
    """Count a week and keep it; a change meanwhile is noted, so that what is kept isn't shown."""
    if _runs_on(week, now):
        return False
    every = _every(week, now, zone)
    teams = [None, *Team.objects.values_list("pk", flat=True)]
    parts = [
        KeptPart(week=row, team_id=team or kept_weeks.ALL_TEAMS, **kept_weeks.pack(every, team))
        for team in teams
    ]
    with transaction.atomic():
        if not locked(KeptWeek.objects.filter(pk=row.pk, is_counted=False)).exists():
            return False  # somebody else was faster, or took it away
        KeptPart.objects.bulk_create(parts)
        return bool(KeptWeek.objects.filter(pk=row.pk).update(is_counted=True))


def _every(week: Week, now: dt.datetime, zone: zoneinfo.ZoneInfo) -> kept_weeks.Every:
    rows, weeks = Assignment.objects.all(), [week]
    delays = {split: delay_cells(rows, weeks, split=split, by_team=True) for split in Split}
    return kept_weeks.Every(
        due={
            (split, clock): due_cells(rows, weeks, split=split, clock=clock, now=now, by_team=True)
            for split in Split
            for clock in CLOCKS
        },
        delays={split: cells for split, (cells, _) in delays.items()},
        slots={
            clock: slot_cells(rows, weeks, clock=clock, now=now, zone=zone, by_team=True) for clock in CLOCKS
        },
        decided=decided_cells(rows, weeks, by_team=True),
        steps=step_cells(SlaEvent.objects.all(), weeks, by_team=True),
        sources=delays[Split.SOURCE][1],
    )
