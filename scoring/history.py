"""What became of a lead's points in a span of time: by the lead, or by the rules.

The log tells of every change by a fact and of every activation; what time alone takes it tells at most
once a week. So whatever the log leaves unexplained is time, and the parts always add up to the whole.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet, Sum

from alignment.models import Version
from scoring.models import Generation, Score, ScoreCause, ScoreChange
from scoring.querysets import live_scores

MOST_DAYS = 120
"""Beyond it the plot has a point a week."""
WEEK = 7


@dataclass(frozen=True, slots=True)
class Apart:
    """``end - start`` taken apart: ``lead + rules`` is exactly that, and ``time`` is a part of ``lead``.

    ``since`` is when the lead was first scored, if that was within the span; None if it began before.
    """

    start: int
    end: int
    start_grade: str | None
    end_grade: str | None
    rules: int
    facts: int
    since: datetime | None = None

    @property
    def change(self) -> int:
        """In points."""
        return self.end - self.start

    @property
    def lead(self) -> int:
        """What the lead's own facts did, and time."""
        return self.change - self.rules

    @property
    def time(self) -> int:
        """What nothing but the passing of time did."""
        return self.lead - self.facts


@dataclass(frozen=True, slots=True)
class Point:
    """The lead's total at the end of a day, with the floors that made its grade; None by a matrix."""

    day: date
    total: int
    floors: tuple[int | None, int | None, int | None]


def changes_of(lead_id: int, since: datetime, until: datetime) -> QuerySet[ScoreChange]:
    """The lead's changes after ``since`` up to ``until``, newest first."""
    rows = ScoreChange.objects.filter(lead_id=lead_id, at__gt=since, at__lte=until)
    return rows.select_related("version__definition").order_by("-pk")


def tell_apart(lead_id: int, since: datetime, until: datetime | None = None) -> Apart | None:
    """What the lead and what the rules did since then; ``until`` None is now, with the score of now.

    A span that begins before the lead was scored begins with its first score. None if it has no history
    up to the end of the span.
    """
    rows = ScoreChange.objects.filter(lead_id=lead_id).order_by("pk")
    if until is not None:
        rows = rows.filter(at__lte=until)
    first = rows.filter(at__lte=since).last()
    began = None
    if first is None:
        if (first := rows.first()) is None:
            return None
        began = first.at
    last = rows.last() or first
    totals = rows.filter(pk__gt=first.pk).aggregate(
        rules=_sum(Q(cause=ScoreCause.ACTIVATION)), facts=_sum(~TIMED)
    )
    apart = Apart(
        start=first.new_total,
        end=last.new_total,
        start_grade=first.new_grade,
        end_grade=last.new_grade,
        rules=totals["rules"] or 0,
        facts=totals["facts"] or 0,
        since=began,
    )
    return apart if until is not None else _up_to_now(apart, lead_id)


TIMED = Q(cause__in=(ScoreCause.ACTIVATION, ScoreCause.DECAY))


def _sum(what: Q) -> Sum:
    return Sum(F("new_total") - F("old_total"), filter=what)


def _up_to_now(apart: Apart, lead_id: int) -> Apart:
    """As far as the score that readers see: what time took since the last row, and an activation whose
    history is still being written."""
    score = live_scores().filter(lead_id=lead_id).first()
    if score is None:
        return apart
    untold = _untold(score)
    return replace(apart, end=score.total, end_grade=score.grade, rules=apart.rules + untold)


def _untold(score: Score) -> int:
    """What the newest activation did to this lead, if the log doesn't tell yet."""
    generation = Generation.objects.filter(pk=score.generation_id, is_logged=False).first()
    if generation is None:
        return 0
    told = ScoreChange.objects.filter(
        lead_id=score.lead_id, generation=generation.pk, cause=ScoreCause.ACTIVATION
    )
    before = Score.objects.filter(generation_id=generation.replaces_id or 0, lead_id=score.lead_id).first()
    return 0 if before is None or told.exists() else score.total - before.total


def points_by_day(lead_id: int, since: date, until: date, zone: ZoneInfo) -> list[Point]:
    """The lead's total on each day, or each week of a long span, from its first score on. Two queries."""
    after = _end_of(until, zone)
    rows = ScoreChange.objects.filter(lead_id=lead_id, at__lt=after).order_by("pk")
    known = list(rows.values_list("at", "new_total", "version_id"))
    floors = _floors({version for _at, _total, version in known})
    step = 1 if (until - since).days <= MOST_DAYS else WEEK
    days = [until - timedelta(days=gone) for gone in range(0, (until - since).days + 1, step)]
    points, place, last = [], 0, None
    for day in reversed(days):
        end = _end_of(day, zone)
        while place < len(known) and known[place][0] < end:
            last = known[place]
            place += 1
        if last is not None:
            points.append(Point(day, last[1], floors.get(last[2], (None, None, None))))
    return points


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=zone)


def _floors(versions: set[int | None]) -> dict[int | None, tuple[int | None, int | None, int | None]]:
    rows = Version.objects.filter(pk__in=[each for each in versions if each], matrix__isnull=True)
    return {
        row.pk: (row.floor_a, row.floor_b, row.floor_c) for row in rows.only("floor_a", "floor_b", "floor_c")
    }
