"""Shares with how far they can be trusted: a count of how many, of how many, and the range around it."""

from dataclasses import dataclass
from math import sqrt

CONFIDENT = 1.959964  # standard errors either side of what holds in 95 of 100 samples
FEWEST = 30
"""Fewer are too few to trust: below 30 the range around one half is wider than 17 points either way, so that
50 % can't be told from 67 %. No team should change its agreement on less."""


@dataclass(frozen=True, slots=True)
class Share:
    """``part`` of ``whole``."""

    part: int
    whole: int

    @property
    def ratio(self) -> float | None:
        """From 0 to 1; None of nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def is_thin(self) -> bool:
        """Whether there are too few to trust it."""
        return self.whole < FEWEST

    @property
    def low(self) -> float:
        """The lower end of the 95 % range."""
        return wilson(self.part, self.whole)[0]

    @property
    def high(self) -> float:
        """The upper end of the 95 % range."""
        return wilson(self.part, self.whole)[1]


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The range in which the true share lies in 95 of 100 samples; from 0 to 1 for a sample of none.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
    American Statistical Association 22 (1927), 209-212; recommended for small samples by Brown, Cai and
    DasGupta, "Interval estimation for a binomial proportion", Statistical Science 16 (2001), 101-133.
    """
    if not whole:
        return 0.0, 1.0
    share, spread = part / whole, CONFIDENT**2 / whole
    middle = share + spread / 2
    reach = CONFIDENT * sqrt(share * (1 - share) / whole + spread / (4 * whole))
    low, high = (middle - reach) / (1 + spread), (middle + reach) / (1 + spread)
    return max(0.0, min(low, share)), min(1.0, max(high, share))  # rounding stays on its side
