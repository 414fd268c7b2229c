"""What an activation would put on the desks of sales: once, as a backlog, and every week after it."""

from feedback.load.desks import Desk, Desks, desks
from feedback.load.figures import WEEKS_SHOWN, Extra, Load, compare
from feedback.load.weeks import SAMPLE, WEEKS, Turn, Weeks, look_back

__all__ = [
    "SAMPLE",
    "WEEKS",
    "WEEKS_SHOWN",
    "Desk",
    "Desks",
    "Extra",
    "Load",
    "Turn",
    "Weeks",
    "compare",
    "desks",
    "look_back",
]
