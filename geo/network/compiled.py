"""Compile a function with numba, once: the machine code is kept beside the module.

The compiled functions hold no lock of Python while they run, so that ordinary threads run
them side by side. Numba's own parallel loops are not used: they can't be entered by two
threads of one server at a time, and do not survive a fork.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, cast

import numba

AnyFunction = TypeVar("AnyFunction", bound=Callable[..., object])
Item = TypeVar("Item")
Result = TypeVar("Result")

#: Threads for one question; a question is never worth more of a shared machine.
THREADS = min(2, os.cpu_count() or 1)


def compiled(function: AnyFunction) -> AnyFunction:
    """The same function as machine code; it must be one that numba can read."""
    return cast(AnyFunction, numba.njit(cache=True, nogil=True)(function))


def compiled_inline(function: AnyFunction) -> AnyFunction:
    """The same, written out in full wherever another compiled function calls it."""
    return cast(AnyFunction, numba.njit(cache=True, nogil=True, inline="always")(function))


def side_by_side(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """``work`` on every item, ``THREADS`` at a time; results in the order of the items."""
    listed = list(items)
    if len(listed) < 2 or THREADS < 2:
        return [work(item) for item in listed]
    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(work, listed))
