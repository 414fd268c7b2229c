"""Why sales rejects: rejections by reason, dimension, source and criterion."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from alignment.models import Criterion, Dimension, Reason
from feedback.models import Decision
from feedback.querysets import standing


@dataclass(frozen=True, slots=True)
class Line:
    """One group of rejections: ``key`` filters to it, ``detail`` is what a reason suggests to change.

    ``before`` counts the period before, None where sales had not begun by then; ``unseen`` are those that
    marketing has not read.
    """

    key: str
    label: str
    detail: str
    count: int
    before: int | None
    unseen: int

    @property
    def change(self) -> int | None:
        """Against the period before, of equal length."""
        return None if self.before is None else self.count - self.before


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` up to but not including ``end``, and as long a time before it."""

    start: dt.datetime
    end: dt.datetime

    @property
    def before(self) -> "Period":
        return Period(self.start - (self.end - self.start), self.start)

    def q(self) -> Q:
        """The condition on ``at``."""
        return Q(at__gte=self.start, at__lt=self.end)


GROUPINGS = {
    "reason": "reason__key",
    "dimension": "reason__dimension",
    "criterion": "reason__criterion_key",
    "source": "handoff__lead__source",
}
"""By what rejections can be grouped, and the column of each."""


def rejections(decisions: QuerySet[Decision], period: Period) -> QuerySet[Decision]:
    """The rejections of a period, newest first."""
    return standing(decisions).filter(period.q(), kind__in=Decision.REJECTIONS).order_by("-at", "-id")


def by(decisions: QuerySet[Decision], grouping: str, period: Period) -> list[Line]:
    """Rejections of the period in groups, the largest first; ``grouping`` is a key of GROUPINGS.

    Reasons and criteria keep their key across versions, so they are one line each, under their
    newest label. Two queries, and one for the labels.
    """
    has_before = decisions.filter(at__lt=period.before.start).exists()
    both = Q(at__gte=period.before.start, at__lt=period.end)
    rows = (
        standing(decisions)
        .filter(both, kind__in=Decision.REJECTIONS)
        .values_list(GROUPINGS[grouping])
        .annotate(
            now=Count("pk", filter=period.q()),
            before=Count("pk", filter=period.before.q()),
            unseen=Count("pk", filter=period.q() & Q(seen_at=None)),
        )
        .order_by()
    )
    counts = {key: (now, before if has_before else None, unseen) for key, now, before, unseen in rows}
    labels = _labels(grouping, counts)
    lines = [_line(key, labels.get(key, (key, "")), figures) for key, figures in counts.items()]
    return sorted(lines, key=lambda line: (-line.count, line.label))


def _line(key: str, words: tuple[str, str], figures: tuple[int, int | None, int]) -> Line:
    label, detail = words
    count, before, unseen = figures
    return Line(key=key, label=label, detail=detail, count=count, before=before, unseen=unseen)


def _labels(grouping: str, keys: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Label and detail of each key; an empty key says what is missing."""
    if grouping == "reason":
        rows = Reason.objects.filter(key__in=keys).order_by("version_id")
        return {key: (label, hint) for key, label, hint in rows.values_list("key", "label", "suggestion")}
    if grouping == "criterion":
        found = Criterion.objects.filter(key__in=keys).order_by("version_id").values_list("key", "label")
        return {"": ("No criterion", "")} | {key: (label, "") for key, label in found}
    if grouping == "dimension":
        return {"": ("No dimension", "")} | {each.value: (each.label, "") for each in Dimension}
    return {"": ("No source", "")}
