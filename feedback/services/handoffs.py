"""Opening handoffs: scoring's log is followed, wanted leads enter the pool, the pool is dealt.

Each step is a short transaction that holds the cursor's row, so that two workers never deal at once;
each reads the facts again inside it. Whatever a crash cuts short, the next sweep finds.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q, QuerySet

from alignment.models import SlaTerm
from core import audit
from core.locking import locked, locked_ids
from feedback.calendars import load_calendars
from feedback.models import Handoff, LogCursor
from feedback.querysets import Wanted, no_longer_ready, ready_again, wanted
from feedback.services.cursors import DEALING, advance, hold_cursor
from feedback.services.dealing import CHUNK, place_anew, release
from feedback.services.waiting import enter_pool, start_missing
from feedback.services.withdrawing import follow_stages, withdraw_all
from leads.models import Lead, Stage
from leads.services import move_stages
from scoring.facts import facts_of
from scoring.models import GenerationVersion, Score, ScoreChange
from scoring.querysets import live_generation_id
from users.models import Organisation

MOST_A_RUN = 2_000


@dataclass(frozen=True, slots=True)
class Opened:
    """How many handoffs a run opened and how many it gave to owners."""

    opened: int
    assigned: int


def open_wanted(*, now: datetime) -> Opened:
    """Follow scoring's log: open handoffs for leads that are sales-ready now, and give them to reps.

    Those whose lead got to an end elsewhere are withdrawn before. At most 2,000 a run, best first; the next
    run goes on. Safe to repeat and to run twice at once.
    """
    follow_stages(now=now)
    generation_id = live_generation_id()
    if generation_id is None:
        return Opened(0, release(now=now))
    cursor = LogCursor.objects.get_or_create(name=DEALING)[0]
    newest = ScoreChange.objects.aggregate(newest=Max("id"))["newest"] or 0
    changed = ScoreChange.objects.filter(id__gt=cursor.last_id, id__lte=newest).order_by().values("lead_id")
    _note_readiness(generation_id, Q(lead_id__in=changed), now)
    ids = _wanted_ids(generation_id, Q(lead_id__in=changed.filter(is_ready=True)), now, limit=MOST_A_RUN)
    opened = _open_all(ids, now)
    if len(ids) < MOST_A_RUN:
        advance(DEALING, newest, now)
    return Opened(opened, release(now=now))


def compare_all(*, now: datetime) -> Opened:
    """Compare all leads with all handoffs, which finds what no change of a score tells: a cool-off that
    ended, a lead that came back to a stage from which it may be handed over. Meant for the night."""
    withdraw_all(now=now)
    start_missing(now=now)
    generation_id = live_generation_id()
    if generation_id is None:
        return Opened(0, release(now=now))
    _note_readiness(generation_id, Q(), now)
    opened = _open_all(_wanted_ids(generation_id, Q(), now), now)
    place_anew()
    return Opened(opened, release(now=now))


def _wanted_ids(generation_id: int, within: Q, now: datetime, *, limit: int | None = None) -> list[int]:
    scores = _wanted(generation_id, now).filter(within)
    return list(scores.values_list("lead_id", flat=True)[:limit])


def _wanted(generation_id: int, now: datetime) -> QuerySet[Score]:
    versions = GenerationVersion.objects.filter(generation=generation_id).values("version")
    terms = SlaTerm.objects.filter(version__in=versions)
    today = now.astimezone(Organisation.current().tz).date()
    return wanted(generation_id=generation_id, terms=terms, today=today, wake_points=settings.WAKE_POINTS)


def _open_all(lead_ids: Sequence[int], now: datetime) -> int:
    return sum(_open_chunk(chunk, now) for chunk in _chunks(lead_ids))


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


@transaction.atomic
def _open_chunk(lead_ids: Sequence[int], now: datetime) -> int:
    """Open handoffs for those of the leads that are wanted still, now that they are locked."""
    hold_cursor()
    leads = {lead.pk: lead for lead in locked_ids(Lead.objects.all(), lead_ids)}
    generation_id = live_generation_id()
    if generation_id is None:
        return 0
    scores = _wanted(generation_id, now).filter(lead_id__in=leads).values_list(*Wanted._fields)
    found = [Wanted(*row) for row in scores]
    facts = facts_of([row.lead_id for row in found], now=now)
    cycles = _cycles(leads)
    handoffs = [
        Handoff(
            lead=leads[row.lead_id],
            cycle=cycles[row.lead_id] + 1,
            version_id=row.version_id,
            term_id=row.term_id,
            grade=row.grade,
            total=row.total,
            facts=facts[row.lead_id],
            ready_at=_ready_at(leads[row.lead_id], row, now),
            back_before=leads[row.lead_id].nurture_until if row.woken_at else None,
        )
        for row in found
    ]
    return _write(handoffs, now)


def _write(handoffs: list[Handoff], now: datetime) -> int:
    """Write new handoffs: their leads become sales-ready, and the clock of the pool starts."""
    if not handoffs:
        return 0
    terms = SlaTerm.objects.in_bulk({row.term_id for row in handoffs})
    for row in handoffs:
        row.term = terms[row.term_id]
    enter_pool(handoffs, calendar=load_calendars().default, now=now)
    rows = Handoff.objects.bulk_create(handoffs)
    move_stages(leads=[row.lead for row in rows], to=Stage.SALES_READY, cause="sales-ready", by=None, now=now)
    woken = [row.lead_id for row in rows if row.back_before is not None]
    if woken:  # the rest that sales agreed with is over
        Lead.objects.filter(pk__in=woken).update(nurture_until=None)
    detail = {"count": len(rows), "handoffs": [row.pk for row in rows]}
    audit.record(actor=None, action="handoff.opened", target_type="handoff", detail=detail)
    return len(rows)


def _cycles(lead_ids: dict[int, Lead]) -> Counter[int]:
    rows = Handoff.objects.filter(lead__in=lead_ids).order_by().values_list("lead_id")
    return Counter(dict(rows.annotate(last=Max("cycle"))))


def _ready_at(lead: Lead, row: Wanted, now: datetime) -> datetime:
    """When the wait began: as it became sales-ready, or at the end of its cool-off if that came later; of
    one that comes before, as it changed."""
    if row.woken_at is not None:
        return min(row.woken_at, now)
    moments = [row.became_ready_at or now]
    if lead.nurture_until is not None:
        zone = Organisation.current().tz
        moments.append(datetime.combine(lead.nurture_until, time.min, tzinfo=zone))
    return min(max(moments), now)


@transaction.atomic
def _note_readiness(generation_id: int, within: Q, now: datetime) -> None:
    """Say on open handoffs since when their lead isn't sales-ready any more, or that it is again."""
    hold_cursor()  # the two sets are locked one after the other, so not in the order of their ids
    fallen = [row.pk for row in locked(no_longer_ready(generation_id=generation_id).filter(within))]
    Handoff.objects.filter(pk__in=fallen).update(not_ready_since=now)
    risen = [row.pk for row in locked(ready_again(generation_id=generation_id).filter(within))]
    Handoff.objects.filter(pk__in=risen).update(not_ready_since=None)
