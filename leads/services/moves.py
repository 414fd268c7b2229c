"""Moving leads: from stage to stage, from owner to owner, and in and out of decay."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from core import audit
from core.errors import Conflict
from core.locking import locked
from leads.marks import RELEASED, mark
from leads.models import ChangeCause, Lead, Stage, StageChange
from leads.stages import may_move
from users.models import Team, User

IDS_KEPT = 50


@transaction.atomic
def move_stage(*, lead: Lead, to: str, cause: str, by: User | None, now: datetime) -> StageChange | None:
    """Move a lead to a stage and write the move; None, with nothing written, if it is there already.

    Conflict for a move that ``leads.stages`` does not allow. ``lead`` is brought up to date.
    """
    row = locked(Lead.objects.filter(pk=lead.pk)).only("id", "stage", "name", "email", "phone").get()
    if row.stage != to and not may_move(row.stage, to):
        names = dict(Stage.choices)
        raise Conflict(
            f"A lead can't go from “{names[row.stage]}” to “{names.get(to, to)}”. "
            "Load the page again: somebody may have moved it."
        )
    lead.stage = to
    if row.stage == to:
        return None
    lead.stage_at = now
    Lead.objects.filter(pk=lead.pk).update(stage=to, stage_at=now)
    detail = {"from": row.stage, "to": str(to), "cause": cause}
    audit.record(actor=by, action="lead.move", target=lead, detail=detail)
    mark([lead.pk], cause=ChangeCause.EDIT, now=now, is_aside=True)
    return StageChange.objects.create(
        lead_id=lead.pk, from_stage=row.stage, to_stage=to, at=now, cause=cause[:120], by=by
    )


@transaction.atomic
def move_stages(*, leads: Iterable[Lead], to: str, cause: str, by: User | None, now: datetime) -> int:
    """As ``move_stage`` for many leads, in a handful of queries; gives how many moved.

    Conflict, with nothing written, if one of them may not move so. ``leads`` are brought up to date.
    """
    given = {lead.pk: lead for lead in leads}
    rows = locked(Lead.objects.filter(pk__in=given)).only("id", "stage", "name", "email", "phone")
    moved = [row for row in rows if row.stage != to]
    for row in moved:
        if not may_move(row.stage, to):
            raise Conflict(f"{row} can't go from “{Stage(row.stage).label}” to “{Stage(to).label}”.")
    ids = [row.pk for row in moved]
    Lead.objects.filter(pk__in=ids).update(stage=to, stage_at=now)
    StageChange.objects.bulk_create(
        StageChange(lead_id=row.pk, from_stage=row.stage, to_stage=to, at=now, cause=cause[:120], by=by)
        for row in moved
    )
    for pk in ids:
        given[pk].stage, given[pk].stage_at = to, now
    if ids:
        detail = {"to": str(to), "cause": cause, "leads": ids[:IDS_KEPT], "count": len(ids)}
        audit.record(actor=by, action="lead.move", target_type="lead", detail=detail)
        mark(ids, cause=ChangeCause.EDIT, now=now, is_aside=True)
    return len(ids)


@transaction.atomic
def set_owner(
    *, leads: Iterable[Lead], owner: User | None, team: Team | None, by: User | None, now: datetime
) -> int:
    """Give leads to an owner and a team (None: to nobody); gives how many changed hands.

    No mark is set: who owns a lead is no fact that criteria may use. A repeat writes nothing.
    """
    rows = list(locked(Lead.objects.filter(pk__in=sorted(lead.pk for lead in leads))))
    moved = [
        row.pk
        for row in rows
        if (row.owner_id, row.team_id) != (owner.pk if owner else None, team.pk if team else None)
    ]
    if moved:
        Lead.objects.filter(pk__in=moved).update(owner=owner, team=team)
        detail = {
            "owner": owner.pk if owner else None,
            "team": team.pk if team else None,
            "leads": moved[:IDS_KEPT],
            "count": len(moved),
        }
        audit.record(actor=by, action="lead.owner", target_type="lead", detail=detail)
    return len(moved)


@transaction.atomic
def stop_decay(lead: Lead, at: datetime) -> None:
    """From ``at`` on the lead's engagement grows no older, while sales works it. A repeat keeps the first."""
    if Lead.objects.filter(pk=lead.pk, decay_stopped_at__isnull=True).update(decay_stopped_at=at):
        lead.decay_stopped_at = at
        audit.record(actor=None, action="lead.stop_decay", target=lead)
        mark([lead.pk], cause=ChangeCause.DECAY, now=at, is_aside=True)


@transaction.atomic
def resume_decay(lead: Lead, at: datetime) -> None:
    """From ``at`` on true age counts again. A repeat changes nothing."""
    if Lead.objects.filter(pk=lead.pk, decay_stopped_at__isnull=False).update(decay_stopped_at=None):
        lead.decay_stopped_at = None
        audit.record(actor=None, action="lead.resume_decay", target=lead)
        mark([lead.pk], cause=RELEASED, now=at)
