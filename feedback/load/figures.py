"""The figures of the load, from the same leads judged twice. Pure: rows in, estimates out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from alignment.models import Grade
from feedback.intervals import CONFIDENT
from feedback.load.weeks import WEEKS, Weeks
from scoring.sampling import Estimate, estimate

WEEKS_SHOWN = WEEKS


@dataclass(frozen=True, slots=True)
class Extra:
    """``value`` more a week (fewer below 0), give or take ``margin`` in 95 of 100 samples; 0 is exact."""

    value: float
    margin: float

    def per(self, reps: int) -> "Extra":
        """The share of each of ``reps``."""
        return Extra(self.value / reps, self.margin / reps) if reps else Extra(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Load:
    """What the draft would bring to sales, beside what the versions in force bring.

    ``backlog`` are the leads by grade that would become sales-ready at once and that sales might get now.
    ``active`` and ``draft`` became sales-ready in the last weeks; the ids are those found in the sample.
    """

    size: int
    total: int
    active: Estimate
    draft: Estimate
    extra: Extra
    backlog: dict[str, Estimate]
    backlog_all: Estimate
    backlog_ids: tuple[int, ...]
    active_ids: tuple[int, ...]
    draft_ids: tuple[int, ...]

    @property
    def is_sample(self) -> bool:
        """Whether it stands for more leads than were judged."""
        return self.size < self.total

    @property
    def active_a_week(self) -> float:
        """Sales-ready leads a week under the versions in force."""
        return self.active.leads / WEEKS

    @property
    def draft_a_week(self) -> float:
        """Sales-ready leads a week with the draft."""
        return self.draft.leads / WEEKS

    def weeks_to_clear(self, best_week: float) -> float | None:
        """How long the backlog keeps sales busy beside what comes every week, at the decisions of its best
        week; None for ever."""
        spare = best_week - self.draft_a_week
        if not self.backlog_all.leads:
            return 0.0
        return self.backlog_all.leads / spare if spare > 0 else None


def compare(active: Weeks, draft: Weeks) -> Load:
    """Both sides of the same leads."""
    size, total = min(active.size, draft.size), max(active.total, draft.total)

    def scaled(found: int) -> Estimate:
        return estimate(found, size=size, total=total)

    old = tuple(turn.lead_id for turn in active.leads if turn.week)
    new = tuple(turn.lead_id for turn in draft.leads if turn.week)
    ready = {turn.lead_id for turn in active.leads if turn.grade}
    waiting = [turn for turn in draft.leads if turn.grade and turn.is_free and turn.lead_id not in ready]
    grades = Counter(turn.grade for turn in waiting)
    return Load(
        size=size,
        total=total,
        active=scaled(len(old)),
        draft=scaled(len(new)),
        extra=_extra(old, new, size=size, total=total),
        backlog={grade: scaled(grades[grade]) for grade in Grade.values if grades[grade]},
        backlog_all=scaled(len(waiting)),
        backlog_ids=tuple(turn.lead_id for turn in waiting),
        active_ids=old,
        draft_ids=new,
    )


def _extra(old: Sequence[int], new: Sequence[int], *, size: int, total: int) -> Extra:
    """New less old a week. A lead counts +1, 0 or -1, so leads on both sides make it no less certain."""
    more, fewer = len(set(new) - set(old)), len(set(old) - set(new))
    if not size:
        return Extra(0.0, 0.0)
    change, scale = more - fewer, total / size
    spread = max(0.0, more + fewer - change**2 / size)
    part = sqrt((total - size) / (total - 1)) if total > size else 0.0
    return Extra(change * scale / WEEKS, CONFIDENT * sqrt(spread) * part * scale / WEEKS)
