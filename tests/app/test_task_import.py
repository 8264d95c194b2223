"""Importing the task: stored once, in one transaction, with what is new, changed and gone."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select

from app.cli.imports import import_command
from app.services.task_import import TaskImport, import_tasks
from data import schema
from data.compare import Difference
from data.faults import Refused
from data.load.report import LoadReport
from data.queries.releases import all_releases
from data.sources.opgave import SOURCE
from data.tables import Task
from tests.data.made_files import database_checksum, task_rows, write_csv


def task_file(folder: Path, *changes: Mapping[str, Any], name: str = "opgave.csv") -> Path:
    return write_csv(folder / name, task_rows(*changes))


def changes_of(report: LoadReport) -> Difference:
    (section,) = report.sections
    return section.difference


def checksum(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        return database_checksum(connection)


def deliveries(engine: Engine) -> list[tuple[int, str]]:
    with engine.connect() as connection:
        return [
            (entry.year, entry.version)
            for entry in all_releases(connection)
            if entry.source_key == SOURCE.key
        ]


def test_the_task_is_stored_under_its_own_delivery(database: Engine, tmp_path: Path) -> None:
    path = task_file(tmp_path, {}, {"gemeente": "Middendorp", "plekken": 0})
    report = import_tasks(database, path, TaskImport(2026))
    assert changes_of(report).new == (
        "GM9001 beschut_wonen 2026",
        "GM9002 beschut_wonen 2027",
    )
    assert report.title == "Opgave per gemeente 2026 v1"
    assert report.facts == ("2 gemeenten en 1 soort met een opgave",)
    assert report.notes == (
        "Niet ingevuld voor beschut wonen: Noorderzand. Daar is de opgave onbekend.",
    )
    columns = (Task.gemeente_code, Task.type, Task.from_year, Task.place_count)
    with database.connect() as connection:
        rows = connection.execute(
            select(*columns).where(Task.release_id == report.release_id).order_by(*columns)
        )
        assert [tuple(row) for row in rows] == [
            ("GM9001", "beschut_wonen", 2026, 12),
            ("GM9002", "beschut_wonen", 2027, 0),
        ]
        release = next(e for e in all_releases(connection) if e.id == report.release_id)
    assert (release.publisher, release.row_count, release.is_example) == ("De gemeenten", 2, False)


def test_the_same_file_twice_changes_nothing(database: Engine, tmp_path: Path) -> None:
    path = task_file(tmp_path, {})
    import_tasks(database, path, TaskImport(2026))
    before = checksum(database)
    for wanted in (TaskImport(2026), TaskImport()):
        assert import_tasks(database, path, wanted).is_empty
    assert checksum(database) == before


def test_a_dry_run_tells_the_same_and_stores_nothing(database: Engine, tmp_path: Path) -> None:
    path, before = task_file(tmp_path, {}, {}), checksum(database)
    tried = import_tasks(database, path, TaskImport(2026), dry_run=True)
    assert checksum(database) == before
    assert import_tasks(database, path, TaskImport(2026)).sections == tried.sections


def test_other_numbers_are_a_next_delivery_and_the_first_stays(
    database: Engine, tmp_path: Path
) -> None:
    first = task_file(tmp_path, {})
    second = task_file(tmp_path, {"plekken": 20}, name="later.csv")
    for path in (first, second, first):
        assert not import_tasks(database, path, TaskImport(2026)).is_empty
    assert sorted(deliveries(database)) == [(2026, "v1"), (2026, "v2"), (2026, "v3")]


def test_the_same_file_as_another_year_is_refused(database: Engine, tmp_path: Path) -> None:
    path = task_file(tmp_path, {})
    import_tasks(database, path, TaskImport(2026))
    before = checksum(database)
    with pytest.raises(Refused, match="Dit bestand is al geladen als 2026 v1"):
        import_tasks(database, path, TaskImport(2025))
    assert checksum(database) == before


def test_gemeenten_are_needed_first(fresh_database_url: str, tmp_path: Path) -> None:
    empty = schema.connect(fresh_database_url)
    with pytest.raises(Refused, match="Laad eerst de wijken en buurten"):
        import_tasks(empty, task_file(tmp_path, {}), TaskImport(2026))
    empty.dispose()


# The command


@pytest.fixture
def _settings(
    database: Engine, fresh_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", fresh_database_url)
    monkeypatch.setenv("VLEKKENPLAN_HOME", str(tmp_path / "home"))


def run(*words: object) -> Result:
    return CliRunner().invoke(import_command, ["tasks", *(str(word) for word in words)])


@pytest.mark.usefixtures("_settings")
def test_the_command_tells_in_short_what_was_stored(tmp_path: Path) -> None:
    path = task_file(tmp_path, {}, {"gemeente": "Middendorp"}, {"gemeente": "Noorderzand"})
    tried = run(path, "--year", 2026, "--dry-run")
    assert tried.stdout.splitlines()[-1] == "Dit was een proef; er is niets opgeslagen."
    done = run(path, "--year", 2026)
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "Opgave per gemeente 2026 v1",
        "  3 gemeenten en 1 soort met een opgave",
        "  aantallen in de opgave: 3 nieuw, 0 gewijzigd, 0 weg, 0 gelijk",
        "Opgeslagen.",
    ]
    assert run(path).stdout.splitlines()[-1] == "Niets gewijzigd."


@pytest.mark.usefixtures("_settings")
def test_the_command_lists_every_fault_with_row_and_column(tmp_path: Path) -> None:
    path = task_file(tmp_path, {"gemeente": "Zuiderven"}, {"plekken": "=1"}, {"jaar": "1999"})
    faults = tmp_path / "fouten.csv"
    result = run(path, "--faults", faults)
    assert result.exit_code == 1
    assert "Geweigerd: 3 fouten. Er is niets opgeslagen." in result.stderr
    assert "Bedoelt u: Zuiderveen?" in " ".join(result.stderr.split())
    with faults.open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.reader(file, delimiter=";"))
    assert [row[:3] for row in table[1:]] == [
        ["2", "gemeente", "Zuiderven"],
        ["3", "plekken", "'=1"],
        ["4", "jaar", "1999"],
    ]


@pytest.mark.usefixtures("_settings")
def test_the_command_reads_the_column_that_is_chosen(tmp_path: Path) -> None:
    rows = [{"benodigd": row.pop("plekken"), **row} for row in task_rows({})]
    path = write_csv(tmp_path / "opgave.csv", rows)
    assert run(path).exit_code == 1
    assert run(path, "--column", "plekken=benodigd").exit_code == 0
    assert run(path, "--column", "kleur=rood").exit_code == 2
    assert run(path, "--year", "26").exit_code == 2
