"""Putting leads that somebody owns, and hasn't decided on, back into their team's pool."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from core import audit
from core.errors import Conflict, Invalid
from core.locking import locked
from feedback.calendars import load_calendars
from feedback.models import Assignment, Handoff
from feedback.services.assigning import MOST_AT_ONCE
from feedback.services.notices import Notice, notify
from feedback.services.waiting import POOL_CLOCK, enter_pool
from leads.services import set_owner
from users.models import Team, User

HELD_FOR = timedelta(days=1)
"""So long a lead that was taken back is there to be claimed or assigned; then it is dealt like any other."""


@transaction.atomic
def take_back(*, handoff_ids: Iterable[int], by: User, now: datetime) -> int:
    """A manager takes undecided leads from their owners; gives how many.

    They wait in their team's pool and are dealt by themselves after a day, to somebody else if anybody else
    has room. Those that wait already are left alone, so a repeat changes nothing. Conflict, and nothing
    changes, if one was decided on meanwhile.
    """
    ids = set(handoff_ids)
    if len(ids) > MOST_AT_ONCE:
        raise Invalid(f"Choose at most {MOST_AT_ONCE} leads at once; these are {len(ids):,}.")
    rows = list(locked(Handoff.objects.filter(pk__in=ids)).select_related("lead", "term"))
    decided = [row for row in rows if row.state not in (Handoff.State.ASSIGNED, Handoff.State.WAITING)]
    if decided or len(rows) < len(ids):
        name = decided[0].lead if decided else "One of the leads"
        raise Conflict(
            f"{name} was decided on meanwhile. Nothing was taken back: reload the page and choose again."
        )
    owned = [row for row in rows if row.state == Handoff.State.ASSIGNED]
    into_pool(owned, by=by, now=now, held_until=now + HELD_FOR)
    return len(owned)


def into_pool(
    handoffs: Sequence[Handoff], *, by: User, now: datetime, held_until: datetime | None = None
) -> None:
    """End the assignments of locked handoffs, which then wait in their pools; each has ``lead`` and ``term``.

    Needs a transaction. Owners who are still here hear of it in one notice each.
    """
    if not handoffs:
        return
    ended = Assignment.objects.filter(handoff__in=[row.pk for row in handoffs], ended_at=None)
    former = list(ended.select_related("owner"))
    ended.update(ended_at=now, next_event_at=None)
    for row in handoffs:
        row.state, row.held_until = Handoff.State.WAITING, held_until
    enter_pool(handoffs, calendar=load_calendars().default, now=now)
    Handoff.objects.bulk_update(handoffs, ["state", "held_until", "team", *POOL_CLOCK])
    _let_go(handoffs, by, now)
    notify(_notices(former, by), now=now)
    audit.record(
        actor=by,
        action="handoff.taken_back",
        target=handoffs[0] if len(handoffs) == 1 else None,
        target_type="handoff",
        detail={
            "handoffs": [row.pk for row in handoffs],
            "owners": sorted({each.owner_id for each in former}),
        },
    )


def _let_go(handoffs: Sequence[Handoff], by: User, now: datetime) -> None:
    by_team = defaultdict(list)
    for row in handoffs:
        by_team[row.team_id].append(row.lead)
    teams = Team.objects.in_bulk([team for team in by_team if team is not None])
    for team, leads in by_team.items():
        set_owner(leads=leads, owner=None, team=teams.get(team or 0), by=by, now=now)


def _notices(former: Sequence[Assignment], by: User) -> list[Notice]:
    own = defaultdict(list)
    for row in former:
        if row.owner.is_active and row.owner_id != by.pk:
            own[row.owner_id].append(row)
    return [_notice(owner, rows, by) for owner, rows in own.items()]


def _notice(owner: int, rows: Sequence[Assignment], by: User) -> Notice:
    what = "a lead" if len(rows) == 1 else f"{len(rows)} leads"
    text = f"{by} took back {what} from you"
    return Notice(owner, f"taken_back:{rows[0].pk}", text, reverse("feedback:queue"))
