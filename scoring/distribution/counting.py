"""Counting the base: every day once, and for now as often as its size allows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from core.locking import locked
from leads.days import day_number
from leads.models import Lead
from scoring.distribution.models import GradeCount, GradeCountLine
from scoring.distribution.statement import Line, lines_of, write_lines
from scoring.models import Generation, Refresh
from users.models import Organisation

SMALL = 20_000
"""Up to so many leads are counted while the person waits."""
EVERY = timedelta(minutes=15)
SLACK = timedelta(minutes=1)  # beat is never on the dot
WAITS_UNTIL = 6  # o'clock: a day without its refresh by then is counted all the same
KEPT_DAYS = 365
WEEK = 7
FIELDS = ("axis", "key", "label", "is_rest", "grade", "leads", "points", "ready")


@dataclass(frozen=True, slots=True)
class Counted:
    """All lines of one count, and its moment; ``is_direct`` if it was made for this request."""

    at: datetime
    lines: list[Line]
    is_direct: bool


def is_small() -> bool:
    """Whether the base is counted at once; looks at no more than ``SMALL`` leads."""
    return Lead.objects.order_by().values("pk")[: SMALL + 1].count() <= SMALL


def counted(*, now: datetime) -> Counted | None:
    """The count of now: of this moment for a small base, else the latest; None if there is none yet."""
    if is_small():
        return Counted(now, lines_of(now, Organisation.current().tz), is_direct=True)
    latest = GradeCount.objects.filter(day__isnull=True).order_by("-pk").first()
    return None if latest is None else Counted(latest.at, list(lines_in([latest.pk])), is_direct=False)


def lines_in(counts: Iterable[int]) -> Iterable[Line]:
    """The stored lines of the counts."""
    rows = GradeCountLine.objects.filter(count_id__in=list(counts))
    return (Line(*row) for row in rows.values_list(*FIELDS))


@transaction.atomic
def count_now(*, now: datetime, asked_at: datetime | None = None) -> bool:
    """Count a large base and let go of the count before; False if there is nothing to do.

    That is so for a small base, while another worker counts, and if the latest count is younger than
    ``EVERY``, or than ``asked_at`` where a person asked for one: asked ten times, it counts once.
    """
    if is_small():
        return False
    earlier = GradeCount.objects.filter(day__isnull=True)
    latest = locked(earlier, skip_locked=True).last()
    if latest is None and earlier.exists():
        return False
    if latest is not None and latest.at > (asked_at or now - EVERY + SLACK):
        return False
    count = GradeCount.objects.create(at=now)
    write_lines(count, now, Organisation.current().tz)
    earlier.exclude(pk=count.pk).delete()
    return True


def count_day(*, now: datetime) -> bool:
    """Count the company's day once, after its refresh; False if it is counted or it is too early.

    A repeat writes nothing. Older days are thinned to weeks in passing.
    """
    today = day_number(now, Organisation.current().tz)
    if GradeCount.objects.filter(day=today).exists() or _must_wait(today, now):
        return False
    try:
        with transaction.atomic():
            count = GradeCount.objects.create(day=today, at=now)
            write_lines(count, now, Organisation.current().tz)
    except IntegrityError:
        return False  # another worker was quicker
    thin_days(now=now)
    return True


def _must_wait(today: int, now: datetime) -> bool:
    """Until the day's refresh is through; there is nothing to count before the first activation."""
    zone = Organisation.current().tz
    live = Generation.objects.filter(state=Generation.State.LIVE).first()
    if live is None:
        return True
    if now.astimezone(zone).hour >= WAITS_UNTIL:
        return False
    if live.live_at is not None and day_number(live.live_at, zone) >= today:
        return not live.is_logged
    return not Refresh.objects.filter(generation=live, day=today, ended_at__isnull=False).exists()


@transaction.atomic
def thin_days(*, now: datetime) -> int:
    """Of days older than a year keep the last one of each week; gives how many went."""
    limit = day_number(now, Organisation.current().tz) - KEPT_DAYS
    old = GradeCount.objects.filter(day__lt=monday_of(limit)).order_by("day").values_list("day", flat=True)
    last = {monday_of(day): day for day in old if day is not None}
    gone = [day for day in old if day not in last.values()]
    GradeCount.objects.filter(day__in=gone).delete()
    return len(gone)


def monday_of(day: int) -> int:
    """The day number of the Monday of its week; 1970-01-01 was a Thursday."""
    return day - (day + 3) % WEEK
