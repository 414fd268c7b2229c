"""The figures of a week as they are kept: packed once, and taken apart again for one split and one clock.

What is kept is what ``measuring`` counts, for every split and both clocks, of each team and of all.
"""

import datetime as dt
import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef

from feedback.models import ChangedWeek, KeptPart
from feedback.reports.measuring import (
    Decided,
    DelayCells,
    Delays,
    DueCells,
    Slot,
    SlotCells,
    Steps,
    Team,
)
from feedback.reports.sla import Compliance
from feedback.reports.splits import Key, Split
from feedback.reports.values import packed
from feedback.reports.weeks import Week

ALL_TEAMS = 0
FAST = 1  # level of compression: most of the gain for a fraction of the time


@dataclass(slots=True)
class Counts:
    """All that is counted of one split and clock in some weeks; cells of different weeks never meet."""

    due: DueCells
    delays: dict[Key, Delays]
    grades: dict[str, Delays]
    slots: SlotCells
    decided: Decided
    steps: Steps
    sources: dict[str, str]

    def add(self, other: "Counts") -> None:
        """Take in what was counted in other weeks."""
        self.due |= other.due
        self.slots |= other.slots
        self.decided |= other.decided
        self.steps |= other.steps
        self.sources |= other.sources
        for key, delays in other.delays.items():
            self.delays.setdefault(key, Delays()).add(delays)
        for grade, delays in other.grades.items():
            self.grades.setdefault(grade, Delays()).add(delays)


def nothing() -> Counts:
    """Of no week."""
    return Counts({}, {}, {}, {}, {}, {}, {})


def delays_of(cells: DelayCells) -> tuple[dict[Key, Delays], dict[str, Delays]]:
    """The delays by part, and by grade."""
    parts: dict[Key, Delays] = {}
    grades: dict[str, Delays] = {}
    for (key, grade, _), piece in cells.items():
        parts.setdefault(key, Delays()).add(Delays(piece))
        grades.setdefault(grade, Delays()).add(Delays(piece))
    return parts, grades


@dataclass(frozen=True, slots=True)
class Every:
    """What was counted of one week, by team: for every split and both clocks."""

    due: Mapping[tuple[Split, str], DueCells]
    delays: Mapping[Split, DelayCells]
    slots: Mapping[str, SlotCells]
    decided: Decided
    steps: Steps
    sources: Mapping[str, str]


def pack(every: Every, team: Team) -> dict[str, bytes]:
    """The columns of ``KeptPart`` for one team, or for all where it is None."""

    def mine(of: Team) -> bool:
        return team in (None, of)

    def rows(cells: Mapping[tuple[Any, ...], Any], value: Callable[[Any], list[int]]) -> list[list[Any]]:
        """Week and team taken off the cells' keys, and the cells that meet then put together."""
        found: dict[tuple[Any, ...], Any] = {}
        for (_, *key, of), cell in cells.items():
            if mine(of):
                found[*key,] = found[*key,] + cell if (*key,) in found else cell
        return [[*key, *value(cell)] for key, cell in found.items()]

    counts = {
        "due": {f"{split}/{clock}": rows(cells, _pair) for (split, clock), cells in every.due.items()},
        "slots": {
            clock: rows(cells, lambda slot: [slot.assigned, *_pair(slot.kept)])
            for clock, cells in every.slots.items()
        },
        "decided": rows(every.decided, lambda count: [count]),
        "steps": rows(every.steps, lambda count: [count]),
        "sources": every.sources,
    }
    delays = {
        split: {key: piece for key, piece in every.delays[split].items() if mine(key[2])} for split in Split
    }
    return {"counts": _packed(counts)} | {
        f"delays_{split}": _packed([[key, *_texts(each)] for key, each in delays_of(cells)[0].items()])
        for split, cells in delays.items()
    }


def _texts(delays: Delays) -> list[str]:
    return [packed(values) for values in (delays.system, delays.human, delays.decision)]


def _pair(kept: Compliance) -> list[int]:
    return [kept.due, kept.met]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of what is kept is read: a split, a clock, one team unless it is None, delays or not."""

    split: Split
    clock: str
    team: Team
    with_delays: bool = True


def read(weeks: Iterable[Week], zone: str, wanted: Wanted) -> tuple[Counts, set[dt.date]]:
    """What is kept of the weeks, and the Mondays of those found; don't add to it.

    One query, and one more for what this process didn't read lately: what is kept never changes.
    """
    changed = ChangedWeek.objects.filter(kept_id=OuterRef("week_id"))
    mondays = [week.monday for week in weeks]
    parts = KeptPart.objects.filter(
        ~Exists(changed),
        week__monday__in=mondays,
        week__zone=zone,
        week__is_counted=True,
        team_id=wanted.team or ALL_TEAMS,
    )
    found = dict(parts.order_by("pk").values_list("pk", "week__monday"))
    try:
        return _taken_apart(tuple(found), wanted), set(found.values())
    except LookupError:
        return nothing(), set()


@lru_cache(maxsize=16)  # of the largest bases a few megabytes each
def _taken_apart(parts: tuple[int, ...], wanted: Wanted) -> Counts:
    """What is kept in these parts; LookupError if one was taken away just now."""
    if not parts:
        return nothing()
    delays = {f"delays_{wanted.split}": "", "delays_grade": ""} if wanted.with_delays else {}
    rows = KeptPart.objects.filter(pk__in=parts).order_by()
    found, count = nothing(), 0
    for monday, counts, *own in rows.values_list("week__monday", "counts", *delays):
        count += 1
        found.add(_week(monday, _unpacked(counts), wanted))
        if own:
            _add_delays(found.delays, own[0])
            _add_delays(found.grades, own[-1])
    if count != len(parts):
        raise LookupError(parts)
    # Every page puts the grades together; of the other parts only those that it shows.
    found.grades = {grade: each.joined() for grade, each in found.grades.items()}
    return found


def _add_delays(into: dict[Any, Delays], kept: bytes | memoryview) -> None:
    for key, *texts in _unpacked(kept):
        into.setdefault(key, Delays()).add(Delays(tuple(texts)))


def _week(monday: dt.date, counts: dict[str, Any], wanted: Wanted) -> Counts:
    """All but the delays."""
    return Counts(
        due={
            (monday, key, None): Compliance(due, met)
            for key, due, met in counts["due"][f"{wanted.split}/{wanted.clock}"]
        },
        delays={},
        grades={},
        slots={
            (monday, weekday, hour, None): Slot(assigned, Compliance(due, met))
            for weekday, hour, assigned, due, met in counts["slots"][wanted.clock]
        },
        decided={(monday, None): sum(count for (count,) in counts["decided"])},
        steps={(monday, clock, step, None): count for clock, step, count in counts["steps"]},
        sources=counts["sources"],
    )


def _packed(value: object) -> bytes:
    return zlib.compress(json.dumps(value, separators=(",", ":")).encode(), FAST)


def _unpacked(value: bytes | memoryview) -> Any:
    return json.loads(zlib.decompress(value))
