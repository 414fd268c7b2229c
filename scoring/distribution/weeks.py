"""How the base stood at the end of each week, and which versions came into force meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Sum

from alignment.models import Version
from leads.days import date_of, day_number
from scoring.distribution.counting import WEEK, monday_of
from scoring.distribution.figures import Split
from scoring.distribution.models import GradeCount, GradeCountLine
from scoring.models import Generation
from scoring.querysets import version_ids


@dataclass(frozen=True, slots=True)
class Week:
    """A week by its Monday, and its last count; None where there was none."""

    monday: date
    split: Split | None


@dataclass(frozen=True, slots=True)
class Activation:
    """A version came into force on a day of the company's zone."""

    version: Version
    on: date

    @property
    def name(self) -> str:
        """Definition and number."""
        return str(self.version)

    @property
    def monday(self) -> date:
        """Of its week."""
        return self.on - timedelta(days=self.on.weekday())


def past_weeks(*, weeks: int, axis: str, key: str, now: datetime, zone: ZoneInfo) -> list[Week]:
    """The weeks before this one, from the first that was counted; four queries at most.

    ``key`` names one group of ``axis``, "" means all leads. A group that was among the rest then has no
    figures of its own for that week.
    """
    this = monday_of(day_number(now, zone))
    first = this - (weeks - 1) * WEEK
    days = GradeCount.objects.filter(day__gte=first, day__lt=this).order_by("day").values_list("day", "pk")
    counts = {monday_of(day): pk for day, pk in days if day is not None}
    if not counts:
        return []
    splits = _splits(list(counts.values()), axis, key)
    return [
        Week(date_of(monday), splits.get(counts.get(monday, 0))) for monday in range(min(counts), this, WEEK)
    ]


def _splits(counts: Sequence[int], axis: str, key: str) -> dict[int, Split]:
    lines = GradeCountLine.objects.filter(count_id__in=counts, axis=axis)
    if key:
        lines = lines.filter(key=key, is_rest=False)
    sums = lines.values_list("count_id", "grade").annotate(Sum("leads"), Sum("points"), Sum("ready"))
    found: dict[int, Split] = {}
    for count, grade, leads, points, ready in sums.order_by():
        found.setdefault(count, Split()).add(grade, leads, int(points), ready)
    return found


def activations(*, since: date, zone: ZoneInfo) -> list[Activation]:
    """The versions that came into force from ``since`` on, oldest first. Three queries."""
    start = datetime(since.year, since.month, since.day, tzinfo=zone)
    lived = Generation.objects.filter(live_at__gte=start).order_by("live_at")
    generations = [each for each in lived if each.live_at is not None]
    ids = version_ids({pk for each in generations for pk in (each.pk, each.replaces_id) if pk})
    versions = Version.objects.select_related("definition").in_bulk(
        {pk for found in ids.values() for pk in found}
    )
    return [
        Activation(versions[pk], each.live_at.astimezone(zone).date())
        for each in generations
        if each.live_at is not None
        for pk in ids[each.pk]
        if pk not in ids.get(each.replaces_id or 0, ())
    ]
