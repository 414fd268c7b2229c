"""A small sample company that runs at a moment of its own: for the end-to-end tests and the screenshot.

Building it and serving it happen in processes of their own, as a person would start them, in a folder
of their own. Their clock starts at the moment given, so that the same company looks the same any day.
"""

import argparse
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from tools.servers import free_port

ROOT = Path(__file__).resolve().parent.parent
NOW = "2026-11-18T10:05:00+00:00"
"""A Wednesday, late in the morning in Berlin and in London."""
START_SECONDS = 240


def build(folder: Path, *, leads: int, now: str = NOW) -> None:
    """Make the tables and a company with ``leads`` leads in ``folder``; takes some seconds a hundred leads.

    CalledProcessError, after the command's own words, if either fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for command in (["migrate", "-v0"], ["seed", "--leads", str(leads), "--now", now]):
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=_environment(folder),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            print(done.stdout + done.stderr, file=sys.stderr)
        done.check_returncode()


SIGN_IN = """
import datetime, json, time_machine
from django.test import Client
from users.models import User

def key(user):
    client = Client()
    client.force_login(user)
    return client.session.session_key

with time_machine.travel(datetime.datetime.fromisoformat({now!r})):
    print(json.dumps({{user.email: key(user) for user in User.objects.order_by("pk")}}))
"""


def sign_in(folder: Path, *, now: str = NOW) -> dict[str, str]:
    """Sign everybody of the company in ``folder`` in, without the form; gives their sessions, by e-mail.

    CalledProcessError if it fails.
    """
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", SIGN_IN.format(now=now)]
    said = subprocess.check_output(command, cwd=ROOT, env=_environment(folder), text=True)
    sessions: dict[str, str] = json.loads(said.splitlines()[-1])
    return sessions


@contextmanager
def serving(folder: Path, *, now: str = NOW) -> Iterator[str]:
    """Run the embedded mode on the company in ``folder`` for the length of the block; gives its address.

    Web, worker and beat run as for ``make up``; what they write goes to ``server.log`` in the folder.
    RuntimeError with that text if it doesn't answer in time.
    """
    port, log = free_port(), folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "tools.sample", now],
            cwd=ROOT,
            env=_environment(folder, PORT=str(port)),
            stdout=output,
            stderr=output,
        )
    try:
        address = f"http://localhost:{port}"
        limit = time.monotonic() + START_SECONDS
        while not _answers(address):
            if server.poll() is not None or time.monotonic() > limit:
                raise RuntimeError(f"The sample company did not start:\n{log.read_text(errors='replace')}")
            time.sleep(0.1)
        yield address
    finally:
        server.kill()  # stopping in order takes seconds, for a company that nobody needs any more
        server.wait()


def _environment(folder: Path, **more: str) -> dict[str, str]:
    """Ours without what would lead to other data, so that the process is embedded."""
    keep = {name: value for name, value in os.environ.items() if not name.startswith(("BANTAM_", "DJANGO_"))}
    return keep | {"DATABASE_URL": "", "REDIS_URL": "", "BANTAM_DATA_DIR": str(folder)} | more


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=5) as response:  # noqa: S310 - our own
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def main() -> int:
    """Serve, as ``manage.py serve`` does, with a clock that starts at the moment given."""
    parser = argparse.ArgumentParser(description="Serve a sample company at a moment of its own.")
    parser.add_argument("now", type=datetime.fromisoformat)
    now = parser.parse_args().now
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import time_machine  # only for development, as is this program

    with time_machine.travel(now, tick=True):
        import django
        from django.core.management import call_command

        django.setup()
        call_command("serve")
    return 0


if __name__ == "__main__":
    sys.exit(main())
