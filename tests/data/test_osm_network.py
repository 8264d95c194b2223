"""From ways to a graph, and from tagged things to amenities, in files small enough to draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from app.services.imports import secret_words
from data.faults import Refused
from data.sources.osm_graph import StreetGraph, way_id_of
from data.sources.osm_network import OsmNetwork, read_osm
from geo.crs import RD_EPSG
from tests.data.made_osm import STREET, Tags, in_rd, write_osm

#: A row of corners 100 m apart, and one above the second.
POINTS_M = {
    1: (104_000.0, 488_000.0),
    2: (104_100.0, 488_000.0),
    3: (104_200.0, 488_000.0),
    4: (104_300.0, 488_000.0),
    5: (104_100.0, 488_100.0),
    6: (104_200.0, 488_100.0),
}
ONE_WAY: Tags = {"highway": "residential", "oneway": "yes"}
KINDS = {
    "huisarts": ((("amenity", "doctors"),), (("healthcare", "doctor"),)),
    "dagbesteding": ((("amenity", "social_facility"), ("social_facility", "workshop")),),
    "groen": ((("leisure", "park"),),),
}


def network(
    folder: Path,
    ways: Sequence[tuple[int, Sequence[int], Tags]],
    *,
    points_m: Mapping[int, tuple[float, float]] = POINTS_M,
    node_tags: Mapping[int, Tags] | None = None,
    relations: Sequence[tuple[int, Sequence[tuple[str, int, str]], Tags]] = (),
    within: shapely.Geometry | None = None,
) -> OsmNetwork:
    path = write_osm(
        folder / "net.osm.pbf", in_rd(points_m), ways, node_tags=node_tags, relations=relations
    )
    return read_osm(path, KINDS, secret_words(), within=within)


def graph(folder: Path, *ways: tuple[int, Sequence[int], Tags]) -> StreetGraph:
    return network(folder, ways).streets


def ends(streets: StreetGraph) -> list[tuple[int, int]]:
    edges = streets.edges
    return list(zip(edges["from_node_id"], edges["to_node_id"], strict=True))


def rules(streets: StreetGraph) -> list[tuple[bool, ...]]:
    columns = ["walk", "cycle_forward", "cycle_backward"]
    return [tuple(map(bool, row)) for row in streets.edges[columns].to_numpy()]


def line_m(streets: StreetGraph, row: int = 0) -> list[tuple[float, float]]:
    coordinates = streets.edges.geometry.iloc[row].coords
    return [(round(x, 1), round(y, 1)) for x, y in coordinates]


def test_a_way_is_cut_where_another_meets_it(tmp_path: Path) -> None:
    streets = graph(tmp_path, (10, [1, 2, 3], STREET), (11, [2, 5], STREET))
    assert ends(streets) == [(1, 2), (2, 3), (2, 5)]
    assert streets.nodes.index.tolist() == [1, 2, 3, 5]


def test_a_bend_stays_in_the_geometry_and_the_length(tmp_path: Path) -> None:
    streets = graph(tmp_path, (10, [1, 2, 5, 6], STREET))
    assert ends(streets) == [(1, 6)]
    assert line_m(streets) == [POINTS_M[node] for node in (1, 2, 5, 6)]
    assert streets.edges["length_m"].tolist() == pytest.approx([300.0], abs=0.01)


def test_lengths_in_the_netherlands_are_those_of_rd(tmp_path: Path) -> None:
    streets = graph(tmp_path, (10, [1, 2, 5, 6], STREET))
    assert streets.epsg == RD_EPSG
    assert streets.edges["length_m"].tolist() == streets.edges.length.tolist()


def test_ways_that_only_continue_each_other_become_one_edge(tmp_path: Path) -> None:
    streets = graph(tmp_path, (10, [1, 2], STREET), (9, [2, 3], STREET), (11, [4, 3], STREET))
    assert ends(streets) == [(1, 4)]
    assert line_m(streets) == [POINTS_M[node] for node in (1, 2, 3, 4)]
    assert [way_id_of(edge) for edge in streets.edges.index] == [9]


def test_where_the_rules_change_there_is_a_node(tmp_path: Path) -> None:
    streets = graph(tmp_path, (10, [1, 2], STREET), (11, [2, 3], ONE_WAY))
    assert ends(streets) == [(1, 2), (2, 3)]
    assert rules(streets) == [(True, True, True), (True, True, False)]


def test_one_way_streets_join_when_they_lead_the_same_way(tmp_path: Path) -> None:
    against = {"highway": "residential", "oneway": "-1"}
    streets = graph(tmp_path, (10, [1, 2], ONE_WAY), (11, [3, 2], against))
    assert (ends(streets), rules(streets)) == ([(1, 3)], [(True, True, False)])


def test_one_way_streets_that_meet_head_on_do_not_join(tmp_path: Path) -> None:
    streets = graph(tmp_path, (10, [1, 2], ONE_WAY), (11, [3, 2], ONE_WAY))
    assert ends(streets) == [(1, 2), (3, 2)]


def test_the_lowest_way_leads_also_when_it_is_drawn_the_other_way(tmp_path: Path) -> None:
    against = {"highway": "residential", "oneway": "-1"}
    streets = graph(tmp_path, (10, [3, 2], against), (11, [1, 2], ONE_WAY))
    assert (ends(streets), rules(streets)) == ([(3, 1)], [(True, False, True)])
    assert line_m(streets) == [POINTS_M[node] for node in (3, 2, 1)]


@pytest.mark.parametrize(
    "ways",
    [
        [(10, [2, 3, 6, 5, 2], STREET)],
        [(10, [2, 3, 6], STREET), (11, [6, 5, 2], STREET)],
        [(10, [2, 3, 6], STREET), (11, [2, 5, 6], STREET)],
    ],
)
def test_a_ring_without_a_side_street_is_one_edge_from_a_node_to_itself(
    tmp_path: Path, ways: list[tuple[int, list[int], Tags]]
) -> None:
    streets = graph(tmp_path, *ways)
    assert ends(streets) == [(2, 2)]
    assert streets.edges["length_m"].tolist() == pytest.approx([400.0], abs=0.01)
    assert line_m(streets) == [POINTS_M[node] for node in (2, 3, 6, 5, 2)]


def test_a_ring_is_cut_at_its_side_street_only(tmp_path: Path) -> None:
    streets = graph(tmp_path, (10, [2, 3, 6, 5, 2], STREET), (11, [3, 4], STREET))
    assert sorted(ends(streets)) == [(3, 3), (3, 4)]


def test_a_way_that_crosses_itself_is_cut_there(tmp_path: Path) -> None:
    streets = graph(tmp_path, (10, [1, 2, 3, 6, 5, 2], STREET))
    assert ends(streets) == [(1, 2), (2, 2)]


def test_the_same_node_twice_in_a_row_is_once_in_the_street(tmp_path: Path) -> None:
    streets = graph(tmp_path, (10, [1, 1, 2, 2, 3], STREET))
    assert line_m(streets) == [POINTS_M[node] for node in (1, 2, 3)]


def test_a_node_that_the_file_lacks_leaves_a_gap_that_is_counted(tmp_path: Path) -> None:
    found = network(tmp_path, [(10, [1, 2, 99, 3, 4], STREET)])
    assert ends(found.streets) == [(1, 2), (3, 4)]
    assert found.streets.lost_count == 2
    assert any(note.startswith("Stukjes straat waarvan de plek niet") for note in found.notes)


CLOSED: Tags = {"barrier": "gate", "access": "private"}
#: As before, with the third corner 30 m beyond the second, so that the shorter stretch is known.
BESIDE_GATE = POINTS_M | {3: (104_130.0, 488_000.0)}


def test_a_closed_gate_closes_the_shorter_stretch_beside_it(tmp_path: Path) -> None:
    ways = [(10, [1, 2, 3, 4], STREET)]
    found = network(tmp_path, ways, points_m=BESIDE_GATE, node_tags={2: CLOSED})
    assert ends(found.streets) == [(1, 2), (3, 4)]
    assert found.streets.barrier_count == 1
    assert any(note.startswith("Hekken en andere afsluitingen") for note in found.notes)


def test_a_gate_where_two_streets_meet_end_to_end_closes_the_shorter_one(tmp_path: Path) -> None:
    ways = [(10, [2, 3, 6], STREET), (11, [1, 2], STREET)]
    found = network(tmp_path, ways, points_m=BESIDE_GATE, node_tags={2: CLOSED})
    assert ends(found.streets) == [(3, 6), (1, 2)]


def test_a_kissing_gate_is_walked_through_and_cuts_the_street_for_cycling(tmp_path: Path) -> None:
    ways = [(10, [1, 2, 3, 4], STREET)]
    kissing: Tags = {"barrier": "kissing_gate"}
    streets = network(tmp_path, ways, points_m=BESIDE_GATE, node_tags={2: kissing}).streets
    assert ends(streets) == [(1, 2), (2, 3), (3, 4)]
    assert rules(streets) == [(True, True, True), (True, False, False), (True, True, True)]
    assert streets.edges["length_m"].sum() == pytest.approx(300.0, abs=0.01)


def test_two_gates_at_one_stretch_close_it_for_all_that_either_closes(tmp_path: Path) -> None:
    no_bicycle: Tags = {"barrier": "bollard", "bicycle": "no"}
    no_foot: Tags = {"barrier": "chain", "foot": "no"}
    ways = [(10, [1, 2, 3, 4], STREET)]
    tags = {2: no_bicycle, 3: no_foot}
    streets = network(tmp_path, ways, points_m=BESIDE_GATE, node_tags=tags).streets
    assert ends(streets) == [(1, 2), (3, 4)]
    assert streets.barrier_count == 2


@pytest.mark.parametrize("node", [1, 2])
def test_a_gate_at_a_junction_or_an_end_closes_nothing(tmp_path: Path, node: int) -> None:
    ways = [(10, [1, 2, 3], STREET), (11, [2, 5], STREET)]
    streets = network(tmp_path, ways, node_tags={node: CLOSED}).streets
    assert ends(streets) == [(1, 2), (2, 3), (2, 5)]
    assert streets.barrier_count == 0


def test_a_gate_at_a_node_that_the_file_lacks_does_no_harm(tmp_path: Path) -> None:
    found = network(tmp_path, [(10, [1, 2, 99, 3, 4], STREET)], node_tags={2: CLOSED})
    assert ends(found.streets) == [(1, 2), (3, 4)]


def test_the_number_of_an_edge_stays_when_another_street_is_added(tmp_path: Path) -> None:
    ways = [(10, [1, 2, 3], STREET), (11, [2, 5], STREET)]
    first, more = graph(tmp_path, *ways), graph(tmp_path, *ways, (12, [5, 6], ONE_WAY))
    assert set(first.edges.index) < set(more.edges.index)


def test_parts_are_counted_and_small_ones_marked(tmp_path: Path) -> None:
    points = {number: (104_000.0 + 10 * number, 488_000.0) for number in range(1, 62)}
    points |= {number: (104_000.0 + 10 * (number - 100), 488_050.0) for number in range(101, 162)}
    ladder = [(number, [number, number + 100], STREET) for number in range(1, 52)]
    rails = [(200, list(range(1, 52)), STREET), (201, [60, 61], STREET)]
    found = network(tmp_path, [*ladder, *rails], points_m=points)
    assert found.streets.part_sizes.tolist() == [102 - 2, 2]
    small = found.streets.nodes["in_small_part"]
    assert small.index[small].tolist() == [60, 61]
    assert "2 losse delen" in found.facts
    assert found.notes[0].startswith("Kleine losse delen (minder dan 50 kruispunten): 1, samen 2")


def test_with_an_area_only_streets_that_come_into_it_are_kept_whole(tmp_path: Path) -> None:
    ways = [(10, [1, 2, 3], STREET), (11, [3, 6], STREET)]
    here = shapely.Point(POINTS_M[1]).buffer(10)
    assert ends(network(tmp_path, ways, within=here).streets) == [(1, 3)]
    far = shapely.Point(150_000, 400_000).buffer(10)
    with pytest.raises(Refused, match="ligt niet in de regio, maar rond lengtegraad 4,"):
        network(tmp_path, ways, within=far)


def test_points_are_amenities_by_any_one_of_their_sets_of_tags(tmp_path: Path) -> None:
    tags: dict[int, Tags] = {
        4: {"amenity": "doctors", "name": "Praktijk Zuid"},
        5: {"healthcare": "doctor"},
        6: {"amenity": "social_facility"},
    }
    amenities = network(tmp_path, [(10, [1, 2], STREET)], node_tags=tags).amenities
    assert amenities["category"].to_dict() == {"huisarts-n4": "huisarts", "huisarts-n5": "huisarts"}
    assert amenities["name"].dropna().to_dict() == {"huisarts-n4": "Praktijk Zuid"}
    assert amenities.distance(shapely.Point(POINTS_M[4])).iloc[0] < 0.01


def test_an_area_is_the_point_in_its_middle(tmp_path: Path) -> None:
    park: Tags = {"leisure": "park", "name": "Het Park"}
    amenities = network(tmp_path, [(10, [1, 2], STREET), (11, [2, 3, 6, 5, 2], park)]).amenities
    assert middle(amenities, "groen-w11") == (104_150.0, 488_050.0)


def test_an_area_of_several_ways_is_the_point_in_its_middle(tmp_path: Path) -> None:
    ways: list[tuple[int, list[int], Tags]] = [
        (10, [1, 2], STREET),
        (11, [2, 3, 6], {}),
        (12, [2, 5, 6], {}),
    ]
    park = {"type": "multipolygon", "leisure": "park"}
    relations = [(7, [("w", 11, "outer"), ("w", 12, "outer")], park)]
    amenities = network(tmp_path, ways, relations=relations).amenities
    assert middle(amenities, "groen-r7") == (104_150.0, 488_050.0)


def test_a_thing_of_two_kinds_counts_for_both(tmp_path: Path) -> None:
    both: Tags = {"leisure": "park", "healthcare": "doctor"}
    amenities = network(tmp_path, [(10, [1, 2], STREET)], node_tags={5: both}).amenities
    assert amenities.index.tolist() == ["groen-n5", "huisarts-n5"]


def test_a_place_that_must_stay_secret_is_left_out_and_not_named(tmp_path: Path) -> None:
    tags: dict[int, Tags] = {
        5: {"amenity": "social_facility", "social_facility": "workshop", "name": "De Werf"},
        6: {
            "amenity": "social_facility",
            "social_facility": "workshop",
            "operator": "Vrouwenopvang Duin",
        },
    }
    found = network(tmp_path, [(10, [1, 2], STREET)], node_tags=tags)
    assert found.amenities["name"].tolist() == ["De Werf"]
    note = "Voorzieningen waarvan het adres geheim moet blijven: 1. Niet geladen."
    assert found.notes[-1] == note


def test_an_area_of_which_nothing_is_known_is_counted(tmp_path: Path) -> None:
    ways = [(10, [1, 2], STREET), (11, [97, 98, 99, 97], {"leisure": "park"})]
    found = network(tmp_path, ways)
    assert found.amenities.empty
    assert "Voorzieningen zonder plek: 1. Niet geladen." in found.notes


def middle(amenities: gpd.GeoDataFrame, code: str) -> tuple[float, float]:
    point = amenities.geometry[code]
    return round(point.x, 1), round(point.y, 1)
