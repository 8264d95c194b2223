"""Porto and Malta: every distance equal to networkx, and streets of which the answer is known.

The graph of networkx is made here from the frames, in another way than that of the engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby

import networkx as nx
import numpy as np
import numpy.typing as npt
import osmium
import pytest
import shapely
from osmium.filter import IdFilter
from osmium.osm import WAY

from data.sources.osm_network import way_of
from geo.network.arrays import (
    PROFILES,
    SMALL_COMPONENT_NODES,
    UNREACHED,
    Profile,
    StreetNetwork,
    build_network,
)
from geo.network.contours import are_inside
from geo.network.hierarchy import Hierarchy, build_hierarchy
from geo.network.isochrones import SAME_PLACE_M, measure_isochrone
from geo.network.nearest import measure_nearest
from geo.network.reach import Direction, measure_reach
from geo.network.routes import Route, find_route, measure_matrix
from geo.network.snap import SNAP_LIMIT_M, Snapper, Stops
from geo.network.swept import sweep_matrix, sweep_nearest
from tests.data.real_osm import RealFile

ORIGINS, DESTINATIONS = 25, 40
WAYS_OF = {"walk": ("walk", "walk"), "cycle": ("cycle_forward", "cycle_backward")}
FAR = int(UNREACHED)
Mm = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Travel:
    """A file for one way of travelling: the engine and networkx side by side."""

    file: RealFile
    network: StreetNetwork
    hierarchy: Hierarchy
    graph: nx.DiGraph[int]


@pytest.fixture(scope="session", params=PROFILES)
def travel(request: pytest.FixtureRequest, real: RealFile) -> Travel:
    return to_travel(real, request.param)


@cache
def network_of(file: RealFile, profile: Profile) -> StreetNetwork:
    return build_network(file.pieces.nodes, file.pieces.edges, profile, epsg=file.epsg)


def to_travel(file: RealFile, profile: Profile) -> Travel:
    """Of streets side by side the shortest; whole millimetres, as the engine promises."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    edges, (forward, backward) = file.pieces.edges, WAYS_OF[profile]
    columns = ["from_node_id", "to_node_id", "length_m", forward, backward]
    for start, stop, length_m, there, back in edges[columns].to_numpy(dtype=object).tolist():
        mm = round(length_m * 1000)
        for one, other, allowed in ((start, stop, there), (stop, start, back)):
            if allowed and mm < graph.get_edge_data(one, other, {"mm": mm + 1})["mm"]:
                graph.add_edge(one, other, mm=mm)
    network = network_of(file, profile)
    return Travel(file, network, build_hierarchy(network), graph)


def test_a_thousand_random_pairs_equal_networkx(travel: Travel) -> None:
    network, hierarchy = travel.network, travel.hierarchy
    rng = np.random.default_rng(2026)
    found_count = 0
    for start in rng.choice(network.node_count, ORIGINS, replace=False):
        stops = rng.choice(network.node_count, DESTINATIONS, replace=False)
        wanted = from_networkx(travel, int(network.node_ids[start]), network.node_ids[stops])
        origin, destinations = Stops.at_nodes([start]), Stops.at_nodes(stops)
        assert measure_matrix(network, origin, destinations)[0].tolist() == wanted
        assert sweep_matrix(hierarchy, origin, destinations)[0].tolist() == wanted
        found_count += sum(distance_mm < FAR for distance_mm in wanted)
    assert ORIGINS * DESTINATIONS == 1_000
    assert found_count > 500


def from_networkx(travel: Travel, start: int, stops: npt.NDArray[np.int64]) -> list[int]:
    if start not in travel.graph:
        return [0 if stop == start else FAR for stop in stops.tolist()]
    found = nx.single_source_dijkstra_path_length(travel.graph, start, weight="mm")
    return [int(found.get(stop, FAR)) for stop in stops.tolist()]


def test_the_nearest_of_every_category_for_every_node_equals_networkx(travel: Travel) -> None:
    """Snapped here by an R-tree; the way from the street to the place is a street of its own."""
    amenities, network = travel.file.network.amenities, travel.network
    turned = travel.graph.reverse()
    stops = Snapper(network).snap(amenities.geometry.x, amenities.geometry.y)
    categories = sorted(set(amenities["category"]))
    chosen = [np.flatnonzero(amenities["category"] == category) for category in categories]
    places = [stops.part(rows) for rows in chosen]
    found, swept = measure_nearest(network, places), sweep_nearest(travel.hierarchy, places)
    node, away_mm = snapped_by_tree(travel)
    for row, rows in enumerate(chosen):
        starts = [-1 - place for place in rows.tolist() if away_mm[place] <= SNAP_LIMIT_M * 1000]
        turned.add_edges_from(
            (start, int(node[-1 - start]), {"mm": int(away_mm[-1 - start])}) for start in starts
        )
        assert starts
        nearest = nx.multi_source_dijkstra_path_length(turned, starts, weight="mm")
        wanted = [int(nearest.get(node_id, FAR)) for node_id in network.node_ids.tolist()]
        assert found[row].tolist() == wanted, categories[row]
        assert swept[row].tolist() == wanted, categories[row]
        assert (found[row] < UNREACHED).sum() > network.node_count / 2
        turned.remove_nodes_from(starts)


def snapped_by_tree(travel: Travel) -> tuple[npt.NDArray[np.int64], Mm]:
    """The nearest node of each amenity in a part that is not small, and how far, in mm."""
    parts = sorted(nx.weakly_connected_components(travel.graph), key=len, reverse=True)
    crossings = [sum(node < 2**50 for node in part) for part in parts]
    kept = set().union(
        *(
            part
            for part, count in zip(parts, crossings, strict=True)
            if count >= SMALL_COMPONENT_NODES
        )
    )
    nodes = travel.file.pieces.nodes.loc[sorted(kept)]
    points = travel.file.network.amenities.geometry
    row = shapely.STRtree(nodes.geometry).nearest(points)
    away_m = shapely.distance(nodes.geometry.to_numpy()[row], points.to_numpy())
    return nodes.index.to_numpy()[row], np.rint(away_m * 1000).astype(np.int64)


def test_every_category_that_the_file_has_is_there(malta: RealFile, porto: RealFile) -> None:
    """Malta has nine of ours and four counted by tag; Porto has stops and nothing else."""
    found = {name: set(f.network.amenities["category"]) for name, f in (("m", malta), ("p", porto))}
    assert found["p"] == {"ov_halte", "bus_stop"}
    assert len(found["m"]) == 13


#: Way: what it is, its tags in the raw file, and whether one may cycle along and against it.
PORTO_WAYS = {
    8366893: ("Rua da Conceição", {"oneway": "yes"}, (True, False)),
    12294429: ("Avenida Brasil", {"oneway": "-1"}, (False, True)),
    8875432: ("Rua do Sarillo", {"junction": "roundabout"}, (True, False)),
    28590809: (
        "Rua do Professor Luís de Pina",
        {"oneway": "yes", "oneway:bicycle": "no"},
        (True, True),
    ),
    39701851: ("Escadas das Verdades", {"highway": "steps", "foot": "yes"}, (False, False)),
    98835830: ("Escadaria da Sé", {"highway": "steps"}, (False, False)),
    142214763: ("Rua 31 de Janeiro", {"bicycle": "dismount"}, (False, False)),
}
MALTA_WAYS = {
    4825463: ("Triq l-Ifran", {"oneway": "yes"}, (True, False)),
    14966523: ("Triq il-Kurunell Mas", {"oneway": "-1"}, (False, True)),
    15430261: ("Misrah il-Kittieba", {"junction": "roundabout"}, (True, False)),
    22904874: ("Triq il-Gendus", {"highway": "steps"}, (False, False)),
    24451101: ("Triq Sant' Elena", {"highway": "steps"}, (False, False)),
    47419374: ("Sliema-Valletta", {"route": "ferry", "bicycle": "no"}, (False, False)),
    176522568: (None, {"route": "ferry", "bicycle": "yes"}, (True, True)),
}


@pytest.mark.parametrize("way_id", PORTO_WAYS)
def test_one_travels_in_porto_as_the_signs_say(porto: RealFile, way_id: int) -> None:
    check_way(porto, way_id, *PORTO_WAYS[way_id])


@pytest.mark.parametrize("way_id", MALTA_WAYS)
def test_one_travels_in_malta_as_the_signs_say(malta: RealFile, way_id: int) -> None:
    check_way(malta, way_id, *MALTA_WAYS[way_id])


def check_way(
    file: RealFile,
    way_id: int,
    name: str | None,
    tags: dict[str, str],
    cycled: tuple[bool, bool],
) -> None:
    """The route from end to end of each edge of the way: along it, or round about, or none."""
    raw = raw_tags(file, way_id)
    assert raw.get("name") == name
    assert tags.items() <= raw.items()
    edges = file.pieces.edges
    walking, cycling = network_of(file, "walk"), network_of(file, "cycle")
    for edge in edges[edges.index.map(way_of) == way_id].itertuples():
        ends = int(edge.from_node_id), int(edge.to_node_id)
        mm = round(edge.length_m * 1000)
        for (start, stop), may_cycle in ((ends, cycled[0]), (ends[::-1], cycled[1])):
            on_foot = route(walking, start, stop)
            assert on_foot is not None
            assert on_foot.distance_mm <= mm
            by_bicycle = route(cycling, start, stop)
            over = set() if by_bicycle is None else edge_ids(cycling, by_bicycle)
            assert (edge.Index in over) == may_cycle
            if may_cycle:
                assert by_bicycle is not None
                assert by_bicycle.distance_mm == mm
            elif by_bicycle is not None:
                assert by_bicycle.distance_mm > mm


def route(network: StreetNetwork, start: int, stop: int) -> Route | None:
    one, other = (Stops.at_nodes(network.index_of([node_id])) for node_id in (start, stop))
    return find_route(network, one, other)


def edge_ids(network: StreetNetwork, found: Route) -> set[int]:
    return set(network.edge_ids[network.forward.edge[found.arcs]].tolist())


def raw_tags(file: RealFile, way_id: int) -> dict[str, str]:
    ways = osmium.FileProcessor(str(file.path), WAY).with_filter(IdFilter([way_id]))
    (tags,) = [dict(way.tags) for way in ways if isinstance(way, osmium.osm.Way)]
    return tags


def test_back_along_a_one_way_street_is_this_much_farther(porto: RealFile, malta: RealFile) -> None:
    """By bicycle, to the decimetre: Rua da Conceição in Porto, Triq l-Ifran in Valletta."""
    for file, way_id, there_m, back_m in (
        (porto, 8366893, 90.6, 773.7),
        (malta, 4825463, 34.6, 156.7),
    ):
        network, edges = network_of(file, "cycle"), file.pieces.edges
        edge = edges[edges.index.map(way_of) == way_id].iloc[0]
        ends = int(edge["from_node_id"]), int(edge["to_node_id"])
        there, back = route(network, *ends), route(network, *ends[::-1])
        assert there is not None
        assert back is not None
        measured = [found.distance_mm / 1000 for found in (there, back)]
        assert measured == pytest.approx([there_m, back_m], abs=0.05)


#: A quarter of an hour, and from how many places.
REACH_OF = {"walk": (12, 1_200.0), "cycle": (3, 3_750.0)}
DIRECTIONS: tuple[Direction, ...] = ("from_points", "to_points")


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_isochrones_hold_the_nodes_in_time_and_no_other(
    travel: Travel, direction: Direction
) -> None:
    """Nodes just outside are judged as well; the only exceptions lie on top of a reached node."""
    network, lines = travel.network, travel.file.pieces.edges.geometry
    starts, limit_m = REACH_OF[network.profile]
    near_count = 0
    xy_m = np.column_stack([network.x_m, network.y_m])
    used = np.isin(network.node_ids, list(travel.graph))
    rng = np.random.default_rng(7)
    for start in rng.choice(np.flatnonzero(network.component == 0), starts).tolist():
        point = Stops.at_nodes([start])
        found = measure_isochrone(network, lines, point, limit_m, direction)
        assert found.area.is_valid
        is_reached = np.zeros(network.node_count, dtype=bool)
        is_reached[measure_reach(network, point, limit_m, direction).node] = True
        inside = are_inside(found.area, xy_m) & (used | is_reached)
        wrong = np.flatnonzero(inside != is_reached)
        assert set(wrong.tolist()) == set(found.stacked_nodes.tolist())
        near = shapely.dwithin(found.area.boundary, shapely.points(xy_m), 25.0) & ~inside & used
        assert not is_reached[near].any()
        near_count += int(near.sum())
    assert near_count > 50


def test_nodes_of_two_levels_at_one_place_are_the_only_exception(malta: RealFile) -> None:
    """In Malta the nodes 3987685027 and 4055995232 have one place and no way between them."""
    network = network_of(malta, "walk")
    point = Stops.at_nodes(network.index_of([3987685027]))
    found = measure_isochrone(network, malta.pieces.edges.geometry, point, 1_200)
    assert network.node_ids[found.stacked_nodes].tolist() == [4055995232]
    one, other = malta.pieces.nodes.geometry[[3987685027, 4055995232]]
    assert one.distance(other) <= SAME_PLACE_M


#: From node to node: by what, how far in metres, and the streets along the way as OSM names
#: them. Each was drawn on a map and looked at. Back from Sá da Bandeira the one-way streets
#: help, and one cycles where one would walk.
ROUTES: dict[str, tuple[tuple[str, Profile, int, int], float, tuple[str, ...]]] = {
    "Porto, from the cathedral down the steps to the river": (
        ("porto", "walk", 2466269903, 3392710645),
        584.0,
        (
            *("Beco Redemoínho", "pedestrian", "Rua de Dom Hugo", "Escadas das Verdades"),
            *("pedestrian", "Escada do Barredo (steps)", "Rua Canastreiros"),
            *("Travessa Canastreiros", "Cais da Ribeira", "Praça da Ribeira"),
            "Muro dos Bacalhoeiros",
        ),
    ),
    "Porto, cycling from the Carmo to Sá da Bandeira, round the one-way streets": (
        ("porto", "cycle", 2383318877, 2352603829),
        1_401.7,
        (
            *("service", "Rua do Carmo", "Rua Professor Vicente José de Carvalho"),
            *("Campo dos Mártires da Pátria", "Rua de São Filipe de Nery", "Rua dos Clérigos"),
            "Rua de Sá da Bandeira",
        ),
    ),
    "Porto, cycling back": (
        ("porto", "cycle", 2352603829, 2383318877),
        1_076.1,
        (
            *("Rua de Sá da Bandeira", "Rua Doutor Magalhães Lemos", "secondary"),
            *("Rua Elísio de Melo", "Praça Dona Filipa de Lencastre", "Rua de Ceuta"),
            *("Rua de José Falcão", "Praça Guilherme Gomes Fernandes"),
            *("Praça de Gomes Teixeira", "Rua do Carmo", "service"),
        ),
    ),
    "Valletta, from the gate along Republic Street to Saint Elmo": (
        ("malta", "walk", 245549590, 2670424281),
        1_227.1,
        (
            *("service", "City Gate", "Triq Ir-Repubblika", "Triq ir-Repubblika"),
            *("Misraħ Sant' Iermu", "path"),
        ),
    ),
}


@pytest.mark.parametrize("name", ROUTES)
def test_a_route_follows_the_streets_that_a_local_would_take(
    name: str, request: pytest.FixtureRequest
) -> None:
    (city, profile, start, stop), length_m, streets = ROUTES[name]
    file: RealFile = request.getfixturevalue(city)
    network = network_of(file, profile)
    found = route(network, start, stop)
    assert found is not None
    assert found.distance_mm / 1000 == pytest.approx(length_m, abs=0.05)
    assert names_along(file, network, found) == streets


def names_along(file: RealFile, network: StreetNetwork, found: Route) -> tuple[str, ...]:
    """The streets of a route in order, each once in a row."""
    way_ids = [
        way_of(edge_id) for edge_id in network.edge_ids[network.forward.edge[found.arcs]].tolist()
    ]
    ways = osmium.FileProcessor(str(file.path), WAY).with_filter(IdFilter(way_ids))
    tags = {way.id: dict(way.tags) for way in ways if isinstance(way, osmium.osm.Way)}
    named = [street_name(tags[way_id]) for way_id in way_ids]
    return tuple(name for name, _ in groupby(named))


def street_name(tags: Mapping[str, str]) -> str:
    name, kind = tags.get("name"), tags["highway"]
    return kind if name is None else f"{name} (steps)" if kind == "steps" else name
