"""The leads behind each figure of the commitments: the same rows that were counted, one by one."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, QuerySet, Value, When

from alignment.models import Commitment
from feedback.access import visible_assignments, visible_decisions, visible_handoffs
from feedback.models import Assignment, Decision, Handoff
from feedback.querysets import verdicts
from feedback.reports import sla
from feedback.reports.commitments import CLOCKS, edges_of
from leads.models import Lead
from users.models import User

Kind = Commitment.Kind
KEPT, MISSED = "kept", "missed"
IN_TIME = {KEPT: "In time", MISSED: "Late or overdue"}
SHOWS: dict[str, dict[str, str]] = {
    Kind.LEADS: {},
    Kind.ACCEPTANCE: {KEPT: "Accepted", MISSED: "Not accepted"},
    Kind.FOLLOW_UP: IN_TIME,
    Kind.FEEDBACK: IN_TIME,
}
"""How the rows of a kind may be told apart; of the leads handed over there is nothing to tell."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One figure: a definition's commitment in the month that begins on ``first``.

    ``grade`` narrows the leads handed over and is empty for all.
    """

    definition_id: int
    kind: str
    grade: str
    first: dt.date


@dataclass(frozen=True, slots=True)
class Row:
    """One lead of a figure: ``at`` it was handed over, decided on or due, and ``met_at`` it was answered.

    ``is_kept`` is None where nothing was promised of the single lead.
    """

    lead: Lead
    grade: str
    person: User | None
    at: dt.datetime
    met_at: dt.datetime | None
    words: str
    is_kept: bool | None


def rows_behind(
    viewer: User, asked: Asked, *, show: str, now: dt.datetime, zone: zoneinfo.ZoneInfo
) -> QuerySet[Any]:
    """What was counted, as far as the person may see it, the newest first; ``show`` is empty for all."""
    if asked.kind == Kind.LEADS:
        return _handed_over(viewer, asked, now, zone)
    if asked.kind == Kind.ACCEPTANCE:
        return _decisions(viewer, asked, show, now, zone)
    return _clocks(viewer, asked, show, now, zone)


def row_of(found: Any, asked: Asked) -> Row:
    """One of them as the page shows it."""
    if asked.kind == Kind.LEADS:
        return Row(found.lead, found.grade, None, found.ready_at, None, found.get_state_display(), None)
    handoff = found.handoff
    if asked.kind == Kind.ACCEPTANCE:
        words = str(found.reason) if found.reason else found.get_kind_display()
        is_kept = found.kind == Decision.Kind.ACCEPT
        return Row(handoff.lead, handoff.grade, found.by, found.at, None, words, is_kept)
    clock = CLOCKS[Kind(asked.kind)]
    met_at = found.responded_at if asked.kind == Kind.FOLLOW_UP else found.decided_at
    words = _in_words(is_kept=found.is_kept, met_at=met_at, is_open=found.ended_at is None)
    at = getattr(found, sla.due_at(clock))
    return Row(handoff.lead, handoff.grade, found.owner, at, met_at, words, found.is_kept)


def _handed_over(viewer: User, asked: Asked, now: dt.datetime, zone: zoneinfo.ZoneInfo) -> QuerySet[Handoff]:
    start, end = edges_of(asked.first, zone)
    handoffs = visible_handoffs(viewer).filter(
        version__definition=asked.definition_id, ready_at__gte=start, ready_at__lt=end, ready_at__lte=now
    )
    if asked.grade:
        handoffs = handoffs.filter(grade=asked.grade)
    return handoffs.select_related("lead__company").order_by("-ready_at", "-pk")


def _decisions(
    viewer: User, asked: Asked, show: str, now: dt.datetime, zone: zoneinfo.ZoneInfo
) -> QuerySet[Decision]:
    start, end = edges_of(asked.first, zone)
    kinds = {KEPT: [Decision.Kind.ACCEPT], MISSED: Decision.REJECTIONS}
    decisions = verdicts(visible_decisions(viewer)).filter(
        handoff__version__definition=asked.definition_id,
        kind__in=kinds.get(show, Decision.Kind.values),
        at__gte=start,
        at__lt=end,
        at__lte=now,
    )
    return decisions.select_related("handoff__lead__company", "by", "reason").order_by("-at", "-pk")


def _clocks(
    viewer: User, asked: Asked, show: str, now: dt.datetime, zone: zoneinfo.ZoneInfo
) -> QuerySet[Assignment]:
    clock = CLOCKS[Kind(asked.kind)]
    wanted = {KEPT: sla.met(clock), MISSED: sla.missed(clock, now)}
    due = sla.due_between(visible_assignments(viewer), clock, *edges_of(asked.first, zone)).filter(
        wanted.get(show, sla.counted(clock, now)), handoff__version__definition=asked.definition_id
    )
    met = Case(When(sla.met(clock), then=Value(True)), default=Value(False))
    related = due.select_related("handoff__lead__company", "owner").annotate(is_kept=met)
    return related.order_by(f"-{sla.due_at(clock)}", "-pk")


def _in_words(*, is_kept: bool, met_at: dt.datetime | None, is_open: bool) -> str:
    if is_kept:
        return "In time"
    return "Late" if met_at else "Overdue" if is_open else "Never"
