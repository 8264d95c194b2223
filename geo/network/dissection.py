"""The order in which a hierarchy takes crossings away: those that separate others go last.

Nested dissection (George 1973): a few crossings cut the streets in two halves that touch
nowhere else; they come last, and each half is cut in the same way. Streets lie in a plane,
so a straight line is a good cut. Of the lines in eight directions, that one is taken which
cuts fewest streets for the size of its smaller half; rivers, canals and railways, which few
streets cross, are found by themselves. The idea of trying directions is that of inertial flow
(Schild and Sommer 2015), with the straight cut in place of the flow: it is coarser, needs no
further library.

Small parts are taken away by the fewest neighbours first (minimum degree: Tinney and Walker
1967): dead ends and bends go before they can join anything.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from geo.network.arrays import Floats, Int32s
from geo.network.compiled import compiled

_DIRECTIONS = 8
#: A line is tried at so many places at most, and leaves at least this share on both sides.
_MOST_LINES = 512
_LEAST_SHARE = 0.25
#: A part of so many crossings is not cut any further: its neighbours fit in 64 bits.
_SMALL = 64
#: So often at most are crossings near a cut looked at again.
_ROUNDS = 10
_CUT = np.int32(-1)


@compiled
def dissect(first: Int32s, target: Int32s, x_m: Floats, y_m: Floats) -> Int32s:
    """The nodes in the order in which they are taken away."""
    count = len(x_m)
    order = np.arange(count).astype(np.int32)
    part = np.zeros(count, np.int32)
    line = np.zeros(count, np.int32)
    spare = np.empty(count, np.int32)
    place = np.full(count, -1, np.int32)
    part_count = 1
    waiting = [(0, count)]
    while len(waiting) > 0:
        low, high = waiting.pop()
        nodes = order[low:high]
        if high - low <= _SMALL:
            _fewest_neighbours_first(first, target, nodes, place)
            continue
        own = part[nodes[0]]
        best, direction, split = np.inf, -1, 0
        lines = min(_MOST_LINES, high - low)
        for way in range(_DIRECTIONS):
            _lay_lines(nodes, x_m, y_m, way, lines, line)
            score, at = _best_line(first, target, nodes, part, own, line, lines)
            if score < best:
                best, direction, split = score, way, at
        if direction >= 0:
            _lay_lines(nodes, x_m, y_m, direction, lines, line)
        else:
            split = (high - low) // 2
            for row in range(high - low):
                line[nodes[row]] = row
        for v in nodes:
            line[v] = 1 if line[v] >= split else 0
        _straighten(first, target, nodes, part, own, line)
        left, right = _cut_in_two(first, target, nodes, part, own, line, part_count, spare)
        part_count += 1
        waiting.append((low, low + left))
        waiting.append((low + left, low + left + right))
    return order


@compiled
def _lay_lines(nodes: Int32s, x_m: Floats, y_m: Floats, way: int, lines: int, line: Int32s) -> None:
    """Between which two of the parallel lines each node lies."""
    angle = np.pi * way / _DIRECTIONS
    along_x, along_y = np.cos(angle), np.sin(angle)
    lowest, highest = np.inf, -np.inf
    for v in nodes:
        along = x_m[v] * along_x + y_m[v] * along_y
        lowest, highest = min(lowest, along), max(highest, along)
    scale = (lines - 1) / (highest - lowest) if highest > lowest else 0.0
    for v in nodes:
        line[v] = int((x_m[v] * along_x + y_m[v] * along_y - lowest) * scale)


@compiled
def _best_line(
    first: Int32s, target: Int32s, nodes: Int32s, part: Int32s, own: int, line: Int32s, lines: int
) -> tuple[float, int]:
    """The line that cuts fewest arcs for the size of its smaller side."""
    nodes_at = np.zeros(lines + 1, np.int32)
    change = np.zeros(lines + 1, np.int32)
    for v in nodes:
        nodes_at[line[v]] += 1
        for arc in range(first[v], first[v + 1]):
            u = target[arc]
            if part[u] == own and line[u] != line[v]:
                change[min(line[u], line[v]) + 1] += 1
                change[max(line[u], line[v]) + 1] -= 1
    best, split, below, cut = np.inf, 0, 0, 0
    for at in range(1, lines):
        below += nodes_at[at - 1]
        cut += change[at]
        smaller = min(below, len(nodes) - below)
        if smaller >= _LEAST_SHARE * len(nodes) and (cut + 1) / smaller < best:
            best, split = (cut + 1) / smaller, at
    return best, split


@compiled
def _straighten(
    first: Int32s, target: Int32s, nodes: Int32s, part: Int32s, own: int, line: Int32s
) -> None:
    """Let crossings change sides as long as fewer streets are cut, or as few and more evenly.

    The plain half of Fiduccia and Mattheyses (1982): no move that makes it worse for a while.
    """
    surplus = 0
    for v in nodes:
        surplus += 1 if line[v] == 1 else -1
    for _ in range(_ROUNDS):
        moves = 0
        for v in nodes:
            side = line[v]
            across, beside = 0, 0
            for arc in range(first[v], first[v + 1]):
                u = target[arc]
                if part[u] == own:
                    if line[u] == side:
                        beside += 1
                    else:
                        across += 1
            is_fuller = (surplus > 0) == (side == 1)
            if across > beside or (across == beside and across > 0 and is_fuller):
                line[v] = 1 - side
                surplus += 2 if side == 0 else -2
                moves += 1
        if moves == 0:
            break


@compiled
def _cut_in_two(
    first: Int32s,
    target: Int32s,
    nodes: Int32s,
    part: Int32s,
    own: int,
    line: Int32s,
    other: int,
    spare: Int32s,
) -> tuple[int, int]:
    """Put the nodes left of the line first, then those right of it, last those that separate.

    What separates is the side of the cut streets that has fewer crossings.
    """
    touching = np.zeros(2, np.int64)
    for v in nodes:
        if _crosses(first, target, part, own, line, v):
            touching[line[v]] += 1
    cut_side = 1 if touching[1] < touching[0] else 0
    sizes = np.zeros(2, np.int64)
    placed = 0
    for side in range(3):
        for v in nodes:
            own_side = line[v]
            if own_side == cut_side and _crosses(first, target, part, own, line, v):
                own_side = 2
            if own_side == side:
                spare[placed] = v
                placed += 1
        if side < 2:
            sizes[side] = placed - sizes.sum()
    nodes[:] = spare[:placed]
    part[nodes[sizes[0] : sizes.sum()]] = other
    part[nodes[sizes.sum() :]] = _CUT
    return sizes[0], sizes[1]


@compiled
def _crosses(first: Int32s, target: Int32s, part: Int32s, own: int, line: Int32s, v: int) -> bool:
    """Whether a street of this part leads from ``v`` over the line."""
    side = line[v]
    for arc in range(first[v], first[v + 1]):
        u = target[arc]
        if part[u] == own and line[u] != side:
            return True
    return False


@compiled
def _fewest_neighbours_first(first: Int32s, target: Int32s, nodes: Int32s, place: Int32s) -> None:
    """Order a small part: each time the crossing with the fewest neighbours left, then join them.

    Neighbours are bits of a number, by the place of each node in the part.
    """
    one = np.uint64(1)
    near = np.zeros(len(nodes), np.uint64)
    for row in range(len(nodes)):
        place[nodes[row]] = row
    for row in range(len(nodes)):
        for arc in range(first[nodes[row]], first[nodes[row] + 1]):
            other = place[target[arc]]
            if other >= 0 and other != row:
                near[row] |= one << np.uint64(other)
    for row in range(len(nodes)):
        place[nodes[row]] = -1
    chosen = np.empty_like(nodes)
    left = np.ones(len(nodes), np.bool_)
    for turn in range(len(nodes)):
        fewest, row = 65, 0
        for other in range(len(nodes)):
            if left[other]:
                count = _bit_count(near[other])
                if count < fewest:
                    fewest, row = count, other
        chosen[turn] = nodes[row]
        left[row] = False
        own = one << np.uint64(row)
        for other in range(len(nodes)):
            bit = one << np.uint64(other)
            if near[row] & bit:
                near[other] = (near[other] | near[row]) & ~(own | bit)
    nodes[:] = chosen


@compiled
def _bit_count(bits: Any) -> int:
    count = 0
    while bits:
        bits &= bits - np.uint64(1)
        count += 1
    return count
