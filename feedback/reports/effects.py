"""What versions did while they were in force, for the history and for comparing two of them."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet

from alignment.models import Version
from core import display
from core.hooks import Effect
from feedback.intervals import Share
from feedback.models import Assignment, Decision, Handoff, SlaEvent
from feedback.querysets import verdicts
from feedback.reports import sla

WEEK = dt.timedelta(weeks=1)
OPENED = (
    "Sales-ready a week",
    "Leads handed to sales under the version, by the weeks that it was in force.",
)
ACCEPTED = (
    "Accepted by sales",
    "Accepted, of the leads handed over under the version that sales decided on, then or later.",
)
FOLLOWED_UP = (
    "Followed up in time",
    "First responses given in time, of all that were due for leads handed over under the version.",
)


def version_effects(ids: Iterable[int], now: dt.datetime) -> Mapping[int, Sequence[Effect]]:
    """The three figures of each version that was ever in force, in four queries for all."""
    versions = Version.objects.filter(pk__in=list(ids), activated_at__isnull=False, activated_at__lte=now)
    lives = {each.pk: (each.retired_at or now) - each.activated_at for each in versions if each.activated_at}
    opened = _by_version(Handoff.objects.all(), "version", lives, leads=Count("pk"))
    accepted = {"met": Count("pk", filter=Q(kind=Decision.Kind.ACCEPT)), "due": Count("pk")}
    decided = _by_version(verdicts(Decision.objects.all()), "handoff__version", lives, **accepted)
    clock = SlaEvent.Clock.RESPONSE
    kept = _by_version(Assignment.objects.all(), "handoff__version", lives, **sla.counts(clock, now))
    return {
        pk: (
            _opened(opened.get(pk, {}).get("leads", 0), life),
            _share(*ACCEPTED, decided.get(pk, {}), "met", "decided"),
            _share(*FOLLOWED_UP, kept.get(pk, {}), "in_time", "due"),
        )
        for pk, life in lives.items()
    }


def _by_version(
    rows: QuerySet[Any], column: str, ids: Iterable[int], **figures: Count
) -> dict[int, dict[str, Any]]:
    found = rows.filter(**{f"{column}__in": list(ids)}).order_by().values(column).annotate(**figures)
    return {row[column]: dict(row) for row in found}


def _opened(leads: int, life: dt.timedelta) -> Effect:
    """A version that is younger than a week says how many there were so far."""
    if life < WEEK:
        return Effect(OPENED[0], display.number(leads), OPENED[1], "in its first days")
    weeks = life / WEEK
    count = f"{display.number(leads)} in {weeks:.0f} week{'' if round(weeks) == 1 else 's'}"
    return Effect(OPENED[0], display.number(round(leads / weeks, 1)), OPENED[1], count)


def _share(label: str, definition: str, row: Mapping[str, Any], part: str, noun: str) -> Effect:
    share = Share(row.get(part, 0), row.get("due", 0))
    if not share.whole:
        return Effect(label, display.NOTHING, definition, f"none {noun} yet")
    count = f"of {display.number(share.whole)} {noun}" + (", too few to trust" if share.is_thin else "")
    return Effect(label, display.percent(share.ratio), definition, count)
