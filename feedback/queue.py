"""What the queue shows: one typed view-model for its pages, fragments and the live refresh."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Case, OuterRef, QuerySet, Subquery, Value, When
from django.utils import timezone

from alignment.models import Reason
from feedback.calendars import Calendars, load_calendars, pauses_of
from feedback.clock import Standing, running_clocks, standing, working_minutes
from feedback.coming_back import why_back
from feedback.models import Assignment, Attempt, Decision, Handoff, Pause, SlaEvent
from feedback.querysets import let_go, undecided
from feedback.sums import sum_of
from feedback.words import ASK, CLICKS, DID, BantLine, bant_lines, cycle_words, next_question, reason_to_call
from leads.models import Activity, Lead
from leads.querysets import answers_that_count
from scoring.models import Score
from scoring.querysets import live_scores
from users.models import User

LONGEST_LIST = 100
RECENT = timedelta(days=30)
LAST_ACTIVITIES = 6
MOST_EARLIER = 3
WAITS_FOR = {SlaEvent.Clock.RESPONSE: "first contact", SlaEvent.Clock.DECISION: "decision"}


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock that is due next: what it waits for, when, and the working minutes left (late: below 0).

    ``pause`` is the one for which it stands still.
    """

    kind: SlaEvent.Clock
    due_at: datetime
    minutes: int
    is_at_risk: bool
    pause: Pause | None = None

    @property
    def what(self) -> str:
        return WAITS_FOR[self.kind]

    @property
    def is_late(self) -> bool:
        return self.minutes < 0


@dataclass(frozen=True, slots=True)
class Card:
    """A lead in a list of handoffs; ``group`` is the part of the list in which it stands (``undecided``)."""

    assignment: Assignment
    lead: Lead
    clock: Clock | None
    bant: list[BantLine]
    reason: str
    is_later: bool
    grade_now: str
    calendars: Calendars
    group: int = 0

    @property
    def has_other_grade(self) -> bool:
        """Whether its grade is another one now than when it was handed over."""
        return bool(self.grade_now) and self.grade_now != self.assignment.handoff.grade

    @property
    def cycle(self) -> str:
        """``second time``, if it was handed over before."""
        return cycle_words(self.assignment.handoff.cycle)


@dataclass(frozen=True, slots=True)
class Detail:
    """A handoff opened: all that a rep needs before the call. ``sum`` is how its due moment came about."""

    card: Card
    sum: str
    question: str
    asked: str
    activities: list[Activity]
    attempts: list[Attempt]
    reasons: list[Reason]
    earlier: list[Decision]
    why_back: str


def queue_of(owner: User, *, now: datetime) -> QuerySet[Assignment]:
    """A person's undecided handoffs in the order in which to take them."""
    return with_lead(undecided(now).filter(owner=owner))


def with_lead(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """``rows`` with what a card shows at hand."""
    return rows.select_related(
        "owner", "handoff__lead__company", "handoff__team", "handoff__term", "handoff__version__definition"
    ).prefetch_related("pauses")


def cards(rows: Iterable[Assignment], *, now: datetime) -> list[Card]:
    """The cards of assignments, in a number of queries that doesn't depend on how many there are."""
    listed = list(rows)
    calendars = load_calendars({row.owner_id for row in listed})
    leads = [row.handoff.lead_id for row in listed]
    scores = {score.lead_id: score for score in live_scores().filter(lead_id__in=leads)}
    bant, last = _bant(leads, scores, now), _last_activities(leads, now)
    return [
        _card(
            row,
            calendars,
            bant[row.handoff.lead_id],
            last.get(row.handoff.lead_id),
            scores.get(row.handoff.lead_id),
            now,
        )
        for row in listed
    ]


def reasons_of(handoff: Handoff) -> list[Reason]:
    """The agreed reasons with which a handoff may be rejected, in their order."""
    return list(Reason.objects.filter(version=handoff.version_id))


def detail(card: Card, *, now: datetime) -> Detail:
    """What is opened of a card (4 queries; 7 at most of one that came before its time)."""
    handoff = card.assignment.handoff
    clock = card.clock
    asked = next_question(card.bant)
    return Detail(
        card=card,
        sum=sum_of(card.assignment, clock.kind, card.calendars, now=now) if clock else "",
        question=ASK[asked.dimension] if asked else "",
        asked=asked.dimension if asked else "",
        activities=list(Activity.objects.filter(lead=card.lead).order_by("-at_epoch")[:LAST_ACTIVITIES]),
        attempts=list(Attempt.objects.filter(handoff=handoff).select_related("by")[:LAST_ACTIVITIES]),
        reasons=reasons_of(handoff),
        earlier=list(let_go(handoff)[:MOST_EARLIER]),
        why_back=why_back(handoff, now=now),
    )


def clock_of(row: Assignment, calendars: Calendars, *, now: datetime) -> Clock | None:
    """The clock of an open assignment that is due next; None when nothing is left to do in time."""
    running = running_clocks(row)
    if not running:
        return None
    kind, due_at = min(running, key=lambda each: each[1])
    calendar = calendars.clock(row)
    pause = next((pause for pause in pauses_of(row) if pause.runs(now)), None)
    minutes = (
        working_minutes(calendar, now, due_at) if due_at >= now else -working_minutes(calendar, due_at, now)
    )
    stands = standing(
        start=row.assigned_at,
        due_at=due_at,
        met_at=None,
        calendar=calendar,
        now=now,
        is_paused=pause is not None,
    )
    # A breach of less than a working minute is late all the same.
    late = min(minutes, -1) if stands is Standing.BREACHED else minutes
    return Clock(kind, due_at, late, stands is Standing.AT_RISK, pause)


def _card(
    row: Assignment,
    calendars: Calendars,
    lines: list[BantLine],
    last: Activity | None,
    score: Score | None,
    now: datetime,
) -> Card:
    return Card(
        assignment=row,
        lead=row.handoff.lead,
        clock=clock_of(row, calendars, now=now),
        bant=lines,
        reason=reason_to_call(
            last, lines, today=timezone.localdate(now), day=_local_day(last.at) if last else None
        ),
        is_later=row.callback_at is not None and row.callback_at > now,
        group=getattr(row, "is_later", 0),
        grade_now=(score.grade if score else None) or "",
        calendars=calendars,
    )


def _local_day(at: datetime) -> date:
    return timezone.localdate(at)


def _last_activities(leads: Sequence[int], now: datetime) -> dict[int, Activity]:
    """The best reason to call that each lead gave lately: what took some effort comes before clicks,
    the latest first (2 queries)."""
    own = Activity.objects.filter(
        lead=OuterRef("pk"), kind__in=DID, at_epoch__gte=int((now - RECENT).timestamp())
    ).annotate(is_click=Case(When(kind__in=CLICKS, then=Value(1)), default=Value(0)))
    latest = Lead.objects.filter(pk__in=leads).annotate(
        last_activity=Subquery(own.order_by("is_click", "-at_epoch").values("id")[:1])
    )
    found = dict(latest.values_list("pk", "last_activity"))
    rows = Activity.objects.in_bulk([pk for pk in found.values() if pk is not None])
    return {lead: rows[pk] for lead, pk in found.items() if pk in rows}


def _bant(leads: Sequence[int], scores: Mapping[int, Score], now: datetime) -> dict[int, list[BantLine]]:
    """The BANT lines of each lead: levels from the scores, answers that count (2 queries)."""
    answers = answers_that_count(leads, now=now)
    levels = {lead: score.bant for lead, score in scores.items()}
    return {lead: bant_lines(levels.get(lead, 0), answers[lead]) for lead in leads}
