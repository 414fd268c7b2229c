"""What marketing ran: four campaigns a quarter, each with its cost."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from django.db import transaction

from core import audit
from feedback.sample.plan import Plan
from leads.models import Campaign
from users.models import User

CHANNELS = {
    "Search ads": ("Search ads", 14_000),
    "Webinar": ("Webinar series", 4_500),
    "Trade fair": ("Trade fair", 32_000),
    "Partner list": ("Partner mailing", 9_000),
}
"""The source of the leads it brings, its name and about what it costs in EUR."""
SEASONS = ("Winter", "Spring", "Summer", "Autumn")
Runs = dict[str, list[tuple[int, str]]]


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of a year; ``number`` from 0."""

    year: int
    number: int

    @property
    def first(self) -> dt.date:
        return dt.date(self.year, 3 * self.number + 1, 1)

    @property
    def following(self) -> "Quarter":
        return Quarter(self.year + (self.number == 3), (self.number + 1) % 4)


def campaigns(plan: Plan) -> list[Campaign]:
    """The campaigns of every quarter that the sample touches, not saved."""
    rng = Random(plan.seed)  # noqa: S311 - made-up data
    rows = []
    quarter = Quarter(plan.start.year, (plan.start.month - 1) // 3)
    while quarter.first <= plan.now.date():
        for source, (label, cost) in CHANNELS.items():
            rows.append(
                Campaign(
                    name=f"{label} {SEASONS[quarter.number].lower()} {quarter.year}",
                    channel=source,
                    starts_on=quarter.first,
                    ends_on=quarter.following.first - dt.timedelta(days=1),
                    cost=Decimal(round(cost * rng.uniform(0.8, 1.3), -2)),
                    currency="EUR",
                )
            )
        quarter = quarter.following
    return rows


def runs(rows: list[Campaign]) -> Runs:
    """Per source: (first day as an ordinal, name) of its campaigns, oldest first."""
    found: Runs = defaultdict(list)
    for row in sorted(rows, key=lambda row: str(row.starts_on)):
        if row.starts_on is not None:
            found[row.channel].append((row.starts_on.toordinal(), row.name))
    return found


def running(found: Runs, source: str, day: dt.date) -> str:
    """The name of the source's campaign on ``day``; "" if there was none."""
    names = [name for first, name in found.get(source, ()) if first <= day.toordinal()]
    return names[-1] if names else ""


@transaction.atomic
def save(rows: list[Campaign], *, by: User) -> None:
    """Write the campaigns: imports make them by name alone, and these have a cost."""
    Campaign.objects.bulk_create(rows)
    audit.record(actor=by, action="campaigns.add", target_type="campaign", detail={"count": len(rows)})
