"""The rows that feedback asks for, named by meaning."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import (
    BigIntegerField,
    Case,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Least

from alignment.models import SlaTerm
from core.text import fold
from feedback.models import Assignment, Decision, Handoff, Pause
from leads.models import Lead, Stage
from scoring.models import Score, ScoreChange

State = Handoff.State
MAY_BE_HANDED_OVER = (Stage.INQUIRY, Stage.SALES_READY, Stage.NURTURE, Stage.LOST)
COMES_AGAIN = (State.RECYCLED,)
"""Closed states after which a lead that stayed sales-ready is handed over again."""


class Wanted(NamedTuple):
    """A lead to be handed over: how it was judged, its term, and when it became sales-ready."""

    lead_id: int
    version_id: int
    term_id: int
    grade: str
    total: int
    became_ready_at: datetime | None


def wanted(*, generation_id: int, terms: Iterable[SlaTerm], today: date) -> QuerySet[Score]:
    """The scores of leads to be handed over, annotated with ``term_id`` and ``became_ready_at``.

    Sales-ready in the generation, nothing open, at a stage from which sales may get them, past their
    cool-off (``today`` in the company's zone), not decided in this episode, and of a grade that the terms
    hand over. ``terms`` are all terms of the generation's versions.
    """
    terms = list(terms)
    given = [term.pk for term in terms if term.is_handed_over]
    rested = Q(lead__nurture_until=None) | Q(lead__nurture_until__lte=today)
    open_ = Handoff.objects.filter(lead=OuterRef("lead_id"), state__in=Handoff.OPEN)
    return (
        Score.objects.filter(rested, generation_id=generation_id, gate=0, lead__stage__in=MAY_BE_HANDED_OVER)
        .annotate(term_id=_term_of(terms), became_ready_at=_became_ready_at())
        .filter(~Exists(open_), ~Exists(_spent()), term_id__in=given)
        .order_by("-total", "lead_id")
    )


def _term_of(terms: list[SlaTerm]) -> Case:
    """The term of a score: its source's own, else the one for every source."""
    by_source = sorted(terms, key=lambda term: not term.source)
    return Case(
        *(
            When(
                Q(version_id=term.version_id, grade=term.grade)
                & (Q(lead__source_folded=fold(term.source)) if term.source else Q()),
                then=Value(term.pk),
            )
            for term in by_source
        ),
        default=None,
        output_field=BigIntegerField(null=True),
    )


def _became_ready_at() -> Subquery:
    turns = ScoreChange.objects.filter(lead=OuterRef("lead_id"), is_ready=True, was_ready=False)
    return Subquery(turns.order_by("-id").values("at")[:1])


def _spent() -> QuerySet[Handoff]:
    """Closed handoffs of the lead after which it never became sales-ready anew."""
    anew = ScoreChange.objects.filter(
        lead=OuterRef("lead_id"), is_ready=True, was_ready=False, at__gt=OuterRef("closed_at")
    )
    closed = Handoff.objects.filter(lead=OuterRef("lead_id"))
    return closed.exclude(state__in=(*Handoff.OPEN, *COMES_AGAIN)).filter(~Exists(anew))


def no_longer_ready(*, generation_id: int) -> QuerySet[Handoff]:
    """Open handoffs whose lead fell below the gate and that don't say so yet."""
    return _open_by_readiness(generation_id, is_ready=False).filter(not_ready_since=None)


def ready_again(*, generation_id: int) -> QuerySet[Handoff]:
    """Open handoffs that say that their lead isn't sales-ready although it is."""
    return _open_by_readiness(generation_id, is_ready=True).filter(not_ready_since__isnull=False)


def _open_by_readiness(generation_id: int, *, is_ready: bool) -> QuerySet[Handoff]:
    ready = Exists(Score.objects.filter(generation_id=generation_id, lead_id=OuterRef("lead_id"), gate=0))
    return Handoff.objects.filter(ready if is_ready else ~ready, state__in=Handoff.OPEN)


def in_pool() -> QuerySet[Handoff]:
    """The handoffs that wait for an owner, best first."""
    return Handoff.objects.filter(state=State.WAITING).order_by("grade", "-total", "id")


def twins(leads: QuerySet[Lead], lead: Lead) -> QuerySet[Lead]:
    """Those of ``leads`` that may be the same person: by e-mail, by phone, or by name at the same company."""
    alike = Q(pk__in=[])
    if lead.email_folded:
        alike |= Q(email_folded=lead.email_folded)
    if lead.phone_e164:
        alike |= Q(phone_e164=lead.phone_e164)
    if lead.name_folded and lead.company_id:
        alike |= Q(company=lead.company_id, name_folded=lead.name_folded)
    return leads.filter(alike).exclude(pk=lead.pk)


def standing(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Those of ``decisions`` that nobody took back."""
    return decisions.exclude(kind=Decision.Kind.UNDO).filter(undone_by=None)


def let_go(handoff: Handoff) -> QuerySet[Decision]:
    """By what decisions sales let go of the lead until now, in this episode (returned) or an earlier one."""
    said = (Decision.Kind.REJECT, Decision.Kind.RECYCLE, Decision.Kind.RETURN)
    rows = Decision.objects.filter(handoff__lead=handoff.lead_id, handoff__cycle__lte=handoff.cycle)
    here = Q(handoff=handoff, kind=Decision.Kind.RETURN) | ~Q(handoff=handoff)
    return (
        standing(rows)
        .filter(here, kind__in=said)
        .select_related("by", "reason", "twin", "undoes")
        .order_by("-at", "-pk")
    )


def verdicts(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Those that stand and say what sales thought of the lead when it came: accepted, rejected or
    disqualified. Who disqualifies an accepted lead had taken it on."""
    first = standing(decisions).filter(kind__in=Decision.VERDICTS)
    return first.exclude(kind=Decision.Kind.DISQUALIFY, handoff__accepted_at__isnull=False)


def to_be_dealt(now: datetime) -> QuerySet[Handoff]:
    """Those of the pool that go to whoever has room, best first: sales-ready still, and not held back to be
    claimed."""
    return in_pool().filter(Q(held_until=None) | Q(held_until__lte=now), not_ready_since=None)


def undecided(now: datetime) -> QuerySet[Assignment]:
    """Open assignments that wait for a decision, in the order in which a rep should take them.

    By ``sort_at``: the time of a callback that was planned, else the earliest moment that is due; so what
    is overdue comes first. Callbacks still to come (``is_later`` 1) stand at the end until their time, and
    after them what is paused (2) and isn't to be called back now.
    """
    open_due = Case(
        When(responded_at=None, then=Least("response_due_at", "decision_due_at")),
        default=F("decision_due_at"),
        output_field=DateTimeField(),
    )
    return (
        Assignment.objects.filter(ended_at=None, decided_at=None)
        .annotate(
            open_due_at=open_due,
            sort_at=Case(
                When(callback_at__isnull=False, then=F("callback_at")),
                default=open_due,
                output_field=DateTimeField(),
            ),
            is_later=Case(
                When(callback_at__lte=now, then=Value(0)),
                When(paused(now), then=Value(2)),
                When(callback_at__gt=now, then=Value(1)),
                default=Value(0),
            ),
        )
        .order_by("is_later", "sort_at", "id")
    )


def paused(now: datetime) -> Q:
    """Open assignments whose clocks stand still at ``now``; never unknown, so it may be negated."""
    running = Pause.objects.filter(ended_at=None, starts_at__lte=now, until__gt=now)
    return Q(ended_at=None, pk__in=running.values("assignment"))


def customers() -> QuerySet[Assignment]:
    """The last assignments of what was won, the latest first."""
    later = Assignment.objects.filter(handoff=OuterRef("handoff"), pk__gt=OuterRef("pk"))
    return Assignment.objects.filter(~Exists(later), handoff__state=State.WON).order_by(
        "-handoff__closed_at", "-pk"
    )


def accepted() -> QuerySet[Assignment]:
    """Open assignments of leads that sales took on, oldest first."""
    return Assignment.objects.filter(
        ended_at=None, handoff__state__in=(State.ACCEPTED, State.QUALIFIED)
    ).order_by("handoff__accepted_at", "id")
