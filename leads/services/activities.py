"""Adding what leads did, in batches."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from core import audit
from core.rows import insert_rows
from core.text import fold
from leads import cleaning
from leads.days import day_number
from leads.facts import ActivityFacts, FactProblem, LeadFacts
from leads.marks import mark
from leads.models import Activity, ActivityKind, Campaign, ChangeCause, Lead
from leads.services.book import AmbiguousError, LeadBook
from leads.services.extras import campaigns_named
from users.models import Organisation, User

CHUNK = 1_000
MAX_AHEAD = timedelta(days=1)
MAX_KEY = 120
KINDS = frozenset(ActivityKind.values)  # the enumeration makes its list anew at each look


@dataclass(slots=True)
class ActivityResult:
    """How many were added or known already; and (place in the batch, what was wrong) of the others."""

    created: int = 0
    known: int = 0
    problems: list[tuple[int, FactProblem]] = field(default_factory=list)


class _Row(NamedTuple):
    """A row of the table; a name is a column."""

    lead_id: int
    kind: str
    detail: str
    detail_folded: str
    campaign_id: int | None
    at_epoch: int
    day: int
    dedup_key: str | None


@transaction.atomic
def add_activities(
    *, items: Sequence[ActivityFacts], by: User | None, now: datetime, is_marked: bool = True
) -> ActivityResult:
    """Add activities to the leads they name, in one transaction and about eight queries a thousand.

    Those of no known lead, of an unknown kind or more than a day ahead are left out and named. An
    activity whose ``dedup_key`` is there is not added again. Each lead is marked once. Unsubscribing
    is obeyed at once.
    """
    result = ActivityResult()
    for start in range(0, len(items), CHUNK):
        _add_chunk(items[start : start + CHUNK], start, result, now=now, by=by, is_marked=is_marked)
    return result


def _add_chunk(
    items: Sequence[ActivityFacts],
    start: int,
    result: ActivityResult,
    *,
    now: datetime,
    by: User | None,
    is_marked: bool,
) -> None:
    finder = _Finder(items, now)
    campaigns = campaigns_named({item.campaign for item in items if item.campaign})
    zone = Organisation.current().tz
    keys = [item.dedup_key for item in items if item.dedup_key]
    there = Activity.objects.filter(dedup_key__in=keys).values_list("dedup_key", flat=True)
    seen = set(there) if keys else set()
    texts = _Texts()
    rows = []
    for place, item in enumerate(items, start):
        lead, problem = finder.find(item)
        if problem:
            result.problems.append((place, problem))
        elif item.dedup_key and item.dedup_key in seen:
            result.known += 1
        elif lead is not None:
            seen.add(item.dedup_key)
            campaign = campaigns.get(fold(item.campaign)) if item.campaign else None
            rows.append(_row(item, lead, texts[item.detail], campaign, day_number(item.at, zone)))
    _write(rows)
    result.created += len(rows)
    _finish(rows, by=by, now=now, is_marked=is_marked)


def _row(item: ActivityFacts, lead: int, texts: tuple[str, str], campaign: Campaign | None, day: int) -> _Row:
    return _Row(
        lead_id=lead,
        kind=item.kind,
        detail=texts[0],
        detail_folded=texts[1],
        campaign_id=campaign.pk if campaign else None,
        at_epoch=int(item.at.timestamp()),
        day=day,
        dedup_key=item.dedup_key or None,
    )


class _Texts(dict[str, tuple[str, str]]):
    """Details as they are stored, and folded; few of them differ."""

    def __missing__(self, raw: str) -> tuple[str, str]:
        detail = cleaning.plain(raw)[:300]
        self[raw] = detail, fold(detail)[:300]
        return self[raw]


def _write(rows: list[_Row]) -> None:
    """Those with a key may meet another delivery that is just being written; the others can't."""
    keyed = [row for row in rows if row.dedup_key]
    Activity.objects.bulk_create([Activity(**row._asdict()) for row in keyed], ignore_conflicts=True)
    insert_rows(Activity, _Row._fields, [row for row in rows if not row.dedup_key])


def _finish(rows: list[_Row], *, by: User | None, now: datetime, is_marked: bool) -> None:
    if not rows:
        return
    ids = {row.lead_id for row in rows}
    gone = {row.lead_id for row in rows if row.kind == ActivityKind.UNSUBSCRIBE}
    if gone:
        Lead.objects.filter(pk__in=gone).update(is_unsubscribed=True)
    if is_marked:
        mark(ids, cause=ChangeCause.ACTIVITY, now=now)
    detail = {"count": len(rows), "leads": len(ids), "first": min(ids), "last": max(ids)}
    audit.record(actor=by, action="activities.add", target_type="lead", detail=detail)


class _Finder:
    """The leads that a chunk of activities names, found with at most three queries."""

    def __init__(self, items: Sequence[ActivityFacts], now: datetime) -> None:
        self._latest = now + MAX_AHEAD
        wanted = {item.lead_id for item in items if item.lead_id}
        self._ids = set(Lead.objects.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
        self._book = LeadBook([_facts(item) for item in items if not item.lead_id])

    def find(self, item: ActivityFacts) -> tuple[int | None, FactProblem | None]:
        """The lead's id, or what is wrong with the activity."""
        if item.kind not in KINDS:
            return None, FactProblem("kind", item.kind, "is no kind of activity")
        if item.at > self._latest or item.at.year < 1970:
            return None, FactProblem("at", item.at.isoformat(), "is no moment that has been")
        if item.dedup_key and len(item.dedup_key) > MAX_KEY:
            return None, FactProblem("dedup_key", item.dedup_key, f"is longer than {MAX_KEY} characters")
        return self._lead(item)

    def _lead(self, item: ActivityFacts) -> tuple[int | None, FactProblem | None]:
        if item.lead_id:
            found = item.lead_id if item.lead_id in self._ids else None
            return found, None if found else FactProblem("lead", str(item.lead_id), "is no lead")
        named = ":".join(item.external_id) if item.external_id else item.email
        try:
            lead = self._book.find(_facts(item))
        except AmbiguousError as error:
            return None, FactProblem("lead", named, error.reason)
        if lead is None:
            return None, FactProblem("lead", named, "is no lead that is known")
        return lead.pk, None


def _facts(item: ActivityFacts) -> LeadFacts:
    return LeadFacts(email=item.email, external_ids=(item.external_id,) if item.external_id else ())
