"""What is swept over a hierarchy equals what is searched, in any order of taking away."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.requirements import Requirement

from geo.errors import NetworkError
from geo.network.arrays import MAX_MM, PROFILES, UNREACHED, Int32s, Profile, StreetNetwork
from geo.network.dissection import dissect_straight, find_neighbours
from geo.network.hierarchy import build_hierarchy
from geo.network.metis import dissect_apart, dissect_by_metis, dissect_here, has_metis
from geo.network.nearest import measure_nearest
from geo.network.routes import measure_matrix
from geo.network.snap import Snapper, Stops
from geo.network.swept import sweep_matrix, sweep_nearest
from tests.geo.network_cases import (
    FAR,
    between,
    cut,
    demo,
    demo_network,
    every_node,
    networks,
    networkx_table,
    small_network,
    stops_on,
)

whole = settings(deadline=None, max_examples=200)
LIMITS_MM = st.sampled_from([0, 8_192, MAX_MM]) | st.integers(0, 3_000_000)


@whole
@given(st.data())
def test_swept_answers_equal_the_twin(data: st.DataObject) -> None:
    network = data.draw(networks())
    order = data.draw(st.none() | st.permutations(range(network.node_count)))
    hierarchy = build_hierarchy(network, None if order is None else np.array(order, np.int32))
    table, limit_mm = networkx_table(network), data.draw(LIMITS_MM)
    categories = [data.draw(stops_on(network)) for _ in range(data.draw(st.integers(0, 3)))]
    found = sweep_nearest(hierarchy, categories, limit_mm / 1000)
    assert found.shape == (len(categories), network.node_count)
    for places, distances_mm in zip(categories, found, strict=True):
        wanted = between(table, every_node(network), places).min(axis=1, initial=FAR)
        assert np.array_equal(distances_mm, cut(wanted, limit_mm))
    origins = data.draw(stops_on(network, max_size=20))
    destinations = data.draw(stops_on(network))
    matrix = sweep_matrix(hierarchy, origins, destinations, limit_mm / 1000)
    assert np.array_equal(matrix, cut(between(table, origins, destinations), limit_mm))


@pytest.mark.parametrize("profile", PROFILES)
def test_the_example_region_is_swept_as_it_is_searched(profile: Profile) -> None:
    network = demo_network(profile)
    hierarchy, snapper = build_hierarchy(network), Snapper(network)
    categories = [
        snapper.snap(some.geometry.x, some.geometry.y)
        for _, some in demo().amenities.groupby("category")
    ]
    many = [*categories, *categories[::-1]]
    for limit_m in (3_000.0, MAX_MM / 1000):
        wanted = measure_nearest(network, many, limit_m)
        assert np.array_equal(sweep_nearest(hierarchy, many, limit_m), wanted)
    sites = snapper.snap(demo().sites.geometry.x, demo().sites.geometry.y)
    matrix = sweep_matrix(hierarchy, sites, categories[0])
    assert np.array_equal(matrix, measure_matrix(network, sites, categories[0]))


def orders(network: StreetNetwork) -> dict[str, Int32s]:
    """The order of each means that is there."""
    neighbours = find_neighbours(network)
    found = {"straight cuts": dissect_straight(*neighbours, network.x_m, network.y_m)}
    if has_metis() and len(neighbours[1]):
        found["METIS"] = dissect_by_metis(*neighbours)
    return found


def test_metis_is_there_where_it_is_to_be_installed() -> None:
    checkout = Path(__file__).resolve().parents[2]
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (wanted,) = (line for line in project["dependencies"] if line.startswith("pymetis"))
    marker = Requirement(wanted).marker
    assert marker is not None
    assert has_metis() or not marker.evaluate()


@pytest.mark.parametrize("profile", PROFILES)
def test_every_node_is_taken_away_once_and_those_that_separate_last(profile: Profile) -> None:
    network = demo_network(profile)
    for order in orders(network).values():
        assert np.array_equal(np.sort(order), np.arange(network.node_count))
        hierarchy = build_hierarchy(network, order)
        assert len(hierarchy.up.above) < 10 * network.node_count
        has_parent = hierarchy.parent > np.arange(network.node_count)
        assert (~has_parent).sum() == len(network.component_node_counts)


@whole
@given(networks())
def test_all_orders_give_the_same_distances(network: StreetNetwork) -> None:
    wanted = networkx_table(network)
    for name, order in orders(network).items():
        hierarchy = build_hierarchy(network, order)
        found = sweep_matrix(hierarchy, every_node(network), every_node(network))
        assert np.array_equal(found, wanted), name


def test_the_same_streets_give_the_same_order() -> None:
    once, again = (orders(demo_network("cycle")) for _ in range(2))
    assert all(np.array_equal(once[name], again[name]) for name in once)


@pytest.mark.skipif(not has_metis(), reason="pymetis has no wheel for this machine")
def test_metis_gives_the_same_order_here_and_apart() -> None:
    neighbours = find_neighbours(demo_network("cycle"))
    assert np.array_equal(dissect_here(*neighbours), dissect_apart(*neighbours))


def test_neighbours_are_told_once_whatever_the_direction() -> None:
    streets = [(0, 1, 5, True, False), (0, 1, 7, False, True), (1, 1, 3, True, True)]
    first, neighbour = find_neighbours(small_network(4, [*streets, (3, 1, 2, False, True)]))
    rows = [sorted(neighbour[first[v] : first[v + 1]].tolist()) for v in range(4)]
    assert rows == [[1], [0, 3], [], [1]]


def test_crossings_at_one_place_can_be_separated() -> None:
    chain = small_network(300, [(a, a + 1, 0, True, True) for a in range(299)])
    order = dissect_straight(*find_neighbours(chain), np.zeros(300), np.zeros(300))
    assert sorted(order.tolist()) == list(range(300))


@pytest.mark.parametrize("category_count", [1, 8, 9, 40])
def test_questions_do_not_mix_however_many_there_are(category_count: int) -> None:
    network = small_network(7, [(a, a + 1, 10 ** (a % 4), True, a % 3 > 0) for a in range(6)])
    table, hierarchy = networkx_table(network), build_hierarchy(network)
    places = [Stops.at_nodes([which % 7]) for which in range(category_count)]
    found = sweep_nearest(hierarchy, places)
    assert np.array_equal(found, table[:, np.arange(category_count) % 7].T)
    origins = Stops.at_nodes(np.arange(5 * category_count) % 7)
    matrix = sweep_matrix(hierarchy, origins, every_node(network))
    assert np.array_equal(matrix, table[origins.node])


def test_sums_beyond_the_longest_distance_are_not_reached() -> None:
    network = small_network(4, [(a, a + 1, MAX_MM, True, True) for a in range(3)])
    for order in ([0, 1, 2, 3], [1, 2, 0, 3], [3, 0, 2, 1]):
        hierarchy = build_hierarchy(network, np.array(order, np.int32))
        (found,) = sweep_nearest(hierarchy, [Stops.at_nodes([0])])
        assert found.tolist() == [0, MAX_MM, UNREACHED, UNREACHED]


@pytest.mark.parametrize("order", [[0, 0], [0], [1, 2]])
def test_an_order_without_every_node_once_is_refused(order: list[int]) -> None:
    with pytest.raises(NetworkError, match="every node once"):
        build_hierarchy(small_network(2, []), np.array(order, np.int32))
