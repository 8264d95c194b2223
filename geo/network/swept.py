"""Nearest places and many to many, over a hierarchy: equal to the searches, and faster.

One pass up and one pass down over the ladders reach all crossings (PHAST: Delling, Goldberg,
Nowatzyk and Werneck 2011). Eight questions go side by side in one pass, so that every length
is read once for eight sums, which the machine adds together.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from geo.network.arrays import MAX_MM, MM_PER_M, UNREACHED, Flags, Int32s, Int64s
from geo.network.compiled import THREADS, compiled, side_by_side
from geo.network.hierarchy import Hierarchy
from geo.network.nearest import to_limits
from geo.network.snap import Stops

_LANES = 8


def sweep_nearest(
    hierarchy: Hierarchy, categories: Sequence[Stops], limit_m: float = MAX_MM / MM_PER_M
) -> Int32s:
    """As ``nearest.measure_nearest``: (category, node)."""
    network, limit_mm = hierarchy.network, int(to_limits(limit_m)[0])
    up, down = hierarchy.up, hierarchy.down
    found = np.empty((len(categories), network.node_count), dtype=np.int32)

    def fill(first: int) -> None:
        lanes = np.full((network.node_count, _LANES), UNREACHED, dtype=np.int32)
        is_met = np.zeros(network.node_count, dtype=np.bool_)
        for lane, places in enumerate(categories[first : first + _LANES]):
            near = places.check_on(network).part(~places.is_far)
            rank = hierarchy.rank[near.node]
            np.minimum.at(lanes[:, lane], rank, near.offset_mm)
            is_met[rank] = True
        _climb(down.first, down.above, down.length_mm, lanes, is_met)
        _descend(up.first, up.above, up.length_mm, lanes)
        _unfold(lanes, hierarchy.node, limit_mm, found[first : first + _LANES])

    side_by_side(fill, range(0, len(categories), _LANES))
    return found


def sweep_matrix(
    hierarchy: Hierarchy,
    origins: Stops,
    destinations: Stops,
    limit_m: float = MAX_MM / MM_PER_M,
) -> Int32s:
    """As ``routes.measure_matrix``: (origin, destination)."""
    network, limit_mm = hierarchy.network, int(to_limits(limit_m)[0])
    origins.check_on(network)
    destinations.check_on(network)
    near = np.flatnonzero(~destinations.is_far)
    ends = hierarchy.rank[destinations.node[near]]
    up, down = hierarchy.up, hierarchy.down
    kept, first, above, length_mm = _ladder_over(
        down.first, down.above, down.length_mm, hierarchy.parent, ends
    )
    matrix = np.full((len(origins), len(destinations)), UNREACHED, dtype=np.int32)

    def fill(rows: Int64s) -> None:
        some = origins.part(rows)
        start = np.where(some.is_far, np.int32(-1), hierarchy.rank[some.node])
        part = np.full((len(rows), len(near)), UNREACHED, dtype=np.int32)
        _fill(
            (up.first, up.above, up.length_mm),
            hierarchy.parent,
            (start.astype(np.int32), some.offset_mm),
            kept,
            (first, above, length_mm),
            (ends, destinations.offset_mm[near]),
            limit_mm,
            part,
        )
        matrix[rows[:, None], near] = part

    side_by_side(fill, np.array_split(np.arange(len(origins)), THREADS))
    return matrix


@compiled
def _climb(first: Int32s, above: Int32s, length_mm: Int32s, lanes: Int32s, is_met: Flags) -> None:
    """Lowest first, give the distances of a crossing to those above it."""
    for v in range(len(first) - 1):
        if not is_met[v]:
            continue
        for join in range(first[v], first[v + 1]):
            u = above[join]
            is_met[u] = True
            for lane in range(_LANES):
                lanes[u, lane] = min(lanes[u, lane], np.int32(lanes[v, lane] + length_mm[join]))


@compiled
def _descend(first: Int32s, above: Int32s, length_mm: Int32s, lanes: Int32s) -> None:
    """Highest first, take the distances of a crossing from those above it."""
    for v in range(len(first) - 2, -1, -1):
        for join in range(first[v], first[v + 1]):
            u = above[join]
            for lane in range(_LANES):
                lanes[v, lane] = min(lanes[v, lane], np.int32(lanes[u, lane] + length_mm[join]))


@compiled
def _unfold(lanes: Int32s, node: Int32s, limit_mm: int, found: Int32s) -> None:
    """From ranks to nodes, one row a lane, cut off at the limit."""
    for rank in range(len(node)):
        for lane in range(len(found)):
            distance_mm = lanes[rank, lane]
            found[lane, node[rank]] = distance_mm if distance_mm <= limit_mm else UNREACHED


@compiled
def _ladder_over(
    first: Int32s, above: Int32s, length_mm: Int32s, parent: Int32s, ends: Int32s
) -> tuple[Int32s, Int32s, Int32s, Int32s]:
    """The part of a ladder over some crossings: its place of each rank (or -1), and the ladder.

    The places have the order of the ranks, so that it is swept like a whole one.
    """
    kept = np.full(len(parent), -1, np.int32)
    for end in ends:
        v = end
        while v >= 0 and kept[v] < 0:
            kept[v] = 0
            v = parent[v]
    count = 0
    joins = 0
    for v in range(len(parent)):
        if kept[v] == 0:
            kept[v] = count
            count += 1
            joins += first[v + 1] - first[v]
    part_first = np.zeros(count + 1, np.int32)
    part_above = np.empty(joins, np.int32)
    part_mm = np.empty(joins, np.int32)
    joins = 0
    for v in range(len(parent)):
        if kept[v] >= 0:
            for join in range(first[v], first[v + 1]):
                part_above[joins] = kept[above[join]]
                part_mm[joins] = length_mm[join]
                joins += 1
            part_first[kept[v] + 1] = joins
    return kept, part_first, part_above, part_mm


@compiled
def _fill(
    up: tuple[Int32s, Int32s, Int32s],
    parent: Int32s,
    starts: tuple[Int32s, Int32s],
    kept: Int32s,
    part: tuple[Int32s, Int32s, Int32s],
    ends: tuple[Int32s, Int32s],
    limit_mm: int,
    matrix: Int32s,
) -> None:
    """For eight origins at a time: up along the parents, then down to all destinations."""
    first, above, length_mm = up
    part_first, part_above, part_mm = part
    start, start_mm = starts
    end, end_mm = ends
    distance_mm = np.full(len(parent), UNREACHED, np.int32)
    lanes = np.empty((len(part_first) - 1, _LANES), np.int32)
    for block in range(0, len(start), _LANES):
        lanes[:] = UNREACHED
        size = min(_LANES, len(start) - block)
        for lane in range(size):
            v = start[block + lane]
            if v >= 0:
                distance_mm[v] = start_mm[block + lane]
            while v >= 0:
                so_far = distance_mm[v]
                distance_mm[v] = UNREACHED
                if so_far < UNREACHED:
                    for join in range(first[v], first[v + 1]):
                        u = above[join]
                        distance_mm[u] = min(distance_mm[u], so_far + length_mm[join])
                if kept[v] >= 0:
                    lanes[kept[v], lane] = so_far
                v = parent[v]
        _descend(part_first, part_above, part_mm, lanes)
        for lane in range(size):
            for which in range(len(end)):
                whole_mm = np.int64(lanes[kept[end[which]], lane]) + end_mm[which]
                if whole_mm <= limit_mm:
                    matrix[block + lane, which] = whole_mm
