"""Choosing sites against every choice there is: values, clashes, prices and fronts."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from analysis.siting.choose import SitingTerms, choose_sites
from analysis.siting.plan import SitingAnswer
from analysis.siting.problem import SitingProblem
from tests.analysis.siting_cases import every_choice, mask_of, random_problem

CHUNKS, OF_EACH = 25, 20
NO_PRICES = SitingTerms(price_seconds=0.0)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_choice_is_the_best_of_every_choice_there_is(chunk: int) -> None:
    for seed in range(chunk * OF_EACH, (chunk + 1) * OF_EACH):
        # Most are small, so that looking at every choice stays quick; some have 18 candidates.
        problem = random_problem(seed, most=18 if seed % 10 == 0 else 12)
        _check(problem, choose_sites(problem, NO_PRICES), seed)


def _check(problem: SitingProblem, answer: SitingAnswer, seed: int) -> None:
    every = every_choice(problem)
    allowed = every.allowed()
    if not allowed.any():
        assert answer.plan is None, seed
        assert answer.clash is not None, seed
        assert answer.clash.is_smallest, seed
        keys = tuple(demand.key for demand in answer.clash.demands)
        assert not every.can_meet(keys), seed
        assert len(keys) == every.smallest_clash(), seed
        return
    assert answer.clash is None, seed
    assert answer.plan is not None, seed
    plan = answer.plan
    assert plan.is_whole, seed
    values, best = every.best(problem.stages, allowed)
    for outcome in plan.stages:
        assert outcome.value == pytest.approx(values[outcome.stage], abs=1e-7), (seed, outcome)
        assert outcome.bound == outcome.value
        assert outcome.gap == 0
    row = np.flatnonzero((every.choices == mask_of(problem, plan.chosen)).all(axis=1))
    assert best[row].all(), seed
    assert len(row) == 1, seed


def test_some_of_the_random_problems_clash_and_some_do_not() -> None:
    clashing = [
        not every_choice(random_problem(seed, most=12)).allowed().any() for seed in range(100)
    ]
    assert 10 < sum(clashing) < 90


@pytest.mark.parametrize("seed", range(1000, 1030))
def test_the_price_of_a_candidate_is_what_every_choice_with_it_costs(seed: int) -> None:
    problem = random_problem(seed, most=9)
    answer = choose_sites(problem)
    every = every_choice(problem)
    if answer.plan is None:
        assert not every.allowed().any()
        return
    plain, _ = every.best(problem.stages, every.allowed())
    left_out = [key for key in problem.candidates.index if key not in answer.plan.chosen]
    assert [price.key for price in answer.prices] == left_out
    for price in answer.prices:
        column = list(problem.candidates.index).index(price.key)
        with_it = every.allowed(frozenset({f"niet:{price.key}"})) & (every.choices[:, column] == 1)
        assert price.is_asked
        if not with_it.any():
            assert price.why_not, (seed, price)
            assert not price.stages
            continue
        values, _ = every.best(problem.stages, with_it)
        assert price.why_not is None, (seed, price)
        for stage in price.stages:
            assert stage.value == pytest.approx(values[stage.stage], abs=1e-7), (seed, price)
            worse = values[stage.stage] - plain[stage.stage]
            sign = -1 if stage.stage == "bereikbaarheid" else 1
            assert stage.worse_by == pytest.approx(sign * worse, abs=1e-7), (seed, price)


@pytest.mark.parametrize("seed", range(2000, 2020))
def test_the_front_of_two_stages_holds_every_choice_that_no_other_beats(seed: int) -> None:
    problem = random_problem(seed, most=8)
    pair = ("verdeling", "bereikbaarheid") if seed % 2 else ("bereikbaarheid", "nabijheid")
    problem = replace(problem, stages=pair)
    terms = SitingTerms(price_seconds=0.0, front=pair, most_front_points=300)
    answer = choose_sites(problem, terms)
    every = every_choice(problem)
    if answer.plan is None:
        assert not every.allowed().any()
        return
    assert answer.front is not None
    assert answer.front.is_complete
    expected = _front(every, pair)
    found = [point.values for point in answer.front.points]
    assert len(found) == len(expected)
    assert np.allclose(sorted(found), sorted(expected), atol=1e-7)


def _front(every: object, pair: tuple[str, str]) -> list[tuple[float, float]]:
    from tests.analysis.siting_cases import EveryChoice, stage_values

    assert isinstance(every, EveryChoice)
    rows = every.choices[every.allowed()]
    signs = [-1 if stage == "bereikbaarheid" else 1 for stage in pair]
    values = np.column_stack(
        [
            np.round(sign * stage_values(every.problem, stage, rows), 7)
            for sign, stage in zip(signs, pair, strict=True)
        ]
    )
    values = np.unique(values, axis=0)
    kept = [
        row
        for row in values
        if not ((values <= row).all(axis=1) & (values < row).any(axis=1)).any()
    ]
    return [(signs[0] * row[0], signs[1] * row[1]) for row in kept]


@pytest.mark.parametrize("seed", range(3000, 3010))
def test_an_answer_and_a_problem_read_back_from_json_as_they_were(seed: int) -> None:
    problem = random_problem(seed, most=9)
    record = json.loads(json.dumps(problem.to_record(), allow_nan=False))
    again = SitingProblem.from_record(record)
    assert again.to_record() == record
    answer = choose_sites(problem)
    told = json.loads(json.dumps(answer.to_record(), allow_nan=False))
    assert SitingAnswer.from_record(told) == answer
    repeated = choose_sites(again)
    assert (repeated.plan is None) == (answer.plan is None)
    if answer.plan is not None and repeated.plan is not None:
        assert [one.value for one in repeated.plan.stages] == [
            one.value for one in answer.plan.stages
        ]
