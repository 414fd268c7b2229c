"""What scoring shows on the lead page and in the lead list."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from alignment import spec
from alignment.models import Dimension
from leads.models import Lead
from scoring.explain import explain
from scoring.querysets import live_scores


def grade_context(_request: HttpRequest, lead: Lead) -> dict[str, Any]:
    """The badge in the header: the stored score, None if there is none yet."""
    return {"score": live_scores().filter(lead_id=lead.pk).first()}


def explanation_context(_request: HttpRequest, lead: Lead) -> dict[str, Any]:
    """The panel that says why."""
    return {"explanation": explain(lead.pk, now=timezone.now())}


def column_context(values: dict[str, Any]) -> dict[str, Any]:
    """The list's column: grade, points and six thin bars; without a version there are no bars."""
    version = values.get("score.version")
    caps = {each.dimension: each.cap for each in spec.load(int(version)).dimensions} if version else {}
    bars = [
        {"label": str(each.label), "points": values[f"score.{each.value}"], "cap": caps[each]}
        for each in Dimension
        if caps
    ]
    return {"grade": values.get("score.grade"), "total": values.get("score.total"), "bars": bars}
