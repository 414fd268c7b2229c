"""Working hours as people write them: ``9:00-12:00, 13:00-18:00``. Pure."""

import datetime as dt
import re
from collections.abc import Iterable
from itertools import pairwise

from core.errors import Invalid
from feedback.business_time import Interval

SPAN = re.compile(r"\s*(\d{1,2})(?:[:.](\d{2}))?\s*[-–]\s*(\d{1,2})(?:[:.](\d{2}))?\s*")
EXAMPLE = "write hours such as 9:00-12:00, 13:00-18:00"


def read_hours(text: str) -> tuple[Interval, ...]:
    """The intervals of a day in order; empty text is a day that isn't worked.

    Raises Invalid for what can't be read, for an interval that ends before it starts and for two
    that overlap. The latest end is 23:59.
    """
    spans = sorted(_span(part) for part in text.split(",") if part.strip())
    for (_, ends), (starts, _) in pairwise(spans):
        if starts < ends:
            raise Invalid(f"“{text.strip()}” has hours that overlap.")
    return tuple(spans)


def write_hours(intervals: Iterable[Interval]) -> str:
    """The inverse of ``read_hours``."""
    return ", ".join(f"{starts:%-H:%M}-{ends:%-H:%M}" for starts, ends in intervals)


def _span(part: str) -> Interval:
    match = SPAN.fullmatch(part)
    if match is None:
        raise Invalid(f"“{part.strip()}” can't be read: {EXAMPLE}.")
    hour, minute, until_hour, until_minute = (int(group or 0) for group in match.groups())
    try:
        starts, ends = dt.time(hour, minute), dt.time(until_hour, until_minute)
    except ValueError:
        raise Invalid(f"“{part.strip()}” is no time of day: {EXAMPLE}.") from None
    if starts >= ends:
        raise Invalid(f"“{part.strip()}” ends before it starts: {EXAMPLE}.")
    return starts, ends
