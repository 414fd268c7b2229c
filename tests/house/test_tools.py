"""The tools themselves: they fail when they should."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tools import check, chromium, sizes, suite


def test_sizes_fail_for_a_function_that_is_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module = tmp_path / "module.py"
    other = tmp_path / "other.py"
    other.write_text("def short() -> None:\n    pass\n\n\ndef also_short() -> None:\n    pass\n")
    monkeypatch.setattr(sizes, "ROOT", tmp_path)
    monkeypatch.setattr(sizes, "modules", lambda: [module, other])
    module.write_text("def fits() -> None:\n" + "    print()\n" * (sizes.FUNCTION_LINES - 1))
    assert sizes.main() == 0
    module.write_text("def grows() -> None:\n" + "    print()\n" * sizes.FUNCTION_LINES)
    assert sizes.main() == 1
    assert "module.py:1 grows: 51 lines" in capsys.readouterr().out


def test_a_failed_check_is_shown_and_the_others_still_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = check.Check("bad", ("python", "-c", "raise SystemExit('broken here')"))
    good = check.Check("good", ("python", "-c", "print('not shown')"))
    monkeypatch.setattr(check, "CHECKS", (bad, good))
    monkeypatch.setattr("sys.argv", ["check"])
    assert check.main() == 1
    said = capsys.readouterr().out
    assert "broken here" in said
    assert "ok   good" in said
    assert "not shown" not in said


def test_no_browser_is_a_clear_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(
        chromium.NoChromiumError, match="install the package chromium-headless-shell or chromium"
    ):
        chromium.find()
    monkeypatch.setenv("CHROMIUM", "/no/such/browser")
    with pytest.raises(chromium.NoChromiumError, match="/no/such/browser"):
        chromium.find()


def test_the_headless_shell_is_taken_before_a_browser_with_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    assert chromium.find() == "/usr/bin/chromium-headless-shell"
    monkeypatch.setattr("shutil.which", lambda name: None if "shell" in name else f"/usr/bin/{name}")
    assert chromium.find() == "/usr/bin/chromium"


def test_debian_without_the_headless_shell_gives_chromium(monkeypatch: pytest.MonkeyPatch) -> None:
    there: list[str] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        has = command[-1] == "chromium"
        there.extend(command[-1:] if has else [])
        return subprocess.CompletedProcess(command, 0 if has else 100)

    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("subprocess.run", run)
    monkeypatch.setattr(
        "shutil.which", lambda name: f"/usr/bin/{name}" if name in (*there, "apt-get") else None
    )
    assert chromium.find() == "/usr/bin/chromium"


def test_without_a_browser_the_suite_fails_and_never_skips(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> str:
        raise chromium.NoChromiumError("no browser")

    monkeypatch.setattr(suite, "find", none)
    monkeypatch.setattr("sys.argv", ["suite", "chromium"])
    assert suite.main() == 1


def test_a_run_that_collects_nothing_fails() -> None:
    run = suite.Run("nothing", "e2e and not e2e", on_servers=False)
    status, _ = suite._pytest(run, {"PYTEST_ADDOPTS": "tests/house/test_png.py"})  # collecting all takes long
    assert status == 5


def test_a_signal_ends_the_run_that_goes_on(tmp_path: Path) -> None:
    """As ``make`` or CI would stop it: pytest ends too, and no further run begins."""
    (tmp_path / "test_long.py").write_text(
        "import time\ndef test_it():\n    print(' asleep', flush=True)\n    time.sleep(300)\n"
    )
    program = (
        "from tools import suite; from tools.servers import stop_on_signal; stop_on_signal();"
        "suite._pytest(suite.Run('long', 'not e2e', on_servers=False), {})"
    )
    env = os.environ | {"PYTEST_ADDOPTS": f"-s -p no:django -p no:cacheprovider -c {os.devnull} {tmp_path}"}
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=suite.ROOT, env=env, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        for line in run.stdout:
            if line.endswith(" asleep\n"):
                break
        run.terminate()
        assert run.wait(timeout=60) == 128 + signal.SIGTERM


def test_the_files_that_use_a_marker_are_found() -> None:
    files = suite._marked("e2e")
    assert str(suite.ROOT / "tests" / "e2e" / "test_queue.py") in files
    assert str(suite.ROOT / "tests" / "house" / "test_png.py") not in files
    assert suite._marked("no_such_marker") == []
