"""What it would cost to force in a candidate that was left out, stage by stage."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.siting.clash import find_clash
from analysis.siting.demands import Demand
from analysis.siting.formulation import Formulation
from analysis.siting.lexicographic import Hear, StagesFound, StageSolver, Stop
from analysis.siting.plan import CandidatePrice, Progress, StagePrice
from analysis.siting.solver import SolverTerms

#: At most so long is looked for what clashes with one candidate.
_CLASH_S = 5.0
#: How the explanation is called in ``Progress.stage``.
EXPLAINING = "uitleg"


@dataclass(frozen=True, eq=False)
class PriceAsker:
    """Asks the price of candidates of one solved problem."""

    formulation: Formulation
    found: StagesFound
    terms: SolverTerms
    stage_seconds: float
    stop: Stop | None = None
    hear: Hear | None = None

    def ask_all(self, seconds: float) -> tuple[CandidatePrice, ...]:
        """The price of every candidate that was left out, as far as the time reaches."""
        assert self.found.chosen is not None
        until = time.perf_counter() + seconds
        left_out = np.flatnonzero(~self.found.chosen)
        prices = []
        for position, row in enumerate(left_out.tolist()):
            prices.append(self.ask(row, until - time.perf_counter()))
            if self.hear is not None and prices[-1].is_asked:
                self.hear(Progress(EXPLAINING, position + 1, len(left_out), None, None, None, 0.0))
        return tuple(prices)

    def ask(self, row: int, seconds: float) -> CandidatePrice:
        """The price of the candidate in this row, within so many seconds."""
        started = time.perf_counter()
        problem = self.formulation.numbers.problem
        key = str(problem.candidates.index[row])
        unasked = CandidatePrice(key, problem.name_of(key), is_asked=False)
        if pd.notna(reason := self._reasons.iloc[row]):
            return replace(unasked, is_asked=True, why_not=str(reason))
        if seconds <= 0 or (self.stop is not None and self.stop()):
            return unasked
        forced = self.formulation.forcing(key)
        solver = StageSolver(forced, self.terms, min(seconds, self.stage_seconds), self.stop)
        # What the user kept out may be better than all that was left to choose from.
        proven = {} if key in problem.forced_out else self._proven()
        found = solver.solve(problem.stages, least=proven)
        spent = round(time.perf_counter() - started, 3)
        if found.is_impossible:
            clash = find_clash(forced, min(_CLASH_S, seconds), self.terms, self.stop)
            others = () if clash is None else clash.demands
            others = tuple(demand for demand in others if demand.key != f"wel:{key}")
            return replace(
                unasked, is_asked=True, seconds=spent, why_not=_why_not(others), clash=others
            )
        if found.chosen is None or found.was_stopped:
            return unasked
        return replace(unasked, is_asked=True, stages=self._compared(found), seconds=spent)

    @cached_property
    def _reasons(self) -> pd.Series:
        """Why the facts, or a cost that nobody knows, keep a candidate out."""
        problem = self.formulation.numbers.problem
        return problem.unavailable.fillna(problem.too_dear_to_tell)

    def _proven(self) -> dict[str, int]:
        """The steps that no choice beats, up to the first stage that is not proven."""
        proven: dict[str, int] = {}
        for outcome in self.found.outcomes:
            if not outcome.is_proven:
                break
            proven[outcome.stage] = self.found.steps[outcome.stage]
        return proven

    def _compared(self, forced: StagesFound) -> tuple[StagePrice, ...]:
        numbers = self.formulation.numbers
        return tuple(
            StagePrice(
                outcome.stage,
                outcome.value,
                worse_by=abs(numbers.to_unit(outcome.stage, worse)) * (1 if worse >= 0 else -1),
                gap=outcome.gap,
                ended=outcome.ended,
            )
            for outcome in forced.outcomes
            for worse in [forced.steps[outcome.stage] - self.found.steps[outcome.stage]]
        )


def _why_not(clash: tuple[Demand, ...]) -> str:
    if not clash:
        return "Met deze locatie is er geen keuze die aan alle eisen voldoet."
    return "Kan niet, want dat gaat niet samen met:"
