"""The small drawings on a page: lengths for bars and lines, worked out here so that templates only print."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

WIDTH = 100.0
HEIGHT = 24.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One dimension's points against its cap; lengths are per cent of the drawing."""

    label: str
    points: int
    cap: int
    cut: int
    decayed: int
    track: float
    fill: float


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a stacked bar; start and width are per cent of the drawing."""

    label: str
    cap: int
    start: float
    width: float

    @property
    def middle(self) -> float:
        return round(self.start + self.width / 2, 2)


class Linked(NamedTuple):
    """A figure in the table of a plot and the list behind it."""

    value: object
    url: str = ""


def linked(cell: object) -> Linked:
    """``cell``, which may be a bare figure."""
    return cell if isinstance(cell, Linked) else Linked(cell)


def bars(dimensions: Iterable[Any]) -> list[Bar]:
    """Bars on one scale: the longest track belongs to the highest cap."""
    rows = list(dimensions)
    longest = max((_get(row, "cap") for row in rows), default=0)
    return [_bar(row, longest) for row in rows]


def thin_bars(dimensions: Iterable[Any]) -> list[tuple[Bar, int, float, float]]:
    """Upright bars, each filled by its share of its own cap: (bar, x, y, height)."""
    drawn = []
    for place, row in enumerate(dimensions):
        bar = _bar(row, _get(row, "cap"))
        height = round(16 * bar.fill / WIDTH, 1)
        drawn.append((bar, place * 6, round(16 - height, 1), height))
    return drawn


def stack(dimensions: Iterable[Any], total: int) -> list[Part]:
    """Pieces one after the other; caps above ``total`` in sum shrink all of them alike."""
    rows = list(dimensions)
    scale = max(total, sum(_get(row, "cap") for row in rows), 1)
    parts, start = [], 0.0
    for row in rows:
        cap = _get(row, "cap")
        parts.append(Part(_text(row, "label"), cap, _share(start, scale), _share(cap, scale)))
        start += cap
    return parts


def polylines(values: Sequence[float | None]) -> list[str]:
    """The points of each unbroken line for a drawing of 100 by 24; a single value is a flat dash."""
    known = [value for value in values if value is not None]
    if not known:
        return []
    low, high = min(known), max(known)
    step = WIDTH / max(len(values) - 1, 1)
    lines: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            lines.append([])
            continue
        height = (value - low) / (high - low) if high > low else 0.5
        lines[-1].append(f"{place * step:.1f},{2 + (HEIGHT - 4) * (1 - height):.1f}")
    return [" ".join(_at_least_two(line)) for line in lines if line]


def _at_least_two(line: list[str]) -> list[str]:
    if len(line) > 1:
        return line
    x, y = line[0].split(",")
    return [line[0], f"{float(x) + 2:.1f},{y}"]


def _bar(row: Any, longest: int) -> Bar:
    points, cap = _get(row, "points"), _get(row, "cap")
    track = _share(cap, longest)
    fill = _share(min(max(points, 0), cap), longest)
    return Bar(_text(row, "label"), points, cap, _get(row, "cut"), _get(row, "decayed"), track, fill)


def _share(value: float, whole: float) -> float:
    return round(WIDTH * value / whole, 2) if whole else 0.0


def _get(row: Any, name: str) -> int:
    value = row.get(name) if isinstance(row, dict) else getattr(row, name, 0)
    return int(value or 0)


def _text(row: Any, name: str) -> str:
    return str(row[name] if isinstance(row, dict) else getattr(row, name))
