"""The sum behind a due moment, in words."""

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from feedback.business_time import Calendar, Skipped, add_working_days, add_working_time, put_off
from feedback.calendars import load_calendars
from feedback.models import Assignment, SlaEvent
from feedback.sums import due_in_words, skipped_in_words, sum_of
from tests.factories import UserFactory
from tests.feedback.world import assigned

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
TODAY = date(2026, 11, 20)
WEEK = dict.fromkeys(range(5), ((time(9), time(12)), (time(13), time(17))))
OFFICE = Calendar(BERLIN, WEEK, lambda day: "Christmas Day" if (day.month, day.day) == (12, 25) else "")
HOURS, RESPONSE = timedelta(hours=1), SlaEvent.Clock.RESPONSE
FRIDAY = datetime(2026, 11, 20, 16, 40, tzinfo=BERLIN)


def said(start: datetime, hours: int, *pauses: tuple[datetime, datetime]) -> str:
    due = put_off(OFFICE, add_working_time(OFFICE, start, hours * HOURS), pauses)
    return due_in_words(due, amount=f"{hours} working hours", zone=BERLIN, today=TODAY)


def test_it_reads_as_a_sum() -> None:
    assert said(FRIDAY, 3) == (
        "Assigned Fri 20 Nov, 16:40 + 3 working hours = Mon 23 Nov, 11:40; Saturday and Sunday don’t count"
    )


def test_nothing_is_said_of_days_where_all_count() -> None:
    assert said(FRIDAY - 5 * HOURS, 2) == "Assigned Fri 20 Nov, 11:40 + 2 working hours = Fri 20 Nov, 14:40"


def test_a_start_outside_working_hours_says_from_when_it_counts() -> None:
    assert said(FRIDAY + 20 * HOURS, 1).startswith(
        "Assigned Sat 21 Nov, 12:40, counted from Mon 23 Nov, 09:00 + 1 working hours = Mon 23 Nov, 10:00"
    )


def test_a_pause_is_part_of_the_sum() -> None:
    pause = (FRIDAY + timedelta(minutes=10), datetime(2026, 11, 23, 11, 50, tzinfo=BERLIN))
    assert said(FRIDAY, 1, pause) == (
        "Assigned Fri 20 Nov, 16:40 + 1 working hours + 3 h of working time paused = Mon 23 Nov, 13:40; "
        "Saturday and Sunday don’t count"
    )


def test_another_year_is_named() -> None:
    due = add_working_days(OFFICE, datetime(2026, 12, 24, 10, 0, tzinfo=BERLIN), 6)
    assert due_in_words(due, amount="6 working days", zone=BERLIN, today=TODAY) == (
        "Assigned Thu 24 Dec, 10:00 + 6 working days = Mon 4 Jan 2027, 10:00; "
        "Saturdays, Sundays and Christmas Day (Fri 25 Dec) don’t count"
    )


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({}, ""),
        ({21: "not worked"}, "Saturday doesn’t count"),
        ({21: "not worked", 28: "not worked"}, "Saturdays don’t count"),
        ({23: "Stocktaking"}, "Stocktaking (Mon 23 Nov) doesn’t count"),
        ({23: "Closed", 25: "Closed"}, "Closed (Mon 23 Nov, Wed 25 Nov) don’t count"),
        (dict.fromkeys(range(23, 28), "leave until 27 Nov"), "leave until 27 Nov doesn’t count"),
        (
            {21: "not worked", 22: "not worked", 23: "leave until 23 Nov"},
            "Saturday, Sunday and leave until 23 Nov don’t count",
        ),
    ],
)
def test_days_that_dont_count_are_named_together(days: dict[int, str], words: str) -> None:
    skipped = [Skipped(date(2026, 11, day), why) for day, why in days.items()]
    assert skipped_in_words(skipped, today=TODAY) == words


@pytest.mark.django_db
class TestOfAnAssignment:
    def sum_of(self, row: Assignment) -> str:
        return sum_of(row, RESPONSE, load_calendars(), now=row.assigned_at)

    def test_the_zone_is_named_where_it_isnt_the_viewers(self) -> None:
        row = assigned(UserFactory(), at=FRIDAY.astimezone(UTC))
        assert "time zone" not in self.sum_of(row)
        with timezone.override("Asia/Kolkata"):
            found = self.sum_of(row)
        assert found.startswith("Assigned Fri 20 Nov, 15:40 + 1 working hour = Fri 20 Nov, 16:40")
        assert found.endswith("in the owner’s time zone, UTC")

    def test_a_moment_of_earlier_hours_isnt_explained_by_those_of_today(self) -> None:
        row = assigned(UserFactory(), at=FRIDAY.astimezone(UTC))
        row.response_due_at -= HOURS / 2
        assert self.sum_of(row) == (
            "Due Fri 20 Nov, 16:10 by the hours that counted before they changed: a change neither makes nor "
            "heals a breach"
        )
