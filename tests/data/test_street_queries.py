"""Streets and amenities as they were delivered, and which delivery counts."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from sqlalchemy import Connection

from app.services.demo import load_region
from data.demo import DemoRegion, demo_region
from data.errors import NotFound
from data.load.points import store_amenities
from data.load.releases import Delivery, load
from data.load.streets import store_streets
from data.queries.amenities import amenities_in_use, amenity_deliveries, amenity_releases
from data.queries.places import areas_at
from data.queries.releases import area_release
from data.queries.streets import edge_lines, street_edges, street_nodes, street_release
from data.sources import openstreetmap, voorzieningen
from data.sources.source import Source
from geo.crs import RD, to_wgs84
from geo.frames import STREET_EDGES, STREET_NODES, check
from tests.world import tiny_world

OSM, LISTS = openstreetmap.SOURCE, voorzieningen.SOURCE


@pytest.fixture
def world(connection: Connection) -> Connection:
    """A connection to a database that holds the tiny world, an example."""
    load_region(connection, tiny_world())
    return connection


def delivery(source: Source, year: int, version: str) -> Delivery:
    return Delivery(source, year, version, f"{source.key} {year} {version}", dt.date(2026, 1, 1))


def add_streets(connection: Connection, year: int, version: str) -> int:
    """A real delivery of the streets of the tiny world."""
    region = tiny_world()
    report = load(
        connection,
        delivery(OSM, year, version),
        [lambda release: store_streets(connection, release, *streets_of(region))],
    )
    assert report.release_id is not None
    return report.release_id


def streets_of(region: DemoRegion) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    return region.street_nodes, region.street_edges


def add_amenities(
    connection: Connection,
    source: Source,
    year: int,
    version: str,
    places: Sequence[tuple[str, str]],
) -> int:
    """A delivery of amenities (code, category), all at one place."""
    amenities = gpd.GeoDataFrame(
        {"category": [category for _, category in places], "name": None},
        geometry=[shapely.Point(101_000, 481_000)] * len(places),
        crs=RD,
        index=pd.Index([code for code, _ in places], name="amenity_code"),
    )
    report = load(
        connection,
        delivery(source, year, version),
        [lambda release: store_amenities(connection, release, amenities)],
    )
    assert report.release_id is not None
    return report.release_id


def codes(connection: Connection) -> dict[str, list[str]]:
    """Codes in use by category."""
    found = amenities_in_use(connection)
    return {str(category): sorted(group.index) for category, group in found.groupby("category")}


def test_streets_come_back_as_they_were_stored(world: Connection) -> None:
    release = street_release(world)
    nodes, edges = street_nodes(world, release.id), street_edges(world, release.id)
    check(nodes, STREET_NODES)
    check(edges, STREET_EDGES)
    stored_nodes, stored_edges = streets_of(tiny_world())
    assert nodes.index.tolist() == stored_nodes.index.tolist()
    assert nodes.geometry.tolist() == stored_nodes.geometry.tolist()
    columns = list(STREET_EDGES.columns)
    pd.testing.assert_frame_equal(
        pd.DataFrame(edges[columns]), pd.DataFrame(stored_edges[columns]), check_dtype=True
    )
    assert edges.geometry.tolist() == stored_edges.geometry.tolist()
    assert (edges.crs, nodes.crs) == (RD, RD)


def test_lengths_and_coordinates_come_back_bit_by_bit(demo_connection: Connection) -> None:
    release = street_release(demo_connection)
    edges = street_edges(demo_connection, release.id)
    made = demo_region().street_edges
    assert edges["length_m"].equals(made["length_m"])
    assert shapely.equals_exact(edges.geometry.to_numpy(), made.geometry.to_numpy(), 0).all()
    drawn = edges.geometry.length.to_numpy()
    assert np.allclose(drawn, edges["length_m"].to_numpy(), atol=1e-6, rtol=0)
    nodes = street_nodes(demo_connection, release.id)
    ends = shapely.get_point(np.asarray(edges.geometry.array, dtype=object), -1)
    assert (
        shapely.get_coordinates(ends)
        == shapely.get_coordinates(nodes.geometry.loc[edges["to_node_id"]].array)
    ).all()


def test_real_streets_come_before_example_streets_and_the_newest_first(world: Connection) -> None:
    example = street_release(world)
    assert example.is_example
    old = add_streets(world, 2025, "2025-12-01")
    assert street_release(world).id == old
    new = add_streets(world, 2026, "2026-02-01")
    add_streets(world, 2026, "2026-01-15")
    assert street_release(world).id == new
    assert len(street_edges(world, new)) == 110


def test_a_database_without_streets_says_what_to_type(connection: Connection) -> None:
    with pytest.raises(NotFound, match="vlekkenplan import osm"):
        street_release(connection)


def test_a_delivery_without_streets_is_not_the_one_to_use(world: Connection) -> None:
    add_amenities(world, OSM, 2026, "v1", [("n1", "huisarts")])
    assert street_release(world).is_example


def test_lines_of_streets_come_in_the_order_asked(world: Connection) -> None:
    release = street_release(world)
    edges = tiny_world().street_edges
    lines = edge_lines(world, release.id, [7, 3, 109, 7])
    assert lines.index.tolist() == [7, 3, 109, 7]
    assert lines.index.name == "edge_id"
    assert lines.tolist() == [edges.geometry.loc[i] for i in (7, 3, 109, 7)]
    assert lines.crs == RD
    assert len(edge_lines(world, release.id, [])) == 0
    with pytest.raises(NotFound, match="9999"):
        edge_lines(world, release.id, [7, 9999])


def test_amenities_of_the_example_count_when_there_is_nothing_else(world: Connection) -> None:
    found = amenities_in_use(world)
    stored = tiny_world().amenities
    assert found.index.tolist() == stored.index.tolist()
    assert found["category"].tolist() == stored["category"].tolist()
    assert found.geometry.tolist() == stored.geometry.tolist()
    for row in found.itertuples():
        assert (row.lon, row.lat) == pytest.approx(to_wgs84(row.geometry.x, row.geometry.y))
    (release,) = amenity_releases(world)
    assert release.is_example
    assert set(found["release_id"]) == {release.id}


def test_one_real_delivery_puts_all_examples_aside(world: Connection) -> None:
    real = add_amenities(world, LISTS, 2026, "bibliotheek", [("b1", "bibliotheek")])
    assert codes(world) == {"bibliotheek": ["b1"]}
    assert [release.id for release in amenity_releases(world)] == [real]
    assert len(amenity_deliveries(world)) == 2


def test_the_newest_delivery_counts_for_each_category_by_itself(connection: Connection) -> None:
    add_amenities(connection, LISTS, 2024, "huisarts", [("oud", "huisarts")])
    add_amenities(connection, OSM, 2025, "2025-06-01", [("n1", "huisarts"), ("n2", "groen")])
    add_amenities(connection, LISTS, 2026, "groen", [("park", "groen")])
    add_amenities(connection, LISTS, 2023, "apotheek", [("a1", "apotheek")])
    assert codes(connection) == {"apotheek": ["a1"], "groen": ["park"], "huisarts": ["n1"]}
    assert sorted(release.year for release in amenity_releases(connection)) == [2023, 2025, 2026]


def test_what_is_gone_from_a_newer_map_does_not_come_back_from_an_older_one(
    connection: Connection,
) -> None:
    add_amenities(connection, OSM, 2026, "2026-01-01", [("n1", "huisarts"), ("n2", "bibliotheek")])
    add_amenities(connection, OSM, 2026, "2026-02-01", [("n1", "huisarts")])
    assert codes(connection) == {"huisarts": ["n1"]}


def test_the_same_code_of_two_sources_stays_two_places(connection: Connection) -> None:
    one = add_amenities(connection, LISTS, 2025, "huisarts", [("1", "huisarts")])
    two = add_amenities(connection, LISTS, 2025, "apotheek", [("1", "apotheek")])
    assert codes(connection) == {"apotheek": [f"{two}:1"], "huisarts": [f"{one}:1"]}


def test_without_amenities_the_frame_is_empty_and_whole(connection: Connection) -> None:
    found = amenities_in_use(connection)
    assert len(found) == 0
    assert amenity_releases(connection) == ()


def test_the_areas_of_a_place_are_found_the_smallest_first(world: Connection) -> None:
    release_id = area_release(world).id
    found = areas_at(world, release_id, 100_500, 481_200)
    assert [(level, area.area_code) for level, area in found.items()] == [
        ("buurt", "BU90020101"),
        ("wijk", "WK900201"),
        ("gemeente", "GM9002"),
    ]
    assert areas_at(world, release_id, 99_000, 481_200) == {}
    corner = areas_at(world, release_id, 101_000, 481_000)
    assert corner["buurt"].area_code == "BU90010101"


def test_a_delivery_that_differs_in_nothing_keeps_its_moment(world: Connection) -> None:
    before = street_release(world)
    load_region(world, tiny_world())
    assert dataclasses.asdict(street_release(world)) == dataclasses.asdict(before)
