"""Several worker processes of a benchmark, told to begin together."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parent.parent


class Team:
    """``size`` processes of ``benchmarks.worker``, started and connected before anything is measured."""

    def __init__(self, size: int) -> None:
        command = [sys.executable, "-m", "benchmarks.worker"]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.members = [subprocess.Popen(command, cwd=ROOT, **pipes) for _ in range(size)]

    def __enter__(self) -> Self:
        for member in self.members:
            _answer(member)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for member in self.members:
            assert member.stdin is not None
            member.stdin.close()
            member.wait(timeout=30)

    def do(
        self, work: str, now: float, shares: Sequence[Mapping[str, float]] | None = None
    ) -> list[dict[str, Any]]:
        """Let all do ``work`` at once, each with its share; gives their answers once the last is done."""
        for number, member in enumerate(self.members):
            assert member.stdin is not None
            told = {"work": work, "now": now, **(shares[number] if shares else {})}
            member.stdin.write(json.dumps(told) + "\n")
            member.stdin.flush()
        return [_answer(member) for member in self.members]


def _answer(member: "subprocess.Popen[str]") -> dict[str, Any]:
    assert member.stdout is not None
    line = member.stdout.readline()
    if not line:
        raise RuntimeError(f"A worker of the benchmark ended with status {member.wait()}.")
    answer: dict[str, Any] = json.loads(line)
    return answer
