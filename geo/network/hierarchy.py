"""A hierarchy over the network, made once, in which two short passes reach every crossing.

Customisable contraction hierarchies (Dibbelt, Strasser and Wagner 2016): crossings are taken
away one by one, in the order of ``dissection``, and what remains is joined so that no
distance gets longer. Every shortest way then has one that first goes *up*, to crossings taken
away later, and then *down*. The joining depends on the shape of the network only; lengths are
filled in afterwards, and again in a moment when they change.

Joins that are longer than the real distance are left out (perfect customisation, the same
paper). Directions are kept apart: a join has a length upwards and one downwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.errors import NetworkError
from geo.network.arrays import UNREACHED, Arcs, Int32s, StreetNetwork
from geo.network.compiled import compiled
from geo.network.dissection import dissect


@dataclass(frozen=True, eq=False)
class Ladder:
    """Joins from each crossing to those above it; crossings are called by their rank.

    Those of rank ``r`` are ``first[r]`` to ``first[r + 1]``. The length is that of going up, or
    that of coming down, as the ladder is for.
    """

    first: Int32s
    above: Int32s
    length_mm: Int32s


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """The ladders up and down; on foot they are the same.

    ``rank`` is that of each node, ``node`` the node of each rank, ``parent`` the lowest crossing
    above each rank, -1 at the top: whatever lies above a crossing lies on the way over parents.
    """

    network: StreetNetwork
    rank: Int32s
    node: Int32s
    parent: Int32s
    up: Ladder
    down: Ladder


def build_hierarchy(network: StreetNetwork, order: Int32s | None = None) -> Hierarchy:
    """The hierarchy over ``network``.

    ``order`` has the nodes as they are to be taken away, that of ``dissect`` when None. Any order
    gives the same answers; a better one gives them sooner.
    """
    forward, backward = network.forward, network.backward
    both = _joined(forward, backward) if forward is not backward else forward
    if order is None:
        node = dissect(both.first, both.target, network.x_m, network.y_m)
    else:
        node = np.array(order, dtype=np.int32)
        if not np.array_equal(np.sort(node), np.arange(network.node_count)):
            raise NetworkError("the order does not have every node once")
    rank = np.empty_like(node)
    rank[node] = np.arange(len(node), dtype=np.int32)
    first, above, parent = _join(both.first, both.target, node, rank)
    up_mm = _lay_lengths(forward.first, forward.target, forward.length_mm, node, rank, first, above)
    if forward is backward:
        down_mm = up_mm.copy()
    else:
        down_mm = _lay_lengths(
            backward.first, backward.target, backward.length_mm, node, rank, first, above
        )
    _shorten_upwards(first, above, up_mm, down_mm)
    real_up_mm, real_down_mm = up_mm.copy(), down_mm.copy()
    _shorten_downwards(first, above, real_up_mm, real_down_mm)
    up = _ladder(first, above, up_mm, real_up_mm)
    down = up if forward is backward else _ladder(first, above, down_mm, real_down_mm)
    return Hierarchy(network, rank, node, parent, up, down)


def _joined(forward: Arcs, backward: Arcs) -> Arcs:
    """All arcs with their turned ones: who is whose neighbour, whatever the direction."""
    source = np.concatenate([forward.source, backward.source])
    order = np.argsort(source, kind="stable")
    both = [
        np.concatenate([getattr(forward, name), getattr(backward, name)])[order]
        for name in ("target", "length_mm", "edge")
    ]
    return Arcs(forward.first + backward.first, *both)


def _ladder(first: Int32s, above: Int32s, length_mm: Int32s, real_mm: Int32s) -> Ladder:
    """The joins that are as long as the real distance between their ends."""
    kept = (length_mm == real_mm) & (length_mm < UNREACHED)
    before = np.concatenate([[0], np.cumsum(kept)]).astype(np.int32)
    return Ladder(before[first], above[kept], length_mm[kept])


@compiled
def _join(
    arc_first: Int32s, target: Int32s, node: Int32s, rank: Int32s
) -> tuple[Int32s, Int32s, Int32s]:
    """The joins: a crossing is joined to its neighbours above, and to those of its children.

    A child has this crossing as its lowest above: it was the last to be taken away of those
    that joined this one to others (the elimination tree, Liu 1990).
    """
    count = len(node)
    first = np.zeros(count + 1, np.int32)
    above = np.empty(4 * len(target) + 64, np.int32)
    parent = np.full(count, -1, np.int32)
    child = np.full(count, -1, np.int32)
    sibling = np.full(count, -1, np.int32)
    seen_by = np.full(count, -1, np.int32)
    used = 0
    for v in range(count):
        start = used
        needed = arc_first[node[v] + 1] - arc_first[node[v]]
        c = child[v]
        while c >= 0:
            needed += first[c + 1] - first[c]
            c = sibling[c]
        if used + needed > len(above):
            longer = np.empty(2 * (used + needed), np.int32)
            longer[:used] = above[:used]
            above = longer
        seen_by[v] = v
        for arc in range(arc_first[node[v]], arc_first[node[v] + 1]):
            u = rank[target[arc]]
            if u > v and seen_by[u] != v:
                seen_by[u] = v
                above[used] = u
                used += 1
        c = child[v]
        while c >= 0:
            for join in range(first[c], first[c + 1]):
                u = above[join]
                if seen_by[u] != v:
                    seen_by[u] = v
                    above[used] = u
                    used += 1
            c = sibling[c]
        above[start:used].sort()
        first[v + 1] = used
        if used > start:
            parent[v] = above[start]
            sibling[v] = child[parent[v]]
            child[parent[v]] = v
    return first, above[:used].copy(), parent


@compiled
def _lay_lengths(
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
                join = first[v] + np.searchsorted(above[first[v] : first[v + 1]], u)
                length_mm[join] = min(length_mm[join], arc_mm[arc])
    return length_mm


@compiled
def _shorten_upwards(first: Int32s, above: Int32s, up_mm: Int32s, down_mm: Int32s) -> None:
    """Lowest first: two crossings above ``v`` are no farther apart than the way over ``v``."""
    for v in range(len(first) - 1):
        for i in range(first[v], first[v + 1]):
            across = first[above[i]]
            for j in range(i + 1, first[v + 1]):
                while above[across] != above[j]:
                    across += 1
                up_mm[across] = min(up_mm[across], down_mm[i] + up_mm[j])
                down_mm[across] = min(down_mm[across], down_mm[j] + up_mm[i])


@compiled
def _shorten_downwards(first: Int32s, above: Int32s, up_mm: Int32s, down_mm: Int32s) -> None:
    """Highest first: a join is no longer than the way over another crossing above both ends.

    After this every join has the real distance.
    """
    for v in range(len(first) - 2, -1, -1):
        for i in range(first[v], first[v + 1]):
            across = first[above[i]]
            for j in range(i + 1, first[v + 1]):
                while above[across] != above[j]:
                    across += 1
                up_mm[i] = min(up_mm[i], up_mm[j] + down_mm[across])
                up_mm[j] = min(up_mm[j], up_mm[i] + up_mm[across])
                down_mm[i] = min(down_mm[i], down_mm[j] + up_mm[across])
                down_mm[j] = min(down_mm[j], down_mm[i] + down_mm[across])
