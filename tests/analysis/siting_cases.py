"""Small random problems of choosing sites, and every choice there is, looked at one by one.

Nothing here uses the solver or the rows that it gets: all choices are the bits of a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from analysis.siting.demands import LeastInGemeente, MostInGemeente, Separation, Target
from analysis.siting.near_points import NearPoints
from analysis.siting.problem import SitingProblem, to_candidates
from analysis.siting.stages import STAGES

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
TYPES = ("skaeve_huse", "respijt")


def random_problem(seed: int, most: int = 18) -> SitingProblem:
    """A problem of at most so many candidates, with demands that now and then clash."""
    draw = np.random.default_rng(seed)
    count, areas = int(draw.integers(3, most + 1)), int(draw.integers(2, 5))
    types = TYPES[: int(draw.integers(1, 3))]
    codes = [f"GM{area:04d}" for area in range(areas)]
    keys = [f"K{row}" for row in range(count)]
    candidates = to_candidates(
        pd.DataFrame(
            {
                "name": [f"Kandidaat {row}" for row in range(count)],
                "type": draw.choice(types, count),
                "gemeente_code": draw.choice(codes, count),
                "place_count": _holed(draw, draw.integers(1, 13, count), 0.03),
                "access": _holed(draw, np.round(draw.uniform(0, 100, count), 2), 0.04),
                "cost_eur": _holed(draw, draw.integers(1, 40, count) * 50_000, 0.08),
                "x_m": draw.uniform(0, 3000, count),
                "y_m": draw.uniform(0, 3000, count),
            },
            index=keys,
        )
    )
    index = pd.Index(codes, name="gemeente_code")
    weights = _holed(draw, draw.integers(0 if areas > 2 else 1, 90, areas) * 500, 0.03)
    if not np.nansum(weights) > 0:
        weights[:] = 1000
    existing = pd.DataFrame(
        {kind: _holed(draw, draw.integers(0, 25, areas), 0.03) for kind in types}, index=index
    )
    if not (existing.notna().all(axis=1).to_numpy() & (np.nan_to_num(weights) > 0)).any():
        weights[:], existing.loc[:, :] = 1000, 1.0
    stages = tuple(draw.permutation(list(STAGES.keys))[: int(draw.integers(1, 5))].tolist())
    if draw.random() < 0.5:
        stages = tuple(key for key in STAGES.keys if key in stages)
    return SitingProblem(
        candidates,
        pd.DataFrame({"name": [f"Gemeente {code}" for code in codes], "weight": weights}, index),
        existing,
        tuple(_target(draw, kind, candidates) for kind in types),
        stages=stages,
        near=_near(draw, count),
        separation=Separation(float(draw.uniform(100, 1500)), "Rust voor de buurt."),
        existing_sites=pd.DataFrame(
            {"name": ["Bestaand 1", "Bestaand 2"], **_places(draw, 2)}, index=["E1", "E2"]
        ),
        **_some_demands(draw, keys, codes, types, candidates),
    )


def _holed(draw: np.random.Generator, numbers: Any, share: float) -> Floats:
    found = np.asarray(numbers, dtype="float64")
    found[draw.random(len(found)) < share] = np.nan
    return found


def _places(draw: np.random.Generator, count: int) -> dict[str, Floats]:
    return {name: draw.uniform(0, 3000, count) for name in ("x_m", "y_m")}


def _target(draw: np.random.Generator, kind: str, candidates: pd.DataFrame) -> Target:
    here = candidates.loc[candidates["type"] == kind, "place_count"]
    some = here[draw.random(len(here)) < draw.uniform(0.2, 0.7)]
    places, sites = int(some.sum()), len(some)
    slack = int(draw.integers(0, 6))
    return [
        Target(kind, places, places),
        Target(kind, least_place_count=max(0, places - slack), most_place_count=places + slack),
        Target(kind, least_site_count=sites, most_site_count=sites),
        Target(kind, least_place_count=places),
        Target(kind, places, None, None, sites),
    ][int(draw.integers(0, 5))]


def _near(draw: np.random.Generator, count: int) -> NearPoints:
    points = int(draw.integers(1, 7))
    index = pd.Index([f"P{row}" for row in range(points)], dtype="object", name="point")
    return NearPoints(
        400.0,
        pd.Series(draw.integers(0, 15, points) * (draw.random(points) < 0.6), index),
        pd.Series(draw.random(points) < 0.2, index),
        sparse.csr_array((draw.random((points, count)) < 0.3).astype("int64")),
    )


def _some_demands(
    draw: np.random.Generator,
    keys: list[str],
    codes: list[str],
    types: tuple[str, ...],
    candidates: pd.DataFrame,
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if draw.random() < 0.4:
        code = None if draw.random() < 0.5 else str(draw.choice(codes))
        found["least_in_gemeente"] = (
            LeastInGemeente(str(draw.choice(types)), int(draw.integers(1, 5)), code),
        )
    if draw.random() < 0.4:
        found["most_in_gemeente"] = (
            MostInGemeente(
                int(draw.integers(15, 70)), None if draw.random() < 0.5 else str(draw.choice(codes))
            ),
        )
    if draw.random() < 0.2:
        found["most_place_count_per_site"] = int(draw.integers(5, 13))
    if draw.random() < 0.4:
        total = float(candidates["cost_eur"].sum())
        found["budget_eur"] = int(total * draw.uniform(0.2, 0.8))
    picked = draw.permutation(keys).tolist()
    if draw.random() < 0.3:
        found["forced_in"] = tuple(picked[: int(draw.integers(1, 3))])
    if draw.random() < 0.3:
        found["forced_out"] = tuple(picked[-int(draw.integers(1, 3)) :])
    return found


@cache
def _bits(count: int) -> Floats:
    numbers = np.arange(1 << count)
    return ((numbers[:, None] >> np.arange(count)) & 1).astype("float64")


@dataclass(frozen=True, eq=False)
class EveryChoice:
    """All choices that the facts allow (a row each), and which demands each of them meets."""

    problem: SitingProblem
    choices: Floats
    met: dict[str, Flags]

    def allowed(self, without: frozenset[str] = frozenset()) -> Flags:
        """The choices that meet all demands, or all but these."""
        found = np.ones(len(self.choices), dtype=bool)
        for key, is_met in self.met.items():
            if key not in without:
                found &= is_met
        return found

    def can_meet(self, keys: tuple[str, ...]) -> bool:
        """Whether some choice meets these demands."""
        found = np.ones(len(self.choices), dtype=bool)
        for key in keys:
            found &= self.met[key]
        return bool(found.any())

    def smallest_clash(self) -> int:
        """How many demands the smallest clashing set has."""
        for size in range(1, len(self.met) + 1):
            for keys in combinations(self.met, size):
                if not self.can_meet(keys):
                    return size
        raise AssertionError("nothing clashes")

    def best(self, stages: tuple[str, ...], allowed: Flags) -> tuple[dict[str, float], Flags]:
        """The best value of each stage in this order, and the choices that reach them all."""
        rows = np.flatnonzero(allowed)
        values = {}
        for stage in stages:
            found = stage_values(self.problem, stage, self.choices[rows])
            best = found.max() if stage == "bereikbaarheid" else found.min()
            rows, values[stage] = rows[np.isclose(found, best, rtol=0, atol=1e-9)], float(best)
        kept = np.zeros(len(allowed), dtype=bool)
        kept[rows] = True
        return values, kept


def stage_values(problem: SitingProblem, stage: str, choices: Floats) -> Floats:
    """The value of a stage for each choice, straight from its definition."""
    of = problem.candidates
    places = of["place_count"].fillna(0).to_numpy()
    if stage == "bereikbaarheid":
        worth = places * np.rint(of["access"].fillna(0).to_numpy() * 100)
        return np.asarray((choices @ worth) / 100)
    if stage == "tussenafstand":
        return _conflicts(problem, choices)
    if stage == "nabijheid":
        assert problem.near is not None
        added = choices @ (problem.near.near.toarray() * places).T
        after = added + problem.near.existing_place_count.to_numpy(dtype="float64")
        return np.asarray(np.where(added > 0, after, 0).max(axis=1))
    known = problem.gemeenten["weight"].notna() & problem.existing.notna().all(axis=1)
    codes = problem.gemeenten.index[known]
    inside = np.array([of["gemeente_code"] == code for code in codes]).T
    held = choices @ (inside * places[:, None]) + problem.existing.loc[codes].sum(axis=1).to_numpy()
    weights = problem.gemeenten.loc[codes, "weight"].to_numpy()
    steps = weights.sum() * held - weights * held.sum(axis=1, keepdims=True)
    return np.asarray(np.abs(steps).max(axis=1) / weights.sum())


def _conflicts(problem: SitingProblem, choices: Floats) -> Floats:
    assert problem.separation is not None
    of, sites = problem.candidates, problem.existing_sites
    found = np.zeros(len(choices))
    x, y = of["x_m"].to_numpy(), of["y_m"].to_numpy()
    for first, second in combinations(range(len(of)), 2):
        if np.hypot(x[first] - x[second], y[first] - y[second]) < problem.separation.distance_m:
            found += choices[:, first] * choices[:, second]
    for row in range(len(of)):
        apart = np.hypot(x[row] - sites["x_m"], y[row] - sites["y_m"])
        found += choices[:, row] * int((apart < problem.separation.distance_m).sum())
    return found


def every_choice(problem: SitingProblem) -> EveryChoice:
    """Every choice of the candidates that the facts allow, tried against every demand."""
    of, keys = problem.candidates, list(problem.candidates.index)
    known = problem.gemeenten["weight"].notna() & problem.existing.notna().all(axis=1)
    can = of["place_count"].notna()
    if "bereikbaarheid" in problem.stages:
        can &= of["access"].notna()
    if "verdeling" in problem.stages:
        can &= of["gemeente_code"].map(known)
    usable = np.flatnonzero(can.to_numpy())
    choices = np.zeros((1 << len(usable), len(of)))
    choices[:, usable] = _bits(len(usable))
    places = of["place_count"].fillna(0).to_numpy()
    met: dict[str, Flags] = {}

    def counted(which: Any, worth: Floats = places) -> Floats:
        return np.asarray(choices @ (np.asarray(which, dtype="float64") * worth))

    for target in problem.targets:
        here = of["type"] == target.type
        for noun, least, most, found in (
            ("plekken", target.least_place_count, target.most_place_count, counted(here)),
            ("locaties", target.least_site_count, target.most_site_count, choices @ here),
        ):
            key = f"{noun}:{target.type}"
            if least is not None and least == most:
                met[f"{key}:precies"] = found == least
                continue
            if least is not None:
                met[f"{key}:minstens"] = found >= least
            if most is not None:
                met[f"{key}:hoogstens"] = found <= most
    for entry in problem.least_in_gemeente:
        for code in (
            problem.gemeenten.index if entry.gemeente_code is None else [entry.gemeente_code]
        ):
            here = (of["type"] == entry.type) & (of["gemeente_code"] == code)
            there = float(np.nansum(problem.existing.loc[[code], [entry.type]].to_numpy()))
            met[f"minstens:{entry.type}:{code}"] = counted(here) + there >= entry.place_count
    for limit in problem.most_in_gemeente:
        for code in (
            problem.gemeenten.index if limit.gemeente_code is None else [limit.gemeente_code]
        ):
            there = float(np.nansum(problem.existing.loc[[code]].to_numpy()))
            met[f"hoogstens:{code}"] = (
                counted(of["gemeente_code"] == code) + there <= limit.place_count
            )
    if problem.most_place_count_per_site is not None:
        too_large = (places > problem.most_place_count_per_site).astype("float64")
        met["grootte"] = choices @ too_large == 0
    if problem.budget_eur is not None:
        cost = of["cost_eur"].fillna(1e15).to_numpy()
        met["budget"] = choices @ cost <= problem.budget_eur
    for key in problem.forced_in:
        met[f"wel:{key}"] = choices[:, keys.index(key)] == 1
    for key in problem.forced_out:
        met[f"niet:{key}"] = choices[:, keys.index(key)] == 0
    return EveryChoice(problem, choices, met)


def mask_of(problem: SitingProblem, chosen: tuple[str, ...]) -> Floats:
    """A choice as a row of 0 and 1."""
    return problem.candidates.index.isin(chosen).astype("float64")
