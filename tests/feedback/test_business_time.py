"""Business time against plain examples and against a slow reference that walks minute by minute."""

import datetime as dt
import zoneinfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from feedback.business_time import (
    Calendar,
    NoWorkingTime,
    add_working_days,
    add_working_time,
    is_working_time,
    working_time_between,
)

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
MORNING = (dt.time(9), dt.time(12))
AFTERNOON = (dt.time(13), dt.time(17))
MINUTE = dt.timedelta(minutes=1)


def weekdays(*intervals: tuple[dt.time, dt.time]) -> dict[int, tuple[tuple[dt.time, dt.time], ...]]:
    return dict.fromkeys(range(5), intervals)


def berlin(day_off: dict[dt.date, str] | None = None) -> Calendar:
    off = day_off or {}
    return Calendar(BERLIN, weekdays(MORNING, AFTERNOON), lambda day: off.get(day, ""))


def at(text: str, zone: zoneinfo.ZoneInfo = BERLIN) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone)


def test_hours_run_on_over_lunch_and_the_weekend() -> None:
    due = add_working_time(berlin(), at("2026-11-20 16:40"), dt.timedelta(hours=4))
    assert due.at == at("2026-11-23 13:40")
    assert [str(skipped.day) for skipped in due.skipped] == ["2026-11-21", "2026-11-22"]


def test_time_that_ends_with_the_day_is_due_at_its_end_and_not_the_next_morning() -> None:
    assert add_working_time(berlin(), at("2026-11-20 16:00"), dt.timedelta(hours=1)).at == at(
        "2026-11-20 17:00"
    )


def test_a_start_outside_working_hours_counts_from_the_next_opening() -> None:
    due = add_working_time(berlin(), at("2026-11-21 10:00"), dt.timedelta(hours=1))
    assert due.counted_from == at("2026-11-23 09:00")
    assert due.at == at("2026-11-23 10:00")


def test_a_working_day_ends_at_the_same_moment_of_the_next_working_day() -> None:
    assert add_working_days(berlin(), at("2026-11-20 16:40"), 1).at == at("2026-11-23 16:40")


def test_a_holiday_does_not_count_and_is_named() -> None:
    calendar = berlin({dt.date(2026, 12, 25): "Christmas Day"})
    due = add_working_days(calendar, at("2026-12-24 10:00"), 1)
    assert due.at == at("2026-12-28 10:00")
    assert due.skipped[0].why == "Christmas Day"


def test_a_working_day_that_lands_past_a_short_day_is_due_at_its_end() -> None:
    week = {**weekdays(MORNING, AFTERNOON), 4: (MORNING,)}
    calendar = Calendar(BERLIN, week, lambda day: "")
    assert add_working_days(calendar, at("2026-11-19 16:00"), 1).at == at("2026-11-20 12:00")


def test_the_hour_that_spring_skips_is_not_worked() -> None:
    night = Calendar(BERLIN, dict.fromkeys(range(7), ((dt.time(1), dt.time(4)),)), lambda day: "")
    assert working_time_between(night, at("2026-03-29 00:00"), at("2026-03-29 06:00")) == dt.timedelta(
        hours=2
    )


def test_the_hour_that_autumn_repeats_is_worked_twice() -> None:
    night = Calendar(BERLIN, dict.fromkeys(range(7), ((dt.time(1), dt.time(4)),)), lambda day: "")
    assert working_time_between(night, at("2026-10-25 00:00"), at("2026-10-25 06:00")) == dt.timedelta(
        hours=4
    )


def test_a_calendar_without_working_time_is_an_error() -> None:
    empty = Calendar(BERLIN, {}, lambda day: "")
    with pytest.raises(NoWorkingTime):
        add_working_time(empty, at("2026-11-20 16:40"), MINUTE)
    with pytest.raises(NoWorkingTime):
        add_working_days(empty, at("2026-11-20 16:40"), 1)


ZONES = [
    zoneinfo.ZoneInfo(name)
    for name in ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
]


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    marks = st.lists(st.integers(0, 24 * 4 - 1), min_size=2, max_size=6, unique=True).map(sorted)

    def intervals(quarters: list[int]) -> tuple[tuple[dt.time, dt.time], ...]:
        times = [dt.time(quarter // 4, quarter % 4 * 15) for quarter in quarters]
        return tuple(zip(times[::2], times[1::2], strict=False))

    week = {weekday: intervals(draw(marks)) for weekday in draw(st.sets(st.integers(0, 6), min_size=1))}
    off = draw(st.sets(st.integers(0, 40), max_size=6))
    first = dt.date(2026, 3, 1)
    return Calendar(
        draw(st.sampled_from(ZONES)), week, lambda day: "Holiday" if (day - first).days % 60 in off else ""
    )


moments = st.integers(0, 300 * 24 * 60).map(lambda m: dt.datetime(2026, 3, 1, tzinfo=dt.UTC) + m * MINUTE)


def minutes_walked(calendar: Calendar, start: dt.datetime, end: dt.datetime) -> int:
    """The reference: asks of every single minute whether its local time lies in an interval."""
    count, moment = 0, start
    while moment < end:
        local = moment.astimezone(calendar.zone)
        worked = any(starts <= local.time() < ends for starts, ends in calendar.week.get(local.weekday(), ()))
        count += worked and not calendar.day_off(local.date())
        moment += MINUTE
    return count


@settings(max_examples=60, deadline=None)
@given(calendar=calendars(), start=moments, span=st.integers(0, 4 * 24 * 60))
def test_time_between_equals_minutes_walked(calendar: Calendar, start: dt.datetime, span: int) -> None:
    end = start + span * MINUTE
    assert working_time_between(calendar, start, end) == minutes_walked(calendar, start, end) * MINUTE


@settings(max_examples=200, deadline=None)
@given(calendar=calendars(), start=moments, amount=st.integers(0, 3000))
def test_what_was_added_is_what_lies_between(calendar: Calendar, start: dt.datetime, amount: int) -> None:
    try:
        due = add_working_time(calendar, start, amount * MINUTE)
    except NoWorkingTime:
        assume(False)
        raise
    assert working_time_between(calendar, start, due.at) == amount * MINUTE
    assert due.at >= due.counted_from >= start


@settings(max_examples=200, deadline=None)
@given(calendar=calendars(), start=moments, days=st.integers(0, 20))
def test_a_due_day_lies_in_working_time_and_as_many_worked_days_ahead(
    calendar: Calendar, start: dt.datetime, days: int
) -> None:
    try:
        due = add_working_days(calendar, start, days)
    except NoWorkingTime:
        assume(False)
        raise
    first, last = calendar.local_day(due.counted_from), calendar.local_day(due.at)
    ahead = [first + dt.timedelta(days=n) for n in range(1, (last - first).days + 1)]
    assert sum(bool(calendar.spans(day)) for day in ahead) == days
    assert is_working_time(calendar, due.at) or is_working_time(calendar, due.at - dt.timedelta(seconds=1))
