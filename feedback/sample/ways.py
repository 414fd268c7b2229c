"""The other ways out of a rep's desk: not now, not mine, known already, never, and closed elsewhere.

Who does what is drawn from a case's own second dice, so that what the hidden truth decides stays as it is.
"""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from feedback.models import Handoff
from feedback.sample import truth, words
from feedback.services.decisions import disqualify, duplicate, give_back, recycle, reject
from feedback.services.handoffs import open_wanted
from feedback.services.withdrawing import follow_stages
from leads.models import Lead, Stage
from leads.services import move_stage

if TYPE_CHECKING:
    from feedback.sample.reps import Case, Desks

RETURNED, ELSEWHERE, SEES_TWIN = 0.04, 0.03, 0.6
NOT_NOW_RESTS, NEVER_BUYS = 0.5, 0.3
"""Of those that aren't ready now, who names a day; of those of the wrong kind, who says *never*."""
IDLE_RESTS, IDLE_NEVER = 0.35, 0.5
DEALT_AFTER = dt.timedelta(seconds=20)
SEEN_AFTER = dt.timedelta(seconds=5)


def let_go(desks: "Desks", case: "Case", at: dt.datetime) -> bool:
    """Return the lead or mark it as a duplicate, where that is so; says whether."""
    twin = desks.twin_of(case)
    if twin is not None and case.ways.random() < SEES_TWIN:
        duplicate(assignment=case.assignment, twin=twin, by=case.rep, now=at)
    elif case.turn == 1 and case.ways.random() < RETURNED:
        text = desks.say(case, case.ways.choice(words.RETURNED))
        give_back(assignment=case.assignment, text=text, by=case.rep, now=at)
        desks.plan_at(at + DEALT_AFTER, lambda then: _deal(desks, then))
    else:
        return False
    case.is_gone = True
    return True


def refuse(desks: "Desks", case: "Case", at: dt.datetime) -> None:
    """Say no, with what really speaks against the lead; sometimes *not now* or *never*."""
    case.is_gone = True
    key = truth.reason(case.person, case.rng)
    text = desks.say(case, case.rng.choice(words.REJECTED[key]))
    if key != "other" and case.rng.random() >= 0.85:
        text = ""
    if key == "not_now" and case.ways.random() < NOT_NOW_RESTS:
        recycle(assignment=case.assignment, until=_until(case, at), text=text, by=case.rep, now=at)
        return
    is_never = key in ("other", "wrong_market") and case.ways.random() < NEVER_BUYS
    decide = disqualify if is_never else reject
    reason_id = desks.reason(case.assignment.handoff, key)
    decide(assignment=case.assignment, reason_id=reason_id, text=text, by=case.rep, now=at)


def idle(desks: "Desks", case: "Case", at: dt.datetime) -> None:
    """An accepted lead of which nothing came: some rest, a few are given up for good."""
    if case.is_gone:
        return
    drawn = case.ways.random()
    if drawn < IDLE_RESTS:
        case.is_gone = True
        text = desks.say(case, case.ways.choice(words.REJECTED["not_now"]))
        recycle(assignment=case.assignment, until=_until(case, at), text=text, by=case.rep, now=at)
    elif drawn < IDLE_NEVER:
        case.is_gone = True
        reason_id = desks.reason(case.assignment.handoff, "wrong_market")
        text = desks.say(case, case.ways.choice(words.REJECTED["wrong_market"]))
        disqualify(assignment=case.assignment, reason_id=reason_id, text=text, by=case.rep, now=at)


def elsewhere(desks: "Desks", case: "Case") -> Callable[[dt.datetime], None] | None:
    """What the CRM says of a few leads while a rep has them; None for the others."""
    if case.ways.random() >= ELSEWHERE:
        return None
    stage = case.ways.choice((Stage.LOST, Stage.LOST, Stage.DISQUALIFIED))
    return lambda at: _close_elsewhere(desks, case, stage, at)


def _close_elsewhere(desks: "Desks", case: "Case", stage: Stage, at: dt.datetime) -> None:
    handoff = Handoff.objects.get(pk=case.assignment.handoff_id)
    if case.is_gone or handoff.state not in (Handoff.State.ASSIGNED, Handoff.State.ACCEPTED):
        return
    case.is_gone = True
    if not case.is_decided:
        desks.undecided[case.rep.pk] -= 1
    move_stage(lead=Lead.objects.get(pk=case.lead.pk), to=stage, cause="CRM import", by=None, now=at)
    desks.plan_at(at + SEEN_AFTER, lambda then: _follow(then))


def _follow(at: dt.datetime) -> None:
    follow_stages(now=at)


def _deal(desks: "Desks", at: dt.datetime) -> None:
    open_wanted(now=at)
    desks.welcome()


def _until(case: "Case", at: dt.datetime) -> dt.date:
    """Some weeks ahead, on a Monday."""
    day = at.date() + dt.timedelta(days=case.ways.randrange(21, 120))
    return day + dt.timedelta(days=7 - day.weekday())
