"""``python -m tools.lock``: write each ``requirements/*.txt`` anew from its ``*.in``, with hashes.

Pins that still satisfy the ``.in`` files stay; ``--upgrade`` takes the newest. No address of an index
is written: the locks work with any mirror.
"""

import subprocess
import sys

from tools.install import LOCKS, ROOT, VENV, uv_environment

ORDER = ("uv", "node", "runtime", "dev")
FLAGS = [
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
    "--quiet",
]
FLAGS += ["--no-emit-index-url", "--no-emit-find-links"]


def main() -> int:
    """Lock every set in order; the first failure ends it."""
    uv = str(VENV / "bin" / "uv")
    for name in ORDER:
        source, lock = LOCKS / f"{name}.in", LOCKS / f"{name}.txt"
        command = [uv, "pip", "compile", *FLAGS, str(source), "-o", str(lock), *sys.argv[1:]]
        done = subprocess.run(command, cwd=ROOT, env=uv_environment(), check=False, stdout=subprocess.DEVNULL)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
