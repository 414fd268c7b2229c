"""What a lead lacks, as far as content can help: the question to answer next, and the others. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from alignment.models import Dimension
from feedback.words import BantLine, next_question
from leads.models import BantLevel

HALF = 0.5


@dataclass(frozen=True, slots=True)
class Wanted:
    """``first`` is the dimension to work on next, "" if none is weak; ``others`` are weak as well."""

    first: str = ""
    others: frozenset[str] = frozenset()

    @property
    def all(self) -> frozenset[str]:
        return self.others | ({self.first} if self.first else frozenset())


def wanted(lines: Iterable[BantLine], shares: Mapping[str, float]) -> Wanted:
    """The weak dimensions: BANT questions that aren't met, then fit and engagement below half their cap.

    ``shares`` has the points of fit and engagement as a share of their caps, where they are known.
    The next question is that of the queue; once all four are met, the weaker of the other two.
    """
    listed = list(lines)
    asked = next_question(listed)
    open_questions = {line.dimension.value for line in listed if line.level < BantLevel.MET}
    weak = {each: share for each, share in shares.items() if share < HALF}
    first = asked.dimension.value if asked else min(weak, key=lambda each: weak[each], default="")
    return Wanted(first, frozenset(open_questions | weak.keys()) - {first})


def shares_of(points: Mapping[str, int], caps: Mapping[str, int]) -> dict[str, float]:
    """The shares of fit and engagement; a dimension without a cap has none."""
    sides = (Dimension.FIT.value, Dimension.ENGAGEMENT.value)
    return {each: points[each] / caps[each] for each in sides if caps.get(each) and each in points}
