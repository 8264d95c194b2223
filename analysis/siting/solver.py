"""One model handed to a solver: with a time limit, progress, and a way to stop it.

CP-SAT counts in whole numbers and can be stopped at once. HiGHS is quicker at a sum over many
candidates, and can't be stopped: it is left alone then, and ends at its time limit. Its answer is
checked in whole numbers by who asked.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from math import ceil, isfinite
from typing import Literal

import numpy as np
import numpy.typing as npt
from ortools.math_opt.python import mathopt  # type: ignore[import-untyped]
from ortools.sat.python import cp_model

from analysis.siting.array_model import ArrayModel
from analysis.siting.whole_numbers import Ints

SolverName = Literal["CP-SAT", "HiGHS"]
Status = Literal["best", "found", "impossible", "nothing"]
#: Told of the best value and the bound so far, in steps.
Tell = Callable[[int | None, int | None], None]
_LOOK_S = 0.05
_TELL_S = 0.25
#: HiGHS does not always look at its time limit; so much later it is left alone.
_GRACE_S = 1.0
_NEARLY = 1e-6
_REASON = mathopt.TerminationReason


@dataclass(frozen=True)
class SolverTerms:
    """How the solver may work; the seed and the threads make it repeatable."""

    seed: int = 1
    threads: int = 2


@dataclass(frozen=True, eq=False)
class Found:
    """What a solver found: ``columns`` when there is anything, and the bound in steps.

    ``status`` is "best" (proven), "found" (something, not proven), "impossible" (proven that
    there is nothing) or "nothing" (the time was up, or it was stopped).
    """

    status: Status
    columns: Ints | None
    bound: int | None
    seconds: float
    was_stopped: bool


@dataclass(eq=False)
class _Run:
    """What the solving thread and the waiting one share."""

    best: int | None = None
    bound: int | None = None
    found: Found | None = None
    fault: BaseException | None = None
    halt: Callable[[], None] | None = None


def run_solver(
    model: ArrayModel,
    solver: SolverName,
    seconds: float,
    terms: SolverTerms,
    *,
    hint: dict[int, int] | None = None,
    stop: Callable[[], bool] | None = None,
    tell: Tell | None = None,
) -> Found:
    """Make the objective of the model as low as can be within so many seconds."""
    started, run = time.perf_counter(), _Run()
    if seconds <= 0 or (stop is not None and stop()):
        return Found("nothing", None, None, 0.0, stop is not None and stop())
    if not model.can_be():
        return Found("impossible", None, None, time.perf_counter() - started, False)
    work = _by_highs if solver == "HiGHS" else partial(_by_cp_sat, hint=hint or {})
    thread = threading.Thread(
        target=_work, args=(run, partial(work, run, model, seconds, terms)), daemon=True
    )
    thread.start()
    was_stopped = _wait(run, thread, seconds, stop, tell)
    if run.fault is not None:
        raise run.fault
    found = run.found or Found("nothing", None, run.bound, 0.0, was_stopped)
    return replace(found, seconds=time.perf_counter() - started, was_stopped=was_stopped)


def _work(run: _Run, work: Callable[[], Found]) -> None:
    try:
        run.found = work()
    except BaseException as fault:  # handed to the thread that waits
        run.fault = fault


def _wait(
    run: _Run,
    thread: threading.Thread,
    seconds: float,
    stop: Callable[[], bool] | None,
    tell: Tell | None,
) -> bool:
    """Wait for the solving, telling and looking whether to stop; True when it was stopped."""
    until = time.perf_counter() + seconds + _GRACE_S
    told = time.perf_counter()
    was_stopped = False
    while thread.is_alive():
        thread.join(_LOOK_S)
        if stop is not None and not was_stopped and stop():
            was_stopped = True
            if run.halt is None:
                return True
            run.halt()
        if time.perf_counter() > until:
            return was_stopped
        if tell is not None and time.perf_counter() - told > _TELL_S:
            told = time.perf_counter()
            tell(run.best, run.bound)
    return was_stopped


def _by_cp_sat(
    run: _Run, model: ArrayModel, seconds: float, terms: SolverTerms, hint: dict[int, int]
) -> Found:
    built, columns = model.to_cp_model()
    for column, value in hint.items():
        built.add_hint(columns[column], value)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = terms.threads
    solver.parameters.random_seed = terms.seed
    heard = _Heard(run)
    solver.best_bound_callback = heard.hear_bound
    run.halt = solver.stop_search
    status = solver.solve(built, heard)
    if status == cp_model.INFEASIBLE:
        return Found("impossible", None, None, 0.0, False)
    has_objective = model.objective is not None
    bound = _whole(solver.best_objective_bound) if has_objective else None
    if status == cp_model.UNKNOWN:
        return Found("nothing", None, bound, 0.0, False)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise RuntimeError(f"CP-SAT: {solver.status_name()} {built.validate()}")
    values = np.array([solver.value(column) for column in columns], dtype="int64")
    return Found("best" if status == cp_model.OPTIMAL else "found", values, bound, 0.0, False)


class _Heard(cp_model.CpSolverSolutionCallback):
    """Keeps the best value and the bound for whoever waits."""

    def __init__(self, run: _Run) -> None:
        super().__init__()
        self.run = run

    def on_solution_callback(self) -> None:
        """Keep the value of a better choice."""
        self.run.best = round(self.objective_value)

    def hear_bound(self, bound: float) -> None:
        """Keep a better bound."""
        self.run.bound = _whole(bound)


def _by_highs(run: _Run, model: ArrayModel, seconds: float, terms: SolverTerms) -> Found:
    opened = mathopt.Model.from_model_proto(model.to_proto())
    # A gap below one step is none: every value is a whole number of steps.
    parameters = mathopt.SolveParameters(
        time_limit=dt.timedelta(seconds=seconds),
        random_seed=terms.seed,
        absolute_gap_tolerance=1 - _NEARLY,
        relative_gap_tolerance=0.0,
    )
    try:
        result = mathopt.solve(opened, mathopt.SolverType.HIGHS, params=parameters)
    except Exception:
        # It gives up on some small models without a word; whoever asked then turns to CP-SAT.
        return Found("nothing", None, None, 0.0, False)
    reason = result.termination.reason
    if reason in (_REASON.INFEASIBLE, _REASON.INFEASIBLE_OR_UNBOUNDED):
        return Found("impossible", None, None, 0.0, False)
    bound = _whole(result.termination.objective_bounds.dual_bound)
    if not result.has_primal_feasible_solution():
        return Found("nothing", None, bound, 0.0, False)
    values: npt.NDArray[np.float64] = np.array(
        result.variable_values(list(opened.variables())), dtype="float64"
    )
    status: Status = "best" if reason == _REASON.OPTIMAL else "found"
    return Found(status, np.rint(values).astype("int64"), bound, 0.0, False)


def _whole(bound: float) -> int | None:
    """A bound from below in whole steps; None when there is none."""
    return ceil(bound - _NEARLY) if isfinite(bound) else None
