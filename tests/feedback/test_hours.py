"""Working hours are read as people write them, or refused with a reason."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from feedback.hours import read_hours, write_hours

times = st.integers(0, 24 * 60 - 1).map(lambda minute: dt.time(minute // 60, minute % 60))


def test_hours_with_a_lunch_break_are_two_intervals() -> None:
    assert read_hours("9-12, 13:00 – 17.30") == (
        (dt.time(9), dt.time(12)),
        (dt.time(13), dt.time(17, 30)),
    )


def test_an_empty_day_is_not_worked() -> None:
    assert read_hours("  ") == ()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("nine to five", "can't be read"),
        ("9:00", "can't be read"),
        ("25:00-26:00", "no time of day"),
        ("9:75-10:00", "no time of day"),
        ("17:00-9:00", "ends before it starts"),
        ("9:00-9:00", "ends before it starts"),
        ("9:00-13:00, 12:00-17:00", "overlap"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(text: str, complaint: str) -> None:
    with pytest.raises(Invalid, match=complaint):
        read_hours(text)


@given(st.lists(times, min_size=2, max_size=8, unique=True).map(sorted))
def test_what_was_written_is_read_the_same(marks: list[dt.time]) -> None:
    intervals = tuple(zip(marks[::2], marks[1::2], strict=False))
    assert read_hours(write_hours(intervals)) == intervals
