"""The decisions of the API, by their kind: each calls the service that the queue calls."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import Http404

from alignment.models import Reason
from core.errors import Conflict, Invalid, Problem
from feedback.access import get_decision_to_undo, get_workable_by_handoff
from feedback.models import Decision, Handoff
from feedback.querysets import standing
from feedback.services import decisions
from leads.access import visible_leads
from users.models import User

Kind = Decision.Kind


def decide(handoff: Handoff, given: Mapping[str, Any], *, by: User, now: datetime) -> Decision:
    """Do what ``given`` says, a valid body by its ``kind``; errors as those of the services."""
    kind = Kind(given["kind"])
    if kind == Kind.UNDO:
        return _undo(handoff, by=by, now=now)
    assignment = get_workable_by_handoff(by, handoff.pk)
    text = given.get("text", "")
    match kind:
        case Kind.ACCEPT:
            return decisions.accept(assignment=assignment, by=by, now=now)
        case Kind.RECYCLE:
            return decisions.recycle(assignment=assignment, until=given["until"], text=text, by=by, now=now)
        case Kind.RETURN:
            return decisions.give_back(assignment=assignment, text=text, by=by, now=now)
        case Kind.DUPLICATE:
            twin = visible_leads(by).filter(pk=given["twin"]).first()
            return decisions.duplicate(assignment=assignment, twin=twin, by=by, now=now)
    closing = decisions.reject if kind == Kind.REJECT else decisions.disqualify
    reason_id = _reason_id(assignment.handoff, given["reason"])
    return closing(assignment=assignment, reason_id=reason_id, text=text, by=by, now=now)


def _undo(handoff: Handoff, *, by: User, now: datetime) -> Decision:
    last = standing(handoff.decisions.all()).order_by("-pk").first()
    try:
        decision = get_decision_to_undo(by, last.pk if last else 0)
    except Http404:
        raise Conflict("There is no decision of yours to take back.") from None
    return decisions.undo(decision=decision, by=by, now=now)


def _reason_id(handoff: Handoff, key: str) -> int:
    """The id of the reason ``key`` of the handoff's version; Invalid if it has none such."""
    known = dict(Reason.objects.filter(version=handoff.version_id).values_list("key", "pk"))
    if key not in known:
        message = f"Choose one of: {', '.join(known)}."
        raise Invalid(f"reason: {message}", problems=(Problem(message, "reason"),))
    return known[key]
