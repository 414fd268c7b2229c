"""What a preview says: how leads would move between grades, and which move most."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, QuerySet, Value
from django.db.models.functions import Abs, Coalesce

from alignment.models import Grade, Version
from scoring.engine.comparing import Moved
from scoring.models import Preview, PreviewScore
from scoring.querysets import live_generation_id, version_ids
from scoring.sampling import Estimate, estimate

GRADES: tuple[str | None, ...] = (*Grade.values, None)
NONE = "-"  # no grade, in JSON and in addresses
MOVERS = 10

Cell = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Moves:
    """How ``size`` leads of ``total`` move: ``cells`` counts them by old and new grade, None for none."""

    size: int = 0
    total: int = 0
    cells: Mapping[Cell, int] = field(default_factory=dict)
    was_ready: int = 0
    gained: int = 0
    lost: int = 0

    @property
    def is_sample(self) -> bool:
        """Whether it stands for more leads than were looked at."""
        return self.size < self.total

    def estimate(self, found: int) -> Estimate:
        """What ``found`` of the leads looked at means for all."""
        return estimate(found, size=self.size, total=self.total)

    @property
    def moved(self) -> int:
        """How many change their grade."""
        return sum(count for (old, new), count in self.cells.items() if old != new)

    @property
    def is_ready(self) -> int:
        """How many would be sales-ready."""
        return self.was_ready + self.gained - self.lost

    def of_old(self, grade: str | None) -> int:
        """How many have ``grade`` now."""
        return sum(count for (old, _new), count in self.cells.items() if old == grade)

    def of_new(self, grade: str | None) -> int:
        """How many would have ``grade``."""
        return sum(count for (_old, new), count in self.cells.items() if new == grade)

    def largest(self) -> list[tuple[Cell, int]]:
        """The moves from one grade to another, the largest first."""
        moves = [(cell, count) for cell, count in self.cells.items() if cell[0] != cell[1] and count]
        return sorted(moves, key=lambda each: (-each[1], key_of(each[0])))

    def plus(self, other: "Moves") -> "Moves":
        """Both together, of this one's total."""
        cells = dict(self.cells)
        for cell, count in other.cells.items():
            cells[cell] = cells.get(cell, 0) + count
        return Moves(
            self.size + other.size,
            self.total,
            cells,
            self.was_ready + other.was_ready,
            self.gained + other.gained,
            self.lost + other.lost,
        )

    def to_json(self) -> dict[str, Any]:
        """As ``Preview`` stores it."""
        return {
            "size": self.size,
            "total": self.total,
            "cells": {key_of(cell): count for cell, count in self.cells.items()},
            "was_ready": self.was_ready,
            "gained": self.gained,
            "lost": self.lost,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Moves":
        """Back from ``to_json``."""
        cells = {cell_of(key): count for key, count in data["cells"].items()}
        plain = {name: data[name] for name in ("size", "total", "was_ready", "gained", "lost")}
        return cls(cells=cells, **plain)


def key_of(cell: Cell) -> str:
    """``CB`` for C to B, ``-A`` for no grade to A."""
    return "".join(grade or NONE for grade in cell)


def cell_of(key: str) -> Cell:
    """Back from ``key_of``; ValueError if it names no cell."""
    if len(key) != len("CB") or not set(key) <= {*Grade.values, NONE}:
        raise ValueError(f"{key} is no move between grades.")
    old, new = (None if grade == NONE else grade for grade in key)
    return old, new


def count_moves(rows: Iterable[Moved], *, total: int) -> Moves:
    """The moves of leads that were compared one by one, standing for ``total``."""
    groups = Counter((row.old_grade, row.new_grade, row.was_ready, row.is_ready) for row in rows)
    return _added_up(groups.items(), total)


def stored_moves(rows: QuerySet[PreviewScore]) -> Moves:
    """The moves of stored rows, counted by the database in one query."""
    groups = rows.order_by().values_list("old_grade", "new_grade", "was_ready", "is_ready")
    return _added_up((((*each,), leads) for *each, leads in groups.annotate(leads=Count("lead_id"))), 0)


def _added_up(groups: Iterable[tuple[tuple[Any, ...], int]], total: int) -> Moves:
    moves = Moves(total=total)
    for (old, new, was, now), count in groups:
        ready = {"was_ready": was, "gained": now and not was, "lost": was and not now}
        numbers = {name: count if holds else 0 for name, holds in ready.items()}
        moves = moves.plus(Moves(size=count, cells={(old, new): count}, **numbers))
    return moves


def movers_of(rows: Iterable[Moved]) -> list[Moved]:
    """Those that move most, by points."""
    moved = (row for row in rows if row.is_moved)
    return sorted(moved, key=lambda row: (-abs(row.change), row.lead_id))[:MOVERS]


def stored_movers(preview: Preview) -> list[Moved]:
    """As ``movers_of``, of all leads of a preview: one pass over its rows."""
    rows = preview.scores.annotate(
        size=Abs(F("new_total") - F("old_total")),
        old_letter=Coalesce("old_grade", Value(NONE)),
        new_letter=Coalesce("new_grade", Value(NONE)),
    )
    moved = rows.exclude(size=0, old_letter=F("new_letter"), was_ready=F("is_ready"))
    return [Moved(*row) for row in moved.order_by("-size", "lead_id").values_list(*Moved._fields)[:MOVERS]]


def versions_with(version: Version) -> list[int]:
    """The ids of what would be in force with ``version``, in the order in which a lead is offered to them.

    It takes the place of its definition's version in the live generation.
    """
    live = live_generation_id()
    ids = version_ids([live])[live] if live else []
    others = Version.objects.filter(pk__in=ids).exclude(definition=version.definition_id)
    return [each.pk for each in sorted([*others, version], key=lambda each: (each.position, each.pk))]


def latest_preview(version: Version) -> Preview | None:
    """The youngest preview of a version, if it had one."""
    return Preview.objects.filter(version=version).select_related("by").order_by("-pk").first()


def staleness(preview: Preview, version: Version) -> str:
    """What happened since the preview began, as a sentence; empty if it still holds."""
    if version.revision != preview.revision:
        return "The draft was edited since."
    if (live_generation_id() or 0) != preview.against:
        return "Another version went live since."
    return ""


def leads_behind(preview: Preview, cell: Cell) -> QuerySet[PreviewScore]:
    """The leads of one cell, those with most points first."""
    rows = preview.scores.all()
    for name, grade in zip(("old_grade", "new_grade"), cell, strict=True):
        rows = rows.filter(**({f"{name}__isnull": True} if grade is None else {name: grade}))
    return rows.order_by("-new_total", "-lead_id")


def gained(preview: Preview) -> QuerySet[PreviewScore]:
    """The leads that would become sales-ready, those with most points first."""
    return preview.scores.filter(was_ready=False, is_ready=True).order_by("-new_total", "-lead_id")


def lost(preview: Preview) -> QuerySet[PreviewScore]:
    """The leads that would be sales-ready no more, those with most points first."""
    return preview.scores.filter(was_ready=True, is_ready=False).order_by("-new_total", "-lead_id")


def matrix(moves: Moves) -> Iterator[tuple[str | None, list[tuple[Cell, int]]]]:
    """The rows of the table: an old grade and its cells by new grade; no grade only where there is one."""
    shown = [grade for grade in GRADES if grade or moves.of_old(None) or moves.of_new(None)]
    for old in shown:
        yield old, [((old, new), moves.cells.get((old, new), 0)) for new in shown]
