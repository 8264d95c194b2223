"""Import of OpenStreetMap: one release, twice is once, and wrong files leave no trace."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pytest
from sqlalchemy import Engine, func, select, update

from app.services.demo import load_region
from app.services.osm_import import OsmImport, import_osm
from data import schema
from data.faults import Refused
from data.load.report import LoadReport
from data.queries.land_use import land_in_use
from data.sources.osm_pbf import day_of
from data.tables import Amenity, Area, SourceRelease, StreetEdge, StreetNode
from geo.crs import RD
from tests.data.made_files import database_checksum
from tests.data.made_osm import Tags, in_rd, street_grid, write_osm
from tests.world import tiny_world

WANTED = OsmImport(2026, "v1")
#: Node numbers of the grid that are amenities: in the second buurt, and far in the north.
DOCTOR: Tags = {"amenity": "doctors", "name": "Praktijk Zuiderveen"}


@pytest.fixture
def database(fresh_database_url: str) -> Iterator[Engine]:
    """The tiny world; its northern gemeente is rim."""
    engine = schema.connect(fresh_database_url)
    with engine.begin() as connection:
        load_region(connection, tiny_world())
        connection.execute(
            update(Area).where(Area.gemeente_code == "GM9003").values(in_region=False)
        )
    yield engine
    engine.dispose()


def write_grid(path: Path, *, rows: int = 7, extra: bool = False) -> Path:
    """Streets every 500 m over the tiny world, from 250 m inside its south-west corner."""
    points, ways = street_grid(100_250, 480_250, 8, rows, 500)
    if extra:
        ways = [*ways, (99, [1, 10], {"highway": "steps"})]
    return write_osm(path, points, ways, node_tags={10: DOCTOR})


@pytest.fixture
def osm_file(tmp_path: Path) -> Path:
    return write_grid(tmp_path / "klein.osm.pbf")


def checksum(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        return database_checksum(connection)


def stored(engine: Engine, report: LoadReport) -> tuple[int, int, int]:
    """How many nodes, edges and amenities the release of this report has."""
    with engine.connect() as connection:
        counts = [
            connection.scalar(
                select(func.count()).select_from(table).where(table.release_id == report.release_id)
            )
            for table in (StreetNode, StreetEdge, Amenity)
        ]
    return counts[0] or 0, counts[1] or 0, counts[2] or 0


def whole_streets(engine: Engine, report: LoadReport) -> list[float]:
    """The length in m of each street before it was cut."""
    whole = func.sum(StreetEdge.length_m).filter(StreetEdge.release_id == report.release_id)
    with engine.connect() as connection:
        lengths = connection.scalars(select(whole).group_by(StreetEdge.edge_id // 32))
        return [length_m for length_m in lengths if length_m is not None]


def refusal(engine: Engine, path: Path, wanted: OsmImport = WANTED) -> str:
    """Why the file is refused; the database must be as it was."""
    before = checksum(engine)
    with pytest.raises(Refused) as caught:
        import_osm(engine, path, wanted)
    assert checksum(engine) == before
    return str(caught.value)


def test_streets_and_amenities_become_one_release(database: Engine, osm_file: Path) -> None:
    """A grid of 8 by 7: its four corners join two streets, so that 52 nodes and 93 edges stay.

    Streets of 500 m are kept in five pieces; a file gives places to the centimetre, so that a
    street may well be 500.004 m and have six.
    """
    report = import_osm(database, osm_file, WANTED)
    whole = whole_streets(database, report)
    assert len(whole) == 7 * 7 + 8 * 6 - 4
    pieces = sum(math.ceil(length_m / 100) for length_m in whole)
    assert pieces in range(89 * 5 + 4 * 10, 89 * 6 + 4 * 11 + 1)
    assert stored(database, report) == (8 * 7 - 4 + pieces - 93, pieces, 1)
    with database.connect() as connection:
        release = connection.execute(
            select(SourceRelease).where(SourceRelease.id == report.release_id)
        ).one()
    assert (release.source_key, release.year, release.version) == ("openstreetmap", 2026, "v1")
    assert release.licence == "ODbL 1.0"
    assert release.attribution == "© OpenStreetMap contributors, 2026"
    assert len(release.sha256) == 64
    assert release.row_count == 52 + pieces - 93 + pieces + 1
    assert "52 kruispunten en 93 straten" in report.facts
    assert "1 huisartsen" in report.facts


def test_what_is_stored_is_what_was_drawn(database: Engine, osm_file: Path) -> None:
    report = import_osm(database, osm_file, WANTED)
    query = select(StreetEdge.length_m, StreetEdge.geom).where(
        StreetEdge.release_id == report.release_id
    )
    with database.connect() as connection:
        edges = gpd.read_postgis(query, connection, geom_col="geom", crs=RD)
    assert edges["length_m"].sum() == pytest.approx((7 * 7 + 8 * 6) * 500, abs=0.5)
    assert edges.length.to_numpy() == pytest.approx(edges["length_m"].to_numpy(), abs=1e-6)
    assert edges.total_bounds == pytest.approx([100_250, 480_250, 103_750, 483_250], abs=0.01)


def test_categories_without_any_amenity_are_named_in_a_note(
    database: Engine, osm_file: Path
) -> None:
    (note,) = [note for note in import_osm(database, osm_file, WANTED).notes if "Geen" in note]
    assert "apotheken, supermarkten" in note
    assert "huisartsen" not in note


def test_ground_comes_in_the_same_release_cut_to_the_region_and_its_rim(
    database: Engine, tmp_path: Path
) -> None:
    """A lake of 1 km by 1 km with an island of 4 ha, half of it beyond 2 km from the region."""
    points, ways = street_grid(100_250, 480_250, 8, 7, 500)
    corners = {
        **{200 + turn: corner for turn, corner in enumerate(box_corners(97_500, 480_500, 1_000))},
        **{210 + turn: corner for turn, corner in enumerate(box_corners(98_100, 480_600, 200))},
    }
    lake = {"type": "multipolygon", "natural": "water", "name": "De Plas"}
    path = write_osm(
        tmp_path / "plas.osm.pbf",
        points | in_rd(corners),
        [
            *ways,
            (200, [200, 201, 202, 203, 200], {}),
            (210, [210, 211, 212, 213, 210], {}),
        ],
        relations=[(1, [("w", 200, "outer"), ("w", 210, "inner")], lake)],
    )
    report = import_osm(database, path, OsmImport(2026, "v1", region_buffer_m=2_000.0))
    with database.connect() as connection:
        found = land_in_use(connection)
    assert found["kind"].to_dict() == {"water-r1": "water"}
    assert found["name"].tolist() == ["De Plas"]
    assert found["release_id"].tolist() == [report.release_id]
    assert found.area.sum() == pytest.approx(500_000 - 40_000, abs=50)
    assert found.total_bounds[0] == pytest.approx(98_000, abs=0.01)
    assert "Water: 1 vlak, 46 ha" in report.facts
    assert import_osm(database, path, OsmImport(2026, "v1", region_buffer_m=2_000.0)).is_empty


def box_corners(x_m: int, y_m: int, side_m: int) -> list[tuple[float, float]]:
    return [(x_m, y_m), (x_m + side_m, y_m), (x_m + side_m, y_m + side_m), (x_m, y_m + side_m)]


def test_the_same_file_again_changes_not_one_byte(database: Engine, osm_file: Path) -> None:
    import_osm(database, osm_file, WANTED)
    before = checksum(database)
    assert import_osm(database, osm_file, WANTED).is_empty
    assert import_osm(database, osm_file, OsmImport()).is_empty
    assert checksum(database) == before


def test_a_dry_run_tells_the_same_and_stores_nothing(database: Engine, osm_file: Path) -> None:
    before = checksum(database)
    tried = import_osm(database, osm_file, WANTED, dry_run=True)
    assert checksum(database) == before
    done = import_osm(database, osm_file, WANTED)
    assert (tried.sections, tried.facts, tried.notes) == (done.sections, done.facts, done.notes)


def test_a_newer_file_of_the_same_version_changes_only_what_differs(
    database: Engine, osm_file: Path
) -> None:
    import_osm(database, osm_file, WANTED)
    newer = write_grid(osm_file.with_name("nieuwer.osm.pbf"), extra=True)
    sections = {s.noun: s.difference for s in import_osm(database, newer, WANTED).sections}
    assert sections["voorzieningen"].is_empty
    points, pieces = sections["punten in straten"], sections["stukken straat"]
    assert [point for point in points.new if int(point) < 2**50] == ["1"]
    assert len({int(piece) // 32 for piece in (*pieces.changes, *pieces.gone)}) == 1
    assert pieces.unchanged_count >= 92 * 5


def test_without_a_year_and_version_the_next_one_is_given(database: Engine, osm_file: Path) -> None:
    assert day_of(osm_file) is None
    assert import_osm(database, osm_file, OsmImport()).title.endswith(" v1")


def test_the_day_in_a_file_names_the_delivery(shared_data: Path) -> None:
    path = shared_data / "osm" / "malta-latest.osm.pbf"
    if not path.is_file():
        pytest.skip(f"this file is not here: {path}")
    assert day_of(path) == "2016-11-09"


def test_streets_beyond_the_buffer_are_left_out(database: Engine, osm_file: Path) -> None:
    """The region ends at y = 482 km: the row at 481.75 is the last, streets north stay whole."""
    narrow = import_osm(database, osm_file, OsmImport(2026, "v1", region_buffer_m=0))
    nodes, pieces, _ = stored(database, narrow)
    streets = len(whole_streets(database, narrow))
    assert streets < 93
    assert nodes - (pieces - streets) < 52


def test_a_file_of_another_country_is_refused(database: Engine, shared_data: Path) -> None:
    path = shared_data / "osm" / "malta-latest.osm.pbf"
    if not path.is_file():
        pytest.skip(f"this file is not here: {path}")
    message = refusal(database, path)
    assert "ligt niet in de regio, maar rond lengtegraad 14,4 en breedtegraad 35,9" in message


def test_a_file_with_half_of_the_region_is_refused_by_gemeente(
    database: Engine, tmp_path: Path
) -> None:
    message = refusal(database, write_grid(tmp_path / "half.osm.pbf", rows=2))
    assert "te weinig straten in Middendorp: in 0 van de 4 buurten" in message
    assert "Zuiderveen" not in message


def test_a_cut_off_file_is_refused(database: Engine, osm_file: Path) -> None:
    content = osm_file.read_bytes()
    for size in (len(content) - 1, len(content) // 2, 150):
        osm_file.write_bytes(content[:size])
        assert "is beschadigd of niet helemaal gedownload" in refusal(database, osm_file)


def test_a_file_with_damage_inside_is_refused(database: Engine, osm_file: Path) -> None:
    content = bytearray(osm_file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    osm_file.write_bytes(content)
    assert "is beschadigd of niet helemaal gedownload" in refusal(database, osm_file)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "leeg.osm.pbf is leeg."),
        (b"<osm version='0.6'></osm>", "is geen bestand van OpenStreetMap"),
        (b"PK\x03\x04" + b"\x00" * 200, "is geen bestand van OpenStreetMap"),
    ],
)
def test_what_is_no_pbf_is_refused(
    database: Engine, tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "leeg.osm.pbf"
    path.write_bytes(content)
    assert message in refusal(database, path)


def test_a_file_that_is_not_there_is_refused(database: Engine, tmp_path: Path) -> None:
    assert "is er niet. Kijk of de naam klopt." in refusal(database, tmp_path / "weg.osm.pbf")


def test_a_file_that_may_not_be_read_is_refused(
    database: Engine, osm_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse_to_open(*_args: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse_to_open)
    with pytest.raises(Refused, match=r"is niet te lezen\. Kijk of u het mag openen"):
        import_osm(database, osm_file, WANTED)


def test_a_file_without_streets_is_refused(database: Engine, tmp_path: Path) -> None:
    points, _ = street_grid(100_250, 480_250, 8, 7, 500)
    ways = [(1, [1, 2], {"waterway": "canal"})]
    path = write_osm(tmp_path / "water.osm.pbf", points, ways)
    assert "Er staan geen straten in water.osm.pbf" in refusal(database, path)


def test_without_gemeenten_in_the_database_the_user_is_told_what_to_do_first(
    fresh_database_url: str, osm_file: Path
) -> None:
    engine = schema.connect(fresh_database_url)
    try:
        assert "Laad eerst de wijken en buurten" in refusal(engine, osm_file)
    finally:
        engine.dispose()


def test_one_file_is_not_two_deliveries(database: Engine, osm_file: Path) -> None:
    import_osm(database, osm_file, WANTED)
    assert "is al geladen als 2026 v1" in refusal(database, osm_file, OsmImport(2025, "v9"))
