"""The order in which a hierarchy takes crossings away: those that separate others go last.

Nested dissection (George 1973): a few crossings cut the streets in two halves that touch
nowhere else; they come last, and each half is cut in the same way. ``metis`` finds such cuts
well, by way of ever coarser pictures of the streets. Where it is not installed, there are
straight cuts. Both orders give the same distances; that of METIS gives them sooner.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array

from geo.network.arrays import Floats, Int32s, StreetNetwork
from geo.network.compiled import compiled
from geo.network.metis import dissect_by_metis, has_metis

#: In place of a part, for crossings that separate.
_CUT = np.int32(-1)


def find_neighbours(network: StreetNetwork) -> tuple[Int32s, Int32s]:
    """Who is whose neighbour, whatever the direction: in rows, once, and never oneself."""
    ends = [(network.forward.source, network.forward.target)]
    if network.backward is not network.forward:
        ends.append((network.backward.source, network.backward.target))
    source, target = (np.concatenate(side) for side in zip(*ends, strict=True))
    differ = source != target
    pairs = coo_array(
        (np.ones(differ.sum(), dtype=np.int8), (source[differ], target[differ])),
        shape=(network.node_count, network.node_count),
    ).tocsr()
    return pairs.indptr.astype(np.int32), pairs.indices.astype(np.int32)


def find_order(first: Int32s, neighbour: Int32s, x_m: Floats, y_m: Floats) -> Int32s:
    """The nodes in the order in which they are taken away, by the best means that is there."""
    if has_metis() and len(neighbour):
        return dissect_by_metis(first, neighbour)
    return dissect_straight(first, neighbour, x_m, y_m)


@compiled
def dissect_straight(first: Int32s, neighbour: Int32s, x_m: Floats, y_m: Floats) -> Int32s:
    """The order by cuts from north to south or from west to east, across the longer side.

    Each cut has as many crossings on both sides; those of the left side with a neighbour on
    the right separate them.
    """
    order = np.arange(len(x_m)).astype(np.int32)
    part = np.zeros(len(x_m), np.int32)
    waiting = [(0, len(x_m))]
    part_count = 1
    while len(waiting) > 0:
        low, high = waiting.pop()
        nodes = order[low:high]
        if len(nodes) < 3:
            continue
        along = x_m[nodes] if np.ptp(x_m[nodes]) > np.ptp(y_m[nodes]) else y_m[nodes]
        nodes = nodes[np.argsort(along)]
        left, right = nodes[: len(nodes) // 2], nodes[len(nodes) // 2 :]
        part[right] = part_count
        separates = np.zeros(len(left), np.bool_)
        for row in range(len(left)):
            for way in range(first[left[row]], first[left[row] + 1]):
                if part[neighbour[way]] == part_count:
                    separates[row] = True
        part_count += 1
        part[left[separates]] = _CUT
        rest = left[~separates]
        order[low:high] = np.concatenate((rest, right, left[separates]))
        waiting.append((low, low + len(rest)))
        waiting.append((low + len(rest), low + len(rest) + len(right)))
    return order
