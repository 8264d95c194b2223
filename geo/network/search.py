"""The search that spreads over the streets from one or more starts, nearest nodes first.

Dijkstra's algorithm (1959) with a queue of buckets (Dial 1969): nodes wait in a bucket for
every 8 m of distance, and the buckets are emptied in turn. Inside one bucket the order does
not matter, because a node that turns out to be nearer goes back in (the label-correcting
buckets of Denardo and Fox 1979). The buckets are used round and round: no street is longer
than all of them together.

Each bucket is a list linked both ways through two arrays, so that a node is in the queue at
most once and the queue never grows.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from geo.network.arrays import UNREACHED, Arcs, Int32s
from geo.network.compiled import compiled, compiled_inline

#: A bucket spans 2 ** 13 mm, some 8 m: a fraction of a street, many nodes in a town.
_BUCKET_BITS = 13
#: In the lists of the queue: before the first and after the last, and not in any list.
END = np.int32(-1)
OUT = np.int32(-2)
#: ``search`` with no goal goes on until all within the limit is reached.
NO_GOAL = np.int32(-1)


class Graph(NamedTuple):
    """What a search reads: see ``Arcs``."""

    first: Int32s
    target: Int32s
    length_mm: Int32s


class Desk(NamedTuple):
    """What one search writes, used again by the next; one for every thread.

    ``distance_mm`` is ``UNREACHED`` for all nodes before a search; ``reached`` lists the nodes
    that got a distance. ``via`` is the arc over which each was reached; it has no length when
    nobody asks for the way.
    """

    distance_mm: Int32s
    reached: Int32s
    via: Int32s
    after: Int32s
    before: Int32s
    bucket: Int32s


#: The part of a desk that is the queue: ``after``, ``before`` and ``bucket``.
Queue = tuple[Int32s, Int32s, Int32s]


def to_graph(arcs: Arcs) -> Graph:
    """The arrays of the arcs that a search needs."""
    return Graph(arcs.first, arcs.target, arcs.length_mm)


def bucket_count(longest_step_mm: int) -> int:
    """Buckets that a longest step needs: a power of 2, so that counting round is quick."""
    return 1 << ((longest_step_mm >> _BUCKET_BITS) + 1).bit_length()


def empty_desk(label_count: int, longest_step_mm: int, *, with_way: bool = False) -> Desk:
    """A desk for as many labels; no arc and no start offset may be longer than the step."""

    def filled(count: int, value: np.int32) -> Int32s:
        return np.full(count, value, dtype=np.int32)

    return Desk(
        distance_mm=filled(label_count, UNREACHED),
        after=filled(label_count, END),
        before=filled(label_count, OUT),
        bucket=filled(bucket_count(longest_step_mm), END),
        reached=filled(label_count, END),
        via=filled(label_count if with_way else 0, END),
    )


@compiled_inline
def enqueue(queue: Queue, label: Any, distance_mm: Any) -> None:
    """Put ``label`` in the bucket of its distance."""
    after, before, bucket = queue
    slot = (distance_mm >> _BUCKET_BITS) & (len(bucket) - 1)
    head = bucket[slot]
    after[label] = head
    before[label] = END
    if head != END:
        before[head] = label
    bucket[slot] = label


@compiled_inline
def withdraw(queue: Queue, label: Any, distance_mm: Any) -> None:
    """Take ``label`` out of the bucket of its distance; it must be in it."""
    after, before, bucket = queue
    follower = after[label]
    leader = before[label]
    if leader == END:
        bucket[(distance_mm >> _BUCKET_BITS) & (len(bucket) - 1)] = follower
    else:
        after[leader] = follower
    if follower != END:
        before[follower] = leader
    before[label] = OUT


@compiled
def search(
    graph: Graph, node: Int32s, offset_mm: Int32s, limit_mm: int, goal: int, desk: Desk
) -> int:
    """Spread from the starts up to ``limit_mm``; how many nodes were reached.

    Distances are on the ``desk``, which must be as ``empty_desk`` or ``clear`` left it. With a
    ``goal`` the search may end once the distance to that node is sure.
    """
    first, target, length_mm = graph
    distance_mm, reached, via, after, before, bucket = desk
    queue = (after, before, bucket)
    mask = len(bucket) - 1
    with_way = len(via) > 0
    count = 0
    waiting = 0
    for start in range(len(node)):
        v = node[start]
        if v < 0 or offset_mm[start] > limit_mm or offset_mm[start] >= distance_mm[v]:
            continue
        if distance_mm[v] == UNREACHED:
            reached[count] = v
            count += 1
            waiting += 1
        else:
            withdraw(queue, v, distance_mm[v])
        distance_mm[v] = offset_mm[start]
        enqueue(queue, v, offset_mm[start])
    now = 0
    while waiting > 0:
        v = bucket[now & mask]
        if v == END:
            now += 1
            if goal >= 0 and distance_mm[goal] >> _BUCKET_BITS < now:
                break
            continue
        withdraw(queue, v, distance_mm[v])
        waiting -= 1
        so_far = distance_mm[v]
        for arc in range(first[v], first[v + 1]):
            u = target[arc]
            longer = so_far + length_mm[arc]
            known = distance_mm[u]
            if longer >= known or longer > limit_mm:
                continue
            if before[u] != OUT:
                withdraw(queue, u, known)
            else:
                waiting += 1
                if known == UNREACHED:
                    reached[count] = u
                    count += 1
            distance_mm[u] = longer
            if with_way:
                via[u] = arc
            enqueue(queue, u, longer)
    return count


@compiled
def clear(desk: Desk, count: int) -> None:
    """Make the desk empty again after a search that reached ``count`` nodes."""
    for row in range(count):
        v = desk.reached[row]
        desk.distance_mm[v] = UNREACHED
        if desk.before[v] != OUT:
            desk.before[v] = OUT
            desk.bucket[:] = END
    if len(desk.via) > 0:
        for row in range(count):
            desk.via[desk.reached[row]] = END
