"""Where people live: on the world of twelve squares, on the example region and on real areas."""

from __future__ import annotations

import time
from pathlib import Path

import pandas as pd
import pyogrio
import pytest
from sqlalchemy import Connection, text

from app.services.demo import load_region
from app.services.imports import AreaImport, import_cbs_file
from data import schema
from data.demo import demo_region
from data.queries import releases
from data.queries.population import HALF_A_CELL_M, Population, population_points
from geo.crs import RD
from geo.frames import POPULATION_POINTS, check
from tests.world import BUURTEN, tiny_world


@pytest.fixture
def world(connection: Connection) -> Connection:
    load_region(connection, tiny_world())
    return connection


def asked(connection: Connection) -> Population:
    return population_points(connection, releases.area_release(connection).id)


def by_buurt(found: Population) -> dict[str, float]:
    return dict(found.points.groupby("buurt_code")["resident_count"].sum())


def test_every_point_knows_the_areas_it_lies_in(world: Connection) -> None:
    found = asked(world)
    assert (found.basis, found.release.is_example) == ("punten", True)
    assert len(check(found.points, POPULATION_POINTS)) == 20
    for code, row in found.points.iterrows():
        buurt = str(code).partition("-")[0]
        assert row["buurt_code"] == buurt
        assert row["wijk_code"] == f"WK{buurt[2:8]}"
        assert row["gemeente_code"] == f"GM{buurt[2:6]}"
    assert found.points["in_region"].all()
    assert by_buurt(found) == {code: row[0] for code, row in BUURTEN.items() if row[0]}


def test_a_point_stands_where_it_was_delivered(world: Connection) -> None:
    given = tiny_world().population_points
    found = asked(world).points
    assert list(found.index) == sorted(given.index)
    assert found.geometry.geom_equals(given.geometry.reindex(found.index)).all()


def test_a_point_on_a_border_counts_once(world: Connection) -> None:
    corner = "ST_SetSRID(ST_MakePoint(101000, 481000), 28992)"
    world.execute(
        text(f"UPDATE population_point SET geom = {corner} WHERE point_code = 'BU90030201-1'")
    )
    found = asked(world).points
    assert len(found) == 20
    assert found.loc["BU90030201-1", "buurt_code"] == "BU90010101"


def test_a_point_outside_the_areas_has_none_and_is_not_in_the_region(world: Connection) -> None:
    far = "ST_SetSRID(ST_MakePoint(90000, 480000), 28992)"
    world.execute(
        text(f"UPDATE population_point SET geom = {far} WHERE point_code = 'BU90010101-1'")
    )
    row = asked(world).points.loc["BU90010101-1"]
    assert pd.isna(row[["buurt_code", "wijk_code", "gemeente_code"]]).all()
    assert not row["in_region"]


@pytest.mark.parametrize(("off_m", "counts"), [(70, True), (72, False)])
def test_the_middle_of_a_cell_on_the_coast_is_in_the_nearest_buurt(
    world: Connection, off_m: int, counts: bool
) -> None:
    off_shore = f"ST_SetSRID(ST_MakePoint({100_000 - off_m}, 480250), 28992)"
    world.execute(
        text(f"UPDATE population_point SET geom = {off_shore} WHERE point_code = 'BU90030201-1'")
    )
    row = asked(world).points.loc["BU90030201-1"]
    assert (row["buurt_code"] == "BU90010101") == counts
    assert row["in_region"] == counts


def test_a_point_without_residents_is_left_out(world: Connection) -> None:
    world.execute(
        text("UPDATE population_point SET resident_count = 0 WHERE point_code = 'BU90010101-1'")
    )
    assert "BU90010101-1" not in asked(world).points.index


def test_real_points_come_before_those_of_an_example(world: Connection) -> None:
    release_id = asked(world).release.id
    world.execute(
        text(
            "INSERT INTO source_release (source_key, publisher, title, licence, attribution,"
            " address, year, version, retrieved_on, sha256, row_count, is_example)"
            " SELECT 'vierkanten', publisher, title, licence, attribution, address, 2020, 'v1',"
            " retrieved_on, sha256, 1, false FROM source_release WHERE id = :id"
        ),
        {"id": release_id},
    )
    world.execute(
        text(
            "INSERT INTO population_point (release_id, point_code, resident_count, geom)"
            " SELECT id, 'V1', 12.5, ST_SetSRID(ST_MakePoint(100500, 480500), 28992)"
            " FROM source_release WHERE source_key = 'vierkanten'"
        )
    )
    found = asked(world)
    assert (found.release.source_key, found.basis) == ("vierkanten", "punten")
    assert dict(found.points["resident_count"]) == {"V1": 12.5}


def test_without_points_each_buurt_with_a_figure_has_one_inside_it(world: Connection) -> None:
    world.execute(text("DELETE FROM population_point"))
    found = asked(world)
    assert found.basis == "buurtpunten"
    assert "BU90020201" not in found.points.index  # its residents are secret
    assert dict(found.points["resident_count"]) == {
        code: row[0] for code, row in BUURTEN.items() if row[0]
    }
    areas = tiny_world().areas
    for code, point in found.points.geometry.items():
        assert areas.geometry[code].contains(point)


def test_on_an_empty_population_the_frame_is_empty_and_keeps_its_promise(
    world: Connection,
) -> None:
    world.execute(text("DELETE FROM population_point"))
    world.execute(text("DELETE FROM figure"))
    found = asked(world)
    assert found.points.empty
    check(found.points, POPULATION_POINTS)


def test_the_example_region_has_all_its_residents_in_their_own_buurt(
    demo_connection: Connection,
) -> None:
    region = demo_region()
    start = time.perf_counter()
    found = asked(demo_connection)
    print(f"{len(found.points)} points in {time.perf_counter() - start:.2f} s")
    residents = region.population_points["resident_count"]
    assert found.points["resident_count"].sum() == residents.sum() == 551_130
    buurten = region.areas[region.areas["level"] == "buurt"].sort_index()
    for code, row in found.points.sample(300, random_state=2026).iterrows():
        distance_m = buurten.geometry.distance(row["geometry"])
        assert row["buurt_code"] == distance_m.index[distance_m.to_numpy().argmin()], code
        assert distance_m.min() < HALF_A_CELL_M


def test_real_areas_with_points_of_an_example_have_one_point_a_buurt(
    fresh_database_url: str, shared_data: Path
) -> None:
    file = shared_data / "cbs" / "wijkenbuurten_2024_regio.gpkg"
    engine = schema.connect(fresh_database_url)
    with engine.begin() as connection:
        load_region(connection, tiny_world())
    import_cbs_file(engine, file, AreaImport(year=2024, version="v2"))
    with engine.connect() as connection:
        found = asked(connection)
        assert found.release == releases.area_release(connection)
    engine.dispose()
    assert (found.basis, found.release.is_example) == ("buurtpunten", False)
    raw = pyogrio.read_dataframe(file, layer="buurten").set_index("buurtcode").to_crs(RD)
    raw = raw[raw["aantal_inwoners"] > 0].reindex(found.points.index)
    in_region = found.points["in_region"]
    assert (found.points["resident_count"] == raw["aantal_inwoners"]).all()
    assert raw.geometry.covers(found.points.geometry).all()
    print(f"{in_region.sum()} buurten of the region with residents, {len(in_region)} with the rim")
    print(f"{found.points.loc[in_region, 'resident_count'].sum():,.0f} residents in the region")
    assert raw.loc[in_region, "gemeentenaam"].nunique() == 8
