"""What is open now: how each rep stands, what is due in the next hours, and the room for more."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any, cast

from django.db.models import Count, F, QuerySet

from feedback.models import Assignment
from feedback.reports import sla
from feedback.routing import Rep

HOURS = (1, 4, 8, 24)
"""Up to how many hours from now each band of what is coming up goes; it begins where the one before ends."""


@dataclass(frozen=True, slots=True)
class Open:
    """How many open leads are undecided, at risk, overdue and never touched."""

    undecided: int = 0
    at_risk: int = 0
    breached: int = 0
    never_touched: int = 0

    def __add__(self, other: "Open") -> "Open":
        return Open(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Open)))


@dataclass(frozen=True, slots=True)
class Desk:
    """What one rep has open; ``coming`` counts by band of ``HOURS``."""

    owner_id: int
    name: str
    team_id: int | None
    open: Open
    coming: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """How full the desks of the reps who take leads are: undecided leads, and how many more they take."""

    reps: int
    undecided: int
    more: int

    @property
    def capacity(self) -> int:
        """All they can have at once; who has more than that counts with what they have."""
        return self.undecided + self.more

    @property
    def ratio(self) -> float | None:
        """How much of it is taken, 0 to 1; None where nobody takes leads."""
        return self.undecided / self.capacity if self.capacity else None


@dataclass(frozen=True, slots=True)
class Now:
    """What is open at a moment."""

    desks: list[Desk]
    room: Room

    @property
    def total(self) -> Open:
        """Of all reps."""
        return sum((desk.open for desk in self.desks), Open())

    @property
    def coming(self) -> list[int]:
        """How many leads are due next in each band of ``HOURS``."""
        return [sum(desk.coming[band] for desk in self.desks) for band in range(len(HOURS))]


def count_now(
    rows: QuerySet[Assignment], reps: Iterable[Rep], *, team_id: int | None, now: dt.datetime
) -> Now:
    """What is open in ``rows``: one query. A line for each owner with a clock that runs, the most overdue
    first; the room is that of those of ``reps`` who aren't away, of one team if ``team_id`` says so."""
    columns = {"name": F("owner__name"), "team": F("owner__team_id")}
    grouped = rows.filter(sla.watched()).order_by().values("owner_id", **columns).annotate(**_counts(now))
    desks = [_desk(row) for row in cast("Iterable[Mapping[str, Any]]", grouped)]
    taking = [rep for rep in reps if not rep.away and team_id in (None, rep.team_id)]
    room = Room(len(taking), sum(rep.open for rep in taking), sum(rep.room for rep in taking))
    return Now(
        sorted(desks, key=lambda desk: (-desk.open.breached, -desk.open.at_risk, desk.name, desk.owner_id)),
        room,
    )


def bands(now: dt.datetime) -> list[tuple[dt.datetime, dt.datetime]]:
    """From when to when each band of ``HOURS`` goes."""
    edges = [now, *(now + dt.timedelta(hours=hours) for hours in HOURS)]
    return list(pairwise(edges))


def _counts(now: dt.datetime) -> dict[str, Count]:
    conditions = {
        "undecided": sla.undecided(),
        "at_risk": sla.at_risk(now),
        "breached": sla.breached(now),
        "never_touched": sla.never_touched(),
    }
    conditions |= {f"band{place}": sla.due_within(*band) for place, band in enumerate(bands(now))}
    return {name: Count("pk", filter=condition) for name, condition in conditions.items()}


def _desk(row: Mapping[str, Any]) -> Desk:
    found = Open(*(row[each.name] for each in fields(Open)))
    coming = tuple(row[f"band{place}"] for place in range(len(HOURS)))
    return Desk(row["owner_id"], row["name"], row["team"], found, coming)
