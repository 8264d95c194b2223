"""How long choosing several sites takes, beside SciPy's milp in the same run.

    python -m tests.bench.bench_siting

Made-up candidates around eight gemeenten. First the evenest choice, then no two sites nearer than
wished, then access; each stage with at most 10 s, proven or with its gap. The peer gets the same
two sums (the largest difference, then access) in its plain form: a row a pair. Last a wished
separation so wide that few choices are left. Not a test: nothing here depends on the clock.
"""

from __future__ import annotations

import os
import time
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.siting.choose import SitingTerms, choose_sites
from analysis.siting.conflicts import find_conflicts
from analysis.siting.plan import SitingAnswer
from analysis.siting.problem import SitingProblem
from tests.bench.made_sitings import made_siting

LIMIT_S = 10.0
#: Candidates, to choose, wished metres, whether the number of places is given too.
SIZES = (
    (1_000, 60, 500.0, True),
    (1_000, 60, 500.0, False),
    (5_000, 150, 300.0, True),
    (5_000, 150, 300.0, False),
)
WIDE = ((1_000, 60, 1_500.0, True), (5_000, 150, 1_000.0, True))
SEEDS = (1, 2, 3)


def main() -> None:
    """Print a line for every problem."""
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, at most {LIMIT_S:.0f} s a stage")
    for title, sizes in (("usual separation", SIZES), ("very wide separation", WIDE)):
        print(f"\n{title}")
        for size in sizes:
            for seed in SEEDS if sizes is SIZES else SEEDS[:1]:
                _measure(*size, seed)


def _measure(count: int, chosen: int, wished_m: float, with_places: bool, seed: int) -> None:
    problem = made_siting(count, chosen, seed=seed, separation_m=wished_m, with_places=with_places)
    terms = SitingTerms(stage_seconds=LIMIT_S, price_seconds=0.0)
    started = time.perf_counter()
    answer = choose_sites(problem, terms)
    spent = time.perf_counter() - started
    given = "sites and places" if with_places else "sites"
    print(f"{count} / {chosen}, {wished_m:.0f} m, {given} given, seed {seed}: {spent:.1f} s in all")
    print(f"  ours  {_told(answer)}")
    if seed == SEEDS[0]:
        print(f"  milp  {_peer(problem)}")


def _told(answer: SitingAnswer) -> str:
    if answer.plan is None:
        return "no plan"
    return "; ".join(
        f"{one.stage} {one.value:.2f} in {one.seconds:.2f} s "
        f"({'proven' if one.is_proven else f'gap {one.gap}'})"
        for one in answer.plan.stages
    )


def _peer(problem: SitingProblem) -> str:
    """The largest difference, and then access, by SciPy with a row a pair."""
    model = _PlainModel(problem)
    seconds, found = model.solve(model.difference)
    told = f"verdeling {_peer_told(found, seconds)}"
    if found.x is None:
        return told
    model.keep(model.difference, float(found.fun))
    seconds, found = model.solve(-model.access)
    return f"{told}; bereikbaarheid without conflicts {_peer_told(found, seconds)}"


def _peer_told(found: Any, seconds: float) -> str:
    value, gap = getattr(found, "fun", None), getattr(found, "mip_gap", None)
    if value is None:
        return f"nothing in {seconds:.2f} s"
    return f"{abs(value):.2f} in {seconds:.2f} s (gap {gap:.4f})"


class _PlainModel:
    """A column a candidate and one for the largest difference; a row a pair that conflicts."""

    def __init__(self, problem: SitingProblem) -> None:
        of, (target,) = problem.candidates, problem.targets
        self.count = len(of)
        places = of["place_count"].to_numpy()
        self.difference = np.append(np.zeros(self.count), 1.0)
        self.access = np.append(places * of["access"].to_numpy(), 0.0)
        sites = target.least_site_count
        self.rows = [LinearConstraint(np.append(np.ones(self.count), 0), sites, sites)]
        if target.least_place_count is not None:
            wished = target.least_place_count
            self.rows.append(LinearConstraint(np.append(places, 0), wished, wished))
        share = (problem.gemeenten["weight"] / problem.gemeenten["weight"].sum()).to_numpy()
        inside = np.array([of["gemeente_code"] == code for code in problem.gemeenten.index])
        existing = problem.existing.sum(axis=1).to_numpy()
        start = existing - share * existing.sum()
        worth = (inside - share[:, None]) * places
        for sign in (1, -1):
            table = np.column_stack([sign * worth, -np.ones(len(share))])
            self.rows.append(LinearConstraint(table, -np.inf, -sign * start))
        pairs = find_conflicts(problem).pairs
        number = np.repeat(np.arange(len(pairs)), 2)
        table = sparse.csr_array(
            (np.ones(pairs.size), (number, pairs.ravel())), shape=(len(pairs), self.count + 1)
        )
        self.rows.append(LinearConstraint(table, -np.inf, 1))

    def solve(self, goal: np.ndarray) -> tuple[float, Any]:
        """The seconds, and what SciPy found."""
        started = time.perf_counter()
        found = milp(
            goal,
            constraints=self.rows,
            integrality=np.append(np.ones(self.count), 0),
            bounds=Bounds(np.zeros(self.count + 1), np.append(np.ones(self.count), np.inf)),
            options={"time_limit": LIMIT_S, "mip_rel_gap": 0.0},
        )
        return time.perf_counter() - started, found

    def keep(self, goal: np.ndarray, value: float) -> None:
        """Hold a goal at its value from here on."""
        self.rows.append(LinearConstraint(goal, -np.inf, value + 1e-6))


if __name__ == "__main__":
    main()
