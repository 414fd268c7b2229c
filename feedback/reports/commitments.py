"""What both sides promised each other and what came of it, month by month.

A month is held against what was agreed at its end: the commitments of the version that was in force then,
or now for the month that runs. Months are those of the company's zone.
"""

import calendar
import datetime as dt
import zoneinfo
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from alignment.models import Commitment, Version
from core import display
from feedback.intervals import Share
from feedback.models import Assignment, Decision, Handoff, SlaEvent
from feedback.querysets import verdicts
from feedback.reports import sla
from feedback.reports.weeks import start_of

MONTHS = 6
"""This month and those before."""
Kind = Commitment.Kind
MARKETING = (Kind.LEADS, Kind.ACCEPTANCE)
SALES = (Kind.FOLLOW_UP, Kind.FEEDBACK)
CLOCKS = {Kind.FOLLOW_UP: SlaEvent.Clock.RESPONSE, Kind.FEEDBACK: SlaEvent.Clock.DECISION}
DEFINITIONS = {
    Kind.LEADS: "Leads that became sales-ready in the month and were handed to sales.",
    Kind.ACCEPTANCE: "Accepted, of the leads that sales decided on in the month.",
    Kind.FOLLOW_UP: "First responses due in the month and given in time, of all that were due. "
    "Open and overdue counts as missed.",
    Kind.FEEDBACK: "Decisions due in the month and made in time, of all that were due. "
    "Open and overdue counts as missed.",
}
Key = tuple[int, str, str, dt.date]
"""Definition, kind, grade (empty for all) and the first day of a month."""


class Standing(StrEnum):
    """How a month stands; the words are shown beside the colour."""

    KEPT = "Kept"
    MISSED = "Missed"
    ON_THE_WAY = "On the way"
    BEHIND = "Behind"
    NOTHING = "Nothing to count"
    NOT_AGREED = "Nothing agreed"

    @property
    def is_good(self) -> bool:
        """Whether it is as promised."""
        return self in (Standing.KEPT, Standing.ON_THE_WAY)

    @property
    def is_bad(self) -> bool:
        """Whether it falls short."""
        return self in (Standing.MISSED, Standing.BEHIND)

    @property
    def tone(self) -> str:
        """The colour of a tile or tag."""
        return "good" if self.is_good else "bad" if self.is_bad else ""


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a line. Of *leads* only the ``part`` of the share has a meaning.

    ``target`` is what was agreed, None for nothing; ``elapsed`` the part of the month that is over, 0 to 1.
    """

    first: dt.date
    share: Share
    target: int | None
    elapsed: float
    is_count: bool

    @property
    def value(self) -> float | None:
        """Leads, or per cent with one decimal; None where nothing was due or decided."""
        if self.is_count:
            return self.share.part
        return None if self.share.ratio is None else round(100 * self.share.ratio, 1)

    @property
    def is_unasked(self) -> bool:
        """Whether nothing was agreed and nothing happened."""
        return self.target is None and not self.share.whole

    @property
    def is_over(self) -> bool:
        """Whether the month has ended."""
        return self.elapsed >= 1

    @property
    def standing(self) -> Standing:
        """Against what was agreed. Leads of a month that runs stand against the whole leads of their part of
        it, so that nobody is behind at its beginning; only what can't be lost any more is kept early.
        """
        if self.target is None:
            return Standing.NOT_AGREED
        if self.value is None:
            return Standing.NOTHING
        is_reached = self.value >= self.target
        if self.is_over:
            return Standing.KEPT if is_reached else Standing.MISSED
        if self.is_count and is_reached:
            return Standing.KEPT
        by_now = int(self.target * self.elapsed) if self.is_count else self.target
        return Standing.ON_THE_WAY if self.value >= by_now else Standing.BEHIND


@dataclass(frozen=True, slots=True)
class Line:
    """One commitment of the version in force, with the last months from the oldest to this one."""

    version: Version
    kind: str
    grade: str
    months: tuple[Month, ...]

    @property
    def label(self) -> str:
        """What is promised."""
        label = str(Kind(self.kind).label)
        return f"{label}, grade {self.grade}" if self.grade else label

    @property
    def definition(self) -> str:
        """How it is counted."""
        return DEFINITIONS[Kind(self.kind)]

    @property
    def now(self) -> Month:
        """This month."""
        return self.months[-1]

    @property
    def unit(self) -> str:
        """Behind a figure."""
        return "" if self.kind == Kind.LEADS else " %"

    @property
    def now_text(self) -> str:
        """This month's figure with its unit."""
        return display.NOTHING if self.now.value is None else f"{display.number(self.now.value)}{self.unit}"

    @property
    def now_note(self) -> str:
        """How it stands against what was agreed, and whose promise it is."""
        side = "marketing" if self.kind in MARKETING else "sales"
        agreed = f"{display.number(self.now.target)}{self.unit}"
        return f"{self.now.standing}: {side} owes {agreed}"

    @property
    def trend(self) -> list[float | None]:
        """The figure of each month, for a sparkline. A month that runs has a share, but no count yet: at its
        beginning that would always look like a fall."""
        return [month.value for month in self.months if month.is_over or not month.is_count]


@dataclass(frozen=True, slots=True)
class Agreed:
    """What one definition promises for a clock: a share in per cent, None for nothing."""

    version: Version
    percent: int | None


def agreed_targets(clock: str) -> list[Agreed]:
    """What each version in force promises for a clock, in the order of definitions: two queries."""
    kind = next(kind for kind, each in CLOCKS.items() if each == clock)
    rows = _versions().filter(status=Version.Status.ACTIVE).order_by("position", "pk")
    return [Agreed(version, _amounts(version).get((kind, ""))) for version in rows]


def one_target(agreed: Iterable[Agreed]) -> int | None:
    """The share that all of them promise; None where one promises none, or they differ."""
    amounts = {each.percent for each in agreed}
    return amounts.pop() if len(amounts) == 1 else None


def commitments(*, now: dt.datetime, zone: zoneinfo.ZoneInfo) -> list[Line]:
    """Every commitment of the versions in force with its months: six queries, however many there are."""
    versions = list(_versions().exclude(activated_at=None).order_by("pk"))
    in_force = sorted(filter(_is_in_force, versions), key=lambda each: (each.position, each.pk))
    if not any(version.commitments.all() for version in in_force):
        return []
    months = _months(now, zone)
    reader = _Reader(versions, _shares(months[0], now, zone), now, zone)
    return [
        Line(version, row.kind, row.grade, tuple(reader.month(version, row, first) for first in months))
        for version in in_force
        for row in sorted(version.commitments.all(), key=_order)
    ]


def _is_in_force(version: Version) -> bool:
    return version.is_in_force


def _order(row: Commitment) -> tuple[int, str]:
    return Kind.values.index(row.kind), row.grade


class _Reader:
    """Makes the months of lines from what was counted."""

    def __init__(
        self,
        versions: Sequence[Version],
        shares: Mapping[Key, Share],
        now: dt.datetime,
        zone: zoneinfo.ZoneInfo,
    ) -> None:
        self.versions, self.shares, self.now, self.zone = versions, shares, now, zone

    def month(self, version: Version, row: Commitment, first: dt.date) -> Month:
        """One month of a commitment; its target is what was agreed at the month's end."""
        start, end = edges_of(first, self.zone)
        then = version if end > self.now else self._in_force(version.definition_id, end)
        return Month(
            first=first,
            share=self.shares.get((version.definition_id, row.kind, row.grade, first), Share(0, 0)),
            target=_amounts(then).get((row.kind, row.grade)) if then else None,
            elapsed=min((self.now - start) / (end - start), 1.0),
            is_count=row.kind == Kind.LEADS,
        )

    def _in_force(self, definition_id: int, at: dt.datetime) -> Version | None:
        found = [
            each
            for each in self.versions
            if each.definition_id == definition_id
            and each.activated_at is not None
            and each.activated_at < at
            and (each.retired_at is None or each.retired_at >= at)
        ]
        return found[-1] if found else None


def _versions() -> QuerySet[Version]:
    return Version.objects.select_related("definition").prefetch_related("commitments")


def _amounts(version: Version) -> dict[tuple[str, str], int]:
    return {(row.kind, row.grade): row.amount for row in version.commitments.all()}


def edges_of(first: dt.date, zone: zoneinfo.ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    """The moments at which the month of that first day begins and the next one does."""
    return start_of(first, zone), start_of(_next(first), zone)


def _months(now: dt.datetime, zone: zoneinfo.ZoneInfo) -> list[dt.date]:
    """The first days of the last months, the oldest first."""
    months = [now.astimezone(zone).date().replace(day=1)]
    while len(months) < MONTHS:
        months.insert(0, (months[0] - dt.timedelta(days=1)).replace(day=1))
    return months


def _next(first: dt.date) -> dt.date:
    return first + dt.timedelta(days=calendar.monthrange(first.year, first.month)[1])


def _shares(first: dt.date, now: dt.datetime, zone: zoneinfo.ZoneInfo) -> dict[Key, Share]:
    """What was counted since ``first``, by definition, kind, grade and month: four queries."""
    start = start_of(first, zone)
    shares: dict[Key, Share] = {}
    handed: defaultdict[Key, int] = defaultdict(int)
    opened = Handoff.objects.filter(ready_at__gte=start, ready_at__lte=now)
    for row in _by_month(opened, "ready_at", zone, "version__definition", "grade", leads=Count("pk")):
        for grade in ("", row["grade"]):
            handed[row["version__definition"], Kind.LEADS, grade, row["first"]] += row["leads"]
    shares |= {key: Share(leads, leads) for key, leads in handed.items()}
    of = "handoff__version__definition"
    decisions = verdicts(Decision.objects.filter(at__gte=start, at__lte=now))
    accepted = {"met": Count("pk", filter=Q(kind=Decision.Kind.ACCEPT)), "due": Count("pk")}
    for row in _by_month(decisions, "at", zone, of, **accepted):
        shares[row[of], Kind.ACCEPTANCE, "", row["first"]] = Share(row["met"], row["due"])
    for kind, clock in CLOCKS.items():
        at = sla.due_at(clock)
        _, end = edges_of(_months(now, zone)[-1], zone)
        due = sla.due_between(Assignment.objects.all(), clock, start, end)
        for row in _by_month(due, at, zone, of, **sla.counts(clock, now)):
            shares[row[of], kind, "", row["first"]] = Share(row["in_time"], row["due"])
    return shares


def _by_month(
    rows: QuerySet[Any], at: str, zone: zoneinfo.ZoneInfo, *columns: str, **figures: Any
) -> list[dict[str, Any]]:
    """The figures of each month, whose first day is ``first``."""
    dated = rows.annotate(month=TruncMonth(at, tzinfo=zone)).order_by().values("month", *columns)
    found = [dict(row) for row in dated.annotate(**figures)]
    return [{**row, "first": row["month"].astimezone(zone).date()} for row in found]
