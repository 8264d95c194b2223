"""Nearest places and many to many, over a hierarchy: equal to the searches, and faster.

One pass up and one pass down over the ladders reach all crossings (PHAST: Delling, Goldberg,
Nowatzyk and Werneck 2011). Many questions go side by side in one pass, each in a lane, so that
every length is read once for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from geo.network.arrays import MAX_MM, MM_PER_M, UNREACHED, Flags, Int32s, Int64s
from geo.network.compiled import THREADS, compiled, side_by_side
from geo.network.hierarchy import Hierarchy, Ladder
from geo.network.lanes import Lanes, Rows, empty_lanes, shorten_row, to_rows
from geo.network.nearest import to_limits
from geo.network.snap import Stops

#: Questions in one pass: over all crossings, and over those above some ends only. More would
#: not fit in the memory near the processor.
_MOST_CATEGORIES = 16
_MOST_ORIGINS = 64


def sweep_nearest(
    hierarchy: Hierarchy, categories: Sequence[Stops], limit_m: float = MAX_MM / MM_PER_M
) -> Int32s:
    """As ``nearest.measure_nearest``: (category, node)."""
    network, limit_mm = hierarchy.network, int(to_limits(limit_m)[0])
    up, down = hierarchy.up, hierarchy.down
    found = np.empty((len(categories), network.node_count), dtype=np.int32)

    def fill(which: Int64s) -> None:
        lanes = empty_lanes(network.node_count, len(which))
        is_met = np.zeros(network.node_count, dtype=np.bool_)
        for lane, category in enumerate(which):
            places = categories[category].check_on(network)
            near = places.part(~places.is_far)
            rank = hierarchy.rank[near.node]
            np.minimum.at(lanes[:, lane], rank, near.offset_mm)
            is_met[rank] = True
        _climb(down.first, down.above, down.length_mm, to_rows(lanes), is_met)
        _descend(up.first, up.above, up.length_mm, to_rows(lanes))
        _unfold(lanes, hierarchy.node, limit_mm, found[which[0] : which[-1] + 1])

    side_by_side(fill, _shares(np.arange(len(categories)), _MOST_CATEGORIES))
    return found


def sweep_matrix(
    hierarchy: Hierarchy,
    origins: Stops,
    destinations: Stops,
    limit_m: float = MAX_MM / MM_PER_M,
) -> Int32s:
    """As ``routes.measure_matrix``: (origin, destination).

    Only what lies above an origin or a destination is passed over. Origins whose ranks are
    close have much of that in common, and go in one pass.
    """
    network, limit_mm = hierarchy.network, int(to_limits(limit_m)[0])
    origins.check_on(network)
    destinations.check_on(network)
    near = np.flatnonzero(~destinations.is_far)
    start, end = hierarchy.rank[origins.node], hierarchy.rank[destinations.node[near]]
    starts = np.flatnonzero(~origins.is_far)
    starts = starts[np.argsort(start[starts])]
    place = _find_above(hierarchy.parent, np.concatenate([start[starts], end]))
    up = _part_of(hierarchy.up, place)
    down = up if hierarchy.down is hierarchy.up else _part_of(hierarchy.down, place)
    matrix = np.full((len(origins), len(destinations)), UNREACHED, dtype=np.int32)

    def fill(rows: Int64s) -> None:
        lanes = empty_lanes(len(up.first) - 1, len(rows))
        is_met = np.zeros(len(lanes), dtype=np.bool_)
        lanes[place[start[rows]], np.arange(len(rows))] = origins.offset_mm[rows]
        is_met[place[start[rows]]] = True
        _climb(up.first, up.above, up.length_mm, to_rows(lanes), is_met)
        _descend(down.first, down.above, down.length_mm, to_rows(lanes))
        ends = place[end], destinations.offset_mm[near], near
        _fill(lanes, rows, *ends, limit_mm, matrix)

    side_by_side(fill, _shares(starts, _MOST_ORIGINS))
    return matrix


def _shares(rows: Int64s, most: int) -> list[Int64s]:
    """The rows in parts of so many at most, as many for every thread, without empty ones."""
    rounds = -(-len(rows) // (most * THREADS))
    return [part for part in np.array_split(rows, max(1, rounds * THREADS)) if len(part)]


@compiled
def _climb(first: Int32s, above: Int32s, length_mm: Int32s, rows: Rows, is_met: Flags) -> None:
    """Lowest first, give the distances of a crossing to those above it."""
    for v in range(len(first) - 1):
        if is_met[v]:
            for join in range(first[v], first[v + 1]):
                is_met[above[join]] = True
                shorten_row(rows, above[join], v, length_mm[join])


@compiled
def _descend(first: Int32s, above: Int32s, length_mm: Int32s, rows: Rows) -> None:
    """Highest first, take the distances of a crossing from those above it."""
    for v in range(len(first) - 2, -1, -1):
        for join in range(first[v], first[v + 1]):
            shorten_row(rows, v, above[join], length_mm[join])


@compiled
def _unfold(lanes: Lanes, node: Int32s, limit_mm: int, found: Int32s) -> None:
    """From ranks to nodes, one row a lane, cut off at the limit."""
    for rank in range(len(node)):
        for lane in range(len(found)):
            distance_mm = lanes[rank, lane]
            found[lane, node[rank]] = distance_mm if distance_mm <= limit_mm else UNREACHED


@compiled
def _fill(
    lanes: Lanes,
    rows: Int64s,
    place: Int32s,
    offset_mm: Int32s,
    columns: Int64s,
    limit_mm: int,
    matrix: Int32s,
) -> None:
    """From lanes to rows of the matrix, as far as the limit; the ways to the ends are added."""
    for end in range(len(columns)):
        for lane in range(len(rows)):
            whole_mm = np.int64(lanes[place[end], lane]) + offset_mm[end]
            if whole_mm <= limit_mm:
                matrix[rows[lane], columns[end]] = whole_mm


@compiled
def _find_above(parent: Int32s, ends: Int32s) -> Int32s:
    """For each rank its place among those on or above the ends, in the same order; or -1."""
    place = np.full(len(parent), -1, np.int32)
    for end in ends:
        v = end
        while v >= 0 and place[v] < 0:
            place[v] = 0
            v = parent[v]
    count = 0
    for v in range(len(parent)):
        if place[v] == 0:
            place[v] = count
            count += 1
    return place


def _part_of(ladder: Ladder, place: Int32s) -> Ladder:
    """The joins of the ranks that have a place, by their places."""
    kept = np.flatnonzero(place >= 0)
    counts = np.diff(ladder.first)[kept]
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    join = np.arange(first[-1]) + np.repeat(ladder.first[kept] - first[:-1], counts)
    return Ladder(first, place[ladder.above[join]], ladder.length_mm[join])
