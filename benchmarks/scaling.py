"""Several worker processes on one activation, against the floor's statements split among as many."""

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from benchmarks.setting import interleaved
from benchmarks.team import Team

if TYPE_CHECKING:  # it needs Django, which starts later
    from benchmarks.rescoring import Rescoring


def scaling(rescoring: "Rescoring", leads: int, since: int, workers: int, runs: int) -> dict[str, Any]:
    """``scaling`` is the speed-up of rescoring divided by the floor's, one process to ``workers``."""
    from benchmarks import base, floor

    peaks = [0.0]

    def before() -> None:
        floor.empty_floor()
        rescoring.clear()
        base.vacuum("floor_score", "scoring_score")
        rescoring.checkpoint()

    def rescore(team: Team) -> None:
        rescoring.announce()
        answers = team.do("build", rescoring.now.timestamp())
        rescoring.flip()
        peaks.append(max(answer["peak_mb"] for answer in answers))

    def fill(team: Team) -> None:
        team.do("floor", rescoring.now.timestamp(), shares(leads, len(team.members), since))

    with Team(1) as one, Team(workers) as many:
        measured: dict[str, Callable[[], object]] = {
            "rescore_by_one": lambda: rescore(one),
            "rescore_by_many": lambda: rescore(many),
            "floor_by_one": lambda: fill(one),
            "floor_by_many": lambda: fill(many),
        }
        seconds = interleaved(measured, runs=runs, before=before)
    speedup = seconds["rescore_by_one"] / seconds["rescore_by_many"]
    floors = seconds["floor_by_one"] / seconds["floor_by_many"]
    return {
        "workers": workers,
        **{f"{name}_seconds": round(value, 3) for name, value in seconds.items()},
        "speedup": round(speedup, 3),
        "floor_speedup": round(floors, 3),
        "scaling": round(speedup / floors, 3),
        "build_peak_mb": max(peaks),
    }


def shares(leads: int, workers: int, since: int) -> list[dict[str, int]]:
    """The ids from 1 to ``leads`` in ``workers`` parts."""
    edges = [leads * part // workers for part in range(workers + 1)]
    return [{"low": low + 1, "high": high, "since": since} for low, high in pairwise(edges)]
