"""Distances side by side: as many questions at a time, one a lane, for the price of little more.

A row of lanes holds the distances of one crossing. Processors add and compare eight numbers
of 32 bits, or more, in one instruction, but compilers miss the chance in loops as short as
these. ``_shorten_eight`` therefore asks for it by name, in LLVM's own terms; on any processor
LLVM makes of it what it can.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from geo.network.arrays import UNREACHED
from geo.network.compiled import compiled_inline

#: Rows of lanes are as wide as a number of these.
EIGHT = 8
#: Rows that begin at such addresses lie in as few cache lines as can be.
_CACHE_LINE = 64

Lanes = np.ndarray[tuple[int, int], np.dtype[np.int32]]


def empty_lanes(row_count: int, question_count: int) -> Lanes:
    """Lanes for so many questions, rounded up to eights; nothing is reached."""
    width = -(-question_count // EIGHT) * EIGHT
    size = row_count * width * UNREACHED.itemsize
    room = np.empty(size + _CACHE_LINE, dtype=np.uint8)
    start = -room.ctypes.data % _CACHE_LINE
    lanes = room[start : start + size].view(np.int32).reshape(row_count, width)
    lanes.fill(UNREACHED)
    return lanes


def _write_shorten_eight(_: Any, lanes: Any, own: Any, other: Any, step_mm: Any) -> Any:
    """Make eight numbers from place ``own`` no more than those from ``other`` plus the step.

    Places count through all rows of the lanes.
    """
    signature = types.void(lanes, types.intp, types.intp, types.int32)

    def write_code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        eight = ir.VectorType(ir.IntType(32), EIGHT)
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        own, other = (
            builder.bitcast(builder.gep(data, [place]), eight.as_pointer())
            for place in arguments[1:3]
        )
        known, there = builder.load(own, align=4), builder.load(other, align=4)
        step = ir.Constant(eight, ir.Undefined)
        for lane in range(EIGHT):
            step = builder.insert_element(step, arguments[3], ir.IntType(32)(lane))
        longer = builder.add(there, step)
        is_less = builder.icmp_signed("<", longer, known)
        builder.store(builder.select(is_less, longer, known), own, align=4)
        return context.get_dummy_value()

    return signature, write_code


_shorten_eight: Any = intrinsic(_write_shorten_eight)


@compiled_inline
def shorten_row(lanes: Lanes, own: Any, other: Any, step_mm: Any) -> None:
    """No distance in row ``own`` is more than that in row ``other`` and the step together."""
    width = lanes.shape[1]
    for lane in range(0, width, EIGHT):
        _shorten_eight(lanes, own * width + lane, other * width + lane, step_mm)
