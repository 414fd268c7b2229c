"""Rules of the repository that a linter can't know."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.paths import ROOT
from tools.compose import postgres_settings, services

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def pins(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    return dict(re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE))


@pytest.mark.parametrize("lock", [*LOCKS, ROOT / "package-lock.json"], ids=lambda path: path.name)
def test_no_lock_names_an_index_or_a_path(lock: Path) -> None:
    text = lock.read_text()
    assert not re.findall(r'"resolved"|--(?:extra-)?index-url|--find-links|file:', text)


def test_every_pin_has_a_hash() -> None:
    for lock in LOCKS:
        for entry in re.split(r"\n(?=\S)", lock.read_text().strip()):
            assert "--hash=sha256:" in entry, f"{lock.name}: {entry}"


def test_development_holds_all_of_runtime_at_the_same_versions() -> None:
    assert pins("runtime").items() <= pins("dev").items()


def test_every_dependency_has_its_reason() -> None:
    reasons = (ROOT / "docs" / "dependencies.md").read_text()
    named = {
        re.split(r"[\[<>=]", line)[0]
        for source in (ROOT / "requirements").glob("*.in")
        for line in source.read_text().splitlines()
        if line and not line.startswith(("#", "-r"))
    }
    npm = re.findall(r'^    "(\S+)": "\^', (ROOT / "package.json").read_text(), re.MULTILINE)
    assert len(npm) >= 2
    assert [name for name in sorted(named) + npm if f"`{name}`" not in reasons] == []


def test_the_licence_is_named_alike_everywhere() -> None:
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in (ROOT / "LICENSE").read_text()
    for name in ("pyproject.toml", "package.json"):
        assert "AGPL-3.0-or-later" in (ROOT / name).read_text()


def test_make_help_lists_every_target() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    shown = subprocess.check_output(["make", "help"], cwd=ROOT, text=True)
    assert targets == set(re.findall(r"make ([a-z-]+)", shown))


def test_compose_names_a_health_check_for_everything_that_stays() -> None:
    staying = {name: service for name, service in services().items() if name != "migrate"}
    assert all("healthcheck" in service for service in staying.values())
    assert postgres_settings()["jit"] == "off"
