"""The smallest largest difference with the fair share, total by total.

Of every total the fewest steps are known beforehand. The most promising total is solved first;
what is left is proven no better as soon as its fewest steps are not fewer than the best found.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from analysis.siting.alike import Alike, group_alike
from analysis.siting.array_model import ArrayModel
from analysis.siting.formulation import Formulation
from analysis.siting.solver import Found, SolverTerms, Status, Tell, run_solver
from analysis.siting.whole_numbers import Ints

#: So many totals are tried one by one; after that all that are left are in one model.
FIRST_TOTALS = 4


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
    known: Ints | None = None,
) -> Found:
    """The evenest choice that the model allows; ``is_plain`` when it has the demands alone.

    ``known`` is a choice that it allows, to do better than; ``least`` what none does better than.
    """
    started = time.perf_counter()
    places = _over_counts(formulation) if is_plain else _over_candidates(formulation, model)
    if places is None:
        return Found("impossible", None, None, time.perf_counter() - started, False)
    search = _Search(formulation, places, terms, started + seconds, stop, tell, known)
    lows = np.maximum(formulation.totals.least_steps(), least)
    order = np.argsort(lows, kind="stable")
    for count, place in enumerate(order.tolist()):
        if search.is_done(int(lows[place])):
            break
        rest = np.sort(order[count:]) if count == FIRST_TOTALS else np.array([place])
        search.ask(formulation.totals.values[rest], int(lows[place]))
        if count == FIRST_TOTALS:
            break
    return search.answer(time.perf_counter() - started)


@dataclass(eq=False)
class _Search:
    """The best so far, and the bounds of what could not be settled."""

    formulation: Formulation
    places: _Places
    terms: SolverTerms
    until: float
    stop: Callable[[], bool] | None
    tell: Tell | None
    chosen: Ints | None
    best: int | None = None
    bounds: list[int] = field(default_factory=list)
    was_stopped: bool = False

    def __post_init__(self) -> None:
        if self.chosen is not None:
            self.best = self.formulation.numbers.steps("verdeling", self.chosen == 1)

    def is_done(self, bound: int) -> bool:
        """Whether totals that can't do better than this bound need no look."""
        if self.best is not None and bound >= self.best:
            return True
        if self.was_stopped or time.perf_counter() >= self.until:
            self.bounds.append(bound)
            return True
        return False

    def ask(self, totals: Ints, bound: int) -> None:
        """The evenest choice with one of these totals, when it is better than the best so far."""
        model = _with_totals(self.formulation, self.places, totals, bound, self.best)
        left = self.until - time.perf_counter()
        found = run_solver(model, "CP-SAT", left, self.terms, stop=self.stop, tell=self.tell)
        self.was_stopped = found.was_stopped
        if found.columns is not None:
            count = len(self.formulation.numbers.available)
            self.chosen = self.places.to_candidates(found.columns, count)
            self.best = self.formulation.numbers.steps("verdeling", self.chosen == 1)
        if found.status in ("found", "nothing"):
            self.bounds.append(max(bound, found.bound or 0))
        if self.tell is not None:
            self.tell(self.best, min([*self.bounds, bound]))

    def answer(self, seconds: float) -> Found:
        """The best, proven when nothing is left that could do better."""
        if self.best is None:
            status: Status = "nothing" if self.bounds else "impossible"
            return Found(status, None, min(self.bounds, default=None), seconds, self.was_stopped)
        bound = min([*self.bounds, self.best])
        status = "best" if bound == self.best else "found"
        return Found(status, self.chosen, bound, seconds, self.was_stopped)


def _over_candidates(formulation: Formulation, model: ArrayModel) -> _Places:
    places = formulation.numbers.places
    return _Places(
        model, [(columns, places[columns]) for columns in formulation.in_gemeenten()], None
    )


def _over_counts(formulation: Formulation) -> _Places | None:
    numbers = formulation.numbers
    rows = dict(formulation.rows)
    of_budget = rows.pop("budget", [])
    base = formulation.base(rows)
    base.rows.extend(of_budget[1:])
    alike = group_alike(
        base, of_budget[0] if of_budget else None, (numbers.gemeente, numbers.places)
    )
    if alike is None:
        return None
    sums = [
        alike.row_of(columns, numbers.places[columns]) for columns in formulation.in_gemeenten()
    ]
    return _Places(alike.model, sums, alike)


def _with_totals(
    formulation: Formulation, places: _Places, totals: Ints, least: int, best: int | None
) -> ArrayModel:
    """The model with one of these totals, and the largest difference to make small."""
    numbers, model = formulation.numbers, places.model.copy()
    most = numbers.weight * int(numbers.existing.sum() + numbers.places.sum())
    highest = most if best is None else best - 1
    (largest,) = model.add_columns([least], [highest])
    low, high = formulation.totals.ranges(highest, totals)
    lows, highs = low.min(axis=0), high.max(axis=0)
    columns = model.add_columns(lows.tolist(), np.maximum(lows, highs).tolist())
    (total,) = model.add_columns([int(totals.min())], [int(totals.max())])
    existing, weight = int(numbers.existing.sum()), numbers.weight
    for row, (of, coefficients) in enumerate(places.sums):
        share, column = int(numbers.weights[row]), columns[row]
        gap = share * existing - weight * int(numbers.existing[row])
        model.add_row([*of, column], [*coefficients, -1], 0, 0)
        model.add_row([column, total, largest], [weight, -share, -1], high=gap)
        model.add_row([column, total, largest], [weight, -share, 1], low=gap)
    model.add_row([*columns, total], [1] * len(columns) + [-1], 0, 0)
    if (lows > highs).any():
        model.add_row([largest], [1], high=-1)
    model.minimise([largest], [1])
    return model
