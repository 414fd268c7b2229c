"""Where Chromium is; fetches Debian's where it is missing and we may: ``python -m tools.chromium``.

The headless shell is the same browser without windows, and opens a page in a third of the time: it is taken
first and fetched first.
"""

import os
import shutil
import subprocess
import sys

NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
PACKAGES = ("chromium-headless-shell", "chromium")
"""Debian's; one without the first has the second."""
FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


class NoChromiumError(Exception):
    """There is no browser and none can be fetched; the message says what to do."""


def find() -> str:
    """The path of the browser: ``CHROMIUM``, else one on the path, else fetched with apt when root."""
    if named := os.environ.get("CHROMIUM", ""):
        if not shutil.which(named):
            raise NoChromiumError(f"CHROMIUM names {named}, and that is no program.")
        return named
    if path := _on_path():
        return path
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Fetching Chromium with apt-get ...", flush=True)
        _fetch()
    if path := _on_path():
        return path
    raise NoChromiumError(
        "The browser tests need Chromium: install the package chromium-headless-shell or chromium, "
        "or name a browser with CHROMIUM=."
    )


def _on_path() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _fetch() -> None:
    quiet = {"stdout": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "fonts-dejavu-core"]
    subprocess.run(["apt-get", "update", "-q"], check=False, **quiet)  # type: ignore[call-overload] # one dict
    for package in PACKAGES:
        done = subprocess.run([*install, package], check=False, **quiet)  # type: ignore[call-overload]
        if done.returncode == 0:
            return


if __name__ == "__main__":
    try:
        print(find())
    except NoChromiumError as error:
        sys.exit(str(error))
