"""Why sales rejects: rejections by reason, dimension, source and criterion."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from feedback.models import Decision


@dataclass(frozen=True, slots=True)
class Line:
    """One group of rejections: ``key`` filters to it, ``unseen`` marketing has not read."""

    key: str
    label: str
    count: int
    before: int
    unseen: int
    detail: str = ""

    @property
    def change(self) -> int:
        """Against the period before, of equal length."""
        return self.count - self.before


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` up to but not including ``end``, and as long a time before it."""

    start: dt.datetime
    end: dt.datetime

    @property
    def before(self) -> "Period":
        return Period(self.start - (self.end - self.start), self.start)

    def __contains__(self, moment: dt.datetime) -> bool:
        return self.start <= moment < self.end

    def q(self) -> Q:
        return Q(at__gte=self.start, at__lt=self.end)


GROUPINGS: dict[str, tuple[str, str, str]] = {
    "reason": ("reason__key", "reason__label", "reason__suggestion"),
    "dimension": ("reason__dimension", "reason__dimension", ""),
    "criterion": ("reason__criterion_key", "reason__criterion_key", ""),
    "source": ("handoff__lead__source", "handoff__lead__source", ""),
}
"""By what rejections can be grouped: the columns of key, label and detail."""


def rejections(decisions: QuerySet[Decision], period: Period) -> QuerySet[Decision]:
    """The rejections of a period, newest first."""
    return decisions.filter(period.q(), kind=Decision.Kind.REJECT).order_by("-at", "-id")


def by(decisions: QuerySet[Decision], grouping: str, period: Period) -> list[Line]:
    """Rejections of the period in groups, the largest first; ``grouping`` is a key of GROUPINGS.

    A reason keeps its key across versions, so its rejections under several versions are one line.
    """
    key, label, detail = GROUPINGS[grouping]
    both = Q(at__gte=period.before.start, at__lt=period.end)
    rows = (
        decisions.filter(both, kind=Decision.Kind.REJECT)
        .values_list(*dict.fromkeys(column for column in (key, label, detail) if column))
        .annotate(
            count=Count("pk", filter=period.q()),
            before=Count("pk", filter=period.before.q()),
            unseen=Count("pk", filter=period.q() & Q(seen_at=None)),
        )
        .order_by()
    )
    merged: dict[str, Line] = {}
    for *columns, count, before, unseen in rows:
        values = dict(zip(dict.fromkeys(c for c in (key, label, detail) if c), columns, strict=True))
        line = merged.get(values[key], Line(values[key], values[label], 0, 0, 0, values.get(detail, "")))
        merged[values[key]] = Line(
            line.key,
            line.label,
            line.count + count,
            line.before + before,
            line.unseen + unseen,
            line.detail,
        )
    return sorted(merged.values(), key=lambda line: (-line.count, line.label))
