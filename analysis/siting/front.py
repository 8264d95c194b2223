"""The front of two stages: every choice that is not beaten on both by another.

Each point is the best on the first stage under a cap on the second, and then the best on the
second. A cap that was asked settles all caps down to what came of it; the widest stretch of
caps that is still open is asked next, so that the points spread over the whole front.

Source: the epsilon-constraint method; Haimes, Lasdon & Wismer (1971); Mavrotas (2009), Applied
Mathematics and Computation 213.
"""

from __future__ import annotations

import time

from analysis.siting.formulation import Formulation
from analysis.siting.lexicographic import StagesFound, StageSolver, Stop
from analysis.siting.plan import Front, FrontPoint
from analysis.siting.solver import SolverTerms

MOST_POINTS = 20


def find_front(
    formulation: Formulation,
    stages: tuple[str, str],
    seconds: float,
    terms: SolverTerms,
    *,
    stage_seconds: float,
    most_points: int = MOST_POINTS,
    stop: Stop | None = None,
) -> Front:
    """The front, from the best on the first stage to the best on the second."""
    started = time.perf_counter()
    # The evenest choice is quicker to find freely than under a cap of another stage.
    first, second = stages if stages[0] != "verdeling" else stages[::-1]
    found: dict[int, StagesFound] = {}

    def ask(order: tuple[str, str], cap: int | None) -> StagesFound | None:
        left = seconds - (time.perf_counter() - started)
        if left <= 0 or (stop is not None and stop()):
            return None
        solver = StageSolver(formulation, terms, min(stage_seconds, left), stop)
        answer = solver.solve(order, caps=None if cap is None else {second: cap})
        if answer.chosen is None:
            return None
        found[answer.steps[second]] = answer
        return answer

    ends = [ask((first, second), None), ask((second, first), None)]
    is_complete = all(end is not None for end in ends)
    open_caps = [] if not is_complete else [_between(ends)]
    while open_caps := [stretch for stretch in open_caps if stretch[0] <= stretch[1]]:
        if len(found) >= most_points:
            is_complete = False
            break
        open_caps.sort(key=lambda stretch: stretch[0] - stretch[1])
        low, high = open_caps.pop(0)
        cap = (low + high) // 2
        answer = ask((first, second), cap)
        if answer is None:
            is_complete = False
            break
        open_caps += [(low, answer.steps[second] - 1), (cap + 1, high)]
    points = [_point(formulation, stages, answer) for answer in _unbeaten(found, first, second)]
    points.sort(key=lambda point: formulation.numbers.steps_of(stages[0], point.values[0]))
    return Front(
        stages,
        tuple(points),
        is_complete and all(point.is_proven for point in points),
        round(time.perf_counter() - started, 3),
    )


def _between(ends: list[StagesFound | None]) -> tuple[int, int]:
    """The caps on the second stage that neither end settles."""
    best_first, best_second = ends
    assert best_first is not None
    assert best_second is not None
    second = best_second.outcomes[0].stage
    return best_second.steps[second] + 1, best_first.steps[second] - 1


def _unbeaten(found: dict[int, StagesFound], first: str, second: str) -> list[StagesFound]:
    """The choices that no other beats; unproven ones may be beaten."""
    kept: list[StagesFound] = []
    for steps in sorted(found):
        answer = found[steps]
        if not kept or answer.steps[first] < kept[-1].steps[first]:
            kept.append(answer)
    return kept


def _point(formulation: Formulation, stages: tuple[str, str], answer: StagesFound) -> FrontPoint:
    assert answer.chosen is not None
    outcomes = {outcome.stage: outcome for outcome in answer.outcomes}
    one, other = (outcomes[stage] for stage in stages)
    keys = formulation.numbers.problem.candidates.index[answer.chosen]
    return FrontPoint(
        tuple(str(key) for key in keys),
        (one.value, other.value),
        (one.gap, other.gap),
        one.is_proven and other.is_proven,
    )
