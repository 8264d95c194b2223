"""Every answer of the engine equals the twin, to the millimetre, on every kind of network."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import NetworkError
from geo.network.arrays import MAX_MM, PROFILES, UNREACHED, Int32s, Profile, StreetNetwork, to_m
from geo.network.nearest import NO_PLACE, count_places, measure_k_nearest, measure_nearest
from geo.network.reach import measure_reach, measure_stretches, measure_within
from geo.network.routes import Route, find_route, measure_matrix
from geo.network.snap import Snapper, Stops
from tests.geo.network_cases import (
    FAR,
    Table,
    between,
    cut,
    demo,
    demo_network,
    every_node,
    networks,
    networkx_table,
    scipy_table,
    small_network,
    stops_on,
    tiny_network,
)

LIMITS_MM = st.sampled_from([0, 1, 8_192, 400_000, MAX_MM]) | st.integers(0, 3_000_000)
whole = settings(deadline=None, max_examples=150)


def check_k_nearest(distances: Table, found_mm: Int32s, found: Int32s, limit_mm: int) -> None:
    """``distances`` (node, place) sorted by distance and then by place."""
    k = found.shape[1]
    room = np.full((len(distances), k), FAR)
    padded = np.concatenate([cut(distances, limit_mm), room], axis=1)
    order = np.argsort(padded, axis=1, kind="stable")[:, :k]
    wanted_mm = np.take_along_axis(padded, order, axis=1)
    assert np.array_equal(found_mm, wanted_mm)
    assert np.array_equal(found, np.where(wanted_mm == FAR, NO_PLACE, order))


def check_route(network: StreetNetwork, route: Route, origin: Stops, destination: Stops) -> None:
    """The route is a chain of arcs between the points, and its parts sum up to its length."""
    arcs = network.forward
    assert route.nodes[0] == origin.node[0]
    assert route.nodes[-1] == destination.node[0]
    assert np.array_equal(arcs.source[route.arcs], route.nodes[:-1])
    assert np.array_equal(arcs.target[route.arcs], route.nodes[1:])
    assert len(set(route.nodes.tolist())) == len(route.nodes)
    assert arcs.length_mm[route.arcs].sum() == route.streets_mm
    ends_mm = int(origin.offset_mm[0]) + int(destination.offset_mm[0])
    assert route.streets_mm + ends_mm == route.distance_mm


@whole
@given(st.data())
def test_nearest_places_equal_the_twin(data: st.DataObject) -> None:
    network = data.draw(networks())
    categories = [data.draw(stops_on(network)) for _ in range(data.draw(st.integers(0, 3)))]
    limit_mm = data.draw(LIMITS_MM)
    found = measure_nearest(network, categories, limit_mm / 1000)
    table = networkx_table(network)
    assert found.shape == (len(categories), network.node_count)
    for places, distances_mm in zip(categories, found, strict=True):
        wanted = between(table, every_node(network), places).min(axis=1, initial=FAR)
        assert np.array_equal(distances_mm, cut(wanted, limit_mm))


@whole
@given(st.data())
def test_k_nearest_places_are_different_and_equal_the_twin(data: st.DataObject) -> None:
    network = data.draw(networks())
    places = data.draw(stops_on(network))
    limit_mm = data.draw(LIMITS_MM)
    k = data.draw(st.integers(1, 4))
    found = measure_k_nearest(network, places, k, limit_mm / 1000)
    distances = between(networkx_table(network), every_node(network), places)
    check_k_nearest(distances, found.distance_mm, found.place, limit_mm)


@whole
@given(st.data())
def test_numbers_of_places_equal_the_twin(data: st.DataObject) -> None:
    network = data.draw(networks())
    places = data.draw(stops_on(network))
    limits_mm = data.draw(st.lists(LIMITS_MM, min_size=1, max_size=3))
    (found,) = count_places(network, [places], [limit / 1000 for limit in limits_mm])
    distances = between(networkx_table(network), every_node(network), places)
    for limit_mm, counts in zip(limits_mm, found, strict=True):
        assert np.array_equal(counts, (distances <= limit_mm).sum(axis=1))


@whole
@given(st.data())
def test_a_matrix_equals_the_twin(data: st.DataObject) -> None:
    network = data.draw(networks())
    origins, destinations = data.draw(stops_on(network)), data.draw(stops_on(network))
    limit_mm = data.draw(LIMITS_MM)
    found = measure_matrix(network, origins, destinations, limit_mm / 1000)
    wanted = between(networkx_table(network), origins, destinations)
    assert np.array_equal(found, cut(wanted, limit_mm))


@whole
@given(st.data())
def test_what_lies_within_reach_equals_the_twin(data: st.DataObject) -> None:
    network = data.draw(networks())
    points, things = data.draw(stops_on(network)), data.draw(stops_on(network, max_size=12))
    weight = data.draw(st.lists(st.integers(0, 5_000), min_size=len(things), max_size=len(things)))
    limits_mm = data.draw(st.lists(LIMITS_MM, min_size=1, max_size=3))
    limits_m = [limit / 1000 for limit in limits_mm]
    table = networkx_table(network)
    for direction, wanted in (
        ("from_points", between(table, points, things)),
        ("to_points", between(table, things, points).T),
    ):
        found = measure_within(network, points, things, weight, limits_m, direction)  # type: ignore[arg-type]
        for column, limit_mm in enumerate(limits_mm):
            sums = (wanted <= limit_mm) @ np.array(weight, dtype=float)
            assert np.array_equal(
                found[:, column], np.where(points.is_far, np.nan, sums), equal_nan=True
            )


@whole
@given(st.data())
def test_a_reach_holds_all_nodes_in_time_and_no_other(data: st.DataObject) -> None:
    network = data.draw(networks())
    points = data.draw(stops_on(network))
    limit_mm = data.draw(LIMITS_MM)
    reach = measure_reach(network, points, limit_mm / 1000)
    wanted = cut(between(networkx_table(network), points, every_node(network)), limit_mm)
    for point in range(len(points)):
        rows = reach.of(point)
        inside = np.flatnonzero(wanted[point] < FAR)
        assert np.array_equal(reach.node[rows], inside)
        assert np.array_equal(reach.distance_mm[rows], wanted[point][inside])
        stretches = measure_stretches(network, reach, point, limit_mm / 1000)
        check_stretches(network, wanted[point], stretches.arc, stretches.covered_mm, limit_mm)
        lengths_mm = network.forward.length_mm[stretches.arc]
        assert np.array_equal(stretches.is_whole, stretches.covered_mm == lengths_mm)


def check_stretches(
    network: StreetNetwork, distance_mm: Table, arc: Int32s, covered_mm: Int32s, limit_mm: int
) -> None:
    """Every arc that leaves a reached node is there once, with what is left of the limit."""
    arcs = network.forward
    wanted = np.flatnonzero(distance_mm[arcs.source] < FAR)
    assert np.array_equal(np.sort(arc), wanted)
    left_mm = limit_mm - distance_mm[arcs.source[arc]]
    assert np.array_equal(covered_mm, np.minimum(left_mm, arcs.length_mm[arc]))


@whole
@given(st.data())
def test_a_route_is_as_long_as_the_twin_says(data: st.DataObject) -> None:
    network = data.draw(networks())
    table = networkx_table(network)
    points = data.draw(stops_on(network))
    for row in range(1, len(points)):
        origin, destination = points.part(slice(row - 1, row)), points.part(slice(row, row + 1))
        (wanted,) = between(table, origin, destination).ravel()
        route = find_route(network, origin, destination)
        assert (FAR if route is None else route.distance_mm) == wanted
        if route is not None:
            check_route(network, route, origin, destination)


@pytest.mark.parametrize("profile", PROFILES)
def test_the_example_region_equals_scipy(profile: Profile) -> None:
    network, amenities = demo_network(profile), demo().amenities
    snapper, limit_m = Snapper(network), 3_000.0
    for _, some in amenities.groupby("category"):
        places = snapper.snap(some.geometry.x, some.geometry.y)
        assert not places.is_far.any()
        distances = scipy_table(network.backward, places.node).T + places.offset_mm
        limited = cut(distances, 3_000_000)
        (found,) = measure_nearest(network, [places], limit_m)
        assert np.array_equal(found, limited.min(axis=1))
        nearest = measure_k_nearest(network, places, 3, limit_m)
        check_k_nearest(distances, nearest.distance_mm, nearest.place, 3_000_000)
        (counts,) = count_places(network, [places], [400, 1_200])
        assert np.array_equal(counts[0], (distances <= 400_000).sum(axis=1))
        assert np.array_equal(counts[1], (distances <= 1_200_000).sum(axis=1))


@pytest.mark.parametrize("profile", PROFILES)
def test_sites_and_people_of_the_example_region_equal_scipy(profile: Profile) -> None:
    network, people = demo_network(profile), demo().population_points
    snapper = Snapper(network)
    sites = snapper.snap(demo().sites.geometry.x, demo().sites.geometry.y)
    homes = snapper.snap(people.geometry.x, people.geometry.y)
    table = scipy_table(network.forward, sites.node)
    ways = table[:, homes.node] + sites.offset_mm[:, None] + homes.offset_mm
    usable = ~(sites.is_far[:, None] | homes.is_far)
    ways = np.where(usable & (ways < FAR), ways, FAR)
    assert np.array_equal(measure_matrix(network, sites, homes), ways)
    residents = people["resident_count"].to_numpy(dtype=float)
    found = measure_within(network, sites, homes, residents, (400, 800, 1_200))
    for column, limit_mm in enumerate((400_000, 800_000, 1_200_000)):
        sums = (ways <= limit_mm) @ residents
        assert np.allclose(found[~sites.is_far, column], sums[~sites.is_far], rtol=1e-12)
    reach = measure_reach(network, sites, 1_200)
    for site in np.flatnonzero(~sites.is_far).tolist():
        distances = table[site] + sites.offset_mm[site]
        assert np.array_equal(reach.node[reach.of(site)], np.flatnonzero(distances <= 1_200_000))
        assert np.array_equal(reach.distance_mm[reach.of(site)], distances[distances <= 1_200_000])
    for first in range(0, len(sites) - 1, 7):
        pair = sites.part(slice(first, first + 1)), sites.part(slice(first + 1, first + 2))
        route = find_route(network, *pair)
        distance = table[first, pair[1].node[0]] + pair[0].offset_mm[0] + pair[1].offset_mm[0]
        assert route is not None
        assert route.distance_mm == distance
        check_route(network, route, *pair)


def test_the_tiny_world_by_hand() -> None:
    network = tiny_network("walk")
    snapper = Snapper(network)
    doctors = snapper.snap([100_500, 103_500], [480_500, 481_500])
    home = int(snapper.snap(102_000, 480_000).node[0])
    (found,) = measure_nearest(network, [doctors])
    assert to_m(found)[home] == 2_000.0
    nearest = measure_k_nearest(network, doctors, 3)
    assert to_m(nearest.distance_mm)[home].tolist()[:2] == [2_000.0, 3_000.0]
    assert np.isnan(to_m(nearest.distance_mm)[home, 2])
    assert nearest.place[home].tolist() == [0, 1, NO_PLACE]
    assert count_places(network, [doctors], [500, 2_000, 3_000])[0, :, home].tolist() == [0, 1, 2]


def test_a_one_way_street_counts_in_its_direction_only() -> None:
    network = tiny_network("cycle")
    west, east = Snapper(network).snap([100_000, 100_500], [480_000, 480_000]).node
    there, back = (
        find_route(network, Stops.at_nodes(a), Stops.at_nodes(b))
        for a, b in ((west, east), (east, west))
    )
    assert there is not None
    assert back is not None
    assert (there.distance_mm, back.distance_mm) == (500_000, 1_500_000)
    (to_east,) = measure_nearest(network, [Stops.at_nodes([east])])
    assert (to_east[west], to_east[east]) == (500_000, 0)
    (to_west,) = measure_nearest(network, [Stops.at_nodes([west])])
    assert to_west[east] == 1_500_000


def test_two_places_at_one_crossing_are_two_places() -> None:
    network = small_network(2, [(0, 1, 5_000, True, True)])
    nearest = measure_k_nearest(network, Stops.at_nodes([1, 1, 0]), 3)
    assert nearest.distance_mm[0].tolist() == [0, 5_000, 5_000]
    assert nearest.place[0].tolist() == [2, 0, 1]


def test_a_square_of_thousands_of_streets_and_thousands_of_places_are_searched() -> None:
    streets = [(0, a, a % 97, True, True) for a in range(1, 5_000)]
    network = small_network(5_000, streets)
    starts = Stops.at_nodes(np.arange(4_999, 0, -1))
    (found,) = measure_nearest(network, [Stops.at_nodes([4_999])])
    assert found.tolist() == [4_999 % 97, *(a % 97 + 4_999 % 97 for a in range(1, 4_999)), 0]
    assert measure_nearest(network, [starts])[0].tolist() == [0] * 5_000
    nearest = measure_k_nearest(network, starts, 2)
    assert nearest.distance_mm[1].tolist() == [0, 1]
    assert nearest.distance_mm[0].tolist() == [0, 0]


def test_the_longest_streets_do_not_overflow() -> None:
    network = small_network(3, [(0, 1, MAX_MM, True, True), (1, 2, MAX_MM, True, True)])
    (found,) = measure_nearest(network, [Stops.at_nodes([0])])
    assert found.tolist() == [0, MAX_MM, UNREACHED]


def test_limits_and_points_that_can_not_be_are_refused() -> None:
    network = small_network(2, [(0, 1, 5_000, True, True)])
    with pytest.raises(NetworkError, match="negative"):
        measure_nearest(network, [], -1.0)
    with pytest.raises(NetworkError, match="does not have"):
        measure_matrix(network, Stops.at_nodes([2]), Stops.at_nodes([0]))
    with pytest.raises(NetworkError, match="less than 1"):
        measure_k_nearest(network, Stops.at_nodes([0]), 0)
    with pytest.raises(NetworkError, match="weight"):
        measure_within(network, Stops.at_nodes([0]), Stops.at_nodes([1]), [np.nan], [400])
