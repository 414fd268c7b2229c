"""The figures of a week as they are kept: packed once, and taken apart again for one split and one clock.

What is kept is what ``measuring`` counts, for every split and both clocks, by team.
"""

import datetime as dt
import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from feedback.models import ChangedWeek, KeptWeek
from feedback.reports.measuring import (
    CLOCKS,
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
from feedback.reports.splits import Split
from feedback.reports.values import Values, values
from feedback.reports.weeks import Week

FAST = 1  # level of compression: most of the gain for a fraction of the time


@dataclass(slots=True)
class Counts:
    """All that is counted of one split and clock in some weeks; cells of different weeks never meet."""

    due: DueCells
    delays: DelayCells
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


def nothing() -> Counts:
    """Of no week."""
    return Counts({}, {}, {}, {}, {}, {})


Every = Mapping[tuple[Split, str], Counts]
"""A week's figures for every split and clock."""


def pack(every: Every) -> dict[str, bytes]:
    """The columns of ``KeptWeek`` for one week."""
    common = {clock: every[Split.GRADE, clock] for clock in CLOCKS}
    first = common[CLOCKS[0]]
    counts = {
        "due": {
            split: {
                clock: [[*key[1:], *_pair(kept)] for key, kept in every[split, clock].due.items()]
                for clock in CLOCKS
            }
            for split in Split
        },
        "slots": {
            clock: [[*key[1:], slot.assigned, *_pair(slot.kept)] for key, slot in common[clock].slots.items()]
            for clock in CLOCKS
        },
        "decided": [[key[1], count] for key, count in first.decided.items()],
        "steps": [[*key[1:], count] for key, count in first.steps.items()],
        "sources": first.sources,
    }
    packed = {f"delays_{split}": _pack_delays(every[split, CLOCKS[0]].delays) for split in Split}
    return {"counts": _packed(counts), **packed}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of what is kept is read: a split, a clock, one team unless it is None, delays or not."""

    split: Split
    clock: str
    team: Team
    with_delays: bool = True


def read(weeks: Iterable[Week], zone: str, wanted: Wanted) -> tuple[Counts, set[dt.date]]:
    """What is kept of the weeks, and the Mondays of those found. One query."""
    changed = ChangedWeek.objects.filter(kept_id=OuterRef("pk"))
    kept = KeptWeek.objects.filter(
        monday__in=[week.monday for week in weeks], zone=zone, counts__isnull=False
    )
    columns = ["monday", "counts", *([f"delays_{wanted.split}"] if wanted.with_delays else [])]
    found, mondays = nothing(), set()
    for monday, counts, *delays in kept.filter(~Exists(changed)).order_by().values_list(*columns):
        mondays.add(monday)
        found.add(_week(monday, _unpacked(counts), _unpacked(delays[0]) if delays else [], wanted))
    return found, mondays


def _week(monday: dt.date, counts: dict[str, Any], delays: list[Any], wanted: Wanted) -> Counts:
    split, clock, team = wanted.split, wanted.clock, wanted.team
    return Counts(
        due={
            (monday, key, of): Compliance(due, met)
            for key, of, due, met in counts["due"][split][clock]
            if team in (None, of)
        },
        delays={
            (key, grade, of): Delays(*map(_values, texts))
            for key, grade, of, *texts in delays
            if team in (None, of)
        },
        slots={
            (monday, weekday, hour, of): Slot(assigned, Compliance(due, met))
            for weekday, hour, of, assigned, due, met in counts["slots"][clock]
            if team in (None, of)
        },
        decided={(monday, of): count for of, count in counts["decided"] if team in (None, of)},
        steps={
            (monday, each, step, of): count for each, step, of, count in counts["steps"] if team in (None, of)
        },
        sources=counts["sources"],
    )


def _pair(kept: Compliance) -> tuple[int, int]:
    return kept.due, kept.met


def _pack_delays(cells: DelayCells) -> bytes:
    return _packed(
        [[*key, *map(_text, (delays.system, delays.human, delays.decision))] for key, delays in cells.items()]
    )


def _text(given: Values) -> str:
    """Each of the values, as short text."""
    return b64encode(given.tobytes()).decode()


def _values(text: str) -> Values:
    found = values()
    found.frombytes(b64decode(text))
    return found


def _packed(value: object) -> bytes:
    return zlib.compress(json.dumps(value, separators=(",", ":")).encode(), FAST)


def _unpacked(value: bytes | memoryview) -> Any:
    return json.loads(zlib.decompress(value))
