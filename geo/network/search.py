"""The search that spreads over the streets from one or more starts, nearest nodes first.

Dijkstra's algorithm (1959) with a queue of buckets (Dial 1969): nodes wait in a bucket for
every 8 m of distance, and the buckets are emptied in turn. Inside one bucket the order does
not matter, because a node that turns out to be nearer goes in again (the label-correcting
buckets of Denardo and Fox 1979). The buckets are used round and round: no street is longer
than all of them together.

Each bucket is a list of tickets, and each ticket names a node. A node that turns out to be
nearer gets another ticket; the former is passed over when its bucket comes. Tickets are used
again, so that there are never many more than the front of the search is wide.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from geo.network.arrays import UNREACHED, Arcs, Int32s
from geo.network.compiled import compiled, compiled_inline

#: A bucket spans 2 ** 13 mm, some 8 m: a fraction of a street, many nodes in a town.
BUCKET_BITS = 13
#: After the last ticket of a bucket, and in place of an arc or a node.
END = np.int32(-1)
#: Tickets to begin with.
_TICKETS = 1_024
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
    bucket: Int32s


#: What each ticket names, and which ticket comes after it: in its bucket, or of the unused.
Tickets = tuple[Int32s, Int32s]


def to_graph(arcs: Arcs) -> Graph:
    """The arrays of the arcs that a search needs."""
    return Graph(arcs.first, arcs.target, arcs.length_mm)


def bucket_count(longest_step_mm: int) -> int:
    """Buckets that a longest step needs: a power of 2, so that counting round is quick."""
    return 1 << ((longest_step_mm >> BUCKET_BITS) + 1).bit_length()


def empty_desk(label_count: int, longest_step_mm: int, *, with_way: bool = False) -> Desk:
    """A desk for as many labels; no arc and no start offset may be longer than the step."""

    def filled(count: int, value: np.int32) -> Int32s:
        return np.full(count, value, dtype=np.int32)

    return Desk(
        distance_mm=filled(label_count, UNREACHED),
        bucket=filled(bucket_count(longest_step_mm), END),
        reached=filled(label_count, END),
        via=filled(label_count if with_way else 0, END),
    )


@compiled
def print_tickets() -> Tickets:
    """The first tickets, none in use."""
    label = np.empty(_TICKETS, np.int32)
    after = np.arange(1, _TICKETS + 1).astype(np.int32)
    after[-1] = END
    return label, after


@compiled
def print_more(tickets: Tickets, unused: Any, needed: int) -> tuple[Tickets, Any]:
    """The same tickets and as many again, or what is needed; and the first that is unused."""
    label, after = tickets
    size = len(label)
    more_label = np.empty(2 * size + needed, np.int32)
    more_after = np.arange(1, 2 * size + needed + 1).astype(np.int32)
    more_label[:size] = label
    more_after[:size] = after
    more_after[-1] = unused
    return (more_label, more_after), np.int32(size)


@compiled_inline
def enqueue(bucket: Int32s, tickets: Tickets, unused: Any, named: Any, distance_mm: Any) -> Any:
    """Put a label in the bucket of its distance; the ticket that is unused after that."""
    label, after = tickets
    slot = (distance_mm >> BUCKET_BITS) & (len(bucket) - 1)
    ticket = unused
    unused = after[ticket]
    label[ticket] = named
    after[ticket] = bucket[slot]
    bucket[slot] = ticket
    return unused


@compiled_inline
def take(bucket: Int32s, tickets: Tickets, unused: Any, slot: Any) -> tuple[Any, Any]:
    """A label from a bucket that is not empty; and its ticket, which is unused now."""
    label, after = tickets
    ticket = bucket[slot]
    bucket[slot] = after[ticket]
    after[ticket] = unused
    return label[ticket], ticket


@compiled
def search(
    graph: Graph, node: Int32s, offset_mm: Int32s, limit_mm: int, goal: int, desk: Desk
) -> int:
    """Spread from the starts up to ``limit_mm``; how many nodes were reached.

    Distances are on the ``desk``, which must be as ``empty_desk`` or ``clear`` left it. With a
    ``goal`` the search may end once the distance to that node is sure.
    """
    first, target, length_mm = graph
    distance_mm, reached, via, bucket = desk
    tickets = print_tickets()
    unused = np.int32(0)
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
        if waiting == len(tickets[0]):
            tickets, unused = print_more(tickets, unused, 1)
        distance_mm[v] = offset_mm[start]
        unused = enqueue(bucket, tickets, unused, v, offset_mm[start])
        waiting += 1
    now = 0
    while waiting > 0:
        slot = now & (len(bucket) - 1)
        if bucket[slot] == END:
            now += 1
            if goal >= 0 and distance_mm[goal] >> BUCKET_BITS < now:
                bucket[:] = END
                break
            continue
        v, unused = take(bucket, tickets, unused, slot)
        waiting -= 1
        so_far = distance_mm[v]
        if so_far >> BUCKET_BITS != now:
            continue
        if waiting + first[v + 1] - first[v] > len(tickets[0]):
            tickets, unused = print_more(tickets, unused, first[v + 1] - first[v])
        for arc in range(first[v], first[v + 1]):
            u = target[arc]
            longer = np.int32(so_far + length_mm[arc])
            if longer >= distance_mm[u] or longer > limit_mm:
                continue
            if distance_mm[u] == UNREACHED:
                reached[count] = u
                count += 1
            distance_mm[u] = longer
            if with_way:
                via[u] = arc
            unused = enqueue(bucket, tickets, unused, u, longer)
            waiting += 1
    return count


@compiled
def clear(desk: Desk, count: int) -> None:
    """Make the desk empty again after a search that reached ``count`` nodes."""
    for row in range(count):
        desk.distance_mm[desk.reached[row]] = UNREACHED
    if len(desk.via) > 0:
        for row in range(count):
            desk.via[desk.reached[row]] = END
