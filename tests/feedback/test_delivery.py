"""When a mail goes out, by its reader's wishes."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.delivery import send_after

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [BERLIN, ZoneInfo("UTC"), ZoneInfo("America/Los_Angeles"), ZoneInfo("Asia/Kathmandu")]
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@dataclass
class Wishes:
    mail: str = "at_once"
    daily_at: time = time(8)
    quiet_from: time | None = None
    quiet_until: time | None = None


YEAR = datetime(2026, 1, 1, tzinfo=UTC)
NIGHT = Wishes(quiet_from=time(20), quiet_until=time(7, 30))
NOON = Wishes(quiet_from=time(12), quiet_until=time(13))


def at(hour: int, minute: int = 0, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("wishes", "told", "goes"),
    [
        (None, at(3), at(3)),
        (Wishes(), at(3), at(3)),
        (Wishes("never"), at(3), None),
        (Wishes("daily"), at(7, 59), at(8)),
        (Wishes("daily"), at(8), at(8, day=24)),
        (NIGHT, at(19, 59), at(19, 59)),
        (NIGHT, at(20), at(7, 30, day=24)),
        (NIGHT, at(2), at(7, 30)),
        (NIGHT, at(7, 30), at(7, 30)),
        (NOON, at(12, 30), at(13)),
        (NOON, at(13), at(13)),
    ],
)
def test_each_wish(wishes: Wishes | None, told: datetime, goes: datetime | None) -> None:
    assert send_after(wishes, told, BERLIN) == goes


@given(
    told=st.integers(0, 366 * 24 * 60).map(lambda minutes: YEAR + timedelta(minutes=minutes)),
    zone=st.sampled_from(ZONES),
    starts=TIMES,
    ends=TIMES,
)
def test_nothing_goes_out_in_quiet_hours_or_before_it_was_told(
    told: datetime, zone: ZoneInfo, starts: time, ends: time
) -> None:
    if starts == ends:
        return
    goes = send_after(Wishes(quiet_from=starts, quiet_until=ends), told, zone)
    assert goes is not None
    assert told <= goes <= told + timedelta(hours=25)
    local = goes.astimezone(zone).time().replace(second=0, microsecond=0)
    is_skipped = goes.astimezone(zone).replace(fold=0) != goes.astimezone(zone)
    is_quiet = starts <= local < ends if starts < ends else local >= starts or local < ends
    assert not is_quiet or is_skipped or _clock_changes(told, goes, zone)


def _clock_changes(told: datetime, goes: datetime, zone: ZoneInfo) -> bool:
    return told.astimezone(zone).utcoffset() != goes.astimezone(zone).utcoffset()
