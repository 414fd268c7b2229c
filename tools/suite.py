"""Every test, as ``make test`` runs them: on PostgreSQL and Redis, on SQLite, with workers, in Chromium.

Each run is one pytest; all runs happen even after one failed. A run that collects nothing fails too,
except that a marker which no test file uses yet is said to have none.

The run on SQLite proves that all works there too. It takes the tests marked ``servers``, as
``tests/conftest.py`` marks every test that may use the database and isn't marked ``alike``. Any other would
only prove the same twice: words, values, files and tools, who may open a page, what templates make of rows.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tools.chromium import NoChromiumError, find
from tools.servers import ServerError, servers, stop_on_signal

ROOT = Path(__file__).resolve().parent.parent
# The tests start many processes, and each would compile all modules anew where Python is told to write no
# bytecode, as in most containers: then it is kept apart from the modules.
BYTECODE = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(ROOT / "data" / "bytecode")}


@dataclass(frozen=True, slots=True)
class Run:
    """One pytest: what it is called, which marked tests it takes, and on which database.

    ``shared_out`` is how two processes share its tests, by pytest-xdist's names; without it there is one.
    ``worksteal`` leaves neither idle at the end; ``loadfile`` keeps the tests of a file, and the servers
    that run for them, in one process.
    ``in_order`` keeps the order of collection, otherwise files with the most tests come first. With a
    ``marker`` only the files that use it are read.
    """

    name: str
    select: str
    on_servers: bool = True
    shared_out: str = ""
    in_order: bool = False
    marker: str = ""


RUNS = (
    Run("PostgreSQL and Redis", "not (e2e or workers or long)", shared_out="worksteal"),
    Run("SQLite", "servers and not (e2e or workers or long)", on_servers=False, shared_out="worksteal"),
    Run("Celery workers", "workers and not (e2e or long)", shared_out="loadfile", marker="workers"),
    Run("Chromium", "e2e and not long", shared_out="loadfile", in_order=True, marker="e2e"),
)


def main() -> int:
    """Run all, or those whose name holds a word given; 0 if every run passed."""
    words = [word.lower() for word in sys.argv[1:]]
    runs = [run for run in RUNS if not words or any(word in run.name.lower() for word in words)]
    stop_on_signal()
    try:
        browser = {"CHROMIUM": find()} if any(run.marker == "e2e" for run in runs) else {}
        with servers() as env:
            closing = [(run.name, *_pytest(run, env | browser)) for run in runs]
    except (ServerError, NoChromiumError) as error:
        print(f"make test: {error}", file=sys.stderr)
        return 1
    print()
    for name, status, line in closing:
        print(f"{name + (' FAILED' if status else ''):<28} {line}")
    return max(status for _, status, _ in closing)


def _pytest(run: Run, env: dict[str, str]) -> tuple[int, str]:
    """Run pytest, showing its output; gives its status and its closing line."""
    print(f"\n--- {run.name} ---", flush=True)
    files = _marked(run.marker) if run.marker else []
    if run.marker and not files:
        return 0, f"no test is marked {run.marker} yet"
    environment = os.environ | env
    if os.environ.get("PYTHONDONTWRITEBYTECODE"):
        environment |= BYTECODE
    if not run.on_servers:
        environment |= {"DATABASE_URL": "", "REDIS_URL": ""}
    command = [sys.executable, "-m", "pytest", "--no-header", "--durations=12", "-m", run.select]
    command += ["-n", "2", "--dist", run.shared_out] if run.shared_out else []
    # Our own server stops after the last run, so that nothing stays of the databases that the runs share.
    command += ["--reuse-db"] if run.on_servers and not os.environ.get("DATABASE_URL") else []
    command += ["--no-loadscope-reorder"] if run.in_order else []
    command += files
    last = ""
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as pytest:
        assert pytest.stdout is not None
        try:
            for line in pytest.stdout:
                print(line, end="", flush=True)
                last = line.strip() or last
        except BaseException:
            pytest.terminate()  # or we would wait for a run that nobody wants any more
            raise
    return pytest.returncode, last


def _marked(marker: str) -> list[str]:
    """The files with a test marked so."""
    mark = re.compile(rf"\bmark\.{marker}\b")
    return [
        str(file) for file in sorted((ROOT / "tests").rglob("test_*.py")) if mark.search(file.read_text())
    ]


if __name__ == "__main__":
    sys.exit(main())
