"""Which pieces of the library to offer for a lead, the best first, each with why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, F, IntegerField, Max, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from alignment import spec
from alignment.models import Dimension
from core.text import fold
from feedback.content.objections import labels_of
from feedback.content.wanted import Wanted, shares_of, wanted
from feedback.models import ContentPiece, ContentUse, Decision
from feedback.querysets import verdicts
from feedback.words import BantLine, bant_lines
from leads.models import Lead, Stage
from leads.querysets import answers_that_count
from scoring.models import Score
from scoring.querysets import live_scores

MOST = 4
ANSWERS_NEXT, MEETS_OBJECTION, ANSWERS, OF_INDUSTRY, OF_STAGE = 8, 6, 4, 2, 1
"""How much each thing counts: the next question most, then what was objected, then the other questions."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A piece with why it is offered; ``used_at`` is when it was last used on this lead."""

    piece: ContentPiece
    why: str
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a lead for choosing: what it lacks and what sales objected before, by key."""

    wanted: Wanted
    objections: frozenset[str]


def suggestions(lead: Lead, standing: Standing) -> list[Suggestion]:
    """The best pieces for the lead, ``MOST`` at most (3 queries, one less without objections).

    A piece for another industry, stage or language is left out, and one that answers what the lead has
    answered; so is one that is for everybody and answers nothing. What was used on the lead comes after
    what is new to it.
    """
    pieces = list(_fitting(lead, standing)[: 3 * MOST])
    uses = ContentUse.objects.filter(lead=lead, piece__in=pieces).order_by()
    used = dict(uses.values("piece").annotate(last=Max("at")).values_list("piece", "last"))
    pieces.sort(key=lambda piece: piece.pk in used)
    chosen = pieces[:MOST]
    labels = labels_of({piece.reason_key for piece in chosen} & standing.objections)
    return [
        Suggestion(piece, why(piece, standing, labels.get(piece.reason_key, "")), used.get(piece.pk))
        for piece in chosen
    ]


def standing_of(lead: Lead, *, now: datetime, lines: Sequence[BantLine] | None = None) -> Standing:
    """How the lead stands (3 queries; one more where ``lines``, its BANT lines, aren't at hand)."""
    score = live_scores().filter(lead_id=lead.pk).first()
    shown = _lines(lead, score, now) if lines is None else lines
    rejected = verdicts(Decision.objects.filter(handoff__lead=lead, reason__isnull=False))
    keys = frozenset(rejected.order_by().values_list("reason__key", flat=True))
    return Standing(wanted(shown, _shares(score)), keys)


def why(piece: ContentPiece, standing: Standing, objection: str) -> str:
    """``Answers Budget, for Manufacturing``; the words of what it was chosen by."""
    parts = []
    if piece.dimension in standing.wanted.all:
        parts.append(f"answers {Dimension(piece.dimension).label}")
    if objection:
        parts.append(f"meets “{objection}”")
    if piece.industry:
        parts.append(f"for {piece.industry}")
    if piece.stage:
        parts.append(f"in stage {Stage(piece.stage).label}")
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]


def _lines(lead: Lead, score: Score | None, now: datetime) -> list[BantLine]:
    answers = answers_that_count([lead.pk], now=now)
    return bant_lines(score.bant if score else 0, answers[lead.pk])


def _shares(score: Score | None) -> dict[str, float]:
    if score is None or score.version_id is None:
        return {}
    caps = {str(each.dimension): each.cap for each in spec.load(score.version_id).dimensions}
    return shares_of({each: getattr(score, each) for each in Dimension.values}, caps)


def _fitting(lead: Lead, standing: Standing) -> QuerySet[ContentPiece]:
    """The pieces that fit, the best first; the library is filtered and ordered by the database."""
    need, industry = standing.wanted, fold(lead.company.industry) if lead.company else ""
    found = ContentPiece.objects.filter(
        Q(industry_folded__in=["", industry]),
        Q(stage__in=["", lead.stage]),
        Q(language="") | _of_language(lead.language),
        Q(dimension__in=sorted(need.all))
        | Q(reason_key__in=sorted(standing.objections))
        | Q(dimension="", reason_key=""),
        retired_at=None,
    )
    fit: list[Combinable] = [
        _worth(ANSWERS_NEXT, Q(dimension=need.first) & ~Q(dimension="")),
        _worth(ANSWERS, Q(dimension__in=sorted(need.others))),
        _worth(MEETS_OBJECTION, Q(reason_key__in=sorted(standing.objections))),
        _worth(OF_INDUSTRY, ~Q(industry_folded="")),
        _worth(OF_STAGE, ~Q(stage="")),
    ]
    return found.annotate(fit=_sum(fit)).filter(fit__gt=0).order_by(F("fit").desc(), "title_folded", "pk")


def _of_language(language: str) -> Q:
    """``de-AT`` takes what is in ``de`` too; a lead whose language isn't known takes any."""
    if not language:
        return ~Q(language="")
    return Q(language__in=[language, language.partition("-")[0]])


def _worth(points: int, condition: Q) -> Case:
    return Case(When(condition, then=Value(points)), default=Value(0), output_field=IntegerField())


def _sum(parts: Iterable[Combinable]) -> Any:
    first, *rest = parts
    total = first
    for part in rest:
        total = total + part
    return total
