"""A hierarchy over the network, made once, in which two short passes reach every crossing.

Customisable contraction hierarchies (Dibbelt, Strasser and Wagner 2016): crossings are taken
away one by one, in the order of ``dissection``, and what remains is joined (``joins``) so that
no distance gets longer. Every shortest way then has one that first goes *up*, to crossings
taken away later, and then *down*. The joining depends on the shape of the network only;
lengths are filled in afterwards, and again in a moment when they change.

Joins that are longer than the real distance are left out (perfect customisation, the same
paper). Directions are kept apart: a join has a length upwards and one downwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.errors import NetworkError
from geo.network.arrays import UNREACHED, Arcs, Int32s, StreetNetwork
from geo.network.dissection import find_neighbours, find_order
from geo.network.joins import find_blocks, join, lay_lengths, shorten_downwards, shorten_upwards


@dataclass(frozen=True, eq=False)
class Ladder:
    """Joins from each crossing to those above it; crossings are called by their rank.

    Those of rank ``r`` are ``first[r]`` to ``first[r + 1]``. The length is that of going up, or
    that of coming down, as the ladder is for.
    """

    first: Int32s
    above: Int32s
    length_mm: Int32s

    def __post_init__(self) -> None:
        """Arrays can't be changed, as those that are mapped: one compiled sweep serves both."""
        for values in (self.first, self.above, self.length_mm):
            values.flags.writeable = False


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

    def __post_init__(self) -> None:
        """Arrays can't be changed here either."""
        for values in (self.rank, self.node, self.parent):
            values.flags.writeable = False


def build_hierarchy(network: StreetNetwork, order: Int32s | None = None) -> Hierarchy:
    """The hierarchy over ``network``.

    ``order`` has the nodes as they are to be taken away, that of ``find_order`` when None. Any
    order gives the same answers; a better one gives them sooner.
    """
    neighbours = find_neighbours(network)
    if order is None:
        node = find_order(*neighbours, network.x_m, network.y_m)
    else:
        node = np.array(order, dtype=np.int32)
        if not np.array_equal(np.sort(node), np.arange(network.node_count)):
            raise NetworkError("the order does not have every node once")
    rank = np.empty_like(node)
    rank[node] = np.arange(len(node), dtype=np.int32)
    first, above, parent = join(*neighbours, node, rank)

    def lay(arcs: Arcs) -> Int32s:
        return lay_lengths(arcs.first, arcs.target, arcs.length_mm, node, rank, first, above)

    is_same = network.backward is network.forward
    up_mm = lay(network.forward)
    down_mm = up_mm if is_same else lay(network.backward)
    block = find_blocks(first, parent)
    shorten_upwards(first, above, up_mm, down_mm, block)
    real_up_mm = up_mm.copy()
    real_down_mm = real_up_mm if is_same else down_mm.copy()
    shorten_downwards(first, above, real_up_mm, real_down_mm, block)
    up = _ladder(first, above, up_mm, real_up_mm)
    down = up if is_same else _ladder(first, above, down_mm, real_down_mm)
    return Hierarchy(network, rank, node, parent, up, down)


def _ladder(first: Int32s, above: Int32s, length_mm: Int32s, real_mm: Int32s) -> Ladder:
    """The joins that are as long as the real distance between their ends."""
    kept = (length_mm == real_mm) & (length_mm < UNREACHED)
    before = np.concatenate([[0], np.cumsum(kept)]).astype(np.int32)
    return Ladder(before[first], above[kept], length_mm[kept])
