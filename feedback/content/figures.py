"""How much each piece is used, and what came of the leads it was used on. Exact, from rows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from feedback.intervals import Share
from feedback.models import ContentPiece, ContentUse, Decision, Outcome
from feedback.querysets import verdicts

WEEKS = 12
PERIOD = timedelta(weeks=WEEKS)
USED = f"Times that somebody in sales copied it or opened a mail with it, in the last {WEEKS} weeks."
ACCEPTED = (
    "Accepted / accepted or rejected, of the handoffs in which it was used before sales decided; each counts "
    "once. It shows where it is used, not that it is the cause."
)
WON = "Won / won or lost, of the handoffs in which it was used before the end was known."
NOTHING = Share(0, 0)
ENDED = (Outcome.Kind.WON, Outcome.Kind.LOST)
SHOWS = {
    "accepted": "Accepted",
    "rejected": "Rejected",
    "won": "Won",
    "lost": "Lost",
}
"""What came of a handoff after the use, in the order of the tabs."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The uses of one piece in the period, and what came of the handoffs."""

    uses: int = 0
    reps: int = 0
    leads: int = 0
    last: datetime | None = None
    accepted: Share = NOTHING
    won: Share = NOTHING


def recent(now: datetime) -> QuerySet[ContentUse]:
    """The uses of the period up to now."""
    return ContentUse.objects.filter(at__gt=now - PERIOD, at__lte=now)


def with_results(uses: QuerySet[ContentUse]) -> QuerySet[ContentUse]:
    """``uses`` with ``verdict`` and ``end``: what sales decided after the use, how it ended; else null."""
    decided = verdicts(Decision.objects.filter(handoff=OuterRef("handoff"), at__gte=OuterRef("at"))).order_by(
        "at", "pk"
    )
    ended = Outcome.objects.filter(
        handoff=OuterRef("handoff"), kind__in=ENDED, at__gte=OuterRef("at")
    ).order_by("at", "pk")
    return uses.annotate(verdict=Subquery(decided.values("kind")[:1]), end=Subquery(ended.values("kind")[:1]))


def results(show: str) -> Q:
    """The condition on uses ``with_results`` of one of ``SHOWS``."""
    return {
        "accepted": Q(verdict=Decision.Kind.ACCEPT),
        "rejected": Q(verdict__in=Decision.REJECTIONS),
        "won": Q(end=Outcome.Kind.WON),
        "lost": Q(end=Outcome.Kind.LOST),
    }[show]


def figures(pieces: Collection[int], *, now: datetime) -> dict[int, Figures]:
    """The figures of these pieces, in one query; a piece without uses has zeros.

    A handoff counts once, however often the piece was used in it.
    """
    rows = with_results(recent(now).filter(piece__in=pieces)).order_by().values("piece")
    counted = rows.annotate(
        uses=Count("pk"),
        reps=Count("by", distinct=True),
        leads=Count("lead", distinct=True),
        last=Max("at"),
        **{show: Count("handoff", distinct=True, filter=results(show)) for show in SHOWS},
    )
    found = {row["piece"]: row for row in counted}
    return {pk: _figures(found[pk]) if pk in found else Figures() for pk in pieces}


def never_used() -> Combinable:
    """The condition on pieces that nobody ever used."""
    return ~Exists(ContentUse.objects.filter(piece=OuterRef("pk")))


def with_uses(pieces: QuerySet[ContentPiece], *, now: datetime) -> QuerySet[ContentPiece]:
    """``pieces`` with ``used``, the number of uses in the period, to sort by."""
    own = recent(now).filter(piece=OuterRef("pk")).order_by().values("piece")
    count = Subquery(own.annotate(count=Count("pk")).values("count"), output_field=IntegerField())
    return pieces.annotate(used=Coalesce(count, Value(0)))


def ordered(pieces: QuerySet[ContentPiece], sort: str) -> QuerySet[ContentPiece]:
    """By what the head of the table asks for; by title otherwise."""
    column = {"used": F("used").asc(), "-used": F("used").desc(), "-title": F("title_folded").desc()}.get(
        sort
    )
    return pieces.order_by(*([column] if column else []), "title_folded", "pk")


def _figures(row: Mapping[str, Any]) -> Figures:
    accepted, won = row["accepted"], row["won"]
    return Figures(
        uses=row["uses"],
        reps=row["reps"],
        leads=row["leads"],
        last=row["last"],
        accepted=Share(accepted, accepted + row["rejected"]),
        won=Share(won, won + row["lost"]),
    )
