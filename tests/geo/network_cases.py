"""Networks to test on, and the twin: every distance by another library, every answer by hand.

The twin knows one thing, the table of distances between all nodes, from networkx or scipy.
Each question is then answered from that table in the plainest way.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import networkx as nx
import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from data.demo import DemoRegion, demo_region
from geo.network.arrays import (
    UNREACHED,
    Arcs,
    Profile,
    StreetNetwork,
    Streets,
    build_network,
    lay_network,
)
from geo.network.graph import to_networkx
from geo.network.snap import Stops
from tests.world import tiny_world

Table = npt.NDArray[np.int64]
FAR = int(UNREACHED)


def small_network(
    node_count: int, streets: Sequence[tuple[int, int, int, bool, bool]], profile: Profile = "cycle"
) -> StreetNetwork:
    """Nodes on a line, 100 m apart, and streets (start, stop, mm, forward, backward)."""
    table = np.array(streets, dtype=np.int64).reshape(-1, 5)
    along = np.arange(node_count)
    return lay_network(
        profile,
        along.astype(np.int64),
        np.asarray(along * 100.0 + 100_000, dtype=np.float64),
        np.full(node_count, 480_000.0),
        Streets(
            ids=np.arange(len(table), dtype=np.int64),
            start=table[:, 0],
            stop=table[:, 1],
            length_mm=table[:, 2],
            forward=table[:, 3].astype(bool),
            backward=table[:, 4].astype(bool),
        ),
    )


@st.composite
def networks(draw: st.DrawFn) -> StreetNetwork:
    """Any network: one node or more, zero lengths, loops, parallel and one-way streets."""
    node_count = draw(st.integers(1, 14))
    node = st.integers(0, node_count - 1)
    length = st.sampled_from([0, 1, 7, 8_191, 8_192, 70_001]) | st.integers(0, 2_000_000)
    both_ways = draw(st.booleans())
    way = st.just((True, True)) if both_ways else st.tuples(st.booleans(), st.booleans())
    street = st.tuples(node, node, length, way).map(lambda s: (*s[:3], *s[3]))
    streets = draw(st.lists(street, max_size=40))
    return small_network(node_count, streets, "walk" if both_ways else "cycle")


@st.composite
def stops_on(draw: st.DrawFn, network: StreetNetwork, max_size: int = 8) -> Stops:
    """Some points on the network, at nodes or beside them, and some too far away."""
    node = st.integers(-1, network.node_count - 1)
    offset = st.sampled_from([0, 1, 250_000]) | st.integers(0, 250_000)
    drawn = draw(st.lists(st.tuples(node, offset), max_size=max_size))
    table = np.array(drawn, dtype=np.int32).reshape(-1, 2)
    offset_mm = np.where(table[:, 0] < 0, UNREACHED, table[:, 1]).astype(np.int32)
    return Stops(table[:, 0].copy(), offset_mm, offset_mm / 1000)


def networkx_table(network: StreetNetwork) -> Table:
    """Distances from every node to every node, by networkx."""
    table = np.full((network.node_count, network.node_count), FAR, dtype=np.int64)
    graph = to_networkx(network)
    for start, found in nx.all_pairs_dijkstra_path_length(graph, weight="length_mm"):
        for stop, distance_mm in found.items():
            table[start, stop] = distance_mm
    return table


def scipy_table(arcs: Arcs, nodes: npt.NDArray[np.integer]) -> Table:
    """Distances from ``nodes`` to every node over ``arcs``, by scipy; no street may be 0 long."""
    assert arcs.length_mm.min() > 0
    shortest: dict[tuple[int, int], int] = {}
    for pair, length_mm in zip(
        zip(arcs.source, arcs.target, strict=True), arcs.length_mm, strict=True
    ):
        shortest[pair] = min(int(length_mm), shortest.get(pair, FAR))
    ends = np.array(list(shortest)).T
    count = len(arcs.first) - 1
    lengths = np.array(list(shortest.values()), dtype=float)
    matrix = coo_array((lengths, (ends[0], ends[1])), shape=(count, count)).tocsr()
    found = dijkstra(matrix, indices=nodes)
    return np.where(np.isfinite(found), found, FAR).astype(np.int64)


def between(table: Table, points: Stops, things: Stops) -> Table:
    """From each point to each thing, ways to the street counted; FAR where there is no way."""
    ways = table[np.ix_(points.node, things.node)] if len(table) else np.zeros((0, 0))
    whole = ways + points.offset_mm[:, None].astype(np.int64) + things.offset_mm
    closed = points.is_far[:, None] | things.is_far | (ways >= FAR)
    return np.where(closed | (whole >= FAR), FAR, whole)


def every_node(network: StreetNetwork) -> Stops:
    """All crossings as points."""
    return Stops.at_nodes(np.arange(network.node_count))


def cut(distances: Table, limit_mm: int) -> Table:
    """The same, with FAR beyond the limit."""
    return np.where(distances <= limit_mm, distances, FAR)


@cache
def demo() -> DemoRegion:
    """The example region, made once."""
    return demo_region()


@cache
def demo_network(profile: Profile) -> StreetNetwork:
    """The streets of the example region."""
    return build_network(demo().street_nodes, demo().street_edges, profile)


@cache
def tiny_network(profile: Profile) -> StreetNetwork:
    """The streets of the tiny world."""
    world = tiny_world()
    return build_network(world.street_nodes, world.street_edges, profile)
