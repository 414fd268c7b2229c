"""The scoreboard: does it work? Six figures of the last weeks, each with its twelve weeks."""

import datetime as dt
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncWeek

from core import display
from feedback.models import Assignment, Decision, Handoff, Outcome, SlaEvent
from feedback.querysets import verdicts
from feedback.reports.measuring import due_cells
from feedback.reports.splits import Split
from feedback.reports.weeks import WEEKS, monday_of, start_of, week_of
from leads.models import Lead

RECENT = 4
"""The weeks, this one included, that a large figure covers; it is compared with as many before."""

Weekly = list[float | None]


@dataclass(frozen=True, slots=True)
class Figure:
    """A large figure with what it means, the weeks behind it and one sentence."""

    label: str
    text: str
    definition: str
    sentence: str
    weeks: Weekly


@dataclass(frozen=True, slots=True)
class Span:
    """Twelve weeks up to and including this one, as Mondays in the company's zone."""

    mondays: tuple[dt.date, ...]
    zone: zoneinfo.ZoneInfo

    @property
    def start(self) -> dt.datetime:
        return start_of(self.mondays[0], self.zone)

    @property
    def end(self) -> dt.datetime:
        return start_of(self.mondays[-1] + dt.timedelta(weeks=1), self.zone)


def figures(*, now: dt.datetime, zone: zoneinfo.ZoneInfo, currency: str) -> list[Figure]:
    """The six figures in 6 queries; amounts are in ``currency``, the reporting currency."""
    monday = monday_of(now, zone)
    span = Span(tuple(monday - dt.timedelta(weeks=WEEKS - 1 - week) for week in range(WEEKS)), zone)
    decided, accepted = _decisions(span)
    due, met = _promises(span, now)
    outcomes = Outcome.objects.all()
    won = outcomes.filter(kind=Outcome.Kind.WON)
    return [
        _count("New leads", _weekly(Lead.objects.all(), "created_at", span), "Leads that came in."),
        _count(
            "Handed to sales",
            _weekly(Handoff.objects.all(), "ready_at", span),
            "Leads that met the definition both teams signed.",
        ),
        _share("Answered in time", met, due, "First responses that were due and given in time."),
        _share("Accepted by sales", accepted, decided, "Of the leads that sales decided on."),
        _count(
            "Qualified",
            _weekly(outcomes.filter(kind=Outcome.Kind.QUALIFIED), "at", span),
            "Accepted leads that became opportunities.",
        ),
        _money(
            "Won",
            _weekly(won, "at", span, Sum("amount_reporting")),
            currency,
            "Amounts of accepted leads that bought.",
        ),
    ]


def _weekly(rows: QuerySet[Any], at: str, span: Span, value: Any = None) -> list[float]:
    """``value`` (a count unless given) of the rows of each week."""
    found = (
        rows.filter(**{f"{at}__gte": span.start, f"{at}__lt": span.end})
        .annotate(week=TruncWeek(at, tzinfo=span.zone))
        .values_list("week")
        .annotate(value=value or Count("pk"))
        .order_by()
    )
    by_week = {week.astimezone(span.zone).date(): amount for week, amount in found}
    return [float(by_week.get(monday) or 0) for monday in span.mondays]


def _decisions(span: Span) -> tuple[list[float], list[float]]:
    decisions = verdicts(Decision.objects.filter(at__gte=span.start, at__lt=span.end))
    accepted = Count("pk", filter=Q(kind=Decision.Kind.ACCEPT))
    return _weekly(decisions, "at", span), _weekly(decisions, "at", span, accepted)


def _promises(span: Span, now: dt.datetime) -> tuple[list[float], list[float]]:
    clock = SlaEvent.Clock.RESPONSE
    weeks = [week_of(monday, span.zone) for monday in span.mondays]
    cells = due_cells(Assignment.objects.all(), weeks, split=Split.TEAM, clock=clock, now=now)
    due, met = [], []
    for monday in span.mondays:
        week = [figures for (day, *_), figures in cells.items() if day == monday]
        due.append(float(sum(each.due for each in week)))
        met.append(float(sum(each.met for each in week)))
    return due, met


def _count(label: str, weeks: list[float], definition: str) -> Figure:
    return _figure(label, weeks, definition, lambda value: display.number(round(value)))


def _money(label: str, weeks: list[float], currency: str, definition: str) -> Figure:
    return _figure(label, weeks, definition, lambda value: display.money(round(Decimal(value)), currency))


def _figure(label: str, weeks: list[float], definition: str, text: Callable[[float], str]) -> Figure:
    now, before = sum(weeks[-RECENT:]), sum(weeks[-2 * RECENT : -RECENT])
    sentence = f"{text(before)} in the {RECENT} weeks before."
    return Figure(label, text(now), definition, sentence, list(weeks))


def _share(label: str, parts: list[float], wholes: list[float], definition: str) -> Figure:
    def ratio(start: int, end: int | None) -> float | None:
        whole = sum(wholes[start:end])
        return sum(parts[start:end]) / whole if whole else None

    now, before = ratio(-RECENT, None), ratio(-2 * RECENT, -RECENT)
    of = f"{display.number(round(sum(parts[-RECENT:])))} of {display.number(round(sum(wholes[-RECENT:])))}"
    sentence = f"{of}; {display.percent(before)} in the {RECENT} weeks before."
    weeks = [part / whole if whole else None for part, whole in zip(parts, wholes, strict=True)]
    return Figure(label, display.percent(now), definition, sentence, weeks)
