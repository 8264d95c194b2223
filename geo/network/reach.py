"""From a few points: which crossings and stretches of street can be reached, and who is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from geo.errors import NetworkError
from geo.network.arrays import Arcs, Flags, Floats, Int32s, Int64s, StreetNetwork
from geo.network.compiled import THREADS, compiled, side_by_side
from geo.network.nearest import longest_step, to_limits
from geo.network.search import Desk, Graph, clear, empty_desk, search, to_graph
from geo.network.snap import Stops

#: From the points to where one can go, or from all around to the points.
Direction = Literal["from_points", "to_points"]


@dataclass(frozen=True, eq=False)
class Reach:
    """What can be reached from point ``p``: rows ``first[p]`` to ``first[p + 1]``.

    The nodes of a point stand in the order of the network.
    """

    first: Int64s
    node: Int32s
    distance_mm: Int32s

    def of(self, point: int) -> slice:
        """The rows of one point."""
        return slice(int(self.first[point]), int(self.first[point + 1]))


@dataclass(frozen=True, eq=False)
class Stretches:
    """Arcs that can be entered, and how far one gets along each before the limit.

    The part that is covered is ``covered_mm`` from the start of the arc; ``is_whole`` when one
    gets to the end. A street that is entered from both sides is here twice.
    """

    arc: Int32s
    covered_mm: Int32s
    is_whole: Flags


class Shelf(NamedTuple):
    """Things in rows by their node: those of node ``v`` are ``first[v]`` to ``first[v + 1]``."""

    first: Int64s
    offset_mm: Int32s
    weight: Floats


def measure_reach(
    network: StreetNetwork,
    points: Stops,
    limit_m: float,
    direction: Direction = "from_points",
) -> Reach:
    """The nodes within ``limit_m`` of each point, with the distance in mm."""
    points.check_on(network)
    graph = to_graph(_arcs(network, direction))
    limit_mm = int(to_limits(limit_m)[0])

    def of(rows: Int64s) -> tuple[Int64s, Int32s, Int32s]:
        some = points.part(rows)
        desk = empty_desk(network.node_count, longest_step(network, points))
        return _collect(graph, some.node, some.offset_mm, limit_mm, desk)

    parts = np.array_split(np.arange(len(points)), max(1, min(THREADS, len(points))))
    counts, nodes, distances = zip(*side_by_side(of, parts), strict=True)
    return Reach(
        first=np.cumsum(np.concatenate([[0], *counts]), dtype=np.int64),
        node=np.concatenate(nodes),
        distance_mm=np.concatenate(distances),
    )


def measure_stretches(
    network: StreetNetwork,
    reach: Reach,
    point: int,
    limit_m: float,
    direction: Direction = "from_points",
) -> Stretches:
    """The stretches of street within the limit that ``reach`` was measured with.

    The arcs are those of ``network.forward``, or of ``network.backward`` with ``to_points``.
    """
    arcs = _arcs(network, direction)
    nodes = reach.node[reach.of(point)]
    left_mm = int(to_limits(limit_m)[0]) - reach.distance_mm[reach.of(point)]
    if (left_mm < 0).any():
        raise NetworkError("the reach was measured with a larger limit")
    arc_counts = arcs.first[nodes + 1] - arcs.first[nodes]
    before = np.cumsum(arc_counts) - arc_counts
    arc = np.arange(arc_counts.sum()) + np.repeat(arcs.first[nodes] - before, arc_counts)
    left_mm = np.repeat(left_mm, arc_counts)
    length_mm = arcs.length_mm[arc]
    return Stretches(
        arc=arc.astype(np.int32),
        covered_mm=np.minimum(length_mm, left_mm).astype(np.int32),
        is_whole=length_mm <= left_mm,
    )


def measure_within(
    network: StreetNetwork,
    points: Stops,
    things: Stops,
    weight: npt.ArrayLike,
    limits_m: Sequence[float],
    direction: Direction = "from_points",
) -> Floats:
    """The weight of all things within each limit of each point: (point, limit).

    The weight of a thing is its places or its people. The ways from the point and from the
    thing to their crossings count. A point that is too far from the streets gets NaN; a thing
    that is too far is not counted.
    """
    points.check_on(network)
    things.check_on(network)
    weights = np.asarray(weight, dtype=np.float64)
    if weights.shape != (len(things),) or not np.isfinite(weights).all():
        raise NetworkError("not every thing has a weight")
    limits_mm = to_limits(limits_m)
    graph = to_graph(_arcs(network, direction))
    order = np.argsort(things.node, kind="stable")
    order = order[things.node[order] >= 0]
    first = np.searchsorted(things.node[order], np.arange(network.node_count + 1))
    shelf = Shelf(first, things.offset_mm[order], weights[order])

    def of(rows: Int64s) -> Floats:
        some = points.part(rows)
        desk = empty_desk(network.node_count, longest_step(network, points))
        total = np.zeros((len(rows), len(limits_mm)))
        _add_up(graph, some.node, some.offset_mm, limits_mm, shelf, desk, total)
        return total

    parts = np.array_split(np.arange(len(points)), THREADS)
    total = np.concatenate(side_by_side(of, parts))
    total[points.is_far] = np.nan
    return total


def _arcs(network: StreetNetwork, direction: Direction) -> Arcs:
    return network.forward if direction == "from_points" else network.backward


@compiled
def _collect(
    graph: Graph, node: Int32s, offset_mm: Int32s, limit_mm: int, desk: Desk
) -> tuple[Int64s, Int32s, Int32s]:
    """One search from each point: how many nodes it reaches, and which, and how far they are."""
    counts = np.zeros(len(node), np.int64)
    found = np.empty(1_024, np.int32)
    found_mm = np.empty(1_024, np.int32)
    used = 0
    for point in range(len(node)):
        start = slice(point, point + 1)
        count = search(graph, node[start], offset_mm[start], limit_mm, -1, desk)
        if used + count > len(found):
            found = np.concatenate((found, np.empty(used + count, np.int32)))
            found_mm = np.concatenate((found_mm, np.empty(used + count, np.int32)))
        reached = np.sort(desk.reached[:count])
        found[used : used + count] = reached
        found_mm[used : used + count] = desk.distance_mm[reached]
        clear(desk, count)
        counts[point] = count
        used += count
    return counts, found[:used], found_mm[:used]


@compiled
def _add_up(
    graph: Graph,
    node: Int32s,
    offset_mm: Int32s,
    limits_mm: Int64s,
    shelf: Shelf,
    desk: Desk,
    total: Floats,
) -> None:
    """One search from each point; what lies at the nodes that it reaches goes into the totals."""
    for point in range(len(node)):
        start = slice(point, point + 1)
        reached = search(graph, node[start], offset_mm[start], limits_mm.max(), -1, desk)
        for row in range(reached):
            v = desk.reached[row]
            for thing in range(shelf.first[v], shelf.first[v + 1]):
                distance_mm = np.int64(desk.distance_mm[v]) + shelf.offset_mm[thing]
                for which in range(len(limits_mm)):
                    if distance_mm <= limits_mm[which]:
                        total[point, which] += shelf.weight[thing]
        clear(desk, reached)
