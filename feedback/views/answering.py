"""What a lead said of a BANT dimension, recorded beside the queue; the grade moves at once."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.asking import asking
from core.display import signed
from core.toasts import say
from feedback.access import WORKERS, get_workable
from feedback.views.acting import page_of, to
from feedback.words import LEVELS
from leads.forms import AnswerForm
from leads.models import BantAnswer, BantLevel, ChangedLead, Lead
from leads.services import record_answer
from scoring.querysets import live_scores
from scoring.services.marks import judge_marked
from users.access import person, signed_in_as


@dataclass(frozen=True, slots=True)
class Standing:
    """How a lead is graded; an empty grade is none yet."""

    grade: str
    total: int


@require_POST
@signed_in_as(*WORKERS)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Record an answer and say what it did to the grade; the lead stays open."""
    row = get_workable(person(request), pk)
    lead, now = row.handoff.lead, timezone.now()
    before = _standing(lead)
    form = AnswerForm(request.POST)
    with asking(form, title=f"What did {lead} say?", verb="Record the answer", back=page_of(row)):
        said = record_answer(lead=lead, answer=form.facts(), by=person(request), now=now)
    say(request, _words(said, before, _judged(lead, now)))
    return to(row.pk)


def _judged(lead: Lead, now: datetime) -> Standing | None:
    """The lead judged again; None while a worker does it, who took the mark first."""
    judge_marked(now=now, only=[lead.pk])
    return None if ChangedLead.objects.filter(lead=lead).exists() else _standing(lead)


def _standing(lead: Lead) -> Standing:
    score = live_scores().filter(lead_id=lead.pk).values_list("grade", "total").first()
    return Standing(score[0] or "", score[1]) if score else Standing("", 0)


def _words(said: BantAnswer, before: Standing, after: Standing | None) -> str:
    recorded = f"{said.get_dimension_display()} is recorded as {LEVELS[BantLevel(said.level)].lower()}"
    if after is None:
        return f"{recorded}. The grade follows in a moment."
    points = after.total - before.total
    if after.grade != before.grade:
        return (
            f"{recorded}: grade {before.grade or 'none'} → {after.grade or 'none'}, {signed(points)} points."
        )
    return f"{recorded}: {signed(points)} points." if points else f"{recorded}. The points stay as they are."
