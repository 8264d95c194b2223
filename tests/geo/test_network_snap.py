"""A point goes to the nearest crossing, its way there counts, and a far point stays put."""

from __future__ import annotations

import numpy as np
import pytest

from geo.errors import NetworkError
from geo.network.arrays import UNREACHED
from geo.network.nearest import measure_nearest
from geo.network.reach import measure_within
from geo.network.routes import find_route, measure_matrix
from geo.network.snap import NO_NODE, Snapper, Stops
from tests.geo.network_cases import demo, demo_network, small_network, tiny_network


def test_the_way_to_the_crossing_is_counted() -> None:
    stops = Snapper(tiny_network("walk")).snap([100_003.0], [480_004.0])
    assert stops.offset_mm.tolist() == [5_000]
    assert stops.distance_m.tolist() == [5.0]
    assert tiny_network("walk").node_ids[stops.node].tolist() == [0]


def test_a_point_far_from_the_streets_is_reported_and_not_moved() -> None:
    network = tiny_network("walk")
    stops = Snapper(network).snap([99_750.0, 99_749.9], [480_000.0, 480_000.0])
    assert stops.is_far.tolist() == [False, True]
    assert stops.node[1] == NO_NODE
    assert stops.offset_mm.tolist() == [250_000, UNREACHED]
    assert stops.distance_m.tolist() == pytest.approx([250.0, 250.1])
    assert (measure_nearest(network, [stops.part(np.array([1]))]) == UNREACHED).all()
    assert (measure_matrix(network, stops, stops)[1] == UNREACHED).all()
    assert measure_matrix(network, stops, stops)[0].tolist() == [500_000, UNREACHED]
    people = measure_within(network, stops, stops, [1.0, 1.0], [1_000])
    assert people[0, 0] == 1
    assert np.isnan(people[1, 0])
    assert find_route(network, stops.part(slice(0, 1)), stops.part(slice(1, 2))) is None


def test_the_nearest_crossing_is_found_as_by_measuring_them_all() -> None:
    network, people = demo_network("walk"), demo().population_points.geometry[:500]
    stops = Snapper(network).snap(people.x, people.y)
    for x_m, y_m, distance_m in zip(people.x, people.y, stops.distance_m, strict=True):
        assert distance_m == pytest.approx(np.hypot(network.x_m - x_m, network.y_m - y_m).min())


def test_a_path_that_leads_nowhere_is_passed_over() -> None:
    line = [(a, a + 1, 100_000, True, True) for a in range(2, 30)]
    network = small_network(31, [*line, (0, 1, 100_000, True, True)])
    at_the_path = (100_110.0, 480_000.0)
    assert network.node_ids[Snapper(network).snap(*at_the_path).node].tolist() == [2]
    with_small = Snapper(network, with_small=True)
    assert network.node_ids[with_small.snap(*at_the_path).node].tolist() == [1]


def test_a_network_without_nodes_has_no_crossing_near() -> None:
    stops = Snapper(small_network(0, [])).snap([100_000.0], [480_000.0])
    assert stops.is_far.tolist() == [True]


def test_no_points_give_no_stops() -> None:
    stops = Snapper(tiny_network("walk")).snap([], [])
    assert len(stops) == 0
    assert measure_matrix(tiny_network("walk"), stops, Stops.at_nodes([1])).shape == (0, 1)


def test_a_point_without_coordinates_is_refused() -> None:
    with pytest.raises(NetworkError, match="no coordinates"):
        Snapper(tiny_network("walk")).snap([np.nan], [480_000.0])
