"""Which demands clash: the smallest set of them that can't be met together.

Two roads meet here. Leaving out demands one by one ends with a set of which none can be missed.
And every set of demands that clashes must hold one of each group that it takes to make the rest
possible: the smallest set that does so, and clashes, is the smallest of all.

Source: Ignatiev, Previti, Liffiton, Marques-Silva (2015), Smallest MUS extraction with minimal
hitting set dualization, CP 2015.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from analysis.siting.array_model import ArrayModel
from analysis.siting.formulation import Formulation
from analysis.siting.lexicographic import Stop
from analysis.siting.plan import Clash
from analysis.siting.rows import broken_demands
from analysis.siting.solver import SolverTerms, run_solver
from analysis.siting.whole_numbers import Mask


class _TimeIsUp(Exception):
    """No answer within the time, or stopped."""


@dataclass(eq=False)
class _Search:
    formulation: Formulation
    terms: SolverTerms
    until: float
    stop: Stop | None
    answers: dict[frozenset[str], Mask | None] = field(default_factory=dict)

    def choice_with(self, demands: Iterable[str]) -> Mask | None:
        """A choice that meets these demands, or None when there is none."""
        asked = frozenset(demands)
        if asked not in self.answers:
            self.answers[asked] = self._solve(asked)
        return self.answers[asked]

    def _solve(self, asked: frozenset[str]) -> Mask | None:
        ordered = [key for key in self.formulation.rows if key in asked]
        found = run_solver(
            self.formulation.base(ordered),
            "CP-SAT",
            self.until - time.perf_counter(),
            self.terms,
            stop=self.stop,
        )
        if found.status == "impossible":
            return None
        if found.columns is None:
            raise _TimeIsUp
        chosen: Mask = found.columns[: len(self.formulation.numbers.available)] == 1
        return chosen

    def met_beside(self, kept: frozenset[str]) -> frozenset[str]:
        """As many demands as can be met beside those kept, found by adding one by one."""
        met = kept
        for key in self.formulation.rows:
            if key in met:
                continue
            if (chosen := self.choice_with(met | {key})) is not None:
                met = met | {key} | self._met_by(chosen)
        return met

    def _met_by(self, chosen: Mask) -> frozenset[str]:
        return frozenset(self.formulation.rows) - broken_demands(self.formulation.rows, chosen)


def find_clash(
    formulation: Formulation, seconds: float, terms: SolverTerms, stop: Stop | None = None
) -> Clash | None:
    """The demands that clash; None when they can all be met, or nobody found out in time."""
    started = time.perf_counter()
    search = _Search(formulation, terms, started + seconds, stop)
    clashing, is_irreducible, is_smallest = frozenset(formulation.rows), False, False
    try:
        if search.choice_with(clashing) is not None:
            return None
        clashing = _without_needless(search, clashing)
        is_irreducible = True
        clashing = _smallest(search, clashing)
        is_smallest = True
    except _TimeIsUp:
        pass
    demands = [one for one in formulation.demands() if one.key in clashing]
    return Clash(
        tuple(demands), is_irreducible, is_smallest, round(time.perf_counter() - started, 3)
    )


def _without_needless(search: _Search, clashing: frozenset[str]) -> frozenset[str]:
    for key in search.formulation.rows:
        if key in clashing and search.choice_with(clashing - {key}) is None:
            clashing = clashing - {key}
    return clashing


def _smallest(search: _Search, known: frozenset[str]) -> frozenset[str]:
    """The smallest clashing set, at most as large as the one that is known."""
    groups: list[frozenset[str]] = []
    everything = frozenset(search.formulation.rows)
    while True:
        least = _smallest_hitting(groups, list(search.formulation.rows), search)
        if len(least) >= len(known):
            return known
        if search.choice_with(least) is None:
            return least
        groups.append(everything - search.met_beside(least))


def _smallest_hitting(
    groups: list[frozenset[str]], keys: list[str], search: _Search
) -> frozenset[str]:
    """The fewest demands of which every group holds one."""
    if not groups:
        return frozenset()
    model = ArrayModel()
    columns = model.add_columns([0] * len(keys), [1] * len(keys))
    for group in groups:
        held = [row for row, key in enumerate(keys) if key in group]
        model.add_row(held, [1] * len(held), low=1)
    model.minimise(columns, [1] * len(keys))
    left = search.until - time.perf_counter()
    found = run_solver(model, "CP-SAT", left, search.terms, stop=search.stop)
    if found.status != "best" or found.columns is None:
        raise _TimeIsUp
    return frozenset(key for key, is_in in zip(keys, found.columns, strict=True) if is_in)
