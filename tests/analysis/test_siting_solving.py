"""Choosing sites: against a second formulation, stopped halfway, told of progress, and by hand."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.errors import InputError
from analysis.siting.choose import SitingTerms, choose_sites
from analysis.siting.conflicts import find_conflicts
from analysis.siting.demands import Separation, Target
from analysis.siting.plan import Progress, SitingAnswer
from analysis.siting.problem import SitingProblem
from analysis.siting.whole_numbers import WholeNumbers
from analysis.spreading.fair_share import fair_share
from analysis.spreading.hoover import hoover_index
from tests.analysis.siting_cases import random_problem
from tests.bench.made_sitings import made_siting

NO_PRICES = SitingTerms(stage_seconds=60.0, price_seconds=0.0)


@pytest.mark.parametrize(
    ("seed", "count", "site_count"), [(1, 60, 8), (2, 120, 12), (3, 200, 20), (4, 90, 30)]
)
def test_a_second_formulation_finds_the_same_values(seed: int, count: int, site_count: int) -> None:
    """Everything in one mixed model of pairs and shares, solved by SciPy."""
    problem = made_siting(count, site_count, seed=seed, separation_m=900.0, with_places=True)
    answer = choose_sites(problem, NO_PRICES)
    assert answer.plan is not None
    assert answer.plan.is_whole
    twin = _Twin(problem)
    for outcome in answer.plan.stages:
        best = twin.solve(outcome.stage)
        assert outcome.value == pytest.approx(best, rel=1e-6, abs=1e-4), outcome
        twin.keep(outcome.stage, best)


class _Twin:
    """Columns: candidates, one a pair, the largest difference. Shares instead of whole steps."""

    def __init__(self, problem: SitingProblem) -> None:
        of = problem.candidates
        self.count = len(of)
        self.pairs = find_conflicts(problem).pairs
        self.size = self.count + len(self.pairs) + 1
        self.access = (of["place_count"] * of["access"]).to_numpy()
        self.rows: list[LinearConstraint] = []
        (target,) = problem.targets
        places = of["place_count"].to_numpy()
        self._add(np.ones(self.count), target.least_site_count, target.most_site_count)
        self._add(places, target.least_place_count, target.most_place_count)
        weights = problem.gemeenten["weight"]
        existing = problem.existing.sum(axis=1)
        for code in problem.gemeenten.index:
            share = weights[code] / weights.sum()
            worth = places * ((of["gemeente_code"] == code).to_numpy() - share)
            start = float(existing[code] - share * existing.sum())
            for sign in (1, -1):
                row = np.zeros(self.size)
                row[: self.count], row[-1] = sign * worth, -1
                self.rows.append(LinearConstraint(row, -np.inf, -sign * start))
        first = sparse.lil_array((len(self.pairs), self.size))
        for number, (one, other) in enumerate(self.pairs):
            first[number, one] = first[number, other] = 1
            first[number, self.count + number] = -1
        if len(self.pairs):
            self.rows.append(LinearConstraint(first.tocsr(), -np.inf, 1))

    def _add(self, worth: np.ndarray, low: float | None, high: float | None) -> None:
        row = np.zeros(self.size)
        row[: self.count] = worth
        self.rows.append(
            LinearConstraint(row, -np.inf if low is None else low, np.inf if high is None else high)
        )

    def _goal(self, stage: str) -> np.ndarray:
        goal = np.zeros(self.size)
        if stage == "verdeling":
            goal[-1] = 1
        elif stage == "tussenafstand":
            goal[self.count : -1] = 1
        else:
            goal[: self.count] = -self.access
        return goal

    def solve(self, stage: str) -> float:
        whole = np.ones(self.size)
        whole[-1] = 0
        highs = np.ones(self.size)
        highs[-1] = np.inf
        found = milp(
            self._goal(stage),
            constraints=self.rows,
            integrality=whole,
            bounds=Bounds(np.zeros(self.size), highs),
            options={"mip_rel_gap": 0.0},
        )
        assert found.status == 0, found.message
        return float(-found.fun if stage == "bereikbaarheid" else found.fun)

    def keep(self, stage: str, value: float) -> None:
        slack = 1e-6 * max(1.0, abs(value))
        limit = -value if stage == "bereikbaarheid" else value
        self.rows.append(LinearConstraint(self._goal(stage), -np.inf, limit + slack))


def test_the_figures_of_a_plan_are_those_of_the_measures_of_spreading() -> None:
    problem = made_siting(80, 10, seed=5, with_places=False)
    plan = choose_sites(problem, NO_PRICES).plan
    assert plan is not None
    chosen = problem.candidates.loc[list(plan.chosen)]
    after = problem.existing["skaeve_huse"].copy()
    for code, count in zip(chosen["gemeente_code"], chosen["place_count"], strict=True):
        after[code] += count
    share = fair_share(int(after.sum()), problem.gemeenten["weight"])
    assert plan.largest_difference_after == pytest.approx(float((after - share).abs().max()))
    assert plan.stages[0].value == pytest.approx(plan.largest_difference_after)
    assert plan.hoover_after == pytest.approx(hoover_index(after, problem.gemeenten["weight"]))
    assert plan.cost_eur == chosen["cost_eur"].sum()
    assert plan.place_count == chosen["place_count"].sum()


def test_stopping_gives_the_best_plan_so_far_and_says_so() -> None:
    problem = made_siting(2000, 80, seed=2, separation_m=1500.0, with_places=True)
    stopped, told = threading.Event(), []

    def hear(progress: Progress) -> None:
        told.append(progress)
        if progress.stage != "verdeling":
            stopped.set()

    started = time.perf_counter()
    answer = choose_sites(problem, SitingTerms(stage_seconds=120.0), hear=hear, stop=stopped)
    assert time.perf_counter() - started < 60
    assert answer.was_stopped
    assert answer.plan is not None
    assert not answer.plan.is_whole
    assert answer.plan.stages[0].is_proven
    assert answer.plan.stages[-1].ended == "gestopt"
    assert answer.plan.stages[-1].bound is None
    assert len(answer.plan.chosen) == 80
    assert answer.prices == ()
    assert {one.stage for one in told} >= {"verdeling", "tussenafstand"}


def test_stopped_before_it_began_there_is_no_plan_and_no_clash() -> None:
    answer = choose_sites(random_problem(1), stop=lambda: True)
    assert (answer.plan, answer.clash, answer.was_stopped) == (None, None, True)


def test_out_of_time_a_plan_states_its_gap() -> None:
    """An instant is enough for the first stage at most; what is left is not called proven."""
    problem = made_siting(600, 30, seed=1, separation_m=2500.0, with_places=True)
    answer = choose_sites(problem, SitingTerms(stage_seconds=1.0, price_seconds=0.0))
    if answer.plan is None:
        assert answer.clash is None
        return
    for outcome in answer.plan.stages:
        if outcome.ended == "bewezen":
            assert outcome.bound == outcome.value
        elif outcome.gap is not None:
            assert 0 <= outcome.gap <= 1


def test_progress_names_the_stages_in_their_order_and_then_the_explanation() -> None:
    problem, told = made_siting(40, 5, seed=3, with_places=False), list[Progress]()
    choose_sites(problem, hear=told.append)
    order = list(dict.fromkeys(one.stage for one in told))
    assert order == [*problem.stages, "uitleg"]
    assert all(one.step <= one.step_count for one in told)
    last = {one.stage: one for one in told}
    assert last["verdeling"].gap == 0


def test_the_same_question_gets_the_same_answer() -> None:
    problem = made_siting(150, 15, seed=4, with_places=False)
    answers = [choose_sites(problem, NO_PRICES) for _ in range(2)]
    plans = [answer.plan for answer in answers]
    assert plans[0] is not None
    assert plans[1] is not None
    assert plans[0].chosen == plans[1].chosen
    assert [one.value for one in plans[0].stages] == [one.value for one in plans[1].stages]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.floats(50, 2500))
def test_cliques_hold_every_pair_and_say_what_pairs_say(seed: int, wished_m: float) -> None:
    problem = replace(random_problem(seed), separation=Separation(wished_m, "Rust."))
    found = find_conflicts(problem)
    everything = np.ones(found.candidate_count, dtype=bool)
    pairs = {tuple(pair) for pair in found.pairs.tolist()}
    for cliques, is_once in (
        (found.covering_cliques(everything), False),
        (found.separate_cliques(everything), True),
    ):
        held = [
            (first, second)
            for clique in cliques
            for first in clique.tolist()
            for second in clique.tolist()
            if first < second
        ]
        assert set(held) == pairs
        assert not is_once or len(held) == len(pairs)


def test_a_problem_names_all_that_is_wrong_at_once() -> None:
    good = random_problem(0, most=6)
    table = good.candidates.copy()
    table["place_count"] = [2.5, *table["place_count"][1:]]
    table["access"] = [101.0, *table["access"][1:]]
    with pytest.raises(InputError) as caught:
        replace(
            good,
            candidates=table,
            targets=(Target("skaeve_huse", 5, 3),),
            budget_eur=-1,
            forced_in=("K99",),
            stages=("mooi", "mooi"),
        )
    told = " ".join(caught.value.breaches)
    for part in (
        "aantal plekken",
        "bereikbaarheid",
        "hoger dan het meeste",
        "budget",
        "K99",
        "mooi",
    ):
        assert part in told


def test_a_gemeente_without_a_known_weight_stays_outside_and_says_why() -> None:
    problem = made_siting(30, 4, seed=6, with_places=False)
    weights = problem.gemeenten.copy()
    code = str(problem.candidates["gemeente_code"].iloc[0])
    weights.loc[code, "weight"] = np.nan
    plan = choose_sites(replace(problem, gemeenten=weights), NO_PRICES).plan
    assert plan is not None
    by_code = {row.gemeente_code: row for row in plan.gemeenten}
    assert by_code[code].fair_share_after is None
    assert by_code[code].reason
    assert by_code[code].chosen_site_count == 0
    here = [row for row in plan.candidates if row.gemeente_code == code]
    assert all(row.reason and not row.is_chosen for row in here)


def test_steps_and_units_turn_into_each_other() -> None:
    numbers = WholeNumbers(made_siting(30, 4, seed=7, with_places=False))
    chosen = np.arange(30) % 7 == 0
    for stage in numbers.problem.stages:
        steps = numbers.steps(stage, chosen)
        assert numbers.steps_of(stage, numbers.to_unit(stage, steps)) == steps


def test_an_empty_answer_is_read_back() -> None:
    assert SitingAnswer.from_record(SitingAnswer(None, None).to_record()) == SitingAnswer(
        None, None
    )


def test_nothing_to_choose_from_clashes_with_a_target() -> None:
    problem = made_siting(5, 2, seed=8, with_places=False)
    nobody = replace(problem, candidates=problem.candidates.assign(place_count=np.nan))
    answer = choose_sites(nobody)
    assert answer.clash is not None
    assert [one.key for one in answer.clash.demands] == ["locaties:skaeve_huse:precies"]
    assert pd.notna(nobody.unavailable).all()
