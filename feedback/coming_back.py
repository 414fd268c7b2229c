"""What a rep reads of a lead that comes again: why it is back before its time, in words."""

from datetime import datetime

from django.db.models import F, Q
from django.utils import timezone

from core.display import day, listed
from feedback.models import Handoff
from feedback.querysets import FACTS
from feedback.words import CLICKS, DID, did
from leads.models import Activity, BantAnswer, BantDimension
from scoring.models import ScoreCause, ScoreChange

OTHERS = {
    ScoreCause.COMPANY: "we know more of its company",
    ScoreCause.EDIT: "we know more of it",
    ScoreCause.IMPORT: "an import brought more of it",
}


def why_back(handoff: Handoff, *, now: datetime) -> str:
    """``Back before 1 Mar: sent a form “Demo request”, 52 → 78 points``; "" for one that didn't come before
    its time (no query), else 3 queries at most."""
    if handoff.back_before is None:
        return ""
    before = Handoff.objects.filter(lead=handoff.lead_id, cycle=handoff.cycle - 1).first()
    if before is None or before.closed_at is None:
        return ""
    today = timezone.localtime(now).date()
    is_early = timezone.localtime(handoff.ready_at).date() < handoff.back_before
    when = f"Back before {day(handoff.back_before, today=today)}" if is_early else "Back"
    parts = [_what(handoff, before.closed_at), *_risen(before, handoff)]
    return f"{when}: {', '.join(parts)}"


def _risen(before: Handoff, handoff: Handoff) -> list[str]:
    found = []
    if before.closed_grade and before.closed_grade != handoff.grade:
        found.append(f"grade {before.closed_grade} → {handoff.grade}")
    if before.closed_total is not None:
        found.append(f"{before.closed_total} → {handoff.total} points")
    return found


def _what(handoff: Handoff, since: datetime) -> str:
    """The new fact that lifted it most."""
    changes = ScoreChange.objects.filter(
        lead=handoff.lead_id, cause__in=FACTS, at__gt=since, at__lte=handoff.ready_at
    )
    cause = changes.order_by(F("old_total") - F("new_total"), "-id").values_list("cause", flat=True).first()
    if cause == ScoreCause.ACTIVITY and (activity := _activity(handoff, since)) is not None:
        return did(activity)
    if cause == ScoreCause.ANSWER and (said := _answered(handoff, since)):
        return f"told us more of {listed(said)}"
    return OTHERS.get(ScoreCause(cause), "it did more") if cause else "it changed enough"


def _activity(handoff: Handoff, since: datetime) -> Activity | None:
    """What took some effort comes before clicks, the latest first."""
    epochs = (int(since.timestamp()), int(handoff.ready_at.timestamp()))
    rows = Activity.objects.filter(lead=handoff.lead_id, kind__in=DID, at_epoch__range=epochs)
    real = rows.filter(~Q(kind__in=CLICKS)).order_by("-at_epoch", "-pk").first()
    return real or rows.order_by("-at_epoch", "-pk").first()


def _answered(handoff: Handoff, since: datetime) -> list[str]:
    rows = BantAnswer.objects.filter(lead=handoff.lead_id, at__gt=since, at__lte=handoff.ready_at)
    said = set(rows.values_list("dimension", flat=True))
    return [each.label.lower() for each in BantDimension if each in said]
