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
from dataclasses import dataclass, field
from math import ceil, isfinite
from typing import Literal

import numpy as np
import numpy.typing as npt
from ortools.math_opt.python import mathopt
from ortools.util.python.solve_interrupter import SolveInterrupter

from analysis.siting.array_model import ArrayModel
from analysis.siting.whole_numbers import Ints

SolverName = Literal["CP-SAT", "HiGHS"]
Status = Literal["best", "found", "impossible", "nothing"]
#: Told of the best value and the bound so far, in steps.
Tell = Callable[[int | None, int | None], None]
_LOOK_S = 0.05
_TELL_S = 0.25
_NEARLY = 1e-6
_MOST_STEPS = 2.0**50
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

    interrupter: SolveInterrupter = field(default_factory=SolveInterrupter)
    best: int | None = None
    bound: int | None = None
    columns: Ints | None = None
    result: mathopt.SolveResult | None = None
    fault: BaseException | None = None


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
    opened = mathopt.Model.from_model_proto(model.to_proto())
    thread = threading.Thread(
        target=_solve, args=(run, opened, solver, seconds, terms, hint), daemon=True
    )
    thread.start()
    was_stopped = _wait(run, thread, solver, stop, tell)
    if run.fault is not None:
        raise run.fault
    spent = time.perf_counter() - started
    if run.result is None:
        return Found(*_so_far(run), spent, was_stopped)
    return _read(run.result, opened, spent, was_stopped)


def _wait(
    run: _Run,
    thread: threading.Thread,
    solver: SolverName,
    stop: Callable[[], bool] | None,
    tell: Tell | None,
) -> bool:
    """Wait for the solving, telling and looking whether to stop; True when it was stopped."""
    told = time.perf_counter()
    was_stopped = False
    while thread.is_alive():
        thread.join(_LOOK_S)
        if stop is not None and not was_stopped and stop():
            was_stopped = True
            run.interrupter.interrupt()
            if solver == "HiGHS":
                return True
        if tell is not None and time.perf_counter() - told > _TELL_S:
            told = time.perf_counter()
            tell(run.best, run.bound)
    return was_stopped


def _solve(
    run: _Run,
    model: mathopt.Model,
    solver: SolverName,
    seconds: float,
    terms: SolverTerms,
    hint: dict[int, int] | None,
) -> None:
    try:
        if solver == "HiGHS":
            run.result = mathopt.solve(
                model, mathopt.SolverType.HIGHS, params=_parameters(seconds, terms)
            )
        else:
            run.result = _solve_by_cp_sat(run, model, seconds, terms, hint)
    except BaseException as fault:  # handed to the thread that waits
        run.fault = fault


def _parameters(seconds: float, terms: SolverTerms) -> mathopt.SolveParameters:
    # A gap below one step is none: every value is a whole number of steps.
    return mathopt.SolveParameters(
        time_limit=dt.timedelta(seconds=seconds),
        random_seed=terms.seed,
        absolute_gap_tolerance=1 - _NEARLY,
        relative_gap_tolerance=0.0,
    )


def _solve_by_cp_sat(
    run: _Run,
    model: mathopt.Model,
    seconds: float,
    terms: SolverTerms,
    hint: dict[int, int] | None,
) -> mathopt.SolveResult:
    parameters = _parameters(seconds, terms)
    parameters.threads = terms.threads
    parameters.cp_sat.interleave_search = INTERLEAVE
    # A difference is counted in whole steps: far more than CP-SAT allows by itself.
    parameters.cp_sat.mip_max_bound = _MOST_STEPS
    hints = []
    if hint:
        values = {model.get_variable(column): float(value) for column, value in hint.items()}
        hints = [mathopt.SolutionHint(variable_values=values)]

    def hear(heard: mathopt.CallbackData) -> mathopt.CallbackResult:
        stats = heard.mip_stats
        run.best, run.bound = _whole(stats.primal_bound), _whole(stats.dual_bound)
        return mathopt.CallbackResult()

    return mathopt.solve(
        model,
        mathopt.SolverType.CP_SAT,
        params=parameters,
        model_params=mathopt.ModelSolveParameters(solution_hints=hints),
        callback_reg=mathopt.CallbackRegistration(
            events={mathopt.Event.MIP_SOLUTION, mathopt.Event.MIP}
        ),
        cb=hear,
        interrupter=run.interrupter,
    )


INTERLEAVE = False


def _whole(bound: float) -> int | None:
    """A bound from below in whole steps; None when there is none."""
    return ceil(bound - _NEARLY) if isfinite(bound) else None


def _so_far(run: _Run) -> tuple[Status, Ints | None, int | None]:
    return "nothing", None, run.bound


def _read(
    result: mathopt.SolveResult, model: mathopt.Model, seconds: float, was_stopped: bool
) -> Found:
    reason = result.termination.reason
    if reason in (_REASON.INFEASIBLE, _REASON.INFEASIBLE_OR_UNBOUNDED):
        return Found("impossible", None, None, seconds, was_stopped)
    bound = _whole(result.termination.objective_bounds.dual_bound)
    if not result.has_primal_feasible_solution():
        return Found("nothing", None, bound, seconds, was_stopped)
    found: npt.NDArray[np.float64] = np.array(
        result.variable_values(list(model.variables())), dtype="float64"
    )
    status: Status = "best" if reason == _REASON.OPTIMAL else "found"
    return Found(status, np.rint(found).astype("int64"), bound, seconds, was_stopped)
