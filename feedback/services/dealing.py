"""Dealing the leads that wait: to reps by the rules, else into the pool of a team.

Each step is a short transaction of at most ``CHUNK`` leads that holds the cursor's row, so that two workers
never deal at once and turns are kept.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q

from core.locking import locked
from feedback.models import Assignment, Handoff, LogCursor, SlaEvent
from feedback.querysets import in_pool, to_be_dealt
from feedback.routing import (
    Deal,
    Roster,
    Rules,
    available_reps,
    load_roster,
    load_rules,
    pool_of,
    waiting_by_team,
)
from feedback.routing.reps import company_owners, save_turns
from feedback.routing.trace import trace_of
from feedback.services.assigning import Gift, give
from feedback.services.cursors import POOLS, hold_cursor
from feedback.services.shortages import note_shortages
from leads.services import set_owner
from users.models import Team

CHUNK = 200


def release(*, now: datetime) -> int:
    """Give leads that wait to reps who have room, best first; gives how many found an owner.

    One that fell below the gate while it waited is passed over until it is sales-ready again, one that was
    taken back until it was there to be claimed for a while. Those that find no owner stand in the pool of a
    team, whose reps may claim them, and the sales managers are told, once.
    """
    while _move_batch(now):
        pass
    given, moved = 0, 1
    while moved:
        dealt, moved = _release_batch(now)
        given += dealt
        moved += dealt
    while _place_batch(now):
        pass
    note_shortages(now=now)
    return given


@transaction.atomic
def place_anew() -> None:
    """Have the pools looked through again by the next release: the rules changed, or facts of leads did."""
    last = Handoff.objects.filter(state=Handoff.State.WAITING).aggregate(last=Max("pk"))["last"] or 0
    LogCursor.objects.update_or_create(name=POOLS, defaults={"last_id": 0, "seen_id": last})


@transaction.atomic
def _release_batch(now: datetime) -> tuple[int, int]:
    """How many leads of a batch were given out, and how many moved to the pool of another team."""
    hold_cursor()
    waiting = to_be_dealt(now)
    if not waiting.exists():
        return 0, 0
    rules, roster = load_rules(), load_roster(now=now)
    room = +roster.room()
    if not room:
        return 0, 0
    aims = {rule.row.team_id for rule in rules.at_work if rule.row.team_id is not None}
    reachable = Q(team=None) | Q(team__in=room) | ~Q(team__in=roster.teams() | aims)
    rows = locked(waiting.filter(reachable), skip_locked=True).order_by("grade", "-total", "id")
    batch = list(rows.select_related("lead", "term")[:CHUNK])
    gifts, places = _deal(batch, rules, roster, now)
    give(gifts, by=None, now=now, action="handoff.routed")
    _place(places, now)
    return len(gifts), sum(map(len, places.values()))


def _deal(
    batch: Sequence[Handoff], rules: Rules, roster: Roster, now: datetime
) -> tuple[list[Gift], dict[int, list[Handoff]]]:
    """Who gets which lead, and which of the others wait in the wrong pool, by the team of the right one."""
    routes = rules.routes([row.lead_id for row in batch], now=now)
    roster.company_owners = company_owners(row.lead.company_id for row in batch)
    former, barred = former_owners(batch), barred_from(batch)
    gifts, places = [], defaultdict(list)
    for row in batch:
        route = routes[row.lead_id]
        deal = Deal(
            route, row.lead.company_id, within=row.team_id, former=former.get(row.pk), barred=barred[row.pk]
        )
        choice = roster.choose(deal, now=now)
        if choice.rep is not None:
            gifts.append(Gift(row, choice.rep.id, choice.rep.team_id, choice.why, trace_of(choice)))
        elif route.team_id is not None and route.team_id != row.team_id:
            places[route.team_id].append(row)
    save_turns(roster)
    return gifts, places


def former_owners(rows: Iterable[Handoff]) -> dict[int, int]:
    """Who had each handoff last, of those that somebody had."""
    known = [row.pk for row in rows if row.first_assigned_at is not None]
    if not known:
        return {}
    return dict(
        Assignment.objects.filter(handoff__in=known).order_by("pk").values_list("handoff_id", "owner_id")
    )


def barred_from(rows: Sequence[Handoff]) -> dict[int, dict[int, str]]:
    """Who doesn't get which handoff again by itself, and why: they returned it, or lost it."""
    barred: dict[int, dict[int, str]] = defaultdict(dict)
    had = Assignment.objects.filter(handoff__in=rows, ended_at__isnull=False)
    lost = Exists(SlaEvent.objects.filter(assignment=OuterRef("pk"), took=True))
    found = had.filter(Q(returned_at__isnull=False) | lost)
    for handoff_id, owner_id, returned_at in found.values_list("handoff_id", "owner_id", "returned_at"):
        barred[handoff_id][owner_id] = "returned it" if returned_at else "lost it: it was overdue"
    return barred


@transaction.atomic
def _place_batch(now: datetime) -> int:
    """Put waiting leads without a team into the pools of teams; 0 when all have one, or there is none."""
    hold_cursor()
    rows = list(locked(in_pool().filter(team=None).select_related("lead"))[:CHUNK])
    if not rows:
        return 0
    sizes = dict(available_reps(now).order_by().values_list("team_id").annotate(count=Count("pk")))
    sizes = {team: size for team, size in sizes.items() if team is not None}
    waiting, routes = waiting_by_team(), load_rules().routes([row.lead_id for row in rows], now=now)
    places = defaultdict(list)
    for row in rows:
        team = routes[row.lead_id].team_id or pool_of(sizes, waiting)
        if team is not None:
            places[team].append(row)
            waiting[team] += 1
    _place(places, now)
    return sum(map(len, places.values()))


@transaction.atomic
def _move_batch(now: datetime) -> int:
    """Move waiting leads to the pool of the team that the rules name now; 0 once all were looked at."""
    cursor = LogCursor.objects.filter(name=POOLS).first()
    if cursor is None or cursor.last_id >= cursor.seen_id:
        return 0
    hold_cursor()
    waiting = in_pool().filter(pk__gt=cursor.last_id, pk__lte=cursor.seen_id, team__isnull=False)
    rows = list(locked(waiting.filter(pk__in=to_be_dealt(now)).select_related("lead"))[:CHUNK])
    routes = load_rules().routes([row.lead_id for row in rows], now=now)
    places = defaultdict(list)
    for row in rows:
        team = routes[row.lead_id].team_id
        if team is not None and team != row.team_id:
            places[team].append(row)
    _place(places, now)
    last = rows[-1].pk if rows else cursor.seen_id
    LogCursor.objects.filter(name=POOLS).update(last_id=last)
    return len(rows)


def _place(places: Mapping[int, Sequence[Handoff]], now: datetime) -> None:
    """Write in whose pool leads wait."""
    teams = Team.objects.in_bulk(places)
    for team_id, rows in places.items():
        for row in rows:
            row.team_id = team_id
        leads = [row.lead for row in rows]
        set_owner(leads=leads, owner=None, team=teams[team_id], by=None, now=now)
    Handoff.objects.bulk_update([row for rows in places.values() for row in rows], ["team"])
