"""Which ground counts: the newest of each source, real before made up."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from sqlalchemy import Connection, text

from data.load.land_use import store_land_use
from data.load.releases import Delivery, load
from data.load.report import LoadReport
from data.queries.land_use import land_in_use, land_use_releases
from data.sources import grondgebruik, openstreetmap, voorbeeldregio
from data.sources.source import Source
from geo.crs import RD
from geo.frames import LAND_USE, check

SQUARE = shapely.box(100_000, 490_000, 100_100, 490_200)
HOLED = shapely.Polygon(
    [(0, 0), (90, 0), (90, 90), (0, 90)], [[(30, 30), (60, 30), (60, 60), (30, 60)]]
)


def ground(*pieces: tuple[str, str, shapely.Geometry]) -> gpd.GeoDataFrame:
    codes, kinds, shapes = zip(*pieces, strict=True)
    return gpd.GeoDataFrame(
        {"kind": list(kinds), "name": pd.Series([None] * len(kinds), dtype=object)},
        geometry=list(shapes),
        crs=RD,
    ).set_index(pd.Index(codes, name="land_code"))


def keep(
    connection: Connection, source: Source, year: int, version: str, frame: gpd.GeoDataFrame
) -> LoadReport:
    sha256 = f"{source.key}{year}{version}".ljust(64, "0")
    delivery = Delivery(source, year, version, sha256, dt.date(2026, 11, 27))
    return load(connection, delivery, [lambda release: store_land_use(connection, release, frame)])


def test_without_any_ground_the_frame_is_empty_and_keeps_its_promise(
    connection: Connection,
) -> None:
    found = land_in_use(connection)
    assert len(found) == 0
    check(found, LAND_USE)
    assert land_use_releases(connection) == ()


def test_ground_comes_out_as_it_went_in(connection: Connection) -> None:
    frame = ground(("a", "water", SQUARE), ("b", "strand", HOLED))
    report = keep(connection, openstreetmap.SOURCE, 2026, "v1", frame)
    found = land_in_use(connection)
    assert found.index.tolist() == ["a", "b"]
    assert found["kind"].tolist() == ["water", "strand"]
    assert found["name"].isna().all()
    assert set(found["release_id"]) == {report.release_id}
    assert set(found.geom_type) == {"MultiPolygon"}
    assert shapely.equals(found.geometry.to_numpy(), frame.geometry.to_numpy()).all()
    assert found.geometry["b"].area == pytest.approx(90 * 90 - 30 * 30)


def test_only_the_kinds_that_are_asked_come(connection: Connection) -> None:
    keep(
        connection,
        openstreetmap.SOURCE,
        2026,
        "v1",
        ground(("a", "water", SQUARE), ("b", "strand", HOLED)),
    )
    assert land_in_use(connection, ["strand"]).index.tolist() == ["b"]
    assert len(land_in_use(connection, [])) == 0


def test_the_same_ground_again_writes_nothing(connection: Connection) -> None:
    frame = ground(("a", "water", SQUARE))
    keep(connection, openstreetmap.SOURCE, 2026, "v1", frame)
    again = keep(connection, openstreetmap.SOURCE, 2026, "v1", frame)
    assert all(section.difference.is_empty for section in again.sections)


def test_a_newer_map_replaces_the_older_one_in_all_kinds(connection: Connection) -> None:
    old = ground(("a", "water", SQUARE), ("b", "strand", HOLED))
    keep(connection, openstreetmap.SOURCE, 2025, "v1", old)
    keep(connection, openstreetmap.SOURCE, 2026, "v1", ground(("a", "water", SQUARE)))
    assert land_in_use(connection)["kind"].tolist() == ["water"]


def test_a_file_replaces_an_older_file_only_in_its_own_kind(connection: Connection) -> None:
    own = grondgebruik.SOURCE
    keep(connection, own, 2025, "natuur", ground(("n", "natuur", HOLED)))
    keep(connection, own, 2025, "geluidscontour", ground(("g", "geluidscontour", HOLED)))
    newest = keep(connection, own, 2026, "natuur", ground(("n2", "natuur", SQUARE)))
    found = land_in_use(connection)
    assert found["kind"].to_dict() == {"g": "geluidscontour", "n2": "natuur"}
    assert len(land_use_releases(connection)) == 2
    assert newest.release_id in {release.id for release in land_use_releases(connection)}


def test_what_two_sources_say_is_added_together(connection: Connection) -> None:
    first = keep(
        connection, openstreetmap.SOURCE, 2026, "v1", ground(("same", "natuur", SQUARE))
    ).release_id
    second = keep(
        connection, grondgebruik.SOURCE, 2026, "natuur", ground(("same", "natuur", HOLED))
    ).release_id
    assert set(land_in_use(connection).index) == {f"{first}:same", f"{second}:same"}


def test_made_up_ground_counts_only_where_nothing_is_real(connection: Connection) -> None:
    keep(connection, voorbeeldregio.SOURCE, 2024, "demo", ground(("d", "strand", SQUARE)))
    assert land_in_use(connection).index.tolist() == ["d"]
    keep(connection, openstreetmap.SOURCE, 2020, "v1", ground(("a", "water", SQUARE)))
    assert land_in_use(connection).index.tolist() == ["a"]


def test_every_visitor_may_read_the_ground(connection: Connection) -> None:
    keep(connection, openstreetmap.SOURCE, 2026, "v1", ground(("a", "water", SQUARE)))
    connection.execute(text("SET LOCAL ROLE vlekkenplan_visitor"))
    assert land_in_use(connection).index.tolist() == ["a"]
