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
    put_off,
    working_time_between,
)
from tests.feedback.slow_clock import (
    MINUTE,
    around_a_turn,
    calendars,
    minutes_walked,
    moments,
    pauses,
    walked_days,
    walked_to,
)

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
MORNING = (dt.time(9), dt.time(12))
AFTERNOON = (dt.time(13), dt.time(17))
HOUR = dt.timedelta(hours=1)


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


def test_an_interval_that_spring_cuts_counts_what_is_left_of_it() -> None:
    """From 1:30 to 2:30 on the day on which 2:00 becomes 3:00: half an hour, and none of it after three."""
    night = Calendar(BERLIN, {6: ((dt.time(1, 30), dt.time(2, 30)),)}, lambda day: "")
    assert working_time_between(night, at("2026-03-29 00:00"), at("2026-03-29 06:00")) == HOUR / 2
    assert not is_working_time(night, at("2026-03-29 03:15"))


def test_an_interval_inside_the_hour_that_autumn_repeats_is_worked_twice() -> None:
    night = Calendar(BERLIN, {6: ((dt.time(2, 15), dt.time(2, 45)),)}, lambda day: "")
    assert working_time_between(night, at("2026-10-25 00:00"), at("2026-10-25 06:00")) == HOUR
    assert [ends - starts for starts, ends in night.spans(dt.date(2026, 10, 25))] == [HOUR / 2, HOUR / 2]


def test_a_due_day_across_the_change_of_the_clock_is_at_the_same_local_time() -> None:
    assert add_working_days(berlin(), at("2026-03-27 16:40"), 1).at == at("2026-03-30 16:40")
    assert add_working_days(berlin(), at("2026-10-23 16:40"), 1).at == at("2026-10-26 16:40")


def test_a_pause_puts_the_due_moment_off_by_its_working_time() -> None:
    due = add_working_time(berlin(), at("2026-11-20 10:00"), HOUR)
    later = put_off(berlin(), due, [(at("2026-11-20 10:30"), at("2026-11-23 09:30"))])
    assert later.at == at("2026-11-23 10:00")
    assert later.paused == 6 * HOUR
    assert [str(skipped.day) for skipped in later.skipped] == ["2026-11-21", "2026-11-22"]


def test_a_pause_of_a_day_moves_days_too() -> None:
    due = add_working_days(berlin(), at("2026-11-16 10:00"), 2)
    day = (at("2026-11-17 09:00"), at("2026-11-18 09:00"))
    assert put_off(berlin(), due, [day]).at == at("2026-11-19 10:00")


def test_a_pause_outside_working_time_or_after_the_due_moment_moves_nothing() -> None:
    due = add_working_time(berlin(), at("2026-11-20 16:00"), HOUR)
    weekend = (at("2026-11-20 17:00"), at("2026-11-23 09:00"))
    evening = (at("2026-11-20 17:00"), at("2026-11-27 17:00"))
    assert put_off(berlin(), due, [weekend]) == due
    assert put_off(berlin(), due, [evening]) == due


@settings(max_examples=60, deadline=None)
@given(calendar=calendars(), start=moments | around_a_turn(), span=st.integers(0, 4 * 24 * 60))
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


LONGEST = 20 * 24 * 60
"""So many minutes the reference walks at most."""


@settings(max_examples=80, deadline=None)
@given(
    calendar=calendars(is_worked=True),
    start=moments | around_a_turn(),
    amount=st.integers(1, 2000),
    data=st.data(),
)
def test_hours_with_pauses_are_due_when_the_minutes_were_walked(
    calendar: Calendar, start: dt.datetime, amount: int, data: st.DataObject
) -> None:
    gaps = data.draw(pauses(start))
    walked = walked_to(calendar, start, amount, gaps, most=LONGEST)
    assume(walked is not None)
    due = put_off(calendar, add_working_time(calendar, start, amount * MINUTE), gaps)
    assert due.at == walked
    paused = calendar.without(gaps)
    assert working_time_between(paused, start, due.at) == amount * MINUTE
    assert add_working_time(paused, start, amount * MINUTE).at == walked


@settings(max_examples=40, deadline=None)
@given(calendar=calendars(is_worked=True), start=moments | around_a_turn(), days=st.integers(1, 6))
def test_days_are_due_when_they_were_walked(calendar: Calendar, start: dt.datetime, days: int) -> None:
    walked = walked_days(calendar, start, days, most=20)
    assume(walked is not None)
    assert add_working_days(calendar, start, days).at == walked


@settings(max_examples=60, deadline=None)
@given(calendar=calendars(is_worked=True), start=moments, days=st.integers(1, 4), data=st.data())
def test_days_with_pauses_are_due_so_much_working_time_later(
    calendar: Calendar, start: dt.datetime, days: int, data: st.DataObject
) -> None:
    gaps = data.draw(pauses(start))
    due = add_working_days(calendar, start, days)
    later = put_off(calendar, due, gaps)
    counted = sum(minutes_walked(calendar, *gap) for gap in gaps if gap[0] < later.at)
    assert later.paused == counted * MINUTE
    assert minutes_walked(calendar, due.at, later.at) == counted
