"""How large the sample is, and the moments between which it happens."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

WINDOW = dt.timedelta(days=182)
"""How far back activities go."""
LIVE_FOR = dt.timedelta(weeks=13)
"""How long the company has worked by its definition."""


@dataclass(frozen=True)
class Plan:
    """What to make: the same plan makes the same sample, down to each word."""

    leads: int
    activities: int
    seed: int
    now: dt.datetime
    live_for: dt.timedelta = LIVE_FOR

    @cached_property
    def start(self) -> dt.datetime:
        """When the first activity may be."""
        return self.now - WINDOW

    @cached_property
    def live_at(self) -> dt.datetime:
        """When the definition came into force: a Monday at 6 UTC, before anybody works."""
        day = (self.now - self.live_for).astimezone(dt.UTC)
        monday = day - dt.timedelta(days=day.weekday())
        return monday.replace(hour=6, minute=0, second=0, microsecond=0)
