"""Distances side by side: as many questions at a time, one a lane, for the price of little more.

A row of lanes holds the distances of one crossing. Processors add and compare eight or sixteen
numbers in one instruction, but compilers miss the chance in loops as short as these.
``shorten_row`` therefore asks for it by name, as a vector of LLVM; of that, LLVM makes the best
that the processor can do.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from geo.network.arrays import UNREACHED

#: Rows are as wide as a number of these.
_EIGHT = 8
#: Rows that begin at such addresses lie in as few cache lines as can be.
_CACHE_LINE = 64

Lanes = np.ndarray[tuple[int, int], np.dtype[np.int32]]
#: The same, each row as one thing: its width belongs to the type, so the compiler knows it.
Rows = npt.NDArray[np.void]


def empty_lanes(row_count: int, question_count: int) -> Lanes:
    """Lanes for so many questions, rounded up to eights; nothing is reached."""
    width = max(1, -(-question_count // _EIGHT)) * _EIGHT
    size = row_count * width * UNREACHED.itemsize
    room = np.empty(size + _CACHE_LINE, dtype=np.uint8)
    start = -room.ctypes.data % _CACHE_LINE
    lanes = room[start : start + size].view(np.int32).reshape(row_count, width)
    lanes.fill(UNREACHED)
    return lanes


def to_rows(lanes: Lanes) -> Rows:
    """The same lanes, as ``shorten_row`` wants them."""
    row: Rows = lanes.view([("distance_mm", np.int32, lanes.shape[1])]).reshape(-1)
    return row


def _write_shorten_row(_: Any, rows: Any, own: Any, other: Any, step_mm: Any) -> Any:
    """No distance in row ``own`` is more than that in row ``other`` and the step together."""
    width = rows.dtype.size // UNREACHED.itemsize
    signature = types.void(rows, types.intp, types.intp, types.int32)

    def write_code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        vector = ir.VectorType(ir.IntType(32), width)
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        own, other = (
            builder.bitcast(builder.gep(data, [place]), vector.as_pointer())
            for place in arguments[1:3]
        )
        known, there = builder.load(own, align=4), builder.load(other, align=4)
        step = builder.insert_element(vector(ir.Undefined), arguments[3], ir.IntType(32)(0))
        first_of_each = ir.VectorType(ir.IntType(32), width)([0] * width)
        steps = builder.shuffle_vector(step, vector(ir.Undefined), first_of_each)
        longer = builder.add(there, steps)
        is_less = builder.icmp_signed("<", longer, known)
        builder.store(builder.select(is_less, longer, known), own, align=4)
        return context.get_dummy_value()

    return signature, write_code


shorten_row: Any = intrinsic(_write_shorten_row)
