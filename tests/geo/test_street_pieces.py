"""Long streets become pieces that join exactly, with numbers that stay."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

from geo.crs import RD
from geo.errors import NetworkError
from geo.network.arrays import build_network, to_mm
from geo.network.snap import Snapper
from geo.street_pieces import StreetPieces, cut_streets, street_id_of

Line = Sequence[tuple[float, float]]
BETWEEN = 2**50


def streets(lines: dict[int, Line], **rules: bool) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Streets by number, with a node (from 1) at every first and last point."""
    ends = dict.fromkeys(line[side] for line in lines.values() for side in (0, -1))
    number = {place: row for row, place in enumerate(ends, start=1)}
    nodes = gpd.GeoDataFrame(
        geometry=shapely.points([(100_000 + x, 480_000 + y) for x, y in number]),
        crs=RD,
        index=pd.Index(list(number.values()), name="node_id"),
    )
    shapes = [
        shapely.LineString([(100_000 + x, 480_000 + y) for x, y in s]) for s in lines.values()
    ]
    edges = gpd.GeoDataFrame(
        {
            "from_node_id": [number[line[0]] for line in lines.values()],
            "to_node_id": [number[line[-1]] for line in lines.values()],
            "length_m": shapely.length(shapes),
            "walk": True,
            "cycle_forward": rules.get("cycle_forward", True),
            "cycle_backward": rules.get("cycle_backward", True),
        },
        geometry=shapes,
        crs=RD,
        index=pd.Index(list(lines), name="edge_id"),
    )
    return nodes, edges


def cut(lines: dict[int, Line], **rules: bool) -> StreetPieces:
    return cut_streets(*streets(lines, **rules))


def points(line: shapely.LineString) -> list[tuple[float, float]]:
    return [(x - 100_000, y - 480_000) for x, y in line.coords]


def test_a_street_of_250_m_becomes_three_pieces_with_two_nodes() -> None:
    found = cut({7: [(0, 0), (250, 0)]}, cycle_backward=False)
    edges = found.edges
    assert edges.index.tolist() == [224, 225, 226]
    middle = [BETWEEN + 225, BETWEEN + 226]
    assert edges["from_node_id"].tolist() == [1, *middle]
    assert edges["to_node_id"].tolist() == [*middle, 2]
    assert edges["length_m"].tolist() == pytest.approx([83.333, 83.334, 83.333], abs=1e-9)
    assert found.nodes.index.tolist() == [1, 2, *middle]
    assert [round(x - 100_000, 3) for x in found.nodes.geometry.x] == [0, 250, 83.333, 166.667]
    assert edges["cycle_forward"].all()
    assert not edges["cycle_backward"].any()
    assert {street_id_of(edge_id) for edge_id in edges.index} == {7}


def test_a_street_of_100_m_stays_whole() -> None:
    found = cut({7: [(0, 0), (100, 0)], 8: [(0, 0), (0, 100.001)]})
    assert found.edges.index.tolist() == [224, 256, 257]
    assert found.nodes.index.tolist() == [1, 2, 3, BETWEEN + 257]


def test_bends_stay_and_a_cut_at_a_bend_is_there_once() -> None:
    found = cut({1: [(0, 0), (60, 0), (60, 40), (60, 70), (90, 70), (120, 70)]}).edges
    assert [points(line) for line in found.geometry] == [
        [(0, 0), (60, 0), (60, 35)],
        [(60, 35), (60, 40), (60, 70), (90, 70), (120, 70)],
    ]
    at_bend = cut({1: [(0, 0), (80, 0), (80, 80)]}).edges
    assert [points(line) for line in at_bend.geometry] == [[(0, 0), (80, 0)], [(80, 0), (80, 80)]]


def test_points_on_top_of_each_other_do_no_harm() -> None:
    found = cut({1: [(0, 0), (0, 0), (150, 0), (150, 0)], 2: [(150, 0), (150, 0), (300, 0)]}).edges
    assert [points(line)[0] for line in found.geometry] == [(0, 0), (75, 0), (150, 0), (225, 0)]
    assert [points(line)[-1] for line in found.geometry] == [(75, 0), (150, 0), (225, 0), (300, 0)]
    assert found.length.tolist() == [75, 75, 75, 75]


def test_a_ring_is_cut_as_well() -> None:
    found = cut({1: [(0, 0), (50, 0), (50, 50), (0, 50), (0, 0)]}).edges
    assert found["from_node_id"].tolist() == [1, BETWEEN + 33]
    assert found["to_node_id"].tolist() == [BETWEEN + 33, 1]


def test_a_very_long_street_has_32_pieces_and_no_more() -> None:
    found = cut({1: [(0, 0), (6_400, 0)], 2: [(0, 0), (0, 3_200)]}).edges
    assert found["length_m"].tolist() == [200.0] * 32 + [100.0] * 32


def test_pieces_of_made_up_streets_join_and_add_up() -> None:
    """Also in whole millimetres, so that no distance between crossings changes."""
    rng = np.random.default_rng(5)
    lines: dict[int, Line] = {
        int(number): [(x, y) for x, y in rng.normal(0, rng.uniform(5, 300), (size, 2))]
        for number, size in zip(rng.permutation(300), rng.integers(2, 12, 300), strict=True)
    }
    nodes, edges = streets(lines)
    edges["length_m"] *= 1.0004  # abroad the plane is a little off
    found = cut_streets(nodes, edges)
    for number, street in edges.iterrows():
        pieces = found.edges[[street_id_of(edge_id) == number for edge_id in found.edges.index]]
        assert len(pieces) == max(1, min(32, -int(-street["length_m"] // 100)))
        assert pieces["length_m"].sum() == pytest.approx(street["length_m"], rel=1e-12)
        assert to_mm(pieces["length_m"]).sum() == to_mm(street["length_m"])
        assert np.ptp(pieces["length_m"]) < 0.0021
        assert pieces.length.to_numpy() * 1.0004 == pytest.approx(
            pieces["length_m"].to_numpy(), abs=1e-6
        )
        for one, other in pairwise(pieces.itertuples()):
            assert one.to_node_id == other.from_node_id
            assert one.geometry.coords[-1] == other.geometry.coords[0]
        corners = [place for line in pieces.geometry for place in line.coords]
        assert set(street.geometry.coords) <= set(corners)
    for column, side in (("from_node_id", 0), ("to_node_id", -1)):
        there = found.nodes.geometry.loc[found.edges[column]].to_numpy()
        assert shapely.equals(there, shapely.get_point(found.edges.geometry, side)).all()
    assert len(found.nodes) - len(nodes) == len(found.edges) - len(edges)


def test_numbers_stay_when_other_streets_come_and_go() -> None:
    one: dict[int, Line] = {5: [(0, 0), (250, 0)]}
    two: dict[int, Line] = {3: [(0, 0), (0, 450)], 9: [(0, 0), (-30, 0)]}
    alone, among = cut(one), cut({**one, **two})
    assert_geodataframe_equal(among.edges.loc[alone.edges.index], alone.edges)
    assert set(alone.nodes.index) < set(among.nodes.index)


def test_without_streets_there_are_no_pieces() -> None:
    nodes, edges = streets({5: [(0, 0), (250, 0)]})
    found = cut_streets(nodes, edges.iloc[:0])
    assert (len(found.nodes), len(found.edges)) == (2, 0)


def test_numbers_stay_whole_as_floats_and_others_are_refused() -> None:
    nodes, edges = streets({2**45 - 1: [(0, 0), (3_200, 0)]})
    highest = int(cut_streets(nodes, edges).nodes.index.max())
    assert highest == 2**51 - 1
    assert int(float(highest)) == highest
    for street_id in (2**45, -1):
        with pytest.raises(NetworkError, match="a street is not numbered"):
            cut_streets(nodes, edges.set_axis(pd.Index([street_id], name="edge_id")))
    pieces = cut_streets(nodes, edges)
    with pytest.raises(NetworkError, match="a crossing is numbered"):
        cut_streets(pieces.nodes, pieces.edges)


def test_a_place_halfway_a_long_street_is_beside_it() -> None:
    """Before cutting it was 400 m from the nearest node; its way to the end was unknown."""
    lines: dict[int, Line] = {1: [(0, 0), (800, 0)]}
    lines |= {number: [(800, 0), (800, number)] for number in range(2, 30)}
    whole = build_network(*streets(lines), "walk")
    pieces = cut(lines)
    network = build_network(pieces.nodes, pieces.edges, "walk")
    place = [100_410], [480_030]
    assert Snapper(whole).snap(*place).is_far.tolist() == [True]
    stop = Snapper(network).snap(*place)
    assert stop.is_far.tolist() == [False]
    assert stop.distance_m.tolist() == pytest.approx([np.hypot(10, 30)])


def test_a_long_path_without_crossings_is_still_a_small_part() -> None:
    """2.1 km in 21 pieces has more than 20 nodes but two crossings: it leads nowhere."""
    lines: dict[int, Line] = {
        number: [(40 * number, 0), (40 * number + 40, 0)] for number in range(25)
    }
    lines[99] = [(0, 300), (2_100, 300)]
    pieces = cut(lines)
    network = build_network(pieces.nodes, pieces.edges, "walk")
    assert network.component_node_counts.tolist() == [26, 22]
    assert network.in_small_component.tolist() == (network.component == 1).tolist()
    nearer_to_the_path = Snapper(network).snap([101_000], [480_249])
    assert network.y_m[nearer_to_the_path.node].tolist() == [480_000]
