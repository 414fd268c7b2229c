"""Giving handoffs to owners: from the pool, by claim or by a manager."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse

from core import audit, display
from core.errors import Conflict, Invalid
from core.locking import locked
from feedback.calendars import Calendars, load_calendars
from feedback.clock import due_moments
from feedback.models import Assignment, AssignmentTrace, Handoff
from feedback.routing import available_reps
from feedback.routing.trace import by_hand
from feedback.services.notices import Notice, notify
from feedback.services.sla import next_event
from feedback.services.waiting import POOL_CLOCK, leave_pool
from leads.services import set_owner
from users.models import User

MOST_AT_ONCE = 200
WORKED = (*Handoff.OPEN, Handoff.State.QUALIFIED)


@dataclass(frozen=True, slots=True)
class Gift:
    """A locked handoff and who gets it, and why: in a sentence, and with what it was weighed against.

    ``callback_at`` is a call back that an earlier owner promised.
    """

    handoff: Handoff
    owner_id: int
    team_id: int | None
    why: str
    trace: Mapping[str, Any] = field(default_factory=dict)
    callback_at: datetime | None = None


@transaction.atomic
def claim(*, handoff: Handoff, by: User, now: datetime) -> Assignment:
    """A rep takes a lead out of the pool; Conflict, which says who has it, if somebody was faster."""
    row = locked(Handoff.objects.filter(pk=handoff.pk)).select_related("lead", "term").get()
    if row.state != Handoff.State.WAITING:
        raise Conflict(_taken(row, by))
    gift = Gift(row, by.pk, by.team_id, f"{by.name} took it from the pool.")
    return give([gift], by=by, now=now, action="handoff.claimed")[0]


@transaction.atomic
def reassign(*, handoff_ids: Iterable[int], to: User, by: User, now: datetime) -> int:
    """A manager gives open handoffs, waiting or owned, to a rep; gives how many changed hands.

    Those that the rep already has are left alone, so a repeat changes nothing. Invalid if the rep takes
    no leads; Conflict, and nothing changes, if one of them was closed meanwhile.
    """
    ids = set(handoff_ids)
    if len(ids) > MOST_AT_ONCE:
        raise Invalid(f"Choose at most {MOST_AT_ONCE} leads at once; these are {len(ids):,}.")
    if not available_reps(now).filter(pk=to.pk).exists():
        raise Invalid(f"{to} takes no leads now. Choose an active rep who is not away.")
    rows = list(locked(Handoff.objects.filter(pk__in=ids)).select_related("lead", "term"))
    closed = [row for row in rows if row.state not in WORKED]
    if closed or len(rows) < len(ids):
        name = closed[0].lead if closed else "One of the leads"
        raise Conflict(
            f"{name} was closed meanwhile. Nothing was assigned: reload the page and choose again."
        )
    kept = set(
        Assignment.objects.filter(handoff__in=rows, owner=to, ended_at=None).values_list("handoff", flat=True)
    )
    gifts = [Gift(row, to.pk, to.team_id, f"{by.name} assigned it.") for row in rows if row.pk not in kept]
    return len(give(gifts, by=by, now=now, action="handoff.assigned"))


def give(gifts: Sequence[Gift], *, by: User | None, now: datetime, action: str) -> list[Assignment]:
    """Write what ``gifts`` say: new assignments with due moments of their own, owners of leads, notices.

    The handoffs must be locked, with ``lead`` and ``term`` at hand. An earlier assignment ends. An
    accepted handoff stays accepted: then the new owner has no decision left to make.
    """
    if not gifts:
        return []
    _end_earlier(gifts, now)
    calendars = load_calendars({gift.owner_id for gift in gifts})
    rows = Assignment.objects.bulk_create(_assignment(gift, calendars, now) for gift in gifts)
    AssignmentTrace.objects.bulk_create(
        AssignmentTrace(assignment=row, detail=dict(gift.trace) or by_hand(gift.why))
        for row, gift in zip(rows, gifts, strict=True)
    )
    handoffs = [gift.handoff for gift in gifts]
    for gift in gifts:
        gift.handoff.team_id = gift.team_id
        gift.handoff.first_assigned_at = gift.handoff.first_assigned_at or now
        gift.handoff.held_until = None
        if gift.handoff.state == Handoff.State.WAITING:
            gift.handoff.state = Handoff.State.ASSIGNED
    leave_pool(handoffs)
    Handoff.objects.bulk_update(handoffs, ["team", "first_assigned_at", "state", "held_until", *POOL_CLOCK])
    _move_leads(gifts, by, now)
    notify(_notices(rows, by), now=now)
    audit.record(
        actor=by,
        action=action,
        target=handoffs[0] if len(handoffs) == 1 else None,
        target_type="handoff",
        detail={"handoffs": [row.handoff_id for row in rows], "owners": [row.owner_id for row in rows]},
    )
    return rows


def _end_earlier(gifts: Sequence[Gift], now: datetime) -> None:
    earlier = Assignment.objects.filter(handoff__in=[gift.handoff.pk for gift in gifts], ended_at=None)
    earlier.update(ended_at=now, next_event_at=None)


def _assignment(gift: Gift, calendars: Calendars, now: datetime) -> Assignment:
    handoff = gift.handoff
    due = due_moments(term=handoff.term, calendar=calendars.of(gift.owner_id), start=now)
    row = Assignment(
        handoff=handoff,
        owner_id=gift.owner_id,
        why=gift.why[:200],
        grade=handoff.grade,
        version_id=handoff.version_id,
        source=handoff.lead.source,
        system_minutes=_system_minutes(handoff, now),
        assigned_at=now,
        response_due_at=due.response.at,
        decision_due_at=due.decision.at,
        decided_at=handoff.accepted_at,
        callback_at=gift.callback_at,
    )
    row.next_event_at = next_event(row, calendars, ())
    return row


def _system_minutes(handoff: Handoff, now: datetime) -> int | None:
    """Whole minutes from sales-ready until now for a first assignment; None for a later one."""
    if handoff.first_assigned_at is not None:
        return None
    return max((now - handoff.ready_at) // timedelta(minutes=1), 0)


def _move_leads(gifts: Sequence[Gift], by: User | None, now: datetime) -> None:
    leads = defaultdict(list)
    for gift in gifts:
        leads[gift.owner_id].append(gift.handoff.lead)
    owners = User.objects.select_related("team").in_bulk(leads)
    for owner_id, own in leads.items():
        owner = owners[owner_id]
        set_owner(leads=own, owner=owner, team=owner.team, by=by, now=now)


def _notices(rows: Sequence[Assignment], by: User | None) -> list[Notice]:
    """One notice an owner, however many leads they got; none for what they took themselves."""
    own = defaultdict(list)
    for row in rows:
        if by is None or row.owner_id != by.pk:
            own[row.owner_id].append(row)
    return [_notice(mine) for mine in own.values()]


def _notice(rows: Sequence[Assignment]) -> Notice:
    first = rows[0]
    text = f"New lead for you: {first.handoff.lead}, grade {first.handoff.grade}"
    path = reverse("feedback:handoff", args=[first.pk])
    if len(rows) > 1:
        text, path = f"{len(rows)} new leads for you", reverse("feedback:queue")
    return Notice(user_id=first.owner_id, key=f"assigned:{first.pk}", text=text, path=path)


def _taken(handoff: Handoff, by: User) -> str:
    row = Assignment.objects.filter(handoff=handoff).select_related("owner").order_by("-pk").first()
    if row is None:
        return f"{handoff.lead} is no longer in the pool."
    who = "You" if row.owner_id == by.pk else str(row.owner)
    taken = display.moment(row.assigned_at, now=row.assigned_at)
    return f"{who} took {handoff.lead} on {taken}. Pick another one."
