"""Taking a decision back, within seconds: everything stands again as it did, and the clocks never stopped."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, Q

from core.errors import Conflict
from core.locking import locked
from core.models import OutboxMessage
from feedback.models import Assignment, Channel, Decision, Handoff, Notification
from feedback.services.decisions.core import KEPT, Basis, record
from feedback.services.pausing import take_up_again
from feedback.services.waiting import POOL_CLOCK, leave_pool
from feedback.services.working import GONE, UNDO_FOR, Work, gone_elsewhere
from leads.marks import mark
from leads.models import ChangeCause, Lead
from leads.services import move_stage, resume_decay, set_owner, stop_decay
from users.models import Team, User

LEAVES_OPEN = (Decision.Kind.ACCEPT, Decision.Kind.REJECT, Decision.Kind.RECYCLE, Decision.Kind.RETURN)
"""After these a lead is at a stage from which it may come again, unless somebody moved it elsewhere."""


@transaction.atomic
def undo(*, decision: Decision, by: User, now: datetime) -> Decision:
    """Take a decision back: a new row says so, and handoff, assignment and lead stand as before.

    The clocks run as if nothing had been decided; notices of the decision are withdrawn. Conflict, and
    nothing changes, if it is too late, it was taken back before, or something was done since.
    """
    handoff = locked(Handoff.objects.filter(pk=decision.handoff_id)).select_related("lead__company").get()
    row = Assignment.objects.filter(handoff=handoff).order_by("-pk").select_related("owner").first()
    if row is None or (why := _in_the_way(decision, handoff, row, now)):
        raise Conflict(why if row else f"{handoff.lead} is with nobody any more.")
    row.handoff = handoff
    work = Work(handoff, row, handoff.lead)
    if handoff.state == Handoff.State.WAITING:
        leave_pool([handoff])
        handoff.save(update_fields=[*POOL_CLOCK])
    _restore(handoff, decision.before["handoff"])
    _restore(row, decision.before["assignment"])
    take_up_again(row, ended_at=decision.at, now=now)
    _restore_lead(work.lead, decision.before["lead"], by=by, now=now)
    _withdraw_notices(decision)
    basis = Basis(decision.facts, {})
    return record(work, Decision.Kind.UNDO, basis, undoes=decision, by=by, now=now)


def occasion(decision: Decision) -> str:
    """What the keys of the decision's notices begin with."""
    return f"decision:{decision.pk}"


def _in_the_way(decision: Decision, handoff: Handoff, row: Assignment, now: datetime) -> str:
    """Why the decision stands; "" if it can be taken back."""
    lead = handoff.lead
    if Decision.objects.filter(undoes=decision).exists():
        return f"{lead} is back already: the decision was taken back before."
    if now > decision.at + UNDO_FOR:
        return f"It is too late to take that back. Open {lead} to see what can be done now."
    if handoff.state == Handoff.State.WITHDRAWN or (lead.stage in GONE and decision.kind in LEAVES_OPEN):
        return f"{gone_elsewhere(handoff, now=now)} The decision stays as it is."
    later = handoff.decisions.filter(pk__gt=decision.pk).exists() or handoff.outcomes.exists()
    moved = row.assigned_at > decision.at or Handoff.objects.filter(lead=lead, pk__gt=handoff.pk).exists()
    if later or moved:
        return f"Somebody has gone on with {lead} since. Open it to see how it stands."
    return ""


def _restore(row: Model, before: Mapping[str, Any]) -> None:
    for name, stored in before.items():
        setattr(row, name, _value(type(row), name, stored))
    row.save(update_fields=[row._meta.get_field(name).name for name in before])


def _value(model: type[Model], name: str, stored: Any) -> Any:
    """A value as JSON has it, read by its field."""
    field: Any = model._meta.get_field(name)
    return field.to_python(stored)


def _restore_lead(lead: Lead, before: Mapping[str, Any], *, by: User, now: datetime) -> None:
    values = {name: _value(Lead, name, before[name]) for name in KEPT["lead"]}
    move_stage(lead=lead, to=values["stage"], cause="undone", by=by, now=now)
    Lead.objects.filter(pk=lead.pk).update(nurture_until=values["nurture_until"])
    if values["decay_stopped_at"] is None:
        resume_decay(lead, at=now)
    else:
        stop_decay(lead, at=values["decay_stopped_at"])
    owner = User.objects.filter(pk=values["owner_id"]).first()
    team = Team.objects.filter(pk=values["team_id"]).first()
    set_owner(leads=[lead], owner=owner, team=team, by=by, now=now)
    mark([lead.pk], cause=ChangeCause.EDIT, now=now)


def _withdraw_notices(decision: Decision) -> None:
    """The mails wait for as long as an undo is possible, so that none of them has gone."""
    begins = f"{occasion(decision)}:"
    Notification.objects.filter(key__startswith=begins).delete()
    mails = Q(key__startswith=f"notice:{begins}")
    posts = Q(
        key__in=[f"channel:{pk}:{occasion(decision)}" for pk in Channel.objects.values_list("pk", flat=True)]
    )
    OutboxMessage.objects.filter(mails | posts, sent_at=None).delete()
