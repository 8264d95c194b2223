"""Isochrones: exact for every crossing, ending where time ends, and drawable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.spatial import Delaunay

from geo.crs import RD
from geo.errors import NetworkError
from geo.network.arrays import PROFILES, Profile, StreetNetwork, build_network
from geo.network.contours import are_inside
from geo.network.graph import to_networkx
from geo.network.isochrones import (
    HALO_M,
    SIMPLIFY_M,
    SMALLEST_HOLE_M2,
    SMALLEST_PART_M2,
    Isochrone,
    draw_isochrone,
    edges_around,
    measure_isochrone,
)
from geo.network.reach import Direction, measure_reach
from geo.network.snap import Snapper, Stops
from tests.geo.network_cases import demo, demo_network

EDGE_M = 25.0
ORIGIN_M = (104_000.0, 488_000.0)
REACH_M: dict[Profile, float] = {"walk": 1_200.0, "cycle": 3_750.0}
DIRECTIONS: tuple[Direction, ...] = ("from_points", "to_points")
Streets = tuple[StreetNetwork, gpd.GeoSeries]


def lay(
    points: Mapping[int, tuple[float, float]],
    streets: Sequence[tuple[int, int]],
    *,
    one_way: Sequence[int] = (),
    bends: Mapping[int, Sequence[tuple[float, float]]] | None = None,
    longer: float = 1.0,
) -> Streets:
    """Crossings (metres from the origin) and streets between them, as drawn; see ``one_way``."""
    at = {node: (ORIGIN_M[0] + x, ORIGIN_M[1] + y) for node, (x, y) in points.items()}
    nodes = gpd.GeoDataFrame(
        geometry=[shapely.Point(place) for place in at.values()],
        index=pd.Index(list(at), name="node_id"),
        crs=RD,
    )
    lines = [
        shapely.LineString(
            [
                at[start],
                *((ORIGIN_M[0] + x, ORIGIN_M[1] + y) for x, y in (bends or {}).get(row, ())),
                at[stop],
            ]
        )
        for row, (start, stop) in enumerate(streets)
    ]
    edges = gpd.GeoDataFrame(
        {
            "from_node_id": [start for start, _ in streets],
            "to_node_id": [stop for _, stop in streets],
            "length_m": [line.length * longer for line in lines],
            "walk": True,
            "cycle_forward": True,
            "cycle_backward": [row not in one_way for row in range(len(streets))],
        },
        geometry=lines,
        index=pd.RangeIndex(len(streets), name="edge_id"),
        crs=RD,
    )
    return build_network(nodes, edges, "cycle"), edges.geometry


def at(network: StreetNetwork, node_id: int, offset_mm: int = 0) -> Stops:
    """A point at a crossing, or off it."""
    return Stops(
        network.index_of([node_id]), np.array([offset_mm], np.int32), np.array([offset_mm / 1000])
    )


def place(x: float, y: float) -> shapely.Point:
    return shapely.Point(ORIGIN_M[0] + x, ORIGIN_M[1] + y)


def check_crossings(network: StreetNetwork, found: Isochrone, reached: Sequence[int]) -> int:
    """In the area is what was reached, and nothing else; how many just outside were judged."""
    area = found.area
    assert area.is_valid
    used = np.zeros(network.node_count, dtype=bool)
    used[network.forward.source] = used[network.forward.target] = True
    xy_m = np.column_stack([network.x_m, network.y_m])
    inside = are_inside(area, xy_m)
    is_reached = np.zeros(network.node_count, dtype=bool)
    is_reached[list(reached)] = True
    judged = used | is_reached
    judged[found.stacked_nodes] = False
    assert np.array_equal(inside[judged], is_reached[judged])
    near = shapely.dwithin(area.boundary, shapely.points(xy_m), EDGE_M) & ~inside & used
    assert not is_reached[near].any()
    return int(near.sum())


def networkx_reach(
    network: StreetNetwork, start: int, limit_m: float, direction: Direction
) -> list[int]:
    """What networkx reaches from a crossing, or what reaches it."""
    graph: nx.MultiDiGraph[int] = to_networkx(network)
    if direction == "to_points":
        graph = graph.reverse()
    found = nx.single_source_dijkstra_path_length(
        graph, start, cutoff=limit_m * 1000, weight="length_mm"
    )
    return list(found)


def town(seed: int) -> Streets:
    """A made-up town: no pattern, bends, one-way streets, bridges, and crossings very near."""
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 1_000, (int(rng.integers(8, 120)), 2))
    doubled = rng.choice(len(xy), max(1, len(xy) // 6), replace=False)
    xy = np.concatenate([xy, xy[doubled] + rng.uniform(-3, 3, (len(doubled), 2))])
    sides = np.sort(Delaunay(xy).simplices[:, [[0, 1], [1, 2], [0, 2]]].reshape(-1, 2), axis=1)
    streets = np.unique(sides, axis=0)
    streets = streets[rng.random(len(streets)) < rng.uniform(0.4, 0.9)]
    bridges = rng.integers(0, len(xy), (len(xy) // 8, 2))
    rings = [(int(node), int(node)) for node in rng.integers(0, len(xy), 2)]
    pairs = [*map(tuple, streets.tolist()), *map(tuple, bridges[bridges[:, 0] != bridges[:, 1]])]
    listed = [(int(one), int(other)) for one, other in (*pairs, *rings)]
    bends: dict[int, list[tuple[float, float]]] = {}
    for row, (one, other) in enumerate(listed):
        if one == other:
            x, y = xy[one]
            bends[row] = [(x + 60, y), (x + 60, y + 50), (x, y + 50)]
        elif rng.random() < 0.3:
            x, y = (xy[one] + xy[other]) / 2 + rng.uniform(-30, 30, 2)
            bends[row] = [(float(x), float(y))]
    one_way = np.flatnonzero(rng.random(len(listed)) < 0.25).tolist()
    points = {node: (float(x), float(y)) for node, (x, y) in enumerate(xy)}
    return lay(points, listed, one_way=one_way, bends=bends, longer=float(rng.choice([1, 1.0008])))


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("seed", range(24))
def test_in_made_up_towns_each_crossing_is_on_its_own_side(seed: int, direction: Direction) -> None:
    network, lines = town(seed)
    rng = np.random.default_rng(seed)
    for start in rng.choice(network.node_count, 3, replace=False).tolist():
        limit_m = float(rng.choice([0.0, 5.0, rng.uniform(50, 900), 5_000.0]))
        found = measure_isochrone(network, lines, Stops.at_nodes([start]), limit_m, direction)
        check_crossings(network, found, networkx_reach(network, start, limit_m, direction))
        assert not len(found.stacked_nodes)


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("profile", PROFILES)
def test_in_the_example_region_each_crossing_is_on_its_own_side(
    profile: Profile, direction: Direction
) -> None:
    network, lines = demo_network(profile), demo().street_edges.geometry
    sites = demo().sites.geometry
    stops, near_count = Snapper(network).snap(sites.x, sites.y), 0
    for row in np.flatnonzero(~stops.is_far)[:6].tolist():
        point, at_m = stops.part(slice(row, row + 1)), (sites.x.iloc[row], sites.y.iloc[row])
        found = measure_isochrone(network, lines, point, REACH_M[profile], direction, at_m=at_m)
        reached = measure_reach(network, point, REACH_M[profile], direction).node.tolist()
        near_count += check_crossings(network, found, reached)
        assert not len(found.stacked_nodes)
        assert found.area.intersects(shapely.Point(at_m))
    assert near_count > 50


def test_the_area_ends_where_time_ends() -> None:
    """A street of 1,000 m with a limit of 300: a capsule around the first 300 m, cut off there.

    Simplifying may move the end by ``SIMPLIFY_M``, so it is looked for from 296 to 304 m.
    """
    network, lines = lay({1: (0, 0), 2: (1_000, 0)}, [(1, 2)])
    area = draw_isochrone(network, lines, at(network, 1), 300)
    assert area.contains(place(296, 0))
    assert not area.intersects(place(304, 0))
    capsule = shapely.LineString([place(0, 0), place(300, 0)]).buffer(HALO_M)
    wanted = capsule - shapely.LineString([place(300, 0), place(400, 0)]).buffer(
        HALO_M, cap_style="flat"
    )
    assert area.symmetric_difference(wanted).area < 0.06 * wanted.area
    assert area.hausdorff_distance(wanted) < 2 * SIMPLIFY_M


def test_a_street_that_is_longer_than_its_line_ends_at_the_same_share() -> None:
    """1,500 m long by its own account, drawn over 1,000 m: 300 m is a fifth of it."""
    network, lines = lay({1: (0, 0), 2: (1_000, 0)}, [(1, 2)], longer=1.5)
    area = draw_isochrone(network, lines, at(network, 1), 300)
    assert area.contains(place(196, 0))
    assert not area.intersects(place(204, 0))


def test_a_street_that_is_reached_from_both_ends_keeps_the_middle_out() -> None:
    """Round a block: 500 m to each end of a street of 800 m, and 200 m left on either side."""
    points: dict[int, tuple[float, float]] = {1: (400, -300), 2: (0, 0), 3: (800, 0)}
    network, lines = lay(points, [(1, 2), (1, 3), (2, 3)])
    area = draw_isochrone(network, lines, at(network, 1), 700)
    inside = [area.contains(place(x, 0)) for x in (190, 210, 400, 590, 610)]
    assert inside == [True, False, False, False, True]


def test_the_direction_of_a_one_way_street_counts() -> None:
    network, lines = lay({1: (0, 0), 2: (400, 0), 3: (-400, 0)}, [(1, 2), (3, 1)], one_way=[0, 1])
    away = draw_isochrone(network, lines, at(network, 1), 300)
    towards = draw_isochrone(network, lines, at(network, 1), 300, "to_points")
    assert [away.contains(place(x, 0)) for x in (-290, 290)] == [False, True]
    assert [towards.contains(place(x, 0)) for x in (-290, 290)] == [True, False]


def test_an_unreachable_street_ten_metres_away_lies_outside() -> None:
    """Two streets side by side that do not meet; the border runs half-way between them."""
    beside = {3: (0.0, 10.0), 4: (600.0, 10.0)}
    network, lines = lay({1: (0, 0), 2: (600, 0), **beside}, [(1, 2), (3, 4)])
    area = draw_isochrone(network, lines, at(network, 1), 1_000)
    check_crossings(
        network, Isochrone(area, np.zeros(0, np.int32)), network.index_of([1, 2]).tolist()
    )
    other = shapely.LineString([place(0, 10), place(600, 10)])
    street = shapely.LineString([place(0, 0), place(600, 0)])
    assert not area.intersects(other)
    assert area.covers(street)
    assert area.covers(street.buffer(5 - SIMPLIFY_M, single_sided=True))


def test_a_bridge_stays_whole_and_the_crossings_beneath_it_are_cut_out() -> None:
    """A street of its own passes under the bridge; one of its crossings lies 3 m beside it."""
    under = {3: (300.0, -200.0), 4: (300.0, 3.0), 5: (300.0, 200.0)}
    network, lines = lay({1: (0, 0), 2: (600, 0), **under}, [(1, 2), (3, 4), (4, 5)])
    found = measure_isochrone(network, lines, at(network, 1), 1_000)
    check_crossings(network, found, network.index_of([1, 2]).tolist())
    assert not len(found.stacked_nodes)
    assert len(found.area.geoms) == 1
    assert found.area.covers(shapely.LineString([place(0, 0), place(600, 0)]))
    assert not found.area.intersects(place(300, 60))


def test_crossings_above_each_other_can_not_be_told_apart_and_are_named() -> None:
    points = {1: (0.0, 0.0), 2: (300.0, 0.0), 6: (600.0, 0.0)}
    under = {3: (300.0, -200.0), 4: (300.0, 0.0), 5: (300.0, 200.0)}
    network, lines = lay({**points, **under}, [(1, 2), (2, 6), (3, 4), (4, 5)])
    found = measure_isochrone(network, lines, at(network, 1), 1_000)
    assert network.node_ids[found.stacked_nodes].tolist() == [4]
    assert found.area.covers(place(300, 0))
    check_crossings(network, found, network.index_of([1, 2, 6]).tolist())


def test_a_block_is_filled_and_a_field_is_a_hole() -> None:
    """The middle of 110 m by 110 m is 10 m from the border; that of 300 m by 300 m is a hole."""
    for side_m, hole_count in ((110, 0), (300, 1)):
        corners = {1: (0.0, 0.0), 2: (side_m, 0.0), 3: (side_m, side_m), 4: (0.0, side_m)}
        network, lines = lay(corners, [(1, 2), (2, 3), (3, 4), (4, 1)])
        (part,) = draw_isochrone(network, lines, at(network, 1), 2_000).geoms
        holes = [shapely.Polygon(ring) for ring in part.interiors]
        assert len(holes) == hole_count
        assert all(hole.area > SMALLEST_HOLE_M2 for hole in holes)


def test_a_crossing_in_a_filled_block_keeps_its_own_small_hole() -> None:
    corners = {1: (0.0, 0.0), 2: (100.0, 0.0), 3: (100.0, 100.0), 4: (0.0, 100.0)}
    yard = {5: (45.0, 50.0), 6: (55.0, 50.0)}
    network, lines = lay({**corners, **yard}, [(1, 2), (2, 3), (3, 4), (4, 1), (5, 6)])
    found = measure_isochrone(network, lines, at(network, 1), 2_000)
    check_crossings(network, found, network.index_of([1, 2, 3, 4]).tolist())
    assert len(found.area.geoms[0].interiors) == 1


def test_a_scrap_of_street_between_two_missed_crossings_is_left_out() -> None:
    """Two streets of another level cross a reached one 15 m apart, with a crossing every 5 m."""
    under = {
        100 * column + step: (285.0 + 15.0 * column, 5.0 * step - 40.0)
        for column in (1, 2)
        for step in range(17)
    }
    streets = [(1, 2), *((node, node + 1) for node in under if node + 1 in under)]
    network, lines = lay({1: (0, 0), 2: (600, 0), **under}, streets)
    found = measure_isochrone(network, lines, at(network, 1), 1_000)
    check_crossings(network, found, network.index_of([1, 2]).tolist())
    assert all(part.area > SMALLEST_PART_M2 for part in found.area.geoms)
    assert not found.area.intersects(place(307.5, 0))


def test_the_straight_way_to_the_street_counts_and_is_in_the_area() -> None:
    network, lines = lay({1: (0, 0), 2: (1_000, 0)}, [(1, 2)])
    start = place(0, 200)
    (x_m, y_m) = start.coords[0]
    point = Snapper(network, with_small=True).snap(x_m, y_m)
    area = draw_isochrone(network, lines, point, 300, at_m=(x_m, y_m))
    assert area.covers(shapely.LineString([start, place(0, 0), place(96, 0)]))
    assert not area.intersects(place(104, 0))
    without = draw_isochrone(network, lines, point, 300)
    assert without.contains(place(96, 0))
    assert not without.intersects(start)


def test_who_can_not_even_reach_the_street_stays_on_the_way_to_it() -> None:
    network, lines = lay({1: (0, 0), 2: (1_000, 0)}, [(1, 2)])
    start = place(0, 200)
    (x_m, y_m) = start.coords[0]
    point = Snapper(network, with_small=True).snap(x_m, y_m)
    found = measure_isochrone(network, lines, point, 100, at_m=(x_m, y_m))
    check_crossings(network, found, [])
    assert found.area.covers(shapely.LineString([start, place(0, 104)]))
    assert draw_isochrone(network, lines, point, 100).is_empty


def test_a_point_too_far_from_the_streets_has_no_area() -> None:
    network, lines = lay({1: (0, 0), 2: (1_000, 0)}, [(1, 2)])
    point = Snapper(network, with_small=True).snap(*place(0, 5_000).coords[0])
    found = draw_isochrone(network, lines, point, 1_200, at_m=(0.0, 0.0))
    assert isinstance(found, shapely.MultiPolygon)
    assert found.is_empty


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_only_the_streets_around_are_needed(direction: Direction) -> None:
    network, lines = demo_network("walk"), demo().street_edges.geometry
    point = Stops.at_nodes([network.node_count // 2])
    ids = edges_around(network, point, 1_200, direction)
    assert 0 < len(ids) < len(lines) / 2
    some = {int(edge_id): lines[edge_id] for edge_id in ids}
    whole = draw_isochrone(network, lines, point, 1_200, direction)
    assert draw_isochrone(network, some, point, 1_200, direction).equals(whole)
    missing = next(iter(some))
    del some[missing]
    with pytest.raises(NetworkError, match=f"1 streets have no geometry, the first is {missing}"):
        draw_isochrone(network, some, point, 1_200, direction)
    with pytest.raises(NetworkError, match="no geometry"):
        draw_isochrone(network, lines.drop(missing), point, 1_200, direction)


def test_leaving_out_samples_inland_never_costs_a_crossing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Left out from 30 m on, which is far too near; it must be noticed and put right."""
    monkeypatch.setattr("geo.network.isochrones._INLAND_M", 30.0)
    network, lines = demo_network("walk"), demo().street_edges.geometry
    for start in range(0, network.node_count, network.node_count // 5):
        found = measure_isochrone(network, lines, Stops.at_nodes([start]), 1_200)
        check_crossings(network, found, networkx_reach(network, start, 1_200, "from_points"))


def test_an_isochrone_is_of_one_point() -> None:
    network, lines = lay({1: (0, 0), 2: (1_000, 0)}, [(1, 2)])
    with pytest.raises(NetworkError, match="one point, not of 2"):
        draw_isochrone(network, lines, Stops.at_nodes([0, 1]), 300)
