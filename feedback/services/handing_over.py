"""Handing over everything that one rep has: they leave, are away, or have too much."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import QuerySet

from core import audit
from core.errors import Invalid, Problem
from core.locking import locked
from feedback.models import Assignment, Handoff
from feedback.routing import DEFAULT, Deal, available_reps, load_roster, load_rules
from feedback.routing.reps import company_owners, save_turns
from feedback.routing.trace import by_hand, trace_of
from feedback.services.assigning import WORKED, Gift, give
from feedback.services.cursors import hold_cursor
from feedback.services.pooling import HELD_FOR, into_pool
from leads.models import Lead
from users.models import User

CHUNK = 200
State = Handoff.State


class Way(StrEnum):
    """To whom the work goes."""

    RULES = "rules"
    REP = "rep"
    POOL = "pool"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How many leads got a new owner, went to the pool, and stayed where they were."""

    given: int = 0
    pooled: int = 0
    kept: int = 0

    def __add__(self, other: "HandedOver") -> "HandedOver":
        return HandedOver(self.given + other.given, self.pooled + other.pooled, self.kept + other.kept)


def open_work(rep: User) -> QuerySet[Assignment]:
    """Everything a rep has that isn't closed: undecided, accepted and qualified leads, oldest first."""
    return Assignment.objects.filter(owner=rep, ended_at=None, handoff__state__in=WORKED).order_by("pk")


def hand_over(*, rep: User, way: Way, to: User | None, by: User, now: datetime) -> HandedOver:
    """Hand over a rep's open work: dealt by the rules, to one rep, or (undecided only) to the pool.

    What the rules find no room for waits in the pool, if it is undecided; accepted leads go to whoever isn't
    away, and stay where nobody is. In transactions of 200: what a crash cuts short, a repeat goes on with.
    Planned call backs go along. Invalid if ``to`` takes no leads or is the rep.
    """
    if way == Way.REP:
        _check_heir(rep, to, now)
    done, last = HandedOver(), 0
    while (batch := _batch(rep, way, to, by=by, now=now, after=last)) is not None:
        last, counts = batch
        done += counts
    return done


def _check_heir(rep: User, to: User | None, now: datetime) -> None:
    if to is None:
        message = "Choose who gets the leads."
    elif to.pk == rep.pk:
        message = f"{rep} has them already. Choose somebody else."
    elif not available_reps(now).filter(pk=to.pk).exists():
        message = f"{to} takes no leads now. Choose an active rep who is not away."
    else:
        return
    raise Invalid(message, problems=(Problem(message, "to"),))


@transaction.atomic
def _batch(
    rep: User, way: Way, to: User | None, *, by: User, now: datetime, after: int
) -> tuple[int, HandedOver] | None:
    """The next so many assignments of the rep; None when there are no more."""
    hold_cursor()
    rows = list(open_work(rep).filter(pk__gt=after)[:CHUNK])
    if not rows:
        return None
    callbacks = {row.handoff_id: row.callback_at for row in rows if row.callback_at and row.callback_at > now}
    handoffs = _still_theirs(rep, [row.handoff_id for row in rows])
    undecided = [row for row in handoffs if row.state == State.ASSIGNED]
    if way == Way.POOL:
        into_pool(undecided, by=by, now=now, held_until=now + HELD_FOR)
        counts = HandedOver(pooled=len(undecided), kept=len(handoffs) - len(undecided))
    else:
        gifts, homeless = (
            _to_one(handoffs, to, rep, by) if to and way == Way.REP else _by_rules(handoffs, rep, by, now)
        )
        gifts = [replace(gift, callback_at=callbacks.get(gift.handoff.pk)) for gift in gifts]
        give(gifts, by=by, now=now, action="handoff.handed_over")
        waits = [row for row in homeless if row.state == State.ASSIGNED]
        into_pool(waits, by=by, now=now)
        counts = HandedOver(len(gifts), len(waits), len(homeless) - len(waits))
    detail = {"way": str(way), "given": counts.given, "pooled": counts.pooled, "kept": counts.kept}
    audit.record(actor=by, action="work_handed_over", target=rep, detail=detail)
    return rows[-1].pk, counts


def _still_theirs(rep: User, ids: Sequence[int]) -> list[Handoff]:
    """The handoffs, locked, that the rep has still: one may have been decided on or given away just now."""
    rows = list(locked(Handoff.objects.filter(pk__in=ids)).select_related("lead", "term"))
    theirs = set(open_work(rep).filter(handoff__in=rows).values_list("handoff_id", flat=True))
    return [row for row in rows if row.pk in theirs]


def _to_one(handoffs: Sequence[Handoff], to: User, rep: User, by: User) -> tuple[list[Gift], list[Handoff]]:
    return [Gift(row, to.pk, to.team_id, _why(rep, by), by_hand(_why(rep, by))) for row in handoffs], []


def _by_rules(
    handoffs: Sequence[Handoff], rep: User, by: User, now: datetime
) -> tuple[list[Gift], list[Handoff]]:
    """The new owners, and the leads that find none; the best are dealt first."""
    routes = load_rules().routes([row.lead_id for row in handoffs], now=now)
    roster = load_roster(now=now)
    roster.company_owners = company_owners(
        (row.lead.company_id for row in handoffs), Lead.objects.exclude(owner=rep)
    )
    gifts, homeless = [], []
    for row in sorted(handoffs, key=lambda each: (each.grade, -each.total, each.pk)):
        is_decided = row.state != State.ASSIGNED
        deal = Deal(
            routes[row.lead_id],
            row.lead.company_id,
            within=row.team_id,
            barred={rep.pk: "hands it over"},
            is_decided=is_decided,
        )
        choice = roster.choose(deal, now=now)
        if choice.rep is None and is_decided:  # sales is at work on it: then anybody who is here
            choice = roster.choose(replace(deal, route=DEFAULT, within=None), now=now)
        if choice.rep is None:
            row.team_id = deal.route.team_id or row.team_id
            homeless.append(row)
        else:
            why = f"{_why(rep, by)} {choice.why[0].upper()}{choice.why[1:]}"
            trace = trace_of(choice) | {"why": why}
            gifts.append(Gift(row, choice.rep.id, choice.rep.team_id, why, trace))
    save_turns(roster)
    return gifts, homeless


def _why(rep: User, by: User) -> str:
    return f"{by.name} handed over the work of {rep.name}."
