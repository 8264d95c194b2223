"""What is demanded, as rows of whole numbers: low ≤ Σ coefficient × choice ≤ high."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis.siting.demands import Target
from analysis.siting.whole_numbers import Ints, Mask, WholeNumbers

#: No limit on that side; far beyond anything that is counted.
FREE = 1 << 60


@dataclass(frozen=True, eq=False)
class Row:
    """One row over some columns; ``low`` or ``high`` is ``FREE`` away where there is no limit."""

    columns: Ints
    coefficients: Ints
    low: int = -FREE
    high: int = FREE

    def is_met(self, chosen: Mask) -> bool:
        """Whether a choice of candidates keeps to it."""
        total = int(self.coefficients[chosen[self.columns]].sum())
        return bool(self.low <= total <= self.high)


DemandRows = dict[str, list[Row]]


def demand_rows(numbers: WholeNumbers) -> DemandRows:
    """The rows of every demand, by its key, in the order of ``SitingProblem.demands``."""
    found: DemandRows = {}
    for key, row in _all_rows(numbers):
        found.setdefault(key, []).append(row)
    return found


def broken_demands(rows: DemandRows, chosen: Mask) -> frozenset[str]:
    """The keys of the demands that a choice does not meet."""
    return frozenset(
        key for key, of_demand in rows.items() if not all(row.is_met(chosen) for row in of_demand)
    )


def _all_rows(numbers: WholeNumbers) -> Iterator[tuple[str, Row]]:
    for target in numbers.problem.targets:
        yield from _of_target(numbers, target)
    yield from _of_gemeenten(numbers)
    yield from _of_sites(numbers)


def _of_target(numbers: WholeNumbers, target: Target) -> Iterator[tuple[str, Row]]:
    here = np.flatnonzero((numbers.problem.candidates["type"] == target.type).to_numpy())
    for noun, least, most, counted in (
        ("plekken", target.least_place_count, target.most_place_count, numbers.places[here]),
        ("locaties", target.least_site_count, target.most_site_count, np.ones_like(here)),
    ):
        key = f"{noun}:{target.type}"
        if least is not None and least == most:
            yield f"{key}:precies", Row(here, counted, least, least)
            continue
        if least is not None:
            yield f"{key}:minstens", Row(here, counted, low=least)
        if most is not None:
            yield f"{key}:hoogstens", Row(here, counted, high=most)


def _of_gemeenten(numbers: WholeNumbers) -> Iterator[tuple[str, Row]]:
    problem = numbers.problem
    types = problem.candidates["type"].to_numpy()

    def inside(code: str) -> Mask:
        return np.asarray(numbers.gemeente == problem.gemeenten.index.get_loc(code))

    for code, least in problem.least_by_gemeente():
        here = np.flatnonzero(inside(code) & (types == least.type))
        held = _known_sum(problem.existing.loc[[code], [least.type]].to_numpy(dtype="float64"))
        yield (
            f"minstens:{least.type}:{code}",
            Row(here, numbers.places[here], low=least.place_count - held),
        )
    for code, most in problem.most_by_gemeente():
        here = np.flatnonzero(inside(code))
        held = _known_sum(problem.existing.loc[[code]].to_numpy(dtype="float64"))
        yield f"hoogstens:{code}", Row(here, numbers.places[here], high=most - held)


def _of_sites(numbers: WholeNumbers) -> Iterator[tuple[str, Row]]:
    problem = numbers.problem
    if problem.most_place_count_per_site is not None:
        yield "grootte", _none_of(numbers.places > problem.most_place_count_per_site)
    if problem.budget_eur is not None:
        untold = problem.too_dear_to_tell.notna().to_numpy()
        told = np.flatnonzero(~untold)
        yield "budget", Row(told, numbers.cost_eur[told], high=problem.budget_eur)
        yield "budget", _none_of(untold)
    for word, keys in (("wel", problem.forced_in), ("niet", problem.forced_out)):
        for key in keys:
            yield f"{word}:{key}", only(problem.row_of(key), int(word == "wel"))


def only(row: int, wanted: int) -> Row:
    """One candidate is chosen (1) or not (0)."""
    return Row(np.array([row], dtype="int64"), np.ones(1, dtype="int64"), wanted, wanted)


def _none_of(which: Mask) -> Row:
    columns = np.flatnonzero(which)
    return Row(columns, np.ones_like(columns), high=0)


def _known_sum(counts: np.ndarray) -> int:
    return int(np.nansum(counts))
