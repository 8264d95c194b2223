"""The places near homes as rows: points with the same candidates near are one row.

A point counts only when a chosen candidate is near it, together with what is near it already.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analysis.siting.array_model import ArrayModel
from analysis.siting.whole_numbers import Ints, Mask, WholeNumbers


def add_near_objective(numbers: WholeNumbers, model: ArrayModel, usable: Mask, least: int) -> None:
    """Make the highest number of places near a home that gets one more as low as can be."""
    groups = list(_point_groups(numbers, usable))
    most = max((int(numbers.places[near].sum()) + held for near, held in groups), default=0)
    (highest,) = model.add_columns([least], [max(most, least)])
    for near, held in groups:
        columns, coefficients = [*near, highest], [*numbers.places[near], -1]
        if held and len(near) == 1:
            # Alone near this point: it brings all that is there with it.
            coefficients[0] += held
        elif held:
            (touched,) = model.add_columns([0], [1])
            for row in near:
                model.add_row([row, touched], [1, -1], high=0)
            columns, coefficients = [*columns, touched], [*coefficients, held]
        model.add_row(columns, coefficients, high=0)
    model.minimise([highest], [1])


def add_near_cap(numbers: WholeNumbers, model: ArrayModel, steps: int) -> None:
    """Nobody who gets a place near has more than so many near afterwards."""
    usable = np.array(model.highs[: len(numbers.places)]) > 0
    groups = list(_point_groups(numbers, usable))
    for near, held in groups:
        for row in near[numbers.places[near] + held > steps]:
            model.highs[row] = 0
    for near, held in groups:
        room = steps - held
        if room > 0 and int(numbers.places[near].sum()) > room:
            model.add_row(near, numbers.places[near], high=room)


def _point_groups(numbers: WholeNumbers, usable: Mask) -> Iterator[tuple[Ints, int]]:
    """The sets of usable candidates that are near a point, each with the most that is there."""
    near = numbers.problem.near
    assert near is not None
    table = near.near.tocsr()
    held: dict[bytes, int] = {}
    for row, count in enumerate(near.counts.tolist()):
        columns = table.indices[table.indptr[row] : table.indptr[row + 1]].astype("int64")
        columns = np.sort(columns[usable[columns]])
        if len(columns):
            key = columns.tobytes()
            held[key] = max(count, held.get(key, 0))
    for key, count in held.items():
        yield np.frombuffer(key, dtype="int64"), count
