"""The reps as they are now, read for a roster: load, limits, ramp, leave and working hours."""

import datetime as dt
import math
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from core.display import day as day_words
from feedback.business_time import is_working_time
from feedback.calendars import load_calendars
from feedback.models import Assignment, Leave, RepSettings, RoutingTurn
from feedback.routing.roster import NEVER, Rep, Roster, Turn
from leads.models import Lead
from users.models import Organisation, Role, User


def load_roster(*, now: dt.datetime) -> Roster:
    """Read the active reps and the turns of the rules; who owns companies is asked for a batch.

    At most 12 queries, however many reps there are.
    """
    reps, calendars = load_reps(now=now), load_calendars()
    for rep in reps:
        rep.works_now = is_working_time(calendars.of(rep.id), now)
    return Roster(reps, turns=_turns())


def load_reps(*, now: dt.datetime) -> list[Rep]:
    """Every active rep, those who are away too; whether they work just now is left to ``load_roster``."""
    zone = Organisation.current().tz
    today = now.astimezone(zone).date()
    latest = Assignment.objects.filter(owner=OuterRef("pk")).order_by("-assigned_at")
    rows = active_reps().select_related("rep_settings").order_by("pk")
    rows = rows.annotate(last_at=Subquery(latest.values("assigned_at")[:1]))
    leaves, loads = _leaves(today), undecided_by_rep()
    given = _given(_limited(rows), today, zone)
    reps = []
    for row in rows:
        rep = _rep(row, today, leaves.get(row.pk))
        rep.open, rep.last_at = loads.get(row.pk, 0), row.last_at or NEVER
        rep.this_week, rep.today = given.get(row.pk, (0, 0))
        reps.append(rep)
    return reps


def active_reps() -> QuerySet[User]:
    """Everybody who may own leads, away or not."""
    return User.objects.filter(role=Role.REP, is_active=True)


def available_reps(now: dt.datetime) -> QuerySet[User]:
    """Reps who can be given leads: active, not away and not on leave today."""
    today = company_day(now)
    leave = Leave.objects.filter(rep=OuterRef("pk"), starts__lte=today, ends__gte=today)
    return active_reps().exclude(rep_settings__is_away=True).filter(~Exists(leave))


def company_day(now: dt.datetime) -> dt.date:
    """The day it is in the company's zone, by which leave, ramps and limits are counted."""
    return now.astimezone(Organisation.current().tz).date()


def ramped(capacity: int, starts: dt.date, weeks: int, today: dt.date) -> int:
    """What a new starter's capacity has grown to: 0 before the first day, all of it after the last week."""
    if today < starts:
        return 0
    elapsed, total = (today - starts).days + 1, 7 * weeks
    return capacity if elapsed >= total else math.ceil(capacity * elapsed / total)


def undecided_by_rep() -> dict[int, int]:
    """How many undecided leads each owner has."""
    undecided = Assignment.objects.filter(ended_at=None, decided_at=None).order_by().values_list("owner_id")
    return dict(undecided.annotate(count=Count("pk")))


def _rep(row: User, today: dt.date, leave: Leave | None) -> Rep:
    own = getattr(row, "rep_settings", None) or RepSettings()
    full = settings.HANDOFF_CAPACITY if own.capacity is None else own.capacity
    capacity = (
        ramped(full, own.ramp_from, own.ramp_weeks, today) if own.ramp_from and own.ramp_weeks else full
    )
    away = "away" if own.is_away else ""
    if leave is not None:
        away = f"away until {day_words(leave.ends, today=today)}"
    elif own.ramp_from and today < own.ramp_from:
        away = away or f"starts on {day_words(own.ramp_from, today=today)}"
    return Rep(
        row.pk,
        row.name,
        row.team_id or 0,
        capacity,
        full=full,
        per_day=own.per_day,
        per_week=own.per_week,
        weight=own.weight,
        away=away,
    )


def _leaves(today: dt.date) -> dict[int, Leave]:
    """The leave of each rep who is on one today: the one that ends last."""
    rows = Leave.objects.filter(starts__lte=today, ends__gte=today).order_by("ends")
    return {row.rep_id: row for row in rows}


def _limited(rows: Iterable[User]) -> list[int]:
    """Those of the reps who have a limit of a day or a week."""
    settings_of = [(row.pk, getattr(row, "rep_settings", None)) for row in rows]
    return [pk for pk, own in settings_of if own and (own.per_day, own.per_week) != (None, None)]


def _given(reps: list[int], today: dt.date, zone: ZoneInfo) -> dict[int, tuple[int, int]]:
    """How many leads each of ``reps`` got this week and today; weeks begin on Mondays."""
    if not reps:
        return {}
    monday = today - dt.timedelta(days=today.weekday())
    week, day = (dt.datetime.combine(each, dt.time.min, tzinfo=zone) for each in (monday, today))
    rows = Assignment.objects.filter(owner__in=reps, assigned_at__gte=week)
    counts = (
        rows.order_by()
        .values_list("owner_id")
        .annotate(week=Count("pk"), day=Count("pk", filter=Q(assigned_at__gte=day)))
    )
    return {owner: (week, day) for owner, week, day in counts}


def company_owners(company_ids: Iterable[int | None], leads: QuerySet[Lead] | None = None) -> dict[int, int]:
    """Who already works one of ``leads`` (None: any) of each company: whoever got on with one last."""
    wanted = {company for company in company_ids if company is not None}
    if not wanted:
        return {}
    known = Lead.objects.all() if leads is None else leads
    rows = known.filter(company__in=wanted, owner__isnull=False).order_by("stage_at", "pk")
    return {
        company: owner for company, owner in rows.values_list("company_id", "owner_id") if company and owner
    }


def _turns() -> dict[tuple[int, int], Turn]:
    rows = RoutingTurn.objects.values_list("rule_id", "rep_id", "place", "credit")
    return {(rule, rep): Turn(place, credit) for rule, rep, place, credit in rows}


def save_turns(roster: Roster) -> None:
    """Write the turns that dealing moved, in one statement. Call it in the transaction of the deals."""
    rows = [
        RoutingTurn(rule_id=rule, rep_id=rep, place=turn.place, credit=turn.credit)
        for (rule, rep), turn in sorted(roster.changed.items())
    ]
    RoutingTurn.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["rule", "rep"], update_fields=["place", "credit"]
    )
    roster.changed.clear()
