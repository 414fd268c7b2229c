"""Withdrawing handoffs whose reason is gone: the lead became a customer, was lost or disqualified elsewhere.

Leads are moved below this app, by imports, programs or by hand, so the log of moves is followed by a
cursor, as scoring's is. Each step is a short transaction that reads the facts again; what a crash cuts
short, the next run finds, and the nightly comparison finds the rest.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q
from django.urls import reverse

from core import audit
from core.locking import locked
from feedback.models import Assignment, Handoff, LogCursor
from feedback.querysets import withdrawable
from feedback.services.cursors import STAGES, advance
from feedback.services.notices import Notice, notify
from feedback.services.waiting import POOL_CLOCK, leave_pool
from feedback.services.working import GONE
from leads.models import Lead, Stage, StageChange
from leads.services import resume_decay, set_owner
from users.models import Team

CHUNK = 200
KEEPS_OWNER = (Handoff.State.ACCEPTED, Handoff.State.QUALIFIED)
"""Whoever took a lead on stays its owner, as with what they themselves win or lose."""


def follow_stages(*, now: datetime) -> int:
    """Withdraw the handoffs of leads that got to an end elsewhere since the last run; gives how many.

    Its cost depends on the moves since then alone. Safe to repeat and to run twice at once.
    """
    cursor = LogCursor.objects.get_or_create(name=STAGES)[0]
    newest = StageChange.objects.order_by().aggregate(newest=Max("id"))["newest"] or 0
    if newest <= cursor.last_id:
        return 0
    moved = StageChange.objects.filter(id__gt=cursor.last_id, id__lte=newest, to_stage__in=GONE)
    count = _withdraw(Q(lead__in=moved.order_by().values("lead_id")), now)
    advance(STAGES, newest, now)
    return count


def withdraw_all(*, now: datetime) -> int:
    """As ``follow_stages``, over all open handoffs. Meant for the night."""
    return _withdraw(Q(), now)


def _withdraw(within: Q, now: datetime) -> int:
    ids = list(withdrawable().filter(within).order_by("pk").values_list("pk", flat=True))
    return sum(_withdraw_chunk(chunk, now) for chunk in _chunks(ids))


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


@transaction.atomic
def _withdraw_chunk(ids: Sequence[int], now: datetime) -> int:
    """Withdraw those that are open still, now that they are locked; one that somebody acts on just now is
    left to the next run."""
    rows = list(locked(withdrawable().filter(pk__in=ids), skip_locked=True).select_related("lead__team"))
    moves = _moves(rows)
    held = {
        row.handoff_id: row
        for row in Assignment.objects.filter(handoff__in=rows, ended_at=None).select_related("owner")
    }
    before = {row.pk: row.state for row in rows}
    for row in rows:
        _close(row, held.get(row.pk), moves.get(row.lead_id), now)
    Handoff.objects.bulk_update(rows, ["state", "closed_at", "withdrawn_why", "held_until", *POOL_CLOCK])
    Assignment.objects.bulk_update(held.values(), ["ended_at", "next_event_at", "callback_at"])
    _let_go(rows, before, now)
    notify(_notices(rows, held), now=now)
    if rows:
        detail = {"handoffs": [row.pk for row in rows], "count": len(rows)}
        audit.record(
            actor=None,
            action="handoff.withdrawn",
            target=rows[0] if len(rows) == 1 else None,
            target_type="handoff",
            detail=detail,
        )
    return len(rows)


def _moves(rows: Sequence[Handoff]) -> Mapping[int, StageChange]:
    """The last move of each lead: what happened, and when."""
    changes = StageChange.objects.filter(lead__in=[row.lead_id for row in rows], to_stage__in=GONE)
    return {change.lead_id: change for change in changes.order_by("id")}


def _close(row: Handoff, held: Assignment | None, move: StageChange | None, now: datetime) -> None:
    """Both clocks stop when the lead was moved: what falls due between then and now counts for nothing."""
    at = move.at if move is not None and row.ready_at <= move.at <= now else now
    cause = f" ({move.cause})" if move is not None and move.cause else ""
    row.withdrawn_why = f"{GONE[Stage(row.lead.stage)]}{cause}"[:200]
    row.state, row.held_until = Handoff.State.WITHDRAWN, None
    row.closed_at = max(at, row.first_assigned_at or at)
    leave_pool([row])
    if held is not None:
        held.ended_at, held.next_event_at, held.callback_at = max(at, held.assigned_at), None, None


def _let_go(rows: Sequence[Handoff], before: Mapping[int, str], now: datetime) -> None:
    by_team: dict[Team | None, list[Lead]] = defaultdict(list)
    for row in rows:
        if before[row.pk] not in KEEPS_OWNER or row.lead.stage == Stage.DISQUALIFIED:
            by_team[row.lead.team].append(row.lead)
        if row.lead.decay_stopped_at is not None and row.lead.stage != Stage.CUSTOMER:
            resume_decay(row.lead, at=now)
    for team, leads in by_team.items():
        set_owner(leads=leads, owner=None, team=team, by=None, now=now)


def _notices(rows: Sequence[Handoff], held: Mapping[int, Assignment]) -> list[Notice]:
    """Each owner who is still here hears why, of many leads in one notice."""
    own = defaultdict(list)
    for row in rows:
        if row.pk in held and held[row.pk].owner.is_active:
            own[held[row.pk].owner_id].append(row)
    return [_notice(owner, theirs) for owner, theirs in own.items()]


def _notice(owner: int, rows: Sequence[Handoff]) -> Notice:
    first = rows[0]
    key, path = f"withdrawn:{first.pk}:{owner}", reverse("leads:lead", args=[first.lead_id])
    text = f"{first.lead} {first.withdrawn_why}: nothing is left to do"
    if len(rows) > 1:
        text, path = (
            f"{len(rows)} of your leads are closed: they got to an end elsewhere",
            reverse("feedback:queue"),
        )
    body = "\n".join(f"{row.lead} {row.withdrawn_why}." for row in rows) if len(rows) > 1 else ""
    return Notice(owner, key, text, path, body)
