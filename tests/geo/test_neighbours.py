"""Neighbours: as PySAL finds them, and also where a border was drawn twice."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from libpysal.graph import Graph
from libpysal.weights import Queen

from data.demo import demo_region
from data.sources.cbs_wijken_buurten import REGION_CODES
from geo.crs import RD
from geo.errors import GeoError
from geo.neighbours import find_neighbours
from tests.world import tiny_world

Pairs = set[frozenset[object]]
CODE = {"wijken": "wijkcode", "buurten": "buurtcode"}


def pairs_of(areas: gpd.GeoDataFrame) -> Pairs:
    found = find_neighbours(areas)
    pairs = {frozenset(pair) for pair in found.itertuples(index=False, name=None)}
    assert len(pairs) == len(found)
    return pairs


def pairs_by_points(areas: gpd.GeoDataFrame) -> Pairs:
    """What PySAL finds: areas with a point of their border in common."""
    weights = Queen.from_dataframe(areas, use_index=True, silence_warnings=True)
    return {frozenset((one, other)) for one, all_ in weights.neighbors.items() for other in all_}


def pairs_by_shape(areas: gpd.GeoDataFrame) -> Pairs:
    """What PySAL finds when it compares the shapes themselves."""
    adjacency = Graph.build_contiguity(areas, rook=False, strict=True).adjacency
    return {frozenset(pair) for pair in adjacency[adjacency > 0].index}


@pytest.fixture(scope="module", params=["wijken", "buurten"])
def real(shared_data: Path, request: pytest.FixtureRequest) -> gpd.GeoDataFrame:
    """The wijken or buurten of the region in 2024."""
    file = shared_data / "cbs" / "wijkenbuurten_2024_regio.gpkg"
    areas = gpd.read_file(file, layer=request.param)
    return areas[areas["gemeentecode"].isin(REGION_CODES)].set_index(CODE[request.param])


def pairs_within(areas: gpd.GeoDataFrame, distance_m: float) -> Pairs:
    """Areas that come this close, each compared with all others by shapely."""
    tree = shapely.STRtree(areas.geometry.array)
    one, other = tree.query(areas.geometry.array, predicate="dwithin", distance=distance_m)
    apart = one != other
    return {
        frozenset(pair)
        for pair in zip(areas.index[one[apart]], areas.index[other[apart]], strict=True)
    }


def test_real_areas_have_the_neighbours_that_pysal_finds(real: gpd.GeoDataFrame) -> None:
    found = pairs_of(real)
    assert found >= pairs_by_points(real) | pairs_by_shape(real)
    assert found == pairs_by_points(real) | pairs_within(real, 0.01)
    assert len(found - pairs_by_points(real)) <= 6


def test_a_border_that_was_drawn_twice_is_a_border(real: gpd.GeoDataFrame) -> None:
    # Between Bloemendaal and Velsen 800 m of border has other points on either side.
    more = pairs_of(real) - pairs_by_points(real)
    known = {frozenset(("WK037700", "WK045304")), frozenset(("BU03770009", "BU04530405"))}
    assert more & known
    for one, other in more:
        assert real.geometry[one].distance(real.geometry[other]) <= 0.01


@pytest.mark.parametrize("level", ["gemeente", "wijk", "buurt"])
def test_the_example_region_has_the_neighbours_that_pysal_finds(level: str) -> None:
    areas = demo_region().areas
    areas = areas[areas["level"] == level]
    assert pairs_of(areas) == pairs_by_points(areas) == pairs_by_shape(areas)


def test_squares_touch_at_their_sides_and_corners() -> None:
    areas = tiny_world().areas
    squares = areas[areas["level"] == "buurt"]
    found = pairs_of(squares)
    # 4 by 3 squares: 3 x 3 + 4 x 2 sides and 2 x 3 x 2 corners.
    assert len(found) == 9 + 8 + 12
    assert frozenset(("BU90010101", "BU90020102")) in found
    assert frozenset(("BU90010101", "BU90010201")) not in found


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), unique=True, max_size=20))
def test_squares_on_a_board_touch_when_a_king_can_step(fields: list[tuple[int, int]]) -> None:
    squares = [shapely.box(x, y, x + 1, y + 1) for x, y in fields]
    board = gpd.GeoDataFrame(geometry=squares, index=pd.Index(range(len(fields))), crs=RD)
    places = np.array(fields).reshape(-1, 2)
    expected = {
        frozenset((one, other))
        for one in range(len(fields))
        for other in range(one)
        if np.abs(places[one] - places[other]).max() == 1
    }
    assert pairs_of(board) == expected


def test_a_corner_halfway_along_a_side_is_a_shared_border() -> None:
    west = shapely.box(0, 0, 100, 100)
    east = shapely.box(100.004, 40, 200, 60)
    apart = shapely.box(300, 0, 400, 100)
    areas = gpd.GeoDataFrame(geometry=[west, east, apart], index=list("abc"), crs=RD)
    assert pairs_of(areas) == {frozenset("ab")}


def test_an_area_without_a_shape_or_alone_has_no_neighbours() -> None:
    shapes = [shapely.box(0, 0, 1, 1), shapely.Polygon(), None]
    areas = gpd.GeoDataFrame(geometry=shapes, index=list("abc"), crs=RD)
    assert find_neighbours(areas).empty
    assert find_neighbours(areas.iloc[:0]).empty


def test_an_area_that_occurs_twice_is_refused() -> None:
    areas = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)] * 2, index=["a", "a"], crs=RD)
    with pytest.raises(GeoError, match="occurs twice"):
        find_neighbours(areas)


def test_a_border_outside_rd_is_refused() -> None:
    areas = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 2e6, 1)], index=["a"], crs=RD)
    with pytest.raises(GeoError, match="outside RD"):
        find_neighbours(areas)
