"""Since when age has taken points of a criterion."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, F, Max, Min, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.lookups import GreaterThanOrEqual

from alignment.decay import FULL
from alignment.spec import CriterionSpec
from leads.days import date_of, day_number
from leads.models import Activity
from rules.compile import Context, compile_activity_q

Faded = Mapping[int, Iterable[CriterionSpec]]
"""The criteria that lost points by age, by lead."""


def fading_since(
    faded: Faded, stopped: Mapping[int, datetime | None], *, now: datetime, zone: ZoneInfo
) -> dict[tuple[int, int], date]:
    """The first day on which an activity that still counts was worth less than in full, by lead and
    criterion.

    That is the oldest activity, or where a criterion counts once the youngest. ``stopped`` says when the
    decay of a lead stopped, if it did: what counts is counted from that day. One query, none without leads.
    """
    criteria = {each.id: each for found in faded.values() for each in found}
    if not criteria:
        return {}
    today = _today(faded, stopped, now, zone)
    context = Context(now, zone)
    days = {f"c{each.id}": _day_of(each, today, context) for each in criteria.values()}
    rows = Activity.objects.filter(lead_id__in=list(faded), at_epoch__lte=int(now.timestamp()))
    by_lead: dict[int, dict[str, Any]] = {row["lead_id"]: row for row in _grouped(rows, days)}
    return {
        (lead_id, each.id): date_of(by_lead[lead_id][f"c{each.id}"] + _first_loss(each))
        for lead_id, found in faded.items()
        for each in found
    }


def _grouped(rows: Any, days: Mapping[str, Combinable]) -> Any:
    return rows.order_by().values("lead_id").annotate(**days)


def _today(faded: Faded, stopped: Mapping[int, datetime | None], now: datetime, zone: ZoneInfo) -> Combinable:
    """The day from which the age of a lead's activities counts."""
    ends = {pk: day_number(at, zone) for pk in faded if (at := stopped[pk]) is not None and at <= now}
    whens = [When(lead_id=pk, then=Value(day)) for pk, day in ends.items()]
    return Case(*whens, default=Value(day_number(now, zone)))


def _day_of(criterion: CriterionSpec, today: Combinable, context: Context) -> Combinable:
    match, horizon = criterion.activity, criterion.decay.horizon
    if match is None or horizon is None:
        raise ValueError(f"Criterion {criterion.key} doesn't fade.")
    counts = compile_activity_q(match, context) & Q(GreaterThanOrEqual(F("day"), today - Value(horizon)))
    return (Min if criterion.is_per_occurrence else Max)("day", filter=counts)


def _first_loss(criterion: CriterionSpec) -> int:
    """The first age in days at which an activity is worth less than in full."""
    weights = criterion.decay.weights()
    return next((age for age, weight in enumerate(weights) if weight < FULL), len(weights))
