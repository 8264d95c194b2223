"""METIS, which cuts networks well (Karypis and Kumar 1998), by way of ``pymetis``.

METIS lets no other thread of Python run while it works: five seconds for a million crossings.
For a large network it is therefore started as a program of its own, which is what this module
is as well: ``python metis.py COUNT``, with the arrays on its input and the order on its output.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt

Int32s = npt.NDArray[np.int32]

#: The same order every time.
_SEED = 1
#: More crossings than this take longer than other threads should wait.
_LARGE = 20_000


def has_metis() -> bool:
    """Whether ``pymetis`` is installed."""
    return find_spec("pymetis") is not None


def dissect_by_metis(first: Int32s, neighbour: Int32s) -> Int32s:
    """The nodes in the order in which they are taken away; there must be neighbours."""
    return (dissect_apart if len(first) > _LARGE else dissect_here)(first, neighbour)


def dissect_here(first: Int32s, neighbour: Int32s) -> Int32s:
    """The same, while other threads wait."""
    pymetis = importlib.import_module("pymetis")
    order, _ = pymetis.nested_dissection(
        pymetis.CSRAdjacency(first, neighbour), options=pymetis.Options(seed=_SEED)
    )
    return np.array(order, dtype=np.int32)


def dissect_apart(first: Int32s, neighbour: Int32s) -> Int32s:
    """The same, while other threads go on."""
    done = subprocess.run(
        [sys.executable, "-P", __file__, str(len(first))],
        input=first.tobytes() + neighbour.tobytes(),
        stdout=subprocess.PIPE,
        check=True,
    )
    return np.frombuffer(done.stdout, dtype=np.int32)


def main() -> None:
    """Read the arrays, and write the order."""
    arrays = np.frombuffer(sys.stdin.buffer.read(), dtype=np.int32)
    count = int(sys.argv[1])
    sys.stdout.buffer.write(dissect_here(arrays[:count], arrays[count:]).tobytes())


if __name__ == "__main__":
    main()
