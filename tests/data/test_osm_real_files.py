"""The files of Porto and Malta against counts made in another way, and streets known by name."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import osmium
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from osmium.filter import IdFilter, KeyFilter, TagFilter
from osmium.osm import NODE, RELATION, WAY
from pyproj import Geod
from scipy.spatial import KDTree

from data.sources.osm_graph import way_id_of
from data.sources.osm_network import way_of
from data.sources.osm_streets import EVERYWHERE, passage_of, passage_past
from geo.crs import WGS84
from tests.data.real_osm import KINDS, RealFile, read_real

#: What is drawn as a point and as an area, counted by tag in the raw file of Malta.
RAW_MALTA = {
    "school": {"n": 31, "w": 95},
    "supermarket": {"n": 76, "w": 16},
    "pharmacy": {"n": 71},
    "bus_stop": {"n": 872},
}


@dataclass(frozen=True)
class PlainStreets:
    """All streets, stretch by stretch, as a plain loop over the file finds them."""

    stretches: nx.MultiGraph[int]
    length_m: float


@pytest.fixture(scope="module")
def plain(real: RealFile) -> PlainStreets:
    return plain_streets(real.path)


def plain_streets(path: Path) -> PlainStreets:
    """Every pair of neighbouring nodes of every street, in memory, without any joining."""
    stretches: nx.MultiGraph[int] = nx.MultiGraph()
    ellipsoid = Geod(ellps="WGS84")
    for way in osmium.FileProcessor(str(path), NODE | WAY).with_locations():
        if not isinstance(way, osmium.osm.Way):
            continue
        here = passage_of(dict(way.tags))
        if not here.is_of_use:
            continue
        nodes = [node.ref for node in way.nodes]
        lon, lat = zip(*((node.lon, node.lat) for node in way.nodes), strict=True)
        rule = (here.walk, here.cycle_forward, here.cycle_backward)
        lengths_m = ellipsoid.line_lengths(lon, lat)
        for (one, other), long_m in zip(pairwise(nodes), lengths_m, strict=True):
            if one != other:
                stretches.add_edge(one, other, start=one, rule=rule, length_m=long_m)
    close_at_barriers(path, stretches)
    length_m = sum(data["length_m"] for _, _, data in stretches.edges(data=True))
    return PlainStreets(stretches, length_m)


def close_at_barriers(path: Path, stretches: nx.MultiGraph[int]) -> None:
    """Where two stretches meet at a barrier, the shorter one gets its rules."""
    closed = []
    for node in osmium.FileProcessor(str(path), NODE).with_filter(KeyFilter("barrier")):
        past = passage_past(dict(node.tags))
        if past != EVERYWHERE and stretches.has_node(node.id) and stretches.degree(node.id) == 2:
            around = list(stretches.edges(node.id, keys=True, data=True))
            one, other, key, _ = min(around, key=lambda stretch: stretch[3]["length_m"])
            closed.append((one, other, key, (past.walk, past.cycle_forward, past.cycle_backward)))
    for one, other, key, allowed in closed:
        if stretches.has_edge(one, other, key):
            data = stretches.edges[one, other, key]
            data["rule"] = tuple(a and b for a, b in zip(data["rule"], allowed, strict=True))
            if not any(data["rule"]):
                stretches.remove_edge(one, other, key)
    stretches.remove_nodes_from(list(nx.isolates(stretches)))


def is_passed_by(stretches: nx.MultiGraph[int], node: int) -> bool:
    """Whether two stretches meet here and nothing else happens: the same rules go on."""
    around = list(stretches.edges(node, data=True))
    if len(around) != 2 or stretches.degree(node) != 2:
        return False
    leaving = []
    for _, _, data in around:
        walk, forward, backward = data["rule"]
        away, back = (forward, backward) if data["start"] == node else (backward, forward)
        leaving.append((walk, away, back))
    (walk, away, back), other = leaving
    return other == (walk, back, away)


def test_nodes_and_edges_are_as_many_as_a_plain_count_explains(
    real: RealFile, plain: PlainStreets
) -> None:
    """Nodes: all that are not just passed by, and one for each ring that nothing touches.

    Edges: half of the stretches' ends at those nodes, and one for each such ring.
    """
    stretches = plain.stretches
    kept = {node for node in stretches if not is_passed_by(stretches, node)}
    rings = [part for part in nx.connected_components(stretches) if not part & kept]
    ends = sum(stretches.degree(node) for node in kept)
    assert ends % 2 == 0
    ours = real.streets
    assert len(ours.nodes) == len(kept) + len(rings)
    assert len(ours.edges) == ends // 2 + len(rings)
    assert kept <= set(ours.nodes.index)
    assert len(ours.part_sizes) == nx.number_connected_components(stretches)


def test_the_counts_are_these(malta: RealFile, porto: RealFile) -> None:
    found = {
        name: (len(file.streets.nodes), len(file.streets.edges))
        for name, file in (("malta", malta), ("porto", porto))
    }
    assert found == {"malta": (31_027, 41_042), "porto": (68_265, 95_395)}


def test_the_total_length_is_that_of_the_raw_ways_on_the_ellipsoid(
    real: RealFile, plain: PlainStreets
) -> None:
    assert real.streets.edges["length_m"].sum() == pytest.approx(plain.length_m, rel=1e-9)


def test_each_length_is_that_of_its_own_geometry(real: RealFile) -> None:
    """Turned back to degrees and measured by pyproj; and within 0.1 percent of the UTM plane."""
    edges = real.streets.edges.iloc[::50]
    ellipsoid = Geod(ellps="WGS84")
    measured = [ellipsoid.geometry_length(line) for line in edges.geometry.to_crs(WGS84)]
    assert edges["length_m"].to_numpy() == pytest.approx(measured, abs=0.001)
    assert edges["length_m"].to_numpy() == pytest.approx(edges.length.to_numpy(), rel=0.001)


def test_abroad_the_frames_are_in_the_local_system(real: RealFile) -> None:
    assert real.streets.epsg == real.epsg
    assert real.streets.nodes.crs.to_epsg() == real.streets.edges.crs.to_epsg() == real.epsg
    assert real.network.amenities.crs.to_epsg() == real.epsg


def test_every_edge_runs_from_its_first_to_its_last_node(real: RealFile) -> None:
    nodes, edges = real.streets.nodes, real.streets.edges
    for column, place in (("from_node_id", 0), ("to_node_id", -1)):
        at_node = nodes.geometry.reindex(edges[column]).to_numpy()
        assert (shapely.distance(at_node, shapely.get_point(edges.geometry, place)) == 0).all()


def test_the_same_file_gives_the_same_frames(malta: RealFile, shared_data: Path) -> None:
    again = read_real(shared_data, "malta")
    assert_geodataframe_equal(malta.streets.edges, again.streets.edges)
    assert_geodataframe_equal(malta.streets.nodes, again.streets.nodes)
    assert_geodataframe_equal(malta.network.amenities, again.network.amenities)


BOTH, WALK = {(True, True, True)}, {(True, False, False)}
ALONG, AGAINST = {(True, True, False)}, {(True, False, True)}
PORTO_STREETS = {
    "Rua da Conceição, one way": (8366893, ALONG),
    "Avenida Brasil, one way and drawn the other way": (12294429, AGAINST),
    "Rua do Professor Luís de Pina, one way but not for bicycles": (28590809, BOTH),
    "Rua do Sarillo, roundabout": (8875432, ALONG),
    "Calçada do Monte de São João, steps": (35770260, WALK),
    "Rua 31 de Janeiro, get off and walk": (142214763, WALK),
    "Rua das Flores, pedestrian with bicycles": (34684018, BOTH),
    "Rampa do Infante Santo, private": (98754125, set()),
    "Variante Nascente de Famalicão, motorroad": (95199209, set()),
    "Variante Poente de Famalicão, proposed": (321355086, set()),
}
MALTA_STREETS = {
    "Triq l-Ifran, one way": (4825463, ALONG),
    "Triq il-Kurunell Mas, one way and drawn the other way": (14966523, AGAINST),
    "Misrah il-Kittieba, roundabout without a oneway tag": (15430261, ALONG),
    "Triq il-Gendus, steps": (22904874, WALK),
    "Sliema-Valletta, ferry without bicycles": (47419374, WALK),
    "Harbour Cruise, for tourists": (38991822, set()),
    "Triq Mile End, private": (22821914, set()),
    "Triq il-Marfa, trunk with bicycles on the path beside it": (146455435, set()),
}


def rules_along(file: RealFile, way_id: int) -> set[tuple[bool, bool, bool]]:
    """The rules of the edges over the stretches of this way, along the way as it was drawn."""
    node_ids: list[int] = []
    for way in osmium.FileProcessor(str(file.path), WAY).with_filter(IdFilter([way_id])):
        assert isinstance(way, osmium.osm.Way)
        node_ids += [node.ref for node in way.nodes]
    places = {
        node.id: (node.lon, node.lat)
        for node in osmium.FileProcessor(str(file.path), NODE).with_filter(IdFilter(node_ids))
        if isinstance(node, osmium.osm.Node)
    }
    line = gpd.GeoSeries([shapely.Point(places[number]) for number in node_ids], crs=WGS84)
    drawn = [(point.x, point.y) for point in line.to_crs(file.epsg)]
    stretches = set(pairwise(drawn))
    found = set()
    near = file.streets.edges.cx[
        min(x for x, _ in drawn) : max(x for x, _ in drawn),
        min(y for _, y in drawn) : max(y for _, y in drawn),
    ]
    for edge in near.itertuples():
        points = list(edge.geometry.coords)
        pairs = set(pairwise(points))
        walk, forward, backward = (
            bool(edge.walk),
            bool(edge.cycle_forward),
            bool(edge.cycle_backward),
        )
        if stretches & pairs:
            found.add((walk, forward, backward))
        elif stretches & {(other, one) for one, other in pairs}:
            found.add((walk, backward, forward))
    return found


@pytest.mark.parametrize("name", PORTO_STREETS)
def test_streets_of_porto_are_passed_as_their_signs_say(porto: RealFile, name: str) -> None:
    way_id, expected = PORTO_STREETS[name]
    assert rules_along(porto, way_id) == expected


@pytest.mark.parametrize("name", MALTA_STREETS)
def test_streets_of_malta_are_passed_as_their_signs_say(malta: RealFile, name: str) -> None:
    way_id, expected = MALTA_STREETS[name]
    assert rules_along(malta, way_id) == expected


#: Barriers in a street: where, the tags in the raw file, and by how many of the streets that
#: are left there one may come on foot and by bicycle. One is a dead end, two are a way through.
BARRIERS = {
    3217705416: ("porto", {"barrier": "bollard", "bicycle": "no"}, 2, 1),  # Calçada do Vidal
    3281334240: ("porto", {"barrier": "block", "access": "no"}, 1, 1),  # Rua Duque de Loulé
    2376843065: ("porto", {"barrier": "kissing_gate"}, 2, 1),
    2081251168: ("malta", {"barrier": "bollard", "bicycle": "no"}, 2, 1),  # L-Arċisqof Romero
    3832134686: ("malta", {"barrier": "stile"}, 2, 1),  # Triq Santa Marija
    555138581: ("malta", {"barrier": "gate", "foot": "no", "bicycle": "no"}, 1, 1),
}


@pytest.mark.parametrize("node_id", BARRIERS)
def test_a_barrier_stops_whom_it_says(node_id: int, request: pytest.FixtureRequest) -> None:
    city, tags, walk_count, cycle_count = BARRIERS[node_id]
    file: RealFile = request.getfixturevalue(city)
    nodes = osmium.FileProcessor(str(file.path), NODE).with_filter(IdFilter([node_id]))
    (raw,) = [dict(node.tags) for node in nodes]
    assert tags.items() <= raw.items()
    edges = file.streets.edges
    here = edges[(edges["from_node_id"] == node_id) | (edges["to_node_id"] == node_id)]
    cycled = here["cycle_forward"] | here["cycle_backward"]
    assert (int(here["walk"].sum()), int(cycled.sum())) == (walk_count, cycle_count)


def test_barriers_in_streets_are_counted(malta: RealFile, porto: RealFile) -> None:
    assert (malta.streets.barrier_count, porto.streets.barrier_count) == (13, 9)


def test_steps_are_never_cycled(real: RealFile) -> None:
    steps = {
        way.id
        for way in osmium.FileProcessor(str(real.path), WAY).with_filter(
            TagFilter(("highway", "steps"))
        )
    }
    edges = real.streets.edges
    on_steps = edges[edges.index.map(way_id_of).isin(steps)]
    assert len(on_steps) > 200
    assert not (on_steps["cycle_forward"] | on_steps["cycle_backward"]).any()


# Long streets in pieces


def test_there_are_as_many_pieces_as_the_lengths_ask(malta: RealFile, porto: RealFile) -> None:
    """One for every 100 m begun, and 32 for the few of more than 3.2 km."""
    found = {}
    for name, file in (("malta", malta), ("porto", porto)):
        lengths_m = file.streets.edges["length_m"].tolist()
        wanted = sum(min(32, math.ceil(length_m / 100)) for length_m in lengths_m)
        assert len(file.pieces.edges) == wanted
        assert len(file.pieces.nodes) == len(file.streets.nodes) + wanted - len(lengths_m)
        very_long = sum(length_m > 3_200 for length_m in lengths_m)
        found[name] = (len(file.pieces.nodes), len(file.pieces.edges), very_long)
        longer = file.pieces.edges["length_m"] > 100.001
        assert len({way_of(edge_id) for edge_id in file.pieces.edges.index[longer]}) == very_long
    assert found == {"malta": (48_883, 58_898, 4), "porto": (128_030, 155_160, 8)}


def test_pieces_belong_to_the_way_of_their_street(real: RealFile) -> None:
    ways = {way_id_of(edge_id) for edge_id in real.streets.edges.index}
    assert {way_of(edge_id) for edge_id in real.pieces.edges.index} == ways
    assert int(real.pieces.edges.index.max()) < 2**50
    assert int(real.pieces.nodes.index.max()) < 2**51


def test_cutting_changes_no_length_and_no_rule(real: RealFile) -> None:
    streets, pieces = real.streets.edges, real.pieces.edges
    by_street = pieces.groupby(pieces.index // 32)
    total = by_street["length_m"].sum()
    assert total.index.tolist() == streets.index.tolist()
    assert total.to_numpy() == pytest.approx(streets["length_m"].to_numpy(), rel=1e-12)
    drawn_m = gpd.GeoSeries(pieces.geometry).length.groupby(pieces.index // 32).sum()
    assert drawn_m.to_numpy() == pytest.approx(streets.length.to_numpy(), abs=1e-5)
    for rule in ("walk", "cycle_forward", "cycle_backward"):
        assert (by_street[rule].nunique() == 1).all()
        assert (by_street[rule].first() == streets[rule]).all()


def test_each_piece_is_as_long_as_its_own_line(real: RealFile) -> None:
    """Measured by pyproj, as whole streets are; a scale that differs along a ferry costs 5 cm."""
    pieces = real.pieces.edges.iloc[::50]
    ellipsoid = Geod(ellps="WGS84")
    measured = [ellipsoid.geometry_length(line) for line in pieces.geometry.to_crs(WGS84)]
    assert pieces["length_m"].to_numpy() == pytest.approx(measured, abs=0.05)
    assert pieces["length_m"].to_numpy() == pytest.approx(pieces.length.to_numpy(), rel=0.001)


def test_pieces_run_from_node_to_node_in_the_order_of_the_street(real: RealFile) -> None:
    nodes, pieces = real.pieces.nodes, real.pieces.edges
    for column, place in (("from_node_id", 0), ("to_node_id", -1)):
        at_node = nodes.geometry.reindex(pieces[column]).to_numpy()
        assert shapely.equals(at_node, shapely.get_point(pieces.geometry, place)).all()
    goes_on = pieces.index[1:] // 32 == pieces.index[:-1] // 32
    ends, starts = pieces["to_node_id"].to_numpy()[:-1], pieces["from_node_id"].to_numpy()[1:]
    assert (ends == starts)[goes_on].all()
    assert (starts[goes_on] == 2**50 + pieces.index.to_numpy()[1:][goes_on]).all()


@pytest.mark.parametrize("way", [("walk", "walk"), ("cycle_forward", "cycle_backward")])
def test_distances_between_crossings_stay_the_same(real: RealFile, way: tuple[str, str]) -> None:
    """From 5 crossings to 200 others in networkx, over whole streets and over pieces."""
    whole, cut = (to_graph(frame, way) for frame in (real.streets.edges, real.pieces.edges))
    rng = np.random.default_rng(11)
    crossings = real.streets.nodes.index.to_numpy()
    starts, stops = (rng.choice(crossings, count, replace=False).tolist() for count in (5, 200))
    found_count = 0
    for start in starts:
        before, after = (
            nx.single_source_dijkstra_path_length(graph, start, weight="mm")
            if start in graph
            else {}
            for graph in (whole, cut)
        )
        assert [before.get(stop) for stop in stops] == [after.get(stop) for stop in stops]
        found_count += sum(stop in before for stop in stops)
    assert found_count > 500


def to_graph(edges: gpd.GeoDataFrame, way: tuple[str, str]) -> nx.DiGraph[int]:
    """Of streets side by side the shortest, in whole millimetres."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    rows = edges[["from_node_id", "to_node_id", "length_m", *way]].to_numpy(dtype=object)
    for start, stop, length_m, there, back in rows.tolist():
        mm = round(length_m * 1000)
        for one, other, allowed in ((start, stop, there), (stop, start, back)):
            if allowed and mm < graph.get_edge_data(one, other, {"mm": mm + 1})["mm"]:
                graph.add_edge(one, other, mm=mm)
    return graph


def test_places_along_a_street_are_near_a_node(real: RealFile) -> None:
    """Looked at every 25 m; only the few streets of more than 3.2 km have places 60 m off."""
    near, whole = (far_shares(real, nodes) for nodes in (real.pieces.nodes, real.streets.nodes))
    assert near == (0, 0)
    assert whole[0] > 0.15
    assert whole[1] > 0.001


def far_shares(real: RealFile, nodes: gpd.GeoDataFrame) -> tuple[float, float]:
    """Of streets up to 3.2 km, the share of their length beyond 60 and 250 m from a node."""
    streets = real.streets.edges[real.streets.edges["length_m"] <= 3_200]
    places = shapely.get_coordinates(streets.geometry.segmentize(25).to_numpy())
    away_m = KDTree(shapely.get_coordinates(nodes.geometry)).query(places)[0]
    return float((away_m > 60).mean()), float((away_m > 250).mean())


def test_the_amenities_of_malta_are_those_of_the_raw_file(malta: RealFile) -> None:
    """126 schools, 76 supermarkets as a point and 16 as an area, 71 pharmacies, 872 stops."""
    amenities = malta.network.amenities
    found = {
        kind: dict(Counter(code.rpartition("-")[2][0] for code in rows.index))
        for kind, rows in amenities[amenities["category"].isin(KINDS)].groupby("category")
    }
    schools = found["school"]
    assert schools.pop("r", 0) == raw_area_count(malta.path, ("amenity", "school"))
    assert found == RAW_MALTA


def raw_area_count(path: Path, tag: tuple[str, str]) -> int:
    """How many areas of several ways have this tag."""
    found = osmium.FileProcessor(str(path), RELATION).with_filter(TagFilter(tag))
    return sum(relation.tags.get("type") == "multipolygon" for relation in found)


def test_an_area_lies_around_its_point_in_malta(malta: RealFile) -> None:
    """The middle of each school area, made again by osmium itself, to the centimetre."""
    amenities = malta.network.amenities
    factory, areas = osmium.geom.WKBFactory(), {}
    only_schools = TagFilter(("amenity", "school"))
    reader = osmium.FileProcessor(str(malta.path)).with_areas(only_schools)
    for area in reader.with_filter(only_schools):
        if isinstance(area, osmium.osm.Area) and area.from_way():
            shape = shapely.from_wkb(factory.create_multipolygon(area))
            areas[f"school-w{area.orig_id()}"] = shape
    theirs = gpd.GeoSeries(areas, crs=WGS84).to_crs(malta.epsg).centroid
    assert len(theirs) > 90
    away_m = theirs.distance(amenities.geometry.reindex(theirs.index))
    assert away_m.max() < 0.01
