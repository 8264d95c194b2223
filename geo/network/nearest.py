"""From every crossing: the nearest places, the k nearest, and how many are close.

One search serves all crossings: it starts at the places of a category and runs to the people,
against the direction of travel. Starting at every crossing instead would take as many
searches as there are crossings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.errors import NetworkError
from geo.network.arrays import MAX_MM, Int32s, StreetNetwork, to_mm
from geo.network.compiled import compiled, side_by_side
from geo.network.search import (
    BUCKET_BITS,
    END,
    Desk,
    Graph,
    clear,
    empty_desk,
    enqueue,
    print_more,
    print_tickets,
    search,
    take,
    to_graph,
)
from geo.network.snap import Stops

#: In place of a place, where fewer than k are within the limit.
NO_PLACE = np.int32(-1)


@dataclass(frozen=True, eq=False)
class KNearest:
    """For each node its k nearest places, nearest first, as rows of the places given.

    Places at the same distance stand in the order in which they were given.
    """

    distance_mm: Int32s
    place: Int32s


def measure_nearest(
    network: StreetNetwork, categories: Sequence[Stops], limit_m: float = MAX_MM / 1000
) -> Int32s:
    """Distance in mm from each node to the nearest place of each category: (category, node).

    The way between a place and its crossing is part of it. ``UNREACHED`` beyond the limit.
    """
    limit_mm = to_limits(limit_m)[0]
    graph = to_graph(network.backward)

    def of(places: Stops) -> Int32s:
        desk = empty_desk(network.node_count, longest_step(network, places))
        search(graph, places.node, places.offset_mm, limit_mm, -1, desk)
        return desk.distance_mm

    found = side_by_side(of, [places.check_on(network) for places in categories])
    return np.array(found, dtype=np.int32).reshape(len(found), network.node_count)


def measure_k_nearest(
    network: StreetNetwork, places: Stops, k: int, limit_m: float = MAX_MM / 1000
) -> KNearest:
    """The ``k`` nearest different places of one category for each node: (node, k)."""
    if k < 1:
        raise NetworkError("k is less than 1")
    places.check_on(network)
    desk = empty_desk(network.node_count * k, longest_step(network, places))
    place = np.full(network.node_count * k, NO_PLACE, dtype=np.int32)
    limit_mm = int(to_limits(limit_m)[0])
    _search_k(to_graph(network.backward), places.node, places.offset_mm, limit_mm, k, desk, place)
    shape = (network.node_count, k)
    distance_mm, place = desk.distance_mm.reshape(shape), place.reshape(shape)
    order = np.lexsort((place, distance_mm))
    return KNearest(
        np.take_along_axis(distance_mm, order, axis=1), np.take_along_axis(place, order, axis=1)
    )


def count_places(
    network: StreetNetwork, categories: Sequence[Stops], limits_m: Sequence[float]
) -> Int32s:
    """How many places of each category each node has within each limit: (category, limit, node)."""
    graph, limits_mm = to_graph(network.backward), to_limits(limits_m)

    def of(places: Stops) -> Int32s:
        desk = empty_desk(network.node_count, longest_step(network, places))
        counts = np.zeros((len(limits_mm), network.node_count), dtype=np.int32)
        _count(graph, places.node, places.offset_mm, limits_mm, desk, counts)
        return counts

    found = side_by_side(of, [places.check_on(network) for places in categories])
    return np.array(found, dtype=np.int32).reshape(-1, len(limits_mm), network.node_count)


def to_limits(limits_m: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Limits in whole millimetres; NetworkError when one is negative or too large."""
    limits_mm = np.atleast_1d(to_mm(limits_m))
    if not len(limits_mm) or (limits_mm < 0).any():
        raise NetworkError("a limit is negative, or there is none")
    return limits_mm


def longest_step(network: StreetNetwork, *stops: Stops) -> int:
    """The longest street or way to a street, mm: what the queue of a search must span."""
    offsets = (int(s.offset_mm[~s.is_far].max(initial=0)) for s in stops)
    return max(network.forward.longest_mm, *offsets)


@compiled
def _count(
    graph: Graph,
    node: Int32s,
    offset_mm: Int32s,
    limits_mm: npt.NDArray[np.int64],
    desk: Desk,
    counts: Int32s,
) -> None:
    """One search from each place, which adds one to every node that it reaches in time."""
    for place in range(len(node)):
        start = slice(place, place + 1)
        reached = search(graph, node[start], offset_mm[start], limits_mm.max(), -1, desk)
        for row in range(reached):
            v = desk.reached[row]
            for which in range(len(limits_mm)):
                if desk.distance_mm[v] <= limits_mm[which]:
                    counts[which, v] += 1
        clear(desk, reached)


@compiled
def _search_k(
    graph: Graph,
    node: Int32s,
    offset_mm: Int32s,
    limit_mm: int,
    k: int,
    desk: Desk,
    place: Int32s,
) -> None:
    """As ``search``, but each node has k labels, each with the distance to another place.

    Label ``v * k + i`` is one of node ``v``. A new distance replaces that of the same place, or
    else an empty label, or else the worst: the k best that a node ends with are then right,
    because what a node has no room for, its neighbours can't need from it either.
    """
    first, target, length_mm = graph
    distance_mm, bucket = desk.distance_mm, desk.bucket
    tickets = print_tickets()
    unused = np.int32(0)
    waiting = 0
    for start in range(len(node)):
        if node[start] < 0 or offset_mm[start] > limit_mm:
            continue
        label = _offer(distance_mm, place, node[start] * k, k, offset_mm[start], np.int32(start))
        if label >= 0:
            if waiting == len(tickets[0]):
                tickets, unused = print_more(tickets, unused, 1)
            unused = enqueue(bucket, tickets, unused, label, offset_mm[start])
            waiting += 1
    now = 0
    while waiting > 0:
        slot = now & (len(bucket) - 1)
        if bucket[slot] == END:
            now += 1
            continue
        label, unused = take(bucket, tickets, unused, slot)
        waiting -= 1
        so_far, v = distance_mm[label], label // k
        if so_far >> BUCKET_BITS != now:
            continue
        if waiting + first[v + 1] - first[v] > len(tickets[0]):
            tickets, unused = print_more(tickets, unused, first[v + 1] - first[v])
        for arc in range(first[v], first[v + 1]):
            longer = np.int32(so_far + length_mm[arc])
            if longer > limit_mm:
                continue
            other = _offer(distance_mm, place, target[arc] * k, k, longer, place[label])
            if other >= 0:
                unused = enqueue(bucket, tickets, unused, other, longer)
                waiting += 1


@compiled
def _offer(
    distance_mm: Int32s, place: Int32s, label: Any, k: int, offered_mm: Any, from_place: Any
) -> Any:
    """Give a node, whose first label is ``label``, a way to a place; the label it took, or -1."""
    worst = label
    for own in range(label, label + k):
        if place[own] == from_place:
            worst = own
            break
        if (distance_mm[own], place[own]) > (distance_mm[worst], place[worst]):
            worst = own
    if (offered_mm, from_place) >= (distance_mm[worst], place[worst]):
        return -1
    distance_mm[worst] = offered_mm
    place[worst] = from_place
    return worst
