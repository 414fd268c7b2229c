"""What a condition is judged against besides the row: the moment, the company's zone, the caller's facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models.expressions import Combinable


@dataclass(frozen=True, slots=True)
class Folded:
    """Names the folded form of a text field in ``Context.given``; its plain form goes by the key alone."""

    key: str


@dataclass(frozen=True, slots=True)
class Context:
    """``now`` is aware; ``zone`` is the company's, where days begin; ``extra`` is for registered fields.

    Everything relative ("within 30 days") is derived from here, so one context gives one answer.
    ``given`` holds what the query around the condition already has at hand: a field's value by its key
    (a text field's folded one by ``Folded``, which is what conditions compare), or by an ``ActivityCount``
    the number of activities that it counts or, as a boolean, whether there are enough. The condition then
    compares that column instead of asking for the value again.
    """

    now: datetime
    zone: ZoneInfo
    extra: Mapping[str, object] = field(default_factory=dict, hash=False)
    given: Mapping[object, Combinable] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise ValueError("Context.now needs a zone.")

    @property
    def today(self) -> date:
        """The day it is in the company's zone."""
        return self.now.astimezone(self.zone).date()

    def start_of(self, day: date) -> datetime:
        """The first moment of ``day`` in the company's zone, also where the clock skips midnight."""
        return datetime.combine(day, time.min, tzinfo=self.zone)
