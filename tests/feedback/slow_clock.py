"""Random calendars, and a slow reference for business time that asks every single minute."""

import datetime as dt
import zoneinfo
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from feedback.business_time import Calendar, Span

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)
FIRST = dt.date(2026, 3, 1)
ZONES = [
    zoneinfo.ZoneInfo(name)
    for name in (
        "Europe/Berlin",
        "America/New_York",
        "Asia/Kolkata",
        "Australia/Lord_Howe",  # half an hour of summer time
        "Africa/Cairo",  # the clock is changed at midnight
        "Pacific/Auckland",
    )
]


@st.composite
def calendars(draw: st.DrawFn, *, is_worked: bool = False) -> Calendar:
    """Up to three intervals a day in quarters of an hour, holidays and leave; ``is_worked``: never none."""
    marks = st.lists(st.integers(0, 24 * 4 - 1), min_size=2, max_size=6, unique=True).map(sorted)

    def intervals(quarters: list[int]) -> tuple[tuple[dt.time, dt.time], ...]:
        times = [dt.time(quarter // 4, quarter % 4 * 15) for quarter in quarters]
        return tuple(zip(times[::2], times[1::2], strict=False))

    days = st.sets(st.integers(0, 6), min_size=3 if is_worked else 1)
    week = {weekday: intervals(draw(marks)) for weekday in draw(days)}
    off = draw(st.sets(st.integers(0, 40), max_size=6))
    calendar = Calendar(
        draw(st.sampled_from(ZONES)), week, lambda day: "Holiday" if (day - FIRST).days % 60 in off else ""
    )
    leave = draw(st.integers(0, 300)), draw(st.integers(0, 9))
    return replace(calendar, day_off=lambda day: calendar.day_off(day) or _leave(day, *leave))


def _leave(day: dt.date, starts: int, days: int) -> str:
    return "leave until then" if 0 <= (day - FIRST).days - starts < days else ""


moments = st.integers(0, 300 * 24 * 60).map(lambda m: dt.datetime(2026, 3, 1, tzinfo=dt.UTC) + m * MINUTE)
"""Any minute of ten months in which every zone changes its clock twice."""
turning = st.sampled_from(
    [dt.date(2026, 3, 8), dt.date(2026, 3, 29), dt.date(2026, 4, 5), dt.date(2026, 4, 24)]
) | (
    st.sampled_from(
        [dt.date(2026, 9, 27), dt.date(2026, 10, 4), dt.date(2026, 10, 25), dt.date(2026, 10, 29)]
    )
)
"""Days on which one of the zones changes its clock."""


@st.composite
def around_a_turn(draw: st.DrawFn) -> dt.datetime:
    """A minute near a change of the clock."""
    midnight = dt.datetime.combine(draw(turning), dt.time.min, dt.UTC)
    return midnight + draw(st.integers(-36 * 60, 36 * 60)) * MINUTE


@st.composite
def pauses(draw: st.DrawFn, start: dt.datetime) -> list[Span]:
    """Up to three pauses after ``start``, in order and apart."""
    marks = draw(st.lists(st.integers(0, 6 * 24 * 60), max_size=6, unique=True).map(sorted))
    times = [start + mark * MINUTE for mark in marks]
    return list(zip(times[::2], times[1::2], strict=False))


def is_worked(calendar: Calendar, minute: dt.datetime) -> bool:
    """Whether the local time of a minute lies in an interval of a day that isn't off."""
    local = minute.astimezone(calendar.zone)
    intervals = calendar.week.get(local.weekday(), ())
    return any(starts <= local.time() < ends for starts, ends in intervals) and not calendar.day_off(
        local.date()
    )


def minutes_walked(calendar: Calendar, start: dt.datetime, end: dt.datetime) -> int:
    """How many minutes from ``start`` to ``end`` are worked."""
    count, minute = 0, start
    while minute < end:
        count += is_worked(calendar, minute)
        minute += MINUTE
    return count


def walked_to(
    calendar: Calendar, start: dt.datetime, amount: int, gaps: Sequence[Span] = (), *, most: int
) -> dt.datetime | None:
    """When ``amount`` minutes (from 1) were worked outside ``gaps``; None if not within ``most`` minutes."""
    minute = start
    for _ in range(most):
        amount -= is_worked(calendar, minute) and not any(begins <= minute < ends for begins, ends in gaps)
        minute += MINUTE
        if not amount:
            return minute
    return None


def walked_days(calendar: Calendar, start: dt.datetime, days: int, *, most: int) -> dt.datetime | None:
    """The same local moment so many worked days later, at least 1, or the nearest worked one of that day."""
    minute = start
    while not is_worked(calendar, minute):
        minute += MINUTE
        if minute - start > most * DAY:
            return None
    local = minute.astimezone(calendar.zone)
    for ahead in range(1, most):
        day = local.date() + ahead * DAY
        worked = _worked_minutes(calendar, day)
        days -= bool(worked)
        if worked and not days:
            target = dt.datetime.combine(day, local.time(), tzinfo=calendar.zone).astimezone(dt.UTC)
            later = [each for each in worked if each >= target]
            return target if target - MINUTE in worked else later[0] if later else worked[-1] + MINUTE
    return None


def _worked_minutes(calendar: Calendar, day: dt.date) -> list[dt.datetime]:
    noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
    near = (noon + n * MINUTE for n in range(-28 * 60, 28 * 60))
    return [
        each for each in near if each.astimezone(calendar.zone).date() == day and is_worked(calendar, each)
    ]
