"""What scoring shows on the lead page and in the lead list."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from alignment import spec
from alignment.models import Dimension, Version
from core.display import number
from leads.models import Lead
from scoring.access import may_override
from scoring.explain import explain
from scoring.explanation import Explanation
from scoring.models import Gate
from scoring.overriding import is_by_hand
from scoring.querysets import live_scores
from scoring.rescoring import rescoring_for
from users.access import person


def grade_context(_request: HttpRequest, lead: Lead) -> dict[str, Any]:
    """The header's badge: the stored score, None if there is none yet; and whether it was set by hand."""
    by_hand = is_by_hand("lead_id", timezone.now())
    score = live_scores().filter(lead_id=lead.pk).annotate(is_by_hand=by_hand).first()
    is_shown = score is not None and score.is_by_hand and score.gate < Gate.DISQUALIFIED
    return {"score": score, "is_by_hand": is_shown}


def explanation_context(request: HttpRequest, lead: Lead) -> dict[str, Any]:
    """The panel that says why."""
    explanation = explain(lead.pk, now=timezone.now())
    return {
        "lead": lead,
        "explanation": explanation,
        "behind": _behind(explanation) if explanation else "",
        "may_override": may_override(request.user),
    }


def _behind(explanation: Explanation) -> str:
    """What the lists show where they lag behind the explanation, as they do until a new day's refresh."""
    score = live_scores().filter(lead_id=explanation.judged.lead_id).first()
    if score is None or (score.grade, score.total) == (explanation.grade, explanation.total):
        return ""
    shown = f"{score.grade} with {number(score.total)} points" if score.grade else "no grade"
    return f"The lists still show {shown}; they follow within the hour."


def steps_context(_request: HttpRequest, _lead: Lead) -> dict[str, Any]:
    """The panel of steps; what it says is fetched behind."""
    return {}


def draft_context(_request: HttpRequest, version: Version) -> dict[str, Any]:
    """The panel beside a draft that is edited; what it says is fetched behind."""
    return {"version": version}


def rescoring_context(request: HttpRequest) -> dict[str, Any] | None:
    """The notice of an activation that runs, was stopped or ended a short while ago."""
    found = rescoring_for(person(request), now=timezone.now())
    return {"rescoring": found} if found else None


def column_context(values: dict[str, Any]) -> dict[str, Any]:
    """The list's column: grade, points and six thin bars; a lead in no definition's scope says so."""
    version = values.get("score.version")
    caps = {each.dimension: each.cap for each in spec.load(int(version)).dimensions} if version else {}
    bars = [
        {"label": str(each.label), "points": values[f"score.{each.value}"], "cap": caps[each]}
        for each in Dimension
        if caps
    ]
    total = values.get("score.total")
    is_outside = total is not None and not version
    return {
        "grade": values.get("score.grade"),
        "is_by_hand": values.get("score.is_by_hand"),
        "total": total,
        "bars": bars,
        "is_outside": is_outside,
    }
