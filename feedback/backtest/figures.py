"""The figures of a backtest, from the same decisions judged twice. Pure: rows in, shares out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alignment.models import Grade
from feedback.backtest.past import Decided, Past
from feedback.intervals import Share

GRADES: tuple[str | None, ...] = (*Grade.values, None)
BEST = Grade.A.value


@dataclass(frozen=True, slots=True)
class GradeLine:
    """The decided leads of one grade; None is no grade, as the lead was in no scope.

    ``won`` is of the accepted leads whose end is known.
    """

    grade: str | None
    accepted: Share
    won: Share


@dataclass(frozen=True, slots=True)
class Lift:
    """How many times as often a lead of the best grade is accepted as any; the range takes the share of
    all as certain, as it rests on many more."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Side:
    """What one set of versions makes of the decided leads.

    ``precision`` is accepted of sales-ready, ``recall`` sales-ready of accepted.
    """

    by_grade: tuple[GradeLine, ...]
    all: GradeLine
    precision: Share
    recall: Share

    def of(self, grade: str | None) -> GradeLine:
        """The line of a grade."""
        return next(line for line in self.by_grade if line.grade == grade)

    @property
    def best(self) -> GradeLine:
        """The line of the best grade."""
        return self.of(BEST)

    @property
    def lift(self) -> Lift | None:
        """A against all; None where either has none."""
        best, every = self.best.accepted, self.all.accepted.ratio
        if best.ratio is None or not every:
            return None
        return Lift(best.ratio / every, best.low / every, best.high / every)


@dataclass(frozen=True, slots=True)
class Pair:
    """One decision under both: in force, and under the draft."""

    old: Decided
    new: Decided

    @property
    def has_moved(self) -> bool:
        """Whether its grade differs."""
        return self.old.grade != self.new.grade


@dataclass(frozen=True, slots=True)
class Backtest:
    """The same decisions under the versions in force and with the draft among them.

    ``found`` are all decisions of the window, of which ``pairs`` are the newest.
    """

    pairs: tuple[Pair, ...]
    active: Side
    draft: Side
    found: int

    @property
    def size(self) -> int:
        """The decisions that were judged."""
        return len(self.pairs)

    @property
    def unstored(self) -> int:
        """Those for which facts of today had to do."""
        return sum(not (pair.old.is_stored and pair.new.is_stored) for pair in self.pairs)

    @property
    def moved(self) -> int:
        """Those that would have another grade."""
        return sum(pair.has_moved for pair in self.pairs)

    @property
    def is_thin(self) -> bool:
        """Whether there are too few decisions to trust any figure."""
        return self.active.all.accepted.is_thin

    @property
    def lines(self) -> list[tuple[GradeLine, GradeLine]]:
        """Active and draft of each grade that has leads on either side, then of all."""
        both = list(zip(self.active.by_grade, self.draft.by_grade, strict=True))
        shown = [(old, new) for old, new in both if old.accepted.whole or new.accepted.whole]
        return [*shown, (self.active.all, self.draft.all)]


def compare(active: Past, draft: Past) -> Backtest:
    """Both sides of the decisions that were judged under both."""
    new = {row.decision_id: row for row in draft.rows}
    pairs = tuple(Pair(row, new[row.decision_id]) for row in active.rows if row.decision_id in new)
    found = max(active.found, draft.found)
    return Backtest(pairs, _side([pair.old for pair in pairs]), _side([pair.new for pair in pairs]), found)


def _side(rows: Sequence[Decided]) -> Side:
    accepted = [row for row in rows if row.is_accepted]
    ready = [row for row in rows if row.is_ready]
    both = sum(row.is_ready for row in accepted)
    return Side(
        by_grade=tuple(_line(grade, [row for row in rows if row.grade == grade]) for grade in GRADES),
        all=_line(None, rows),
        precision=Share(both, len(ready)),
        recall=Share(both, len(accepted)),
    )


def _line(grade: str | None, rows: Iterable[Decided]) -> GradeLine:
    found = list(rows)
    ended = [row for row in found if row.is_accepted and row.end]
    won = sum(row.end == "won" for row in ended)
    accepted = sum(row.is_accepted for row in found)
    return GradeLine(grade, Share(accepted, len(found)), Share(won, len(ended)))
