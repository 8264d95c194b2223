"""Set-up: what is missing is named with the command to type, what was done is not done again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import bootstrap
from tests.browser_program import find_chromium
from tests.database_server import CHECKOUT


@pytest.fixture(autouse=True)
def no_postgis(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with nothing of PostgreSQL in the usual places."""
    monkeypatch.setattr("data.server_programs.FOLDER_PATTERNS", ())


def environ_with(folder: Path, *programs: str) -> dict[str, str]:
    """An environment without a database, on a machine with these programs."""
    for program in programs:
        (folder / program).touch(mode=0o755)
    return {"PATH": str(folder), "VLEKKENPLAN_CHROMIUM": "/usr/bin/chromium"}


def become(monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], user_id: int) -> list[object]:
    """Pretend to be this user on that machine. Returns the commands that would have been run."""
    ran: list[object] = []
    monkeypatch.setattr("os.environ", environ)
    monkeypatch.setattr("os.geteuid", lambda: user_id)
    monkeypatch.setattr(bootstrap, "run_step", lambda *step: ran.append(step[1]))
    return ran


def test_an_ordinary_user_gets_the_exact_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = become(monkeypatch, environ_with(tmp_path, "apt-get"), 1000)
    command = "sudo apt-get install --no-install-recommends postgresql postgresql-postgis\n"
    with pytest.raises(bootstrap.SetupError, match=command):
        bootstrap.install_system_packages("setup")
    assert ran == []


def test_root_installs_it_without_a_system_cluster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = become(monkeypatch, environ_with(tmp_path, "apt-get"), 0)
    monkeypatch.setattr(bootstrap, "POSTGRESQL", tmp_path / "postgresql")
    monkeypatch.setattr(bootstrap, "NO_SYSTEM_CLUSTER", tmp_path / "etc" / "ours.conf")
    with pytest.raises(bootstrap.SetupError, match="ontbreekt nog steeds"):
        bootstrap.install_system_packages("setup")
    assert ran[0] == ["apt-get", "update", "-qq"]
    assert str(ran[1]).endswith("'postgresql', 'postgresql-postgis']")
    assert not (tmp_path / "etc" / "ours.conf").exists()


def test_on_a_mac_brew_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    become(monkeypatch, environ_with(tmp_path, "brew"), 501)
    with pytest.raises(bootstrap.SetupError, match="brew install postgis"):
        bootstrap.install_system_packages("setup")


def test_the_tests_need_a_browser_and_the_demo_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "has_chromium_package", lambda: True)
    environ = {"PATH": str(tmp_path)}
    assert "chromium" not in bootstrap.missing_packages("setup", environ)
    assert "chromium" in bootstrap.missing_packages("test", environ)
    assert bootstrap.missing_packages("lint", environ) == []


def test_a_library_that_the_browser_tests_ask_for_is_installed_on_linux_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "find_library", lambda _name: None)
    monkeypatch.setattr("sys.platform", "linux")
    assert "libatomic1" in bootstrap.missing_packages("test", environ_with(tmp_path))
    assert "libatomic1" not in bootstrap.missing_packages("setup", environ_with(tmp_path))
    monkeypatch.setattr("sys.platform", "darwin")
    assert "libatomic1" not in bootstrap.missing_packages("test", environ_with(tmp_path))


def test_where_no_package_brings_a_browser_playwright_fetches_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = become(monkeypatch, {"PATH": str(tmp_path), "HOME": str(tmp_path)}, 0)
    monkeypatch.setattr(bootstrap, "read_text", lambda _file: "NAME=Ubuntu\nID=ubuntu\n")
    assert not bootstrap.has_chromium_package()
    assert "chromium" not in bootstrap.missing_packages("test", dict(os.environ))
    bootstrap.install_browser()
    assert str(ran).endswith("'install', '--with-deps', 'chromium']]")
    browser = tmp_path / ".cache/ms-playwright/chromium-1200/chrome-linux64/chrome"
    browser.parent.mkdir(parents=True)
    browser.touch()
    assert find_chromium(os.environ) == str(browser)
    bootstrap.install_browser()
    assert len(ran) == 1


def test_with_a_database_elsewhere_no_postgis_is_installed(tmp_path: Path) -> None:
    environ = environ_with(tmp_path)
    assert bootstrap.missing_packages("setup", {**environ, "DATABASE_URL": "x"}) == []
    other = {**environ, "VLEKKENPLAN_TEST_DATABASE_URL": "x"}
    assert bootstrap.missing_packages("test", other) == []
    own_programs = {**environ, "VLEKKENPLAN_PG_BIN": "/opt/pg/bin"}
    assert bootstrap.missing_packages("setup", own_programs) == []


def test_a_failed_step_shows_its_last_words_and_where_the_rest_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "LOG", tmp_path / "setup.log")
    command = [sys.executable, "-c", "import sys; print('vol'); sys.exit(3)"]
    with pytest.raises(bootstrap.SetupError, match=r"(?s)Iets doen.*vol.*setup\.log"):
        bootstrap.run_step("Iets doen", command)
    assert capsys.readouterr().out.startswith("Iets doen ... 0,")


def test_a_stamp_that_was_half_written_counts_as_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "VENV_STAMP", tmp_path / "installed.json")
    bootstrap.change_stamp(dependencies="abc")
    bootstrap.change_stamp(project="def")
    assert bootstrap.read_stamp() == {"dependencies": "abc", "project": "def"}
    (tmp_path / "installed.json").write_text('{"dependencies": "a')
    assert bootstrap.read_stamp() == {}


def test_an_environment_of_another_place_or_python_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "hier" / ".venv"
    monkeypatch.setattr(bootstrap, "VENV", here)
    monkeypatch.setattr(bootstrap, "VENV_PYTHON", here / "bin" / "python")
    assert not bootstrap.environment_works()  # there is none
    subprocess.run([sys.executable, "-m", "venv", str(here)], check=True)
    assert bootstrap.environment_works()
    there = tmp_path / "daar" / ".venv"
    here.parent.rename(there.parent)
    monkeypatch.setattr(bootstrap, "VENV", there)
    monkeypatch.setattr(bootstrap, "VENV_PYTHON", there / "bin" / "python")
    assert not bootstrap.environment_works()  # moved
    there.parent.rename(here.parent)
    monkeypatch.setattr(bootstrap, "VENV", here)
    monkeypatch.setattr(bootstrap, "VENV_PYTHON", here / "bin" / "python")
    monkeypatch.setattr("sys.version_info", (3, 99, 0))
    assert not bootstrap.environment_works()  # made by another Python


def test_every_file_that_is_served_comes_from_a_locked_package() -> None:
    lock = (CHECKOUT / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert lock.count('"integrity"') == lock.count('"node_modules/')
    for name in ("requirements.lock", "requirements-dev.lock"):
        assert "://" not in (CHECKOUT / name).read_text()


def test_without_a_new_enough_python_the_command_is_given(tmp_path: Path) -> None:
    for name in ("id", "sh"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    (tmp_path / "brew").touch(mode=0o755)
    answer = subprocess.run(
        ["/bin/sh", "deploy/bootstrap.sh", "setup"],
        cwd=CHECKOUT,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert "Python 3.11 of nieuwer ontbreekt" in answer.stderr
    assert "brew install python" in answer.stderr
