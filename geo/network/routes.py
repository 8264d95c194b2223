"""From many points to many others, and the way from one to another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.network.arrays import MAX_MM, MM_PER_M, UNREACHED, Int32s, Int64s, StreetNetwork
from geo.network.compiled import THREADS, compiled, side_by_side
from geo.network.nearest import longest_step, to_limits
from geo.network.search import Desk, Graph, clear, empty_desk, search, to_graph
from geo.network.snap import Stops


@dataclass(frozen=True, eq=False)
class Route:
    """A shortest way: its nodes in order, the arcs of ``forward`` between them, its length.

    The ways from the points to their crossings count in ``distance_mm``; the arcs together
    are ``streets_mm`` long.
    """

    nodes: Int32s
    arcs: Int32s
    distance_mm: int
    streets_mm: int


def measure_matrix(
    network: StreetNetwork, origins: Stops, destinations: Stops, limit_m: float = MAX_MM / MM_PER_M
) -> Int32s:
    """Distance in mm from each origin to each destination: (origin, destination).

    ``UNREACHED`` where there is no way within the limit, or where a point is too far from the
    streets.
    """
    origins.check_on(network)
    destinations.check_on(network)
    graph, limit_mm = to_graph(network.forward), int(to_limits(limit_m)[0])
    ends = (destinations.node, destinations.offset_mm)

    def of(rows: Int64s) -> Int32s:
        some = origins.part(rows)
        desk = empty_desk(network.node_count, longest_step(network, origins))
        matrix = np.full((len(rows), len(destinations)), UNREACHED, dtype=np.int32)
        _fill(graph, some.node, some.offset_mm, *ends, limit_mm, desk, matrix)
        return matrix

    return np.concatenate(side_by_side(of, np.array_split(np.arange(len(origins)), THREADS)))


def find_route(network: StreetNetwork, origin: Stops, destination: Stops) -> Route | None:
    """A shortest way from one point to one other; None when there is none."""
    (start,) = origin.check_on(network).node
    (stop,) = destination.check_on(network).node
    if start < 0 or stop < 0:
        return None
    graph = to_graph(network.forward)
    desk = empty_desk(network.node_count, longest_step(network, origin), with_way=True)
    search(graph, origin.node, origin.offset_mm, MAX_MM, stop, desk)
    ends_mm = int(origin.offset_mm[0]) + int(destination.offset_mm[0])
    distance_mm = int(desk.distance_mm[stop]) + int(destination.offset_mm[0])
    if distance_mm > MAX_MM:
        return None
    nodes, arcs = [stop], []
    while nodes[-1] != start:
        arcs.append(desk.via[nodes[-1]])
        nodes.append(network.forward.source[arcs[-1]])
    return Route(
        nodes=np.array(nodes[::-1], dtype=np.int32),
        arcs=np.array(arcs[::-1], dtype=np.int32),
        distance_mm=distance_mm,
        streets_mm=distance_mm - ends_mm,
    )


@compiled
def _fill(
    graph: Graph,
    node: Int32s,
    offset_mm: Int32s,
    end: Int32s,
    end_offset_mm: Int32s,
    limit_mm: int,
    desk: Desk,
    matrix: Int32s,
) -> None:
    """One search from each origin, which fills its row of the matrix."""
    for origin in range(len(node)):
        start = slice(origin, origin + 1)
        reached = search(graph, node[start], offset_mm[start], limit_mm, -1, desk)
        for which in range(len(end)):
            if end[which] >= 0:
                distance_mm = np.int64(desk.distance_mm[end[which]]) + end_offset_mm[which]
                if distance_mm <= limit_mm:
                    matrix[origin, which] = distance_mm
        clear(desk, reached)
