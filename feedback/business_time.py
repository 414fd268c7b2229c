"""Business time: working hours, working days and the sum behind a due moment. Pure, no database.

A calendar is a zone, working intervals by weekday and days off. A moment is worked if its local time lies
in an interval: an hour that the clock skips in spring is not worked and one that it repeats in autumn is
worked twice.

A working *day* is the span between the same local moments of two successive working days:
Friday 16:40 plus one working day is Monday 16:40. Where the target day is not worked at that
moment, the next moment worked on that day counts, else the day's last.
"""

import datetime as dt
import zoneinfo
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

UTC = dt.UTC
SEARCH_DAYS = 4_000
"""How far ahead working time is looked for; a calendar without any is an error, not a loop."""

DAY = dt.timedelta(days=1)
NEAR = dt.timedelta(hours=40)
"""Farther from midnight UTC than any moment of the local day."""

Interval = tuple[dt.time, dt.time]
Span = tuple[dt.datetime, dt.datetime]


class NoWorkingTime(ValueError):
    """The calendar has no working time within ``SEARCH_DAYS``."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """When work is done: ``week`` maps a weekday (0 = Monday) to its intervals, in order, apart.

    ``day_off`` names the holiday on a date, or gives "" for a day like any other. In ``gaps``, times in
    order and apart, nothing is worked either: a clock was paused.
    """

    zone: zoneinfo.ZoneInfo
    week: Mapping[int, tuple[Interval, ...]]
    day_off: Callable[[dt.date], str]
    gaps: tuple[Span, ...] = ()
    _known: dict[dt.date, list[Span]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def spans(self, day: dt.date) -> list[Span]:
        """The working spans of a local date, in UTC and in order; empty on a day off."""
        if (known := self._known.get(day)) is None:
            known = self._known[day] = self._laid_out(day)
        return known

    def _laid_out(self, day: dt.date) -> list[Span]:
        if self.day_off(day):
            return []
        local = [
            (dt.datetime.combine(day, starts, UTC), dt.datetime.combine(day, ends, UTC))
            for starts, ends in self.week.get(day.weekday(), ())
        ]
        worked = self._measured(local, dt.datetime.combine(day, dt.time.min, UTC)) if local else []
        return list(_without(worked, self.gaps)) if self.gaps else worked

    def _measured(self, local: list[Span], midnight: dt.datetime) -> list[Span]:
        """Spans of local time, written as if it were UTC, in UTC; at most one change of the clock is near."""
        first, last = midnight - NEAR, midnight + NEAR
        before, after = self._offset(first), self._offset(last)
        if before == after:
            return [(starts - before, ends - before) for starts, ends in local]
        turn = self._turn(first, last)
        pieces = [(starts - before, min(ends - before, turn)) for starts, ends in local]
        pieces += [(max(starts - after, turn), ends - after) for starts, ends in local]
        return [(starts, ends) for starts, ends in pieces if starts < ends]

    def _turn(self, first: dt.datetime, last: dt.datetime) -> dt.datetime:
        """The moment between the two at which the clock is changed, to the second."""
        before = self._offset(first)
        low, high = 0, int((last - first).total_seconds())
        while high - low > 1:
            middle = (low + high) // 2
            is_before = self._offset(first + dt.timedelta(seconds=middle)) == before
            low, high = (middle, high) if is_before else (low, middle)
        return first + dt.timedelta(seconds=high)

    def _offset(self, moment: dt.datetime) -> dt.timedelta:
        return moment.astimezone(self.zone).utcoffset() or dt.timedelta(0)

    def without(self, gaps: Sequence[Span]) -> "Calendar":
        """The calendar in which nothing is worked in ``gaps`` (in order, apart)."""
        return replace(self, gaps=tuple(gaps)) if gaps else self

    def local_day(self, moment: dt.datetime) -> dt.date:
        """The date of a moment in the calendar's zone."""
        return moment.astimezone(self.zone).date()

    def moment(self, day: dt.date, time: dt.time) -> dt.datetime:
        """The moment, in UTC, of a local date and time."""
        return dt.datetime.combine(day, time, tzinfo=self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day between start and due that doesn't count, and why: a holiday's name or "not worked"."""

    day: dt.date
    why: str


@dataclass(frozen=True, slots=True)
class Due:
    """A due moment with the sum behind it.

    ``start`` is when it was set going, ``counted_from`` the first moment worked at or after that,
    ``at`` the due moment (UTC), ``paused`` the working time for which it was put off.
    """

    start: dt.datetime
    counted_from: dt.datetime
    at: dt.datetime
    calendar: Calendar = field(repr=False)
    paused: dt.timedelta = dt.timedelta(0)

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """The days between start and due that don't count; worked out when asked, which is seldom."""
        first, last = (self.calendar.local_day(each) for each in (self.start, self.at))
        days = (first + n * DAY for n in range((last - first).days + 1))
        idle = (day for day in days if not self.calendar.spans(day))
        return tuple(Skipped(day, self.calendar.day_off(day) or "not worked") for day in idle)


def add_working_time(calendar: Calendar, start: dt.datetime, amount: dt.timedelta) -> Due:
    """The moment by which ``amount`` (not negative) of working time has passed since ``start``.

    Raises NoWorkingTime if the calendar is empty. Nothing added gives the first moment worked.
    """
    left = amount
    counted_from: dt.datetime | None = None
    for starts, ends in _spans_from(calendar, start):
        counted_from = counted_from or starts
        if left <= ends - starts:
            return Due(start, counted_from, starts + left, calendar)
        left -= ends - starts
    raise NoWorkingTime(f"No working time within {SEARCH_DAYS} days of {start:%Y-%m-%d}.")


def add_working_days(calendar: Calendar, start: dt.datetime, days: int) -> Due:
    """The same local moment ``days`` working days after the first moment worked since ``start``."""
    counted_from = add_working_time(calendar, start, dt.timedelta(0)).counted_from
    if days == 0:
        return Due(start, counted_from, counted_from, calendar)
    day, left = calendar.local_day(counted_from), days
    for _ in range(SEARCH_DAYS):
        day += DAY
        if not (spans := calendar.spans(day)):
            continue
        left -= 1
        if not left:
            target = calendar.moment(day, counted_from.astimezone(calendar.zone).time())
            return Due(start, counted_from, _nearest_worked(spans, target), calendar)
    raise NoWorkingTime(f"Fewer than {days} working days within {SEARCH_DAYS} days of {start:%Y-%m-%d}.")


def put_off(calendar: Calendar, due: Due, pauses: Iterable[Span]) -> Due:
    """``due`` after the clock stood still in ``pauses`` (in order, apart): later by their working time.

    A pause that begins once it is due moves nothing.
    """
    at, paused = due.at, dt.timedelta(0)
    for starts, ends in pauses:
        if starts >= at:
            break
        if lasted := working_time_between(calendar, starts, ends):
            at, paused = add_working_time(calendar, at, lasted).at, paused + lasted
    return replace(due, at=at, paused=paused)


def working_time_between(calendar: Calendar, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
    """The working time from ``start`` to ``end``; negative if ``end`` comes first."""
    if end < start:
        return -working_time_between(calendar, end, start)
    total = dt.timedelta(0)
    day, last = calendar.local_day(start), calendar.local_day(end)
    while day <= last:
        for starts, ends in calendar.spans(day):
            total += max(min(ends, end) - max(starts, start), dt.timedelta(0))
        day += DAY
    return total


def is_working_time(calendar: Calendar, moment: dt.datetime) -> bool:
    """Whether ``moment`` is worked; the end of an interval no longer is."""
    return any(starts <= moment < ends for starts, ends in calendar.spans(calendar.local_day(moment)))


def _without(spans: Iterable[Span], gaps: Sequence[Span]) -> Iterator[Span]:
    """What is left of ``spans`` outside ``gaps``."""
    for starts, ends in spans:
        for gap_starts, gap_ends in gaps:
            if gap_ends <= starts or ends <= gap_starts:
                continue
            if starts < gap_starts:
                yield starts, gap_starts
            starts = gap_ends
            if starts >= ends:
                break
        if starts < ends:
            yield starts, ends


def _spans_from(calendar: Calendar, start: dt.datetime) -> Iterator[Span]:
    day = calendar.local_day(start)
    for starts, ends in calendar.spans(day):
        if ends > start:
            yield max(starts, start.astimezone(UTC)), ends
    for _ in range(SEARCH_DAYS):
        day += DAY
        yield from calendar.spans(day)


def _nearest_worked(spans: list[Span], target: dt.datetime) -> dt.datetime:
    for starts, ends in spans:
        if target <= ends:
            return max(starts, target)
    return spans[-1][1]
