"""What each rep has on the desk, has room for and decided lately."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncWeek

from feedback.load.weeks import WEEK, WEEKS
from feedback.models import Decision
from feedback.querysets import standing
from feedback.routing.reps import load_reps


@dataclass(frozen=True, slots=True)
class Desk:
    """A rep who takes leads: undecided ones, room for more, decisions a week over the last weeks, and those
    of the best of these weeks."""

    owner_id: int
    name: str
    open: int
    room: int
    decided: float
    best: int


@dataclass(frozen=True, slots=True)
class Desks:
    """All of them by name; ``best`` are the decisions of all in their best week.

    What is decided follows what is handed over, so it says more than the mean of what sales can do.
    """

    all: Sequence[Desk]
    best: int

    @property
    def room(self) -> int:
        """Leads that could be given out at once."""
        return sum(desk.room for desk in self.all)

    @property
    def decided(self) -> float:
        """Decisions a week of all."""
        return sum(desk.decided for desk in self.all)


def desks(*, now: dt.datetime, zone: ZoneInfo) -> Desks:
    """The reps who take leads now; weeks begin on Mondays in ``zone``. At most 12 queries."""
    reps = [rep for rep in load_reps(now=now) if not rep.away]
    rows = Decision.objects.filter(at__gt=now - WEEKS * WEEK, at__lte=now, by__in=[rep.id for rep in reps])
    weekly = (
        standing(rows).annotate(week=TruncWeek("at", tzinfo=zone)).order_by().values_list("by_id", "week")
    )
    by_rep: dict[int, list[int]] = defaultdict(list)
    by_week: Counter[dt.datetime] = Counter()
    for rep_id, week, count in weekly.annotate(count=Count("pk")):
        by_rep[rep_id].append(count)
        by_week[week] += count
    found = [
        Desk(
            rep.id,
            rep.name,
            rep.open,
            rep.room,
            sum(by_rep[rep.id]) / WEEKS,
            max(by_rep[rep.id], default=0),
        )
        for rep in reps
    ]
    ordered = sorted(found, key=lambda desk: (desk.name, desk.owner_id))
    return Desks(ordered, max(by_week.values(), default=0))
