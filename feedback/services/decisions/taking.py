"""The rep takes the lead on, or gives it back because it is somebody else's."""

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from feedback.calendars import load_calendars
from feedback.models import Assignment, Decision, Handoff
from feedback.services.decisions.core import basis, end_assignment, invalid, record, stop_decision_clock
from feedback.services.decisions.undoing import occasion
from feedback.services.notices import Notice, Post, notify, post
from feedback.services.pausing import end_pause
from feedback.services.waiting import POOL_CLOCK, enter_pool
from feedback.services.working import UNDO_FOR, lock_undecided
from feedback.texts import checked_text
from leads.models import Stage
from leads.services import move_stage, set_owner, stop_decay
from users.models import Role, User

HELD_FOR = timedelta(seconds=2)
"""How long a returned lead stays in the pool after an undo is too late, so that the two never race."""


@transaction.atomic
def accept(*, assignment: Assignment, by: User, now: datetime) -> Decision:
    """The rep takes the lead on. Stops the decision clock; the response clock runs until a first contact.

    The lead becomes *accepted* and its engagement stops decaying. Conflict if it was decided before, by
    whomever, or isn't theirs any more: then nothing is written.
    """
    work = lock_undecided(assignment, by=by, now=now)
    stood = basis(work, now=now)
    stop_decision_clock(work, now)
    work.handoff.state, work.handoff.accepted_at = Handoff.State.ACCEPTED, now
    work.handoff.save(update_fields=["state", "accepted_at"])
    move_stage(lead=work.lead, to=Stage.ACCEPTED, cause="accepted", by=by, now=now)
    stop_decay(work.lead, at=now)
    return record(work, Decision.Kind.ACCEPT, stood, by=by, now=now)


@transaction.atomic
def give_back(*, assignment: Assignment, text: str, by: User, now: datetime) -> Decision:
    """The lead is a good one, but not this owner's: it goes back to the pool, and to anybody but them.

    The episode stays open and keeps its age; both clocks of this owner stop, and neither counts. The lead
    is dealt out once an undo is too late. The team's managers are told. Invalid without ``text``, which
    says why; Conflict as for ``accept``.
    """
    work = lock_undecided(assignment, by=by, now=now)
    why = checked_text(text, limit=1000, where="text")
    if not why:
        raise invalid("Say in a few words why it isn't yours: it is dealt out anew.", "text")
    stood = basis(work, now=now)
    end_pause(work.assignment, now=now)
    work.assignment.returned_at, work.assignment.callback_at = now, None
    work.assignment.save(update_fields=["returned_at", "callback_at"])
    end_assignment(work, now)
    work.handoff.state, work.handoff.held_until = Handoff.State.WAITING, now + UNDO_FOR + HELD_FOR
    enter_pool([work.handoff], calendar=load_calendars().default, now=now)
    work.handoff.save(update_fields=["state", "held_until", *POOL_CLOCK])
    set_owner(leads=[work.lead], owner=None, team=work.lead.team, by=by, now=now)
    decision = record(work, Decision.Kind.RETURN, stood, text=why, by=by, now=now)
    notify(_notices(decision), now=now, wait=UNDO_FOR)
    told = [Post(work.handoff.team_id, occasion(decision), _words(decision), _lead_page(decision))]
    post(told, now=now, wait=UNDO_FOR)
    return decision


def _notices(decision: Decision) -> list[Notice]:
    """Told to the sales managers of the team, or where it has none to all of them."""
    managers = User.objects.filter(role=Role.SALES_MANAGER, is_active=True).exclude(pk=decision.by_id)
    own = managers.filter(team=decision.handoff.team_id)
    return [
        Notice(
            user_id=person,
            key=f"{occasion(decision)}:{person}",
            text=_words(decision),
            path=_lead_page(decision),
        )
        for person in (own if own.exists() else managers).values_list("pk", flat=True)
    ]


def _words(decision: Decision) -> str:
    return f"{decision.by} returned {decision.handoff.lead}: {decision.text}"


def _lead_page(decision: Decision) -> str:
    return reverse("leads:lead", args=[decision.handoff.lead_id])
