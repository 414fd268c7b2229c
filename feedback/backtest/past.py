"""The leads that sales decided on, judged as of each decision on the facts stored with it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from alignment.spec import VersionSpec
from feedback.models import Decision, Outcome
from feedback.querysets import verdicts
from scoring.engine import given
from scoring.engine.given import PastJudge

WINDOW = dt.timedelta(days=365)
MOST = 2_000
"""The newest so many: the range around a share is then about two points either way, and the judging takes
less than a minute in the background."""


class Decided(NamedTuple):
    """One decision and what versions say of its lead; ``end`` is "won", "lost" or empty while open."""

    decision_id: int
    is_accepted: bool
    end: str
    grade: str | None
    total: int
    is_ready: bool
    is_stored: bool


@dataclass(frozen=True, slots=True)
class Past:
    """The decisions of the window that were judged, newest first, of ``found`` in all."""

    rows: tuple[Decided, ...]
    found: int

    def to_json(self) -> dict[str, Any]:
        """As ``Hindsight`` stores it."""
        return {"rows": [list(row) for row in self.rows], "found": self.found}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Past":
        """Back from ``to_json``."""
        return cls(tuple(Decided(*row) for row in data["rows"]), data["found"])


def decided(*, now: dt.datetime) -> QuerySet[Decision]:
    """The decisions that a backtest is about, the newest first."""
    of_window = Decision.objects.filter(at__gt=now - WINDOW, at__lte=now)
    return verdicts(of_window).order_by("-at", "-pk")


def look_back(specs: Sequence[VersionSpec], *, now: dt.datetime, zone: ZoneInfo) -> Past:
    """Judge the newest ``MOST`` decisions of the last year under ``specs``; nothing is written."""
    every = decided(now=now)
    won, lost = (
        Exists(Outcome.objects.filter(handoff=OuterRef("handoff"), kind=kind))
        for kind in (Outcome.Kind.WON, Outcome.Kind.LOST)
    )
    rows = list(
        every.annotate(is_won=won, is_lost=lost).values_list(
            "pk", "handoff__lead_id", "at", "facts", "kind", "is_won", "is_lost"
        )[:MOST]
    )
    asked = [given.Past(pk, lead_id, at, facts) for pk, lead_id, at, facts, *_ in rows]
    verdicts = {verdict.id: verdict for verdict in PastJudge(specs, zone).judge(asked)}
    return Past(
        tuple(
            Decided(
                pk,
                kind == Decision.Kind.ACCEPT,
                "won" if is_won else "lost" if is_lost else "",
                verdicts[pk].judged.grade,
                verdicts[pk].judged.total,
                verdicts[pk].judged.is_ready,
                verdicts[pk].is_stored,
            )
            for pk, _lead, _at, _facts, kind, is_won, is_lost in rows
            if pk in verdicts
        ),
        every.count(),
    )
