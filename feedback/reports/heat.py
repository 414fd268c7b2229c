"""The hours of the week in which leads were assigned, and where their clocks were missed."""

from dataclasses import dataclass

from feedback.reports.dashboard import Dashboard
from feedback.reports.links import Links
from feedback.reports.measuring import Slot

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SHADES = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """An hour of a weekday; ``shade`` is 0 to 4 by how many clocks were missed."""

    slot: Slot
    shade: int
    url: str


@dataclass(frozen=True, slots=True)
class Heat:
    """Rows of weekdays by columns of hours, as far as anything was assigned; None where nothing was."""

    hours: list[int]
    rows: list[tuple[str, list[Cell | None]]]


def heat(figures: Dashboard, links: Links) -> Heat:
    """The heatmap of the period."""
    slots = figures.slots
    if not slots:
        return Heat([], [])
    used = {hour for _, hour in slots}
    hours = list(range(min(used), max(used) + 1))
    worst = max(slot.kept.missed for slot in slots.values())
    days = sorted({weekday for weekday, _ in slots} | set(range(5)))

    def cell(weekday: int, hour: int) -> Cell | None:
        slot = slots.get((weekday, hour))
        if slot is None:
            return None
        url = links.assigned("", is_all=True, weekday=str(weekday), hour=str(hour))
        return Cell(slot, shade(slot.kept.missed, worst), url)

    return Heat(hours, [(WEEKDAYS[day], [cell(day, hour) for hour in hours]) for day in days])


def shade(missed: int, worst: int) -> int:
    """0 for none missed, else 1 to 4 by its part of the most that were missed in an hour."""
    return -(-SHADES * missed // worst) if missed else 0
