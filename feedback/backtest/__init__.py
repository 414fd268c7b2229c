"""The backtest: how versions would have graded the leads that sales already decided on."""

from feedback.backtest.figures import Backtest, GradeLine, Lift, Side, compare
from feedback.backtest.past import MOST, WINDOW, Decided, Past, look_back

__all__ = [
    "MOST",
    "WINDOW",
    "Backtest",
    "Decided",
    "GradeLine",
    "Lift",
    "Past",
    "Side",
    "compare",
    "look_back",
]
