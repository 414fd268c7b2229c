"""Every static check, as ``make check`` runs them: all run, two at a time, each says one line as it ends."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
KEY = {"BANTAM_SECRET_KEY": "only-for-this-check-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF"}
# Settings as in production, so that what is only wrong there is found here; nothing is connected to.
PRODUCTION = KEY | {
    "BANTAM_URL": "https://bantam.example.com",
    "DATABASE_URL": "postgres://bantam@127.0.0.1:1/bantam",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}
EMBEDDED = KEY | {"DATABASE_URL": "", "REDIS_URL": "", "BANTAM_DATA_DIR": "data/check"}


@dataclass(frozen=True, slots=True)
class Check:
    """One program with its arguments; it fails if its status isn't 0."""

    name: str
    command: tuple[str, ...]
    env: dict[str, str] = field(default_factory=lambda: EMBEDDED)


def _manage(*arguments: str) -> tuple[str, ...]:
    return ("python", "-W", "ignore::UserWarning", "manage.py", *arguments)


CHECKS = (
    Check("types", ("mypy", ".")),  # first: it takes as long as most others together
    Check("format", ("ruff", "format", "--check", "--quiet", ".")),
    Check("lint", ("ruff", "check", "--quiet", ".")),
    Check("imports", ("lint-imports", "--no-cache")),
    Check("template format", ("djlint", "--check", "templates")),
    Check("template lint", ("djlint", "--lint", "--quiet", "templates")),
    Check("migrations", _manage("makemigrations", "--check", "--dry-run")),
    Check("deploy settings", _manage("check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
    Check("API description", _manage("spectacular", "--validate", "--fail-on-warn", "--file", os.devnull)),
    Check("sizes", ("python", "-m", "tools.sizes")),
    Check("Dockerfile", ("hadolint", "Dockerfile")),
    Check(
        "compose file", ("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml")
    ),
)


def main() -> int:
    """Run the checks whose name holds a word given, else all; 1 if any failed."""
    words = sys.argv[1:]
    chosen = [check for check in CHECKS if not words or any(word in check.name for word in words)]
    with ThreadPoolExecutor(max_workers=2) as pool:
        failed = [check.name for check, ok in zip(chosen, pool.map(passes, chosen), strict=True) if not ok]
    print(
        f"{len(chosen) - len(failed)} of {len(chosen)} checks passed." + (" Failed: " if failed else ""),
        end="",
    )
    print(", ".join(failed))
    return 1 if failed else 0


def passes(check: Check) -> bool:
    """Run one check and say how it went; its output is shown only when it failed."""
    started = time.monotonic()
    command = [str(BIN / check.command[0]), *check.command[1:]]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | check.env, capture_output=True, text=True, check=False
    )
    ok = done.returncode == 0
    note = ": " + "; ".join(done.stdout.splitlines()) if ok and check.name == "sizes" else ""
    said = f"{'ok  ' if ok else 'FAIL'} {check.name} ({time.monotonic() - started:.1f} s){note}\n"
    if not ok:
        said += (done.stdout + done.stderr).strip() + "\n"
    sys.stdout.write(said)  # at once: another check may end at the same moment
    sys.stdout.flush()
    return ok


if __name__ == "__main__":
    sys.exit(main())
