"""``vlekkenplan import``: short Dutch answers, a table of faults, and exit codes to build on."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, text

from app.cli.imports import import_command
from tests.data.made_files import cbs_layers, site_rows, write_csv, write_layers
from tests.data.made_osm import street_grid, write_osm
from tests.data.test_cbs_ogc_api import REGION

CBS = ["--year", "2024", "--version", "v1", "--region", ",".join(REGION)]


@pytest.fixture(autouse=True)
def _settings(fresh_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", fresh_database_url)
    monkeypatch.setenv("VLEKKENPLAN_HOME", str(tmp_path / "home"))


def run(*words: object) -> Result:
    return CliRunner().invoke(import_command, [str(word) for word in words])


@pytest.fixture
def cbs_file(tmp_path: Path) -> Path:
    return write_layers(tmp_path / "cbs.gpkg", cbs_layers())


def test_an_import_tells_in_short_what_is_there_and_what_changed(cbs_file: Path) -> None:
    result = run("cbs", cbs_file, *CBS)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "CBS wijken en buurten 2024 v1",
        "  2 gemeenten in de regio",
        "  4 wijken in de regio",
        "  8 buurten in de regio",
        "  3.500 inwoners in de regio",
        "  4 buurten in de rand",
        "  gebieden: 21 nieuw, 0 gewijzigd, 0 weg, 0 gelijk",
        "  cijfers: 63 nieuw, 0 gewijzigd, 0 weg, 0 gelijk",
        "Opgeslagen.",
    ]


def test_the_same_import_again_says_nothing_changed(cbs_file: Path) -> None:
    run("cbs", cbs_file, *CBS)
    result = run("cbs", cbs_file, *CBS)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "Niets gewijzigd."


def test_a_dry_run_says_that_nothing_was_stored(cbs_file: Path) -> None:
    assert (
        "Dit was een proef; er is niets opgeslagen."
        in run("cbs", cbs_file, *CBS, "--dry-run").stdout
    )
    assert "gebieden: 21 nieuw" in run("cbs", cbs_file, *CBS).stdout


def test_a_refused_import_is_a_table_of_faults_and_exit_code_1(
    cbs_file: Path, tmp_path: Path
) -> None:
    run("cbs", cbs_file, *CBS)
    rows = site_rows({"plekken": "-4"}, {"soort": "zwembat"}, {"naam": "=1+1", "y": "1"})
    path, faults = write_csv(tmp_path / "locaties.csv", rows), tmp_path / "fouten.csv"
    result = run("sites", path, "--faults", faults)
    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    assert "Geweigerd: 3 fouten. Er is niets opgeslagen." in lines
    assert any(line.split()[:3] == ["2", "plekken", "-4"] for line in lines)
    with faults.open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.reader(file, delimiter=";"))
    assert table[0] == ["rij", "kolom", "waarde", "wat er mis is"]
    assert [row[0] for row in table[1:]] == ["2", "3", "4"]
    assert table[1][2] == "'-4"


def test_a_register_is_imported_and_its_changes_named(cbs_file: Path, tmp_path: Path) -> None:
    run("cbs", cbs_file, *CBS)
    first = write_csv(tmp_path / "een.csv", site_rows({}, {"x": "101700"}))
    second = write_csv(tmp_path / "twee.csv", site_rows({"naam": "De Els"}))
    assert "locaties: 2 nieuw" in run("sites", first).stdout
    result = run("sites", second, "--remove-gone")
    assert result.exit_code == 0
    assert "gewijzigd: A-1 (naam)" in result.stdout
    assert "niet in het bestand, beëindigd op" in result.stdout


def test_points_are_imported_with_columns_of_the_users_choice(tmp_path: Path) -> None:
    path = tmp_path / "scholen.csv"
    path.write_text("BRIN,vestiging,lon,lat\n01AA,De Ark,4.63,52.38\n", encoding="utf-8")
    result = run(
        *("points", path, "--category", "basisschool", "--year", "2025", "--crs", "4326"),
        *("--code-column", "BRIN", "--name-column", "vestiging"),
        *("--x-column", "lon", "--y-column", "lat"),
    )
    assert result.exit_code == 0
    assert "Voorzieningen 2025 basisschool" in result.stdout
    assert "1 basisscholen" in result.stdout


def test_streets_and_amenities_of_openstreetmap_are_imported(
    cbs_file: Path, tmp_path: Path
) -> None:
    run("cbs", cbs_file, *CBS)
    points, ways = street_grid(100_250, 480_250, 8, 7, 500)
    path = write_osm(tmp_path / "klein.osm.pbf", points, ways)
    result = run("osm", path, "--year", "2026", "--version", "v1", "--region-buffer", "2")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[2].startswith(
        "  Lange straten zijn geknipt in stukken van hoogstens 100 m: samen "
    )
    point_count, piece_count = (
        int(word) for word in lines[2].split() if word.isdecimal() and word != "100"
    )
    assert piece_count - point_count == 93 - 52
    assert [*lines[:2], *lines[3:7]] == [
        "OpenStreetMap 2026 v1",
        "  52 kruispunten en 93 straten",
        "  48 km om te lopen, 48 km om te fietsen, waarvan 0 km in één richting",
        "  Alles hangt aan elkaar",
        "  Hoogteverschil telt niet mee",
        f"  punten in straten: {point_count} nieuw, 0 gewijzigd, 0 weg, 0 gelijk",
    ]
    assert "Wegen zoeken ..." in result.stderr
    assert run("osm", path, "--dry-run").stdout.splitlines()[-1] == "Niets gewijzigd."
    assert run("osm", tmp_path / "weg.osm.pbf").exit_code == 1


@pytest.mark.parametrize(
    "words",
    [
        ("points", "x.csv", "--category", "huisarts", "--crs", "99"),
        ("sites", "x.csv", "--column", "kleur=rood"),
        ("sites", "x.csv", "--publication", "half"),
        ("cbs", "x.gpkg", "--year", "24", "--version", "v1"),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused_before_anything_happens(
    words: tuple[str, ...],
) -> None:
    assert run(*words).exit_code == 2


def test_a_file_that_is_not_there_is_a_plain_answer() -> None:
    result = run("cbs", "weg.gpkg", *CBS)
    assert result.exit_code == 1
    assert "Het bestand weg.gpkg is er niet. Kijk of de naam klopt." in result.stderr


def test_the_numbers_of_public_sites_do_not_tell_of_others(
    cbs_file: Path, tmp_path: Path, fresh_database_url: str
) -> None:
    run("cbs", cbs_file, *CBS)
    levels = ["openbaar", "intern", "intern", "openbaar", "gebied", "openbaar"]
    rows = site_rows(*({"publicatie": level} for level in levels))
    assert run("sites", write_csv(tmp_path / "locaties.csv", rows)).exit_code == 0
    engine = create_engine(fresh_database_url)
    with engine.connect() as connection:
        numbers = connection.scalars(text("SELECT id FROM public_site ORDER BY id")).all()
    engine.dispose()
    assert len(numbers) == 3
    assert numbers[-1] - numbers[0] == 2
