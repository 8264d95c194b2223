"""The first visitor does not wait: what takes long is done before, in the background."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text

from analysis.access.modes import TRAVEL_MODES
from app.cli.imports import import_command
from app.compiled_code import SETTING, keep_compiled_code
from app.services import street_store, travel_places, warm_up
from app.services.street_store import digest_of, travel_streets
from data import schema
from data.queries.streets import street_release
from tests.data.made_osm import street_grid, write_osm
from tests.database_server import CHECKOUT


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_after_it_a_question_makes_and_reads_nothing_any_more(
    database: Engine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warm_up.warm_up(database, home)

    def refuse(*_: object) -> None:
        raise AssertionError("this should have been done before")

    monkeypatch.setattr(street_store, "_keep", refuse)
    monkeypatch.setattr(travel_places, "_read", refuse)
    with database.connect() as connection:
        for mode in TRAVEL_MODES:
            access = travel_places.travel_places(connection, home, mode)
            assert len(access.amenities) == 5


def test_it_asks_everything_once_for_each_way_of_travelling(
    database: Engine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    for name in ("point_access", "route_line", "isochrones", "daily_life"):
        real = getattr(warm_up, name)

        def asking(*words: object, _name: str = name, _real: object = real) -> object:
            asked.append(_name)
            return _real(*words)  # type: ignore[operator]

        monkeypatch.setattr(warm_up, name, asking)
    warm_up.warm_up(database, home)
    assert asked == ["daily_life", "point_access", "route_line", "isochrones"] * 2


def test_a_database_without_streets_is_no_fault(
    fresh_database_url: str, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    engine = schema.connect(fresh_database_url)
    with caplog.at_level(logging.WARNING, "vlekkenplan"):
        warm_up.warm_up(engine, home)
    engine.dispose()
    assert caplog.text == ""


def test_a_fault_is_logged_and_stops_nothing(
    database: Engine, home: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.begin() as connection:
        connection.execute(text("DROP TABLE street_edge"))
    thread = warm_up.start_warm_up(database, home)
    thread.join(60)
    assert not thread.is_alive()
    assert thread.daemon
    assert "konden niet vooraf worden klaargezet" in caplog.text


def test_of_two_processes_one_goes_first(database: Engine, home: Path) -> None:
    home.mkdir()
    code = (
        "import fcntl, sys\nfile = open(sys.argv[1], 'a')\nfcntl.flock(file, fcntl.LOCK_EX)\n"
        "print('first', flush=True)\nsys.stdin.readline()"
    )
    command = [sys.executable, "-c", code, str(home / "warm-up.lock")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "first\n"
        second = warm_up.start_warm_up(database, home)
        second.join(1)
        assert second.is_alive()
        assert not (home / "streets").exists()
        first.communicate("\n")
    second.join(60)
    assert not second.is_alive()
    assert (home / "streets").exists()


def test_streets_are_ready_after_an_import_and_not_after_a_trial(
    database: Engine, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("VLEKKENPLAN_HOME", str(home))
    file = write_osm(tmp_path / "klein.osm.pbf", *street_grid(100_250, 480_250, 8, 7, 500))
    trial = CliRunner().invoke(import_command, ["osm", str(file), "--year", "2026", "--dry-run"])
    assert trial.exit_code == 0, trial.output
    assert not (home / "streets").exists()
    result = CliRunner().invoke(import_command, ["osm", str(file), "--year", "2026"])
    assert result.exit_code == 0, result.output
    assert "Straten klaarzetten" in result.stderr
    with database.connect() as connection:
        release = street_release(connection)
        assert not release.is_example
        assert (home / "streets" / digest_of(release) / "cycle").is_dir()
        assert travel_streets(connection, home, "walk").release == release


def test_compiled_code_is_kept_beside_the_modules_where_that_can_be(tmp_path: Path) -> None:
    environ: dict[str, str] = {}
    keep_compiled_code(tmp_path, environ, CHECKOUT / "geo" / "network")
    assert environ == {}


def test_compiled_code_of_an_installed_program_is_kept_in_its_home(tmp_path: Path) -> None:
    environ: dict[str, str] = {}
    keep_compiled_code(tmp_path / "home", environ, tmp_path / "not to be written")
    assert environ == {SETTING: str(tmp_path / "home" / "compiled")}
    keep_compiled_code(tmp_path / "other", environ, tmp_path / "not to be written")
    assert environ == {SETTING: str(tmp_path / "home" / "compiled")}


def test_without_a_home_to_write_in_compiled_code_is_kept_while_we_run(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("no folder")
    environ: dict[str, str] = {}
    keep_compiled_code(tmp_path / "home", environ, tmp_path / "not to be written")
    folder = Path(environ[SETTING])
    assert folder.is_dir()
    folder.rmdir()


def test_numba_writes_where_we_say(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom app.compiled_code import keep_compiled_code\n"
        "keep_compiled_code(Path(sys.argv[1]), modules=Path('/nowhere'))\n"
        "from geo.network.search import clear, empty_desk\n"
        "clear(empty_desk(3, 100), 0)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=CHECKOUT, check=True)
    assert list((tmp_path / "compiled").rglob("*clear*.nbc"))


def test_threads_that_ask_at_once_read_the_places_once(
    database: Engine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = travel_places._read
    count = []

    def reading(*words: object) -> object:
        count.append(1)
        time.sleep(0.2)
        return read(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(travel_places, "_read", reading)

    def ask() -> None:
        with database.connect() as connection:
            travel_places.travel_places(connection, home, TRAVEL_MODES["walk"])

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count == [1]
