"""The scoreboard: does it work? Six figures of the last four weeks, each with its twelve weeks.

A week is seven days up to this moment: what is compared is equally long on any day.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Aggregate, Count, Q, QuerySet, Sum

from core import display
from feedback.models import Assignment, Decision, Handoff, Outcome, SlaEvent
from feedback.querysets import verdicts
from feedback.reports import sla
from feedback.reports.weeks import WEEKS, Span, place_among, weeks_before, within
from leads.models import Lead

RECENT = 4
"""The weeks that a large figure covers; it is compared with as many before."""
DAYS = 7 * RECENT
COUNT = Count("pk")


@dataclass(frozen=True, slots=True)
class Figure:
    """A large figure with what it means, the weeks behind it and one sentence."""

    label: str
    text: str
    definition: str
    sentence: str
    weeks: Sequence[float | None]


def figures(*, now: dt.datetime, currency: str) -> list[Figure]:
    """The six figures in 6 queries; amounts are in ``currency``, the reporting currency."""
    weeks = weeks_before(now, WEEKS)
    came = _weekly(Lead.objects.all(), "created_at", weeks, leads=COUNT)
    handed = _weekly(Handoff.objects.all(), "ready_at", weeks, leads=COUNT)
    clock = SlaEvent.Clock.RESPONSE
    promised = _weekly(Assignment.objects.all(), sla.due_at(clock), weeks, **sla.counts(clock, now))
    accepted = Count("pk", filter=Q(kind=Decision.Kind.ACCEPT))
    decided = _weekly(verdicts(Decision.objects.all()), "at", weeks, all=COUNT, accepted=accepted)
    qualified = _weekly(Outcome.objects.filter(kind=Outcome.Kind.QUALIFIED), "at", weeks, leads=COUNT)
    won = _weekly(Outcome.objects.filter(kind=Outcome.Kind.WON), "at", weeks, amount=Sum("amount_reporting"))
    return [
        _count("New leads", came["leads"], "Leads that came in."),
        _count("Handed to sales", handed["leads"], "Leads that met the definition both teams signed."),
        _share(
            "Followed up in time",
            promised["in_time"],
            promised["due"],
            "First responses that were due and given in time.",
        ),
        _share(
            "Accepted by sales", decided["accepted"], decided["all"], "Of the leads that sales decided on."
        ),
        _count("Qualified", qualified["leads"], "Accepted leads that became opportunities."),
        _money("Won", won["amount"], currency, "Amounts of accepted leads that bought."),
    ]


def _weekly(
    rows: QuerySet[Any], at: str, weeks: Sequence[Span], **figures: Aggregate
) -> dict[str, list[Any]]:
    """Each of ``figures`` of the rows of each week, 0 for a week without any. One query."""
    placed = rows.filter(within(at, weeks)).annotate(week=place_among(at, weeks))
    found = {row["week"]: row for row in placed.order_by().values("week").annotate(**figures)}
    return {name: [found.get(place, {}).get(name) or 0 for place in range(len(weeks))] for name in figures}


def _count(label: str, weeks: list[int], definition: str) -> Figure:
    return _figure(label, weeks, definition, display.number)


def _money(label: str, weeks: list[Decimal], currency: str, definition: str) -> Figure:
    return _figure(label, weeks, definition, lambda value: display.money(round(value), currency))


def _figure(label: str, weeks: list[Any], definition: str, text: Callable[[Any], str]) -> Figure:
    now, before = sum(weeks[-RECENT:]), sum(weeks[-2 * RECENT : -RECENT])
    sentence = f"{text(before)} in the {DAYS} days before."
    return Figure(label, text(now), definition, sentence, [float(week) for week in weeks])


def _share(label: str, parts: list[int], wholes: list[int], definition: str) -> Figure:
    def ratio(start: int, end: int | None) -> float | None:
        whole = sum(wholes[start:end])
        return sum(parts[start:end]) / whole if whole else None

    now, before = ratio(-RECENT, None), ratio(-2 * RECENT, -RECENT)
    of = f"{display.number(sum(parts[-RECENT:]))} of {display.number(sum(wholes[-RECENT:]))}"
    sentence = f"{of}; {display.percent(before)} in the {DAYS} days before."
    weeks = [part / whole if whole else None for part, whole in zip(parts, wholes, strict=True)]
    return Figure(label, display.percent(now), definition, sentence, weeks)
