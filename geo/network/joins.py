"""The joins of a hierarchy: which crossings are joined, and how long the joins are.

Crossings are called by their rank, the order in which they are taken away. The joins stand in
rows, as arcs do: those of rank ``r`` lead to ``above[first[r]:first[r + 1]]``, lowest first.
``up_mm`` is the length of going up each join, ``down_mm`` that of coming down; on foot they
may be one array.

Most of the work is at the top, where hundreds of crossings that cut the region in two are all
joined to each other. Crossings with consecutive ranks that have the same crossings
above them are therefore a *block* (the supernodes of sparse matrices: Liu, Ng and Peyton
1993). Their lengths are put in a square table, to be added and compared a row at a time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_array

from geo.network.arrays import UNREACHED, Int32s
from geo.network.compiled import compiled

Table = np.ndarray[tuple[int, int], np.dtype[np.int32]]


def join(
    neighbour_first: Int32s, neighbour: Int32s, node: Int32s, rank: Int32s
) -> tuple[Int32s, Int32s, Int32s]:
    """``first`` and ``above`` of all joins, and the lowest crossing above each one, its parent."""
    first, above, parent = _join(neighbour_first, neighbour, node, rank)
    nothing = np.zeros(len(above), dtype=np.int8)
    csr_array((nothing, above, first), shape=(len(node), len(node))).sort_indices()
    return first, above, parent


@compiled
def _join(
    neighbour_first: Int32s, neighbour: Int32s, node: Int32s, rank: Int32s
) -> tuple[Int32s, Int32s, Int32s]:
    """The joins of each crossing in any order.

    A crossing is joined to its neighbours above, and to what its children are joined to: they
    were the last to be taken away between this one and others (the elimination tree, Liu 1990).
    """
    count = len(node)
    first = np.zeros(count + 1, np.int32)
    above = np.empty(4 * len(neighbour) + 64, np.int32)
    parent = np.full(count, -1, np.int32)
    child = np.full(count, -1, np.int32)
    sibling = np.full(count, -1, np.int32)
    seen_by = np.full(count, -1, np.int32)
    used = 0
    for v in range(count):
        start = used
        needed = neighbour_first[node[v] + 1] - neighbour_first[node[v]]
        c = child[v]
        while c >= 0:
            needed += first[c + 1] - first[c]
            c = sibling[c]
        if used + needed > len(above):
            above = np.concatenate((above, np.empty(used + needed, np.int32)))
        seen_by[v] = v
        for way in range(neighbour_first[node[v]], neighbour_first[node[v] + 1]):
            u = rank[neighbour[way]]
            if u > v and seen_by[u] != v:
                seen_by[u] = v
                above[used] = u
                used += 1
        c = child[v]
        while c >= 0:
            for way in range(first[c], first[c + 1]):
                u = above[way]
                if seen_by[u] != v:
                    seen_by[u] = v
                    above[used] = u
                    used += 1
            c = sibling[c]
        first[v + 1] = used
        if used > start:
            parent[v] = above[start:used].min()
            sibling[v] = child[parent[v]]
            child[parent[v]] = v
    return first, above[:used].copy(), parent


@compiled
def lay_lengths(
    arc_first: Int32s,
    target: Int32s,
    arc_mm: Int32s,
    node: Int32s,
    rank: Int32s,
    first: Int32s,
    above: Int32s,
) -> Int32s:
    """The length of each join that is a street, the shortest if there are more."""
    length_mm = np.full(len(above), UNREACHED, np.int32)
    for v in range(len(node)):
        for arc in range(arc_first[node[v]], arc_first[node[v] + 1]):
            u = rank[target[arc]]
            if u > v:
                way = first[v] + np.searchsorted(above[first[v] : first[v + 1]], u)
                length_mm[way] = min(length_mm[way], arc_mm[arc])
    return length_mm


def find_blocks(first: Int32s, parent: Int32s) -> Int32s:
    """The first rank of each block, and after the last one the number of ranks."""
    ranks = np.arange(len(parent), dtype=np.int32)
    above_count = np.diff(first)
    is_start = np.ones(len(parent), dtype=bool)
    is_start[1:] = (parent[:-1] != ranks[1:]) | (above_count[:-1] != above_count[1:] + 1)
    return np.append(ranks[is_start], np.int32(len(parent)))


@compiled
def shorten_upwards(
    first: Int32s, above: Int32s, up_mm: Int32s, down_mm: Int32s, block: Int32s
) -> None:
    """Lowest first: two crossings above ``v`` are no farther apart than the way over ``v``."""
    table, spot = _empty_tables(first, block)
    for which in range(len(block) - 1):
        low, size = block[which], block[which + 1] - block[which]
        top = above[first[low] + size - 1 : first[low + 1]]
        width = size + len(top)
        table[size:width, size:width] = UNREACHED
        for row in range(size):
            own = slice(first[low + row], first[low + row + 1])
            table[row, row + 1 : width] = up_mm[own]
            table[row + 1 : width, row] = down_mm[own]
        for row in range(size):
            onward = table[row, row + 1 : width].copy()
            for other in range(row + 1, width):
                if table[other, row] < UNREACHED:
                    _shorten(table[other, row + 1 : width], table[other, row], onward)
        for row in range(size):
            own = slice(first[low + row], first[low + row + 1])
            up_mm[own] = table[row, row + 1 : width]
            down_mm[own] = table[row + 1 : width, row]
        _find_joins(first, above, top, spot)
        for i in range(len(top)):
            for j in range(i + 1, len(top)):
                way = spot[i, j]
                up_mm[way] = min(up_mm[way], table[size + i, size + j])
                down_mm[way] = min(down_mm[way], table[size + j, size + i])


@compiled
def shorten_downwards(
    first: Int32s, above: Int32s, up_mm: Int32s, down_mm: Int32s, block: Int32s
) -> None:
    """Highest first: a join is no longer than the way over another crossing above both ends.

    After this every join has the real distance (perfect customisation).
    """
    table, spot = _empty_tables(first, block)
    for which in range(len(block) - 2, -1, -1):
        low, size = block[which], block[which + 1] - block[which]
        top = above[first[low] + size - 1 : first[low + 1]]
        width = size + len(top)
        _find_joins(first, above, top, spot)
        for i in range(len(top)):
            table[size + i, size + i] = 0
            for j in range(i + 1, len(top)):
                table[size + i, size + j] = up_mm[spot[i, j]]
                table[size + j, size + i] = down_mm[spot[i, j]]
        for behind in range(1, size + 1):
            row = size - behind
            own = slice(first[low + row], first[low + row + 1])
            there, back = up_mm[own].copy(), down_mm[own].copy()
            shortest = there.copy()
            for ahead in range(len(there)):
                onward = table[row + 1 + ahead, row + 1 : width]
                if there[ahead] < UNREACHED:
                    _shorten(shortest, there[ahead], onward)
                table[row + 1 + ahead, row] = _shortest_sum(onward, back)
            table[row, row] = 0
            table[row, row + 1 : width] = shortest
            up_mm[own] = shortest
            down_mm[own] = table[row + 1 : width, row]


@compiled
def _empty_tables(first: Int32s, block: Int32s) -> tuple[Table, Table]:
    """Room for the lengths between the crossings of the widest block, and for their joins."""
    widest = 0
    for low in block[:-1]:
        widest = max(widest, first[low + 1] - first[low] + 1)
    return np.empty((widest, widest), np.int32), np.empty((widest, widest), np.int32)


@compiled
def _find_joins(first: Int32s, above: Int32s, top: Int32s, spot: Table) -> None:
    """Where the join between each two of these crossings is; they are all joined."""
    for i in range(len(top)):
        way = first[top[i]]
        for j in range(i + 1, len(top)):
            while above[way] != top[j]:
                way += 1
            spot[i, j] = way


@compiled
def _shorten(length_mm: Int32s, step_mm: Any, onward_mm: Int32s) -> None:
    """No length is more than the step, which can be made, and the length from there."""
    for column in range(len(length_mm)):
        length_mm[column] = min(length_mm[column], np.int32(step_mm + onward_mm[column]))


@compiled
def _shortest_sum(there_mm: Int32s, onward_mm: Int32s) -> Any:
    """The smallest sum of two lengths; without a sign, twice ``UNREACHED`` fits."""
    shortest = np.uint32(UNREACHED)
    for column in range(len(there_mm)):
        whole_mm = np.uint32(np.uint32(there_mm[column]) + np.uint32(onward_mm[column]))
        shortest = min(shortest, whole_mm)
    return np.int32(shortest)
