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
    Sum,
    Value,
    When,
)
from django.db.models.functions import Least

from alignment.models import SlaTerm
from core.text import fold
from feedback.models import Assignment, Decision, Handoff, Pause
from leads.models import Lead, Stage
from scoring.models import Score, ScoreCause, ScoreChange

State = Handoff.State
MAY_BE_HANDED_OVER = (Stage.INQUIRY, Stage.SALES_READY, Stage.NURTURE, Stage.LOST)
COMES_AGAIN = (State.RECYCLED,)
"""Closed states after which a lead that stayed sales-ready is handed over again."""
RESTS = (State.REJECTED, State.RECYCLED)
"""Closed states after which a lead comes again before its time if it changed enough."""
ENDS = (Stage.CUSTOMER, Stage.LOST, Stage.DISQUALIFIED)
"""Stages at which there is nothing to hand over."""
FACTS = (ScoreCause.EDIT, ScoreCause.IMPORT, ScoreCause.ANSWER, ScoreCause.ACTIVITY, ScoreCause.COMPANY)
"""Causes of a change of score that are something new of the lead; neither time nor rules nor sales are."""


class Wanted(NamedTuple):
    """A lead to be handed over: how it was judged, its term, and when it became sales-ready."""

    lead_id: int
    version_id: int
    term_id: int
    grade: str
    total: int
    became_ready_at: datetime | None
    woken_at: datetime | None


def wanted(*, generation_id: int, terms: Iterable[SlaTerm], today: date, wake_points: int) -> QuerySet[Score]:
    """The scores of leads to be handed over, with ``term_id``, ``became_ready_at`` and ``woken_at``.

    Sales-ready in the generation, nothing open, at a stage from which sales may get them, of a grade that the
    terms hand over, and either past their cool-off (``today`` in the company's zone) and not decided in this
    episode, or changed enough since they were rejected or recycled: a better grade by a new fact of the lead,
    or so many points more by such facts. ``woken_at`` is when the latter changed last, None for the others.
    ``terms`` are all terms of the generation's versions.
    """
    terms = list(terms)
    given = [term.pk for term in terms if term.is_handed_over]
    rested = Q(lead__nurture_until=None) | Q(lead__nurture_until__lte=today)
    usual = rested & ~Q(Exists(_spent()))
    open_ = Handoff.objects.filter(lead=OuterRef("lead_id"), state__in=Handoff.OPEN)
    return (
        Score.objects.filter(generation_id=generation_id, gate=0, lead__stage__in=MAY_BE_HANDED_OVER)
        .annotate(term_id=_term_of(terms), became_ready_at=_became_ready_at(), woken_at=_woken_at(usual))
        .filter(~Exists(open_), usual | Q(Exists(_changed_enough(wake_points))), term_id__in=given)
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


def _last_handoff() -> QuerySet[Handoff]:
    """The last handoff of the lead: what came before it doesn't count any more."""
    later = Handoff.objects.filter(lead=OuterRef("lead_id"), cycle__gt=OuterRef("cycle"))
    return Handoff.objects.filter(~Exists(later), lead=OuterRef("lead_id"))


def _spent() -> QuerySet[Handoff]:
    """The last handoff, if it is closed and the lead never became sales-ready anew after it.

    One that was withdrawn is spent for as long as its lead is lost; moved back by hand, it comes again.
    """
    anew = ScoreChange.objects.filter(
        lead=OuterRef("lead_id"), is_ready=True, was_ready=False, at__gt=OuterRef("closed_at")
    )
    moved_back = Q(state=State.WITHDRAWN) & ~Q(lead__stage=Stage.LOST)
    closed = _last_handoff().exclude(state__in=(*Handoff.OPEN, *COMES_AGAIN)).exclude(moved_back)
    return closed.filter(~Exists(anew))


def _changed_enough(points: int) -> QuerySet[Handoff]:
    """The last handoff, if it was rejected or recycled and the lead is worth more by new facts since.

    Rules that changed and time that passed move points too, so it isn't enough that they are higher: facts
    alone must have lifted them so far, or have made the grade better than the one that was decided on.
    """
    since = ScoreChange.objects.filter(
        lead=OuterRef("lead_id"), cause__in=FACTS, at__gt=OuterRef("closed_at")
    )
    lifted = since.filter(new_grade__lt=F("old_grade")).filter(new_grade__lt=OuterRef("closed_grade"))
    gained = since.order_by().values("lead_id").annotate(gained=Sum(F("new_total") - F("old_total")))
    better = Q(closed_grade__gt=OuterRef("grade")) & Q(Exists(lifted))
    rose = Q(closed_total__lte=OuterRef("total") - points, gained__gte=points)
    rested = _last_handoff().filter(state__in=RESTS, closed_total__isnull=False)
    return rested.annotate(gained=Subquery(gained.values("gained"))).filter(better | rose)


def _woken_at(usual: Q) -> Case:
    facts = ScoreChange.objects.filter(lead=OuterRef("lead_id"), cause__in=FACTS).order_by("-id")
    return Case(When(usual, then=Value(None)), default=Subquery(facts.values("at")[:1]))


def withdrawable() -> QuerySet[Handoff]:
    """Handoffs that somebody works or that wait, although their lead got to an end elsewhere."""
    return Handoff.objects.filter(state__in=(*Handoff.OPEN, State.QUALIFIED), lead__stage__in=ENDS)


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
    """The handoffs without an owner, best first; also of leads that are no longer sales-ready."""
    return Handoff.objects.filter(state=State.WAITING).order_by("grade", "-total", "id")


def awaiting_owner() -> QuerySet[Handoff]:
    """Those of the pool that are to be worked: their leads are sales-ready still."""
    return in_pool().filter(not_ready_since=None)


def pool_overdue(now: datetime) -> Q:
    """Of handoffs in the pool: sales-ready still, and waiting longer than the term allows."""
    return Q(state=State.WAITING, pool_due_at__lt=now, not_ready_since=None)


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
    """Those of the pool that go to whoever has room, best first: not those held back to be claimed."""
    return awaiting_owner().filter(Q(held_until=None) | Q(held_until__lte=now))


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
