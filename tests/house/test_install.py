"""The installer: nothing twice, development keeps its set, and each failure is one clear line."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT
from tools import install


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An empty environment in which no program runs; the names of the steps that would have."""
    steps: list[str] = []
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    (tmp_path / "bin" / "pip").touch()
    monkeypatch.setattr(install, "PYTHON", tmp_path / "bin" / "python")
    monkeypatch.setattr(install, "VENV", tmp_path)
    monkeypatch.setattr(install, "STAMP", tmp_path / "installed.txt")
    monkeypatch.setattr(install, "uv_environment", dict)
    monkeypatch.setattr(
        install, "_run", lambda name, command, env=None: steps.append(f"{name} {command[-1]}")
    )
    return steps


def test_a_repeat_does_nothing(commands: list[str]) -> None:
    install.install_python("runtime")
    assert len(commands) == 2
    install.install_python("runtime")
    assert len(commands) == 2


def test_development_is_not_thrown_away_by_the_demo(commands: list[str]) -> None:
    install.install_python("runtime")
    install.install_python("dev")
    assert len(commands) == 4
    install.install_python("runtime")
    assert len(commands) == 4


def test_a_changed_lock_is_installed(
    commands: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install.install_python("dev")
    locks = tmp_path / "requirements"
    locks.mkdir()
    (locks / "dev.txt").write_text("changed")
    monkeypatch.setattr(install, "LOCKS", locks)
    install.install_python("runtime")
    assert len(commands) == 4
    assert (tmp_path / "installed.txt").read_text().startswith("dev ")


def test_without_npm_the_node_wheel_is_installed(
    commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    install.install_python("runtime")
    assert commands[-1].endswith("node.txt")


@pytest.mark.parametrize(
    ("output", "line"),
    [
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE",
            "doesn't match its hash",
        ),
        ("error: Failed to fetch: https://index\n  Caused by: dns error", "can't be reached"),
        ("npm error code EINTEGRITY", "doesn't match its hash"),
        (
            "npm error The `npm ci` command can only install with an existing package-lock.json",
            "can't be read",
        ),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("strange\nlast line\n", "last line"),
    ],
)
def test_a_failed_step_says_why_in_one_line(
    output: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "LOG", tmp_path / "install.log")
    with pytest.raises(install.InstallError) as error:
        install._run("step", [sys.executable, "-c", f"raise SystemExit({output!r})"])
    assert line in str(error.value)
    assert "\n" not in str(error.value)


def test_a_python_without_venv_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "PYTHON", tmp_path / "python")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(install.InstallError, match="no venv module"):
        install._make_venv()


def test_an_old_python_is_told() -> None:
    code = "import sys; sys.version_info = (3, 9); import tools.install"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Bantam needs Python 3.11 or newer")
    assert done.stderr.count("\n") == 1


def test_settings_of_pip_reach_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_STRATEGY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(install, "PYTHON", sys.executable)
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example.com/simple")
    assert install.uv_environment()["UV_DEFAULT_INDEX"] == "https://mirror.example.com/simple"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://own.example.com/simple")
    assert install.uv_environment()["UV_DEFAULT_INDEX"] == "https://own.example.com/simple"
