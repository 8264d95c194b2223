"""The smallest largest difference with the fair share, total by total.

Of every total the fewest steps are known beforehand. The most promising total is solved first;
what is left is proven no better as soon as its fewest steps are not fewer than the best found.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.siting.alike import Alike, group_alike
from analysis.siting.array_model import ArrayModel
from analysis.siting.formulation import Formulation
from analysis.siting.solver import Found, SolverTerms, Tell, run_solver
from analysis.siting.whole_numbers import Ints


@dataclass(frozen=True, eq=False)
class _Places:
    """A model, and for each comparable gemeente the sum that is its chosen places."""

    model: ArrayModel
    sums: list[tuple[Ints, Ints]]
    alike: Alike | None

    def to_candidates(self, columns: Ints, count: int) -> Ints:
        """The choice of candidates of a solution."""
        return columns[:count] if self.alike is None else self.alike.to_candidates(columns)


def solve_evenest(
    formulation: Formulation,
    model: ArrayModel,
    seconds: float,
    terms: SolverTerms,
    *,
    is_plain: bool,
    stop: Callable[[], bool] | None = None,
    tell: Tell | None = None,
    least: int = 0,
) -> Found:
    """The evenest choice that the model allows; ``is_plain`` when it has the demands alone."""
    started = time.perf_counter()
    places = _over_counts(formulation) if is_plain else _over_candidates(formulation, model)
    if places is None:
        return Found("impossible", None, None, time.perf_counter() - started, False)
    lows = np.maximum(formulation.totals.least_steps(), least)
    order = np.argsort(lows, kind="stable")
    best, chosen, was_stopped, open_bounds = None, None, False, []
    for position, place in enumerate(order):
        bound = int(lows[place])
        if best is not None and bound >= best:
            break
        left = seconds - (time.perf_counter() - started)
        if left <= 0 or was_stopped:
            open_bounds.append(int(lows[order[position]]))
            break
        total = int(formulation.totals.values[place])
        found = run_solver(
            _with_total(formulation, places, total, bound, best), "CP-SAT", left, terms, stop=stop
        )
        was_stopped = found.was_stopped
        if found.columns is not None:
            chosen = places.to_candidates(found.columns, len(formulation.numbers.available))
            best = formulation.numbers.steps("verdeling", chosen.astype(bool))
        if found.status in ("found", "nothing"):
            open_bounds.append(max(bound, found.bound or 0))
        if tell is not None:
            tell(best, min([*open_bounds, bound]))
    return _answer(best, chosen, open_bounds, time.perf_counter() - started, was_stopped)


def _answer(
    best: int | None, chosen: Ints | None, open_bounds: list[int], seconds: float, stopped: bool
) -> Found:
    bound = min([*open_bounds, *([] if best is None else [best])], default=None)
    if best is None:
        status = "nothing" if open_bounds else "impossible"
        return Found(status, None, bound, seconds, stopped)
    return Found("best" if bound == best else "found", chosen, bound, seconds, stopped)


def _over_candidates(formulation: Formulation, model: ArrayModel) -> _Places:
    places = formulation.numbers.places
    return _Places(
        model, [(columns, places[columns]) for columns in formulation.in_gemeenten()], None
    )


def _over_counts(formulation: Formulation) -> _Places | None:
    numbers = formulation.numbers
    rows = dict(formulation.rows)
    budget, *untold = rows.pop("budget", [None])
    base = formulation.base(rows)
    base.rows.extend(untold)
    alike = group_alike(base, budget, (numbers.gemeente, numbers.places))
    if alike is None:
        return None
    sums = [
        alike.row_of(columns, numbers.places[columns]) for columns in formulation.in_gemeenten()
    ]
    return _Places(alike.model, sums, alike)


def _with_total(
    formulation: Formulation, places: _Places, total: int, least: int, best: int | None
) -> ArrayModel:
    """The model with so many places in all, and the largest difference to make small."""
    numbers, model = formulation.numbers, places.model.copy()
    most = numbers.weight * int(numbers.existing.sum() + numbers.places.sum())
    (largest,) = model.add_columns([least], [most if best is None else best - 1])
    held = int(numbers.existing.sum()) + total
    low, high = formulation.totals.ranges(
        most if best is None else best - 1, np.array([total], dtype="int64")
    )
    columns = model.add_columns(low[0].tolist(), np.maximum(low[0], high[0]).tolist())
    if (low > high).any():
        model.add_row([largest], [1], high=-1)
    for row, (of, coefficients) in enumerate(places.sums):
        column, gap = columns[row], int(numbers.weights[row]) * held
        gap -= numbers.weight * int(numbers.existing[row])
        model.add_row([*of, column], [*coefficients, -1], 0, 0)
        model.add_row([column, largest], [numbers.weight, -1], high=gap)
        model.add_row([column, largest], [numbers.weight, 1], low=gap)
    model.add_row(columns, np.ones_like(columns), total, total)
    model.minimise([largest], [1])
    return model
