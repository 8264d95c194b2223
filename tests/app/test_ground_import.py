"""``vlekkenplan import land-use``: from a file into the database, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select

from app.cli.imports import import_command
from app.services.demo import load_region
from app.services.ground_import import GroundImport, import_ground
from data import schema
from data.faults import Refused
from data.queries.land_use import land_in_use, land_use_releases
from data.tables import SourceRelease
from geo.crs import RD
from tests.data.made_files import database_checksum
from tests.world import tiny_world

#: Half of it lies beyond 5 km west of the tiny world.
LONG = shapely.box(94_000, 480_000, 96_000, 480_100)
HOME = shapely.box(100_000, 480_000, 100_100, 480_100)


@pytest.fixture
def database(fresh_database_url: str) -> Iterator[Engine]:
    engine = schema.connect(fresh_database_url)
    with engine.begin() as connection:
        load_region(connection, tiny_world())
    yield engine
    engine.dispose()


def write(path: Path, *shapes: shapely.Geometry, **columns: list[str]) -> Path:
    frame = gpd.GeoDataFrame(columns or {"nr": ["-"] * len(shapes)}, geometry=list(shapes), crs=RD)
    pyogrio.write_dataframe(frame, path)
    return path


def checksum(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        return database_checksum(connection)


def test_a_file_replaces_made_up_ground_and_is_cut_to_the_rim(
    database: Engine, tmp_path: Path
) -> None:
    path = write(tmp_path / "lib.gpkg", LONG, HOME)
    report = import_ground(database, path, GroundImport(2026, "geluidscontour"))
    assert report.title == "Gebruik van de grond 2026 geluidscontour"
    assert report.facts == ("Zone 1 of 2 rond Schiphol: 2 vlakken, 11 ha",)
    with database.connect() as connection:
        found = land_in_use(connection)
        (release,) = land_use_releases(connection)
    assert release.id == report.release_id
    assert set(found["kind"]) == {"geluidscontour"}
    assert sorted(found.area) == pytest.approx([10_000, 100_000])
    assert found.total_bounds[0] == pytest.approx(95_000)


def test_the_same_file_again_changes_nothing_and_is_not_another_delivery(
    database: Engine, tmp_path: Path
) -> None:
    path = write(tmp_path / "lib.gpkg", HOME)
    import_ground(database, path, GroundImport(2026, "natuur"))
    before = checksum(database)
    assert import_ground(database, path, GroundImport(2026, "natuur")).is_empty
    with pytest.raises(Refused, match="al geladen als 2026 natuur"):
        import_ground(database, path, GroundImport(2026, "geluidscontour"))
    assert checksum(database) == before


def test_a_newer_file_of_a_year_changes_only_what_differs(database: Engine, tmp_path: Path) -> None:
    import_ground(database, write(tmp_path / "a.gpkg", HOME, LONG), GroundImport(2026, "natuur"))
    report = import_ground(database, write(tmp_path / "b.gpkg", HOME), GroundImport(2026, "natuur"))
    (section,) = report.sections
    assert (len(section.difference.new), len(section.difference.gone)) == (0, 1)


def test_a_dry_run_and_a_refused_file_leave_no_trace(database: Engine, tmp_path: Path) -> None:
    before = checksum(database)
    path = write(tmp_path / "lib.gpkg", HOME)
    assert not import_ground(database, path, GroundImport(2026, "natuur"), dry_run=True).is_empty
    assert checksum(database) == before
    bad = write(
        tmp_path / "fout.gpkg",
        HOME,
        shapely.Point(100_000, 480_000).buffer(5),
        soort=["water", "x"],
    )
    with pytest.raises(Refused, match="rij 2, kolom soort"):
        import_ground(database, bad, GroundImport(2026))
    assert checksum(database) == before


def test_who_publishes_the_file_is_told(database: Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "lib.gpkg", HOME)
    wanted = GroundImport(2026, "natuur", publisher="Provincie {NH}")
    report = import_ground(database, path, wanted)
    with database.connect() as connection:
        release = connection.execute(
            select(SourceRelease).where(SourceRelease.id == report.release_id)
        ).one()
    assert release.publisher == "Provincie {NH}"
    assert release.attribution == "Gebruik van de grond: Provincie {NH}, 2026"


def test_without_a_region_the_user_is_told_what_to_do_first(
    fresh_database_url: str, tmp_path: Path
) -> None:
    engine = schema.connect(fresh_database_url)
    with pytest.raises(Refused, match="Laad eerst de wijken en buurten"):
        import_ground(engine, write(tmp_path / "lib.gpkg", HOME), GroundImport(2026, "natuur"))
    engine.dispose()


def run(*words: object) -> Result:
    return CliRunner().invoke(import_command, [str(word) for word in words])


@pytest.fixture
def _settings(
    database: Engine, fresh_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", fresh_database_url)
    monkeypatch.setenv("VLEKKENPLAN_HOME", str(tmp_path / "home"))


@pytest.mark.usefixtures("_settings")
def test_the_command_tells_what_came(tmp_path: Path) -> None:
    path = write(tmp_path / "grond.geojson", HOME, LONG, functie=["dijk", "Water"])
    result = run("land-use", path, "--year", 2026, "--column", "soort=functie")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "Gebruik van de grond 2026 alle soorten",
        "  Water: 1 vlak, 10 ha",
        "  Dijk of andere waterkering: 1 vlak, 1 ha",
        "  stukken grond: 2 nieuw, 0 gewijzigd, 0 weg, 0 gelijk",
        "Opgeslagen.",
    ]


@pytest.mark.usefixtures("_settings")
def test_the_command_shows_every_fault_and_keeps_them(tmp_path: Path) -> None:
    path = write(tmp_path / "grond.gpkg", HOME, LONG, soort=["dijkk", "zwembat"])
    faults = tmp_path / "fouten.csv"
    result = run("land-use", path, "--faults", faults)
    assert result.exit_code == 1
    assert "Geweigerd: 2 fouten. Er is niets opgeslagen." in result.stderr
    assert "Bedoelt u: waterkering?" in faults.read_text(encoding="utf-8-sig")
