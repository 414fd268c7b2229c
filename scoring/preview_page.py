"""What the page of a preview shows, as typed values; templates only print them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from core.display import duration, number
from leads.access import visible_leads
from leads.models import Lead
from scoring.models import Preview, PreviewScore
from scoring.previews import GRADES, Cell, Moves, key_of
from users.models import User

WORSE, SAME, BETTER = "is-worse", "is-same", "is-better"
REASONS = 4
RANKS = {grade: place for place, grade in enumerate(GRADES)}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of leads, its margin in words where it is an estimate, and the list behind it."""

    leads: int
    margin: str = ""
    url: str = ""

    @property
    def text(self) -> str:
        """``412``, or ``12,300 ± 400``."""
        return f"{number(self.leads)}{f' {self.margin}' if self.margin else ''}"


@dataclass(frozen=True, slots=True)
class CellShown:
    """One cell of the table: from ``old`` to ``new`` (None is no grade), and whether that is better."""

    old: str | None
    new: str | None
    figure: Figure

    @property
    def tone(self) -> str:
        """A class by direction."""
        if self.old == self.new:
            return SAME
        return BETTER if RANKS[self.new] < RANKS[self.old] else WORSE

    @property
    def words(self) -> str:
        """``C → B``."""
        return f"{self.old or 'no grade'} → {self.new or 'no grade'}"


@dataclass(frozen=True, slots=True)
class Row:
    """An old grade: its cells by new grade, and how many leads have it now."""

    grade: str | None
    cells: list[CellShown]
    total: Figure


@dataclass(frozen=True, slots=True)
class Mover:
    """One of the leads that move most; ``reasons`` are the weightiest, ``more`` how many others there are."""

    lead: Lead
    old_grade: str | None
    new_grade: str | None
    old_total: int
    new_total: int
    reasons: list[str]
    more: int

    @property
    def change(self) -> int:
        """In points."""
        return self.new_total - self.old_total


@dataclass(frozen=True, slots=True)
class Shown:
    """The figures of a preview, whole or from its sample."""

    moves: Moves
    rows: list[Row]
    totals: list[Figure]
    grades: list[str | None]
    sentences: list[CellShown]
    gained: Figure
    lost: Figure
    was_ready: Figure
    is_ready: Figure
    moved: Figure
    movers: list[Mover]

    @property
    def is_sample(self) -> bool:
        """Whether the figures are estimates."""
        return self.moves.is_sample

    @property
    def ready_note(self) -> str:
        """Beside how many would be sales-ready."""
        return f"{self.was_ready.text} today"

    @property
    def moved_note(self) -> str:
        """Beside how many change their grade."""
        return f"of {number(self.moves.total)} lead{'' if self.moves.total == 1 else 's'}"


def shown(preview: Preview, viewer: User) -> Shown | None:
    """The whole result once there is one, else the sample; None if neither is there. One query."""
    data = preview.result if preview.is_whole else preview.sample
    if not data:
        return None
    moves = Moves.from_json(data)
    figures = _Figures(preview, moves)
    grades = [each for each in GRADES if each or moves.of_old(None) or moves.of_new(None)]
    return Shown(
        moves=moves,
        rows=[_row(old, grades, figures) for old in grades],
        totals=[figures.of(moves.of_new(each)) for each in grades],
        grades=grades,
        sentences=[figures.cell(cell) for cell, _count in moves.largest()],
        gained=figures.of(moves.gained, "ready=gained"),
        lost=figures.of(moves.lost, "ready=lost"),
        was_ready=figures.of(moves.was_ready),
        is_ready=figures.of(moves.is_ready),
        moved=figures.of(moves.moved),
        movers=list(_movers(data["movers"], viewer)),
    )


@dataclass(frozen=True, slots=True)
class _Figures:
    preview: Preview | None
    moves: Moves

    def of(self, found: int, query: str = "") -> Figure:
        estimate = self.moves.estimate(found)
        margin = "" if estimate.is_exact else f"± {number(estimate.margin)}"
        return Figure(estimate.leads, margin, self._url(query) if found else "")

    def cell(self, cell: Cell) -> CellShown:
        return CellShown(*cell, self.of(self.moves.cells.get(cell, 0), f"move={key_of(cell)}"))

    def _url(self, query: str) -> str:
        """The leads behind it, as long as they are kept."""
        preview = self.preview
        if preview is None or not query or not preview.is_whole or preview.pruned_at:
            return ""
        return f"{reverse('scoring:preview_leads', args=[preview.version_id])}?{query}"


def _row(old: str | None, grades: list[str | None], figures: _Figures) -> Row:
    cells = [figures.cell((old, new)) for new in grades]
    return Row(old, cells, figures.of(figures.moves.of_old(old)))


def _movers(rows: list[Mapping[str, Any]], viewer: User) -> Iterable[Mover]:
    leads = visible_leads(viewer).select_related("company").in_bulk([row["lead_id"] for row in rows])
    for row in rows:
        if lead := leads.get(row["lead_id"]):
            plain = {name: row[name] for name in ("old_grade", "new_grade", "old_total", "new_total")}
            why = row["why"]
            yield Mover(lead=lead, reasons=why[:REASONS], more=max(0, len(why) - REASONS), **plain)


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A lead behind a figure."""

    lead: Lead
    score: PreviewScore


def lead_rows(scores: Iterable[PreviewScore], viewer: User) -> list[LeadRow]:
    """The scores with their leads, as far as ``viewer`` may see them: one query."""
    rows = list(scores)
    leads = visible_leads(viewer).select_related("company", "owner").in_bulk([row.lead_id for row in rows])
    return [LeadRow(leads[row.lead_id], row) for row in rows if row.lead_id in leads]


def time_left(started_at: datetime, done: int, total: int, now: datetime) -> str:
    """``about 40 s left``; empty before anything is done."""
    if not done or done >= total:
        return ""
    seconds = (now - started_at).total_seconds() / done * (total - done)
    return (
        f"about {duration(seconds / 60)} left" if seconds >= 60 else f"about {max(1, round(seconds))} s left"
    )


@dataclass(frozen=True, slots=True)
class Short:
    """A preview in a line or two: readiness, and the largest moves."""

    gained: Figure
    lost: Figure
    moved: Figure
    sentences: list[CellShown]
    size: int
    is_sample: bool

    @property
    def is_unchanged(self) -> bool:
        """Whether nobody counted changes grade or readiness."""
        return not (self.gained.leads or self.lost.leads or self.moved.leads)


def in_short(moves: Moves, most: int = 3) -> Short:
    """The figures of ``moves`` that fit the editor's rail."""
    figures = _Figures(None, moves)
    cells = [figures.cell(cell) for cell, _count in moves.largest()[:most]]
    return Short(
        figures.of(moves.gained),
        figures.of(moves.lost),
        figures.of(moves.moved),
        cells,
        moves.size,
        moves.is_sample,
    )
