"""The stages one after another: each as good as can be, and kept by those that come after."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from analysis.siting.evenest import solve_evenest
from analysis.siting.formulation import Formulation
from analysis.siting.plan import Ended, Progress, StageOutcome
from analysis.siting.rows import broken_demands
from analysis.siting.solver import Found, SolverName, SolverTerms, Tell, run_solver
from analysis.siting.whole_numbers import Mask

Stop = Callable[[], bool]
Hear = Callable[[Progress], None]


@dataclass(frozen=True, eq=False)
class StagesFound:
    """A choice with an outcome for every stage; ``chosen`` None when nothing was found.

    ``steps`` are the values of the outcomes in whole steps. ``is_impossible`` when it is proven
    that no choice meets the demands.
    """

    chosen: Mask | None
    outcomes: tuple[StageOutcome, ...]
    steps: Mapping[str, int]
    is_impossible: bool
    was_stopped: bool


@dataclass(eq=False)
class StageSolver:
    """Solves stages of one problem; what comes of one is kept when the next asks the same."""

    formulation: Formulation
    terms: SolverTerms
    seconds: float
    stop: Stop | None = None
    hear: Hear | None = None
    step_count: int = 0
    _ahead: dict[frozenset[tuple[str, int]], Found] = field(default_factory=dict)

    def solve(
        self,
        stages: tuple[str, ...],
        *,
        caps: Mapping[str, int] | None = None,
        least: Mapping[str, int] | None = None,
    ) -> StagesFound:
        """All stages in this order, under these caps.

        ``least`` is what a stage can't be lower than, as long as all before it are as low.
        """
        kept, chosen, outcomes = dict(caps or {}), None, []
        floors = dict(least or {})
        for position, stage in enumerate(stages):
            found = self._solve_stage(stage, kept, chosen, floors.get(stage), position)
            if found.columns is None and chosen is None:
                return StagesFound(None, (), {}, found.status == "impossible", found.was_stopped)
            chosen = self._better(stage, chosen, found)
            kept[stage] = self.formulation.numbers.steps(stage, chosen)
            if kept[stage] != floors.get(stage):
                floors = {}
            outcomes.append(self._outcome(stage, kept[stage], found))
            self._tell(stage, position + 1, kept[stage], found.bound, found.seconds)
            if found.was_stopped:
                outcomes += self._not_reached(stages[position + 1 :], chosen)
                break
        return StagesFound(
            chosen, tuple(outcomes), kept, False, any(one.ended == "gestopt" for one in outcomes)
        )

    def _solve_stage(
        self, stage: str, caps: Mapping[str, int], chosen: Mask | None, least: int | None, step: int
    ) -> Found:
        self._tell(stage, step, None, None, 0.0)
        started = time.perf_counter()

        def tell(best: int | None, bound: int | None) -> None:
            self._tell(stage, step, best, bound, time.perf_counter() - started)

        if stage == "verdeling":
            return solve_evenest(
                self.formulation,
                self.formulation.capped(caps),
                self.seconds,
                self.terms,
                is_plain=not caps,
                stop=self.stop,
                tell=tell,
                least=least or 0,
                known=None if chosen is None else chosen.astype("int64"),
            )
        if stage == "tussenafstand":
            return self._fewest_conflicts(caps, chosen, least, tell)
        solver: SolverName = "HiGHS" if stage == "bereikbaarheid" else "CP-SAT"
        return self._run(stage, caps, chosen, least, solver, self.seconds, tell)

    def _run(
        self,
        stage: str,
        caps: Mapping[str, int],
        chosen: Mask | None,
        least: int | None,
        solver: SolverName,
        seconds: float,
        tell: Tell,
    ) -> Found:
        """One stage by one solver; what HiGHS finds is checked, and CP-SAT asked when it errs."""
        asked = frozenset([(stage, 0), *caps.items()])
        if asked in self._ahead:
            return self._ahead.pop(asked)
        started = time.perf_counter()
        model = self.formulation.capped(caps)
        self.formulation.add_objective(model, stage, least)
        seconds -= time.perf_counter() - started
        hint = None if chosen is None else dict(enumerate(chosen.astype(int).tolist()))
        found = run_solver(model, solver, seconds, self.terms, hint=hint, stop=self.stop, tell=tell)
        if solver == "HiGHS" and self._is_doubtful(found, caps, chosen):
            left = seconds - found.seconds
            again = self._run(stage, caps, chosen, least, "CP-SAT", left, tell)
            return again if again.seconds else found
        return found

    def _is_doubtful(self, found: Found, caps: Mapping[str, int], chosen: Mask | None) -> bool:
        """Whether HiGHS gave up early, denied what there is, or broke a rule by a fraction."""
        if found.columns is not None:
            return not self._keeps(found, caps)
        return not found.was_stopped and (found.status == "nothing" or chosen is not None)

    def _fewest_conflicts(
        self, caps: Mapping[str, int], chosen: Mask | None, least: int | None, tell: Tell
    ) -> Found:
        """None at all, if that can be; else as few as can be, counted in cliques."""
        if (least or 0) <= 0:
            without = {**caps, "tussenafstand": 0}
            found = self._run("bereikbaarheid", without, None, None, "HiGHS", self.seconds, tell)
            if found.columns is not None:
                self._ahead[frozenset([("bereikbaarheid", 0), *without.items()])] = found
                return Found("best", found.columns, 0, found.seconds, found.was_stopped)
            if found.was_stopped:
                return found
            least = 0
        return self._run("tussenafstand", caps, chosen, least, "CP-SAT", self.seconds, tell)

    def _keeps(self, found: Found, caps: Mapping[str, int]) -> bool:
        """Whether a choice keeps to all demands and caps, in whole numbers."""
        chosen = self._mask(found)
        numbers = self.formulation.numbers
        return (
            not (chosen & ~numbers.available).any()
            and not broken_demands(self.formulation.rows, chosen)
            and all(numbers.steps(stage, chosen) <= steps for stage, steps in caps.items())
        )

    def _better(self, stage: str, chosen: Mask | None, found: Found) -> Mask:
        if found.columns is None:
            assert chosen is not None
            return chosen
        new, numbers = self._mask(found), self.formulation.numbers
        if chosen is None or numbers.steps(stage, new) <= numbers.steps(stage, chosen):
            return new
        return chosen

    def _mask(self, found: Found) -> Mask:
        assert found.columns is not None
        return np.asarray(found.columns[: len(self.formulation.numbers.available)] == 1)

    def _outcome(self, stage: str, steps: int, found: Found) -> StageOutcome:
        is_proven = found.status == "best" or found.bound == steps
        ended: Ended = "bewezen" if is_proven else "gestopt" if found.was_stopped else "tijd_om"
        bound = steps if is_proven else found.bound
        numbers = self.formulation.numbers
        return StageOutcome(
            stage,
            value=numbers.to_unit(stage, steps),
            bound=None if bound is None else numbers.to_unit(stage, bound),
            gap=gap_of(steps, bound),
            ended=ended,
            seconds=round(found.seconds, 3),
            solver=_SOLVERS[stage],
        )

    def _not_reached(self, stages: tuple[str, ...], chosen: Mask) -> list[StageOutcome]:
        numbers = self.formulation.numbers
        return [
            StageOutcome(
                stage,
                numbers.to_unit(stage, numbers.steps(stage, chosen)),
                None,
                None,
                "gestopt",
                0.0,
                _SOLVERS[stage],
            )
            for stage in stages
        ]

    def _tell(
        self, stage: str, step: int, best: int | None, bound: int | None, seconds: float
    ) -> None:
        if self.hear is None:
            return
        numbers = self.formulation.numbers
        self.hear(
            Progress(
                stage,
                step,
                self.step_count,
                None if best is None else numbers.to_unit(stage, best),
                None if bound is None else numbers.to_unit(stage, bound),
                None if best is None else gap_of(best, bound),
                round(seconds, 3),
            )
        )


_SOLVERS: Mapping[str, SolverName] = {
    "verdeling": "CP-SAT",
    "tussenafstand": "CP-SAT",
    "nabijheid": "CP-SAT",
    "bereikbaarheid": "HiGHS",
}


def gap_of(steps: int, bound: int | None) -> float | None:
    """How much better it could still be, as a part of the larger of both (0 to 1)."""
    if bound is None:
        return None
    largest = max(abs(steps), abs(bound))
    return 0.0 if largest == 0 else min(1.0, abs(steps - bound) / largest)
