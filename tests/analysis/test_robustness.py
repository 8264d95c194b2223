"""Whether the order holds: against exact answers, over weightings, over settings."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest

from analysis.comparing.difference import NOTHING_DIFFERS, difference_sentence, gaps
from analysis.comparing.draws import NearWeighting, SameOrder, draw_weights
from analysis.comparing.model import Comparison, compare, weights_of
from analysis.comparing.order import (
    judge_order,
    measure_robustness,
    order_over_settings,
    order_sentence,
    settings_sentence,
)
from analysis.comparing.robustness import rank_acceptability
from analysis.comparing.turning_point import (
    point_of,
    turning_point,
    turning_points,
    turning_sentence,
)
from analysis.errors import InputError
from tests.analysis.comparing_cases import BY_HAND, POINTS, compared
from tests.analysis.test_comparing import points_for, tables

Rows = Mapping[str, Sequence[float | None]]
DRAWS = 40_000
#: Four standard errors of a share of a half.
NEAR = 4 * 0.5 / DRAWS**0.5


def table(rows: Rows) -> pd.DataFrame:
    """Values by candidate, on criteria a, b, c ..."""
    count = len(next(iter(rows.values())))
    return pd.DataFrame(list(rows.values()), index=list(rows), columns=list("abcdefghi")[:count])


def whole(value: float) -> str:
    return f"{value:.0f}"


# Draws


def test_weights_are_drawn_evenly_from_the_simplex() -> None:
    drawn = draw_weights(pd.Index(list("abcd")), DRAWS, seed=5)
    np.testing.assert_allclose(drawn.sum(axis=1), 1.0)
    assert (drawn >= 0).all(axis=None)
    # One weight of four is above t in a part (1 - t)³ of the simplex.
    for key in drawn:
        assert kstest(drawn[key], lambda t: 1 - (1 - t) ** 3).pvalue > 0.001


def test_weights_near_those_of_the_users_stay_between_their_bounds() -> None:
    own = weights_of({"a": 60, "b": 25, "c": 10, "d": 5})
    drawn = draw_weights(own.index, DRAWS, seed=1, within=NearWeighting(own))
    np.testing.assert_allclose(drawn.sum(axis=1), 1.0)
    assert (drawn >= 0.5 * own - 1e-12).all(axis=None)
    assert (drawn <= 1.5 * own + 1e-12).all(axis=None)


@pytest.mark.parametrize("points", [(60, 25, 15), (34, 33, 33), (10, 80, 10)])
def test_draws_near_are_those_that_are_left_of_all_weightings(points: tuple[int, ...]) -> None:
    own = weights_of(dict(zip("abc", points, strict=True)))
    near = draw_weights(own.index, DRAWS, seed=2, within=NearWeighting(own))
    every = draw_weights(own.index, 600_000, seed=3)
    left = every[((every >= 0.5 * own) & (every <= 1.5 * own)).all(axis=1)]
    assert len(left) > 5_000
    for key in own.index:
        theirs = np.quantile(left[key], [0.1, 0.5, 0.9])
        np.testing.assert_allclose(np.quantile(near[key], [0.1, 0.5, 0.9]), theirs, atol=0.01)


def test_weights_in_the_order_of_the_users_are_those_left_of_all_weightings() -> None:
    own = weights_of({"a": 10, "b": 50, "c": 40})
    drawn = draw_weights(own.index, DRAWS, seed=2, within=SameOrder(own))
    assert (drawn["b"] >= drawn["c"]).all()
    assert (drawn["c"] >= drawn["a"]).all()
    # The mean of the largest, middle and smallest of three: 11/18, 5/18 and 2/18.
    np.testing.assert_allclose(drawn.mean()[["b", "c", "a"]] * 18, [11, 5, 2], atol=0.06)


def test_equal_weights_come_in_either_order() -> None:
    own = weights_of({"a": 40, "b": 40, "c": 20})
    drawn = draw_weights(own.index, DRAWS, seed=2, within=SameOrder(own))
    assert (drawn["a"] > drawn["b"]).mean() == pytest.approx(0.5, abs=NEAR)
    assert (drawn[["a", "b"]].min(axis=1) >= drawn["c"]).all()


def test_one_criterion_has_all_the_weight() -> None:
    own = weights_of({"a": 3})
    for within in (None, NearWeighting(own), SameOrder(own)):
        drawn = draw_weights(own.index, 5, within=within)
        np.testing.assert_allclose(drawn["a"], 1.0)


@pytest.mark.parametrize("share", [0.0, 1.0, -0.5, float("nan")])
def test_weights_near_need_a_share_between_nothing_and_all(share: float) -> None:
    with pytest.raises(InputError):
        NearWeighting(weights_of({"a": 1}), share)


def test_nothing_is_drawn_near_a_criterion_without_weight() -> None:
    own = weights_of({"a": 1, "b": 0})
    with pytest.raises(InputError, match="no weight"):
        draw_weights(own.index, 5, within=NearWeighting(own))


# Shares of places


def test_two_candidates_on_two_criteria_have_their_exact_shares() -> None:
    # A leads when 0.9 u + 0.2 (1 - u) > 0.3 u + (1 - u), so when u > 0.8 / 1.4.
    found = rank_acceptability(table({"A": (0.9, 0.2), "B": (0.3, 1.0)}), DRAWS)
    exact = 1 - 0.8 / 1.4
    assert found.first_share["A"] == pytest.approx(exact, abs=NEAR)
    assert found.shares.loc["B", 2] == pytest.approx(exact, abs=NEAR)
    assert found.above.loc["A", "B"] == found.first_share["A"]
    error = (exact * (1 - exact) / DRAWS) ** 0.5
    assert found.standard_error.loc["A", 1] == pytest.approx(error, rel=0.02)
    # The mean of u above 0.8 / 1.4 lies halfway to 1.
    assert found.central_weights.loc["A", "a"] == pytest.approx((1 + 0.8 / 1.4) / 2, abs=0.01)


def test_three_candidates_each_good_at_one_thing_share_the_simplex_equally() -> None:
    found = rank_acceptability(table({"A": (1, 0, 0), "B": (0, 1, 0), "C": (0, 0, 1)}), DRAWS)
    assert found.first_share.tolist() == pytest.approx([1 / 3] * 3, abs=NEAR)
    # The largest of three weights has a mean of 11/18.
    assert found.central_weights.loc["A", "a"] == pytest.approx(11 / 18, abs=0.005)


def areas_of_first(rows: Mapping[str, Sequence[float]], cuts: int = 400) -> dict[str, float]:
    """The part of the triangle of three weights in which each comes first, by a fine grid."""
    counts = dict.fromkeys(rows, 0)
    points = 0
    for one in range(cuts):
        for two in range(cuts - one):
            weights = ((one + 1 / 3) / cuts, (two + 1 / 3) / cuts)
            totals = {
                name: sum(u * v for u, v in zip((*weights, 1 - sum(weights)), row, strict=True))
                for name, row in rows.items()
            }
            counts[max(totals, key=lambda name: totals[name])] += 1
            points += 1
    return {name: count / points for name, count in counts.items()}


def test_shares_on_three_criteria_are_the_areas_of_the_triangle() -> None:
    rows = {"A": (0.9, 0.2, 0.5), "B": (0.3, 1.0, 0.4), "D": (0.6, 0.5, 0.7), "E": (0.1, 0.1, 0.9)}
    found = rank_acceptability(table(rows), DRAWS)
    for name, area in areas_of_first(rows).items():
        assert found.first_share[name] == pytest.approx(area, abs=0.012)


@given(tables(), st.integers(0, 5))
@settings(max_examples=30)
def test_shares_are_those_of_a_plain_count(raw: dict[str, tuple[float, ...]], seed: int) -> None:
    values = table(raw)
    found = rank_acceptability(values, 60, seed)
    drawn = draw_weights(values.columns, 60, seed)
    counts = np.zeros(found.shares.shape)
    for weights in drawn.to_numpy().tolist():
        totals = [
            round(sum(u * v for u, v in zip(weights, row, strict=True)), 10) for row in raw.values()
        ]
        for number, own in enumerate(totals):
            counts[number, sum(other > own for other in totals)] += 1
    np.testing.assert_allclose(found.shares, counts / 60)


def test_equal_candidates_share_the_first_place() -> None:
    found = rank_acceptability(table({"A": (0.4, 0.6), "B": (0.4, 0.6), "C": (0.1, 0.1)}), 500)
    assert found.first_share.tolist() == [1.0, 1.0, 0.0]
    assert found.shares[2].tolist() == [0.0, 0.0, 0.0]
    assert found.shares.loc["C", 3] == 1.0
    assert found.central_weights.loc["C"].isna().all()


@given(tables())
@settings(max_examples=30)
def test_a_dominated_candidate_has_no_share_of_its_own(raw: dict[str, tuple[float, ...]]) -> None:
    values = table(raw)
    found = rank_acceptability(values, 300)
    for one, two in itertools.permutations(values.index, 2):
        if (values.loc[two] > values.loc[one]).all():
            assert found.first_share[one] == 0


def test_the_order_in_which_things_are_listed_changes_no_share() -> None:
    values = table({"A": (0.9, 0.2, 0.5), "B": (0.3, 1.0, 0.4), "C": (0.5, 0.5, 0.5)})
    one = rank_acceptability(values, 2_000)
    two = rank_acceptability(values.loc[["C", "A", "B"], ["b", "c", "a"]], 2_000)
    pd.testing.assert_frame_equal(one.shares, two.shares.loc[values.index])


def test_an_unknown_value_leaves_a_candidate_out_by_name() -> None:
    values = table({"A": (0.9, 0.2), "B": (0.3, 1.0), "C": (float("nan"), 1.0)})
    found = rank_acceptability(values, 100)
    assert found.left_out == ("C",)
    assert list(found.shares.index) == ["A", "B"]
    with pytest.raises(InputError):
        rank_acceptability(values.loc[["C"]], 100)


# First and second


def test_first_and_second_that_often_change_places_are_not_told_apart() -> None:
    found = compared({"A": (0.9, 0.2), "B": (0.3, 1.0)}, {"a": 60, "b": 40})
    verdict = judge_order(found, rank_acceptability(found.ranked_values, DRAWS))
    # A is first with 60 points, and above B in 43 of 100 weightings.
    assert verdict.first == "A"
    assert verdict.swap_share == pytest.approx(0.8 / 1.4, abs=NEAR)
    assert verdict.word == "geen duidelijk verschil"
    assert order_sentence(found, verdict, whole) == (
        "In 57 van de 100 trekkingen uit alle wegingen staat A niet boven B: geen duidelijk "
        "verschil."
    )


def test_a_first_that_is_above_everywhere_is_told_apart() -> None:
    found = compared({"A": (0.9, 0.9), "B": (0.3, 0.3)}, {"a": 60, "b": 40})
    robustness = measure_robustness(found, 200)
    assert robustness is not None
    assert robustness.is_clear
    assert [verdict.swap_share for verdict in robustness.verdicts] == [0.0, 0.0]


def test_exactly_one_in_four_is_still_a_clear_difference() -> None:
    # A is above B when u > 0.25.
    found = compared({"A": (1.0, 0.0), "B": (0.0, 1 / 3)}, {"a": 60, "b": 40})
    verdict = judge_order(found, rank_acceptability(found.ranked_values, DRAWS))
    assert verdict.swap_share == pytest.approx(0.25, abs=NEAR)
    assert verdict.is_clear == (verdict.swap_share <= 0.25)


def test_equal_candidates_are_never_told_apart() -> None:
    found = compared({"A": (0.5, 0.5), "B": (0.5, 0.5)}, {"a": 60, "b": 40})
    robustness = measure_robustness(found, 100)
    assert robustness is not None
    assert not robustness.is_clear
    assert robustness.verdicts[0].swap_share == 1.0


def test_weights_near_can_settle_what_all_weightings_do_not() -> None:
    found = compared({"A": (1.0, 0.0), "B": (0.0, 1.0)}, {"a": 80, "b": 20})
    robustness = measure_robustness(found, 2_000)
    assert robustness is not None
    everywhere, near = robustness.verdicts
    assert not everywhere.is_clear
    assert near.is_clear
    assert not robustness.is_clear


def test_without_totals_nothing_is_judged() -> None:
    nothing = compared({"A": (None, 1.0), "B": (None, 1.0)}, {"a": 1, "b": 1})
    assert measure_robustness(nothing, 10) is None
    one = compared({"A": (0.5, 1.0), "B": (None, 1.0)}, {"a": 1, "b": 1})
    robustness = measure_robustness(one, 10)
    assert robustness is not None
    assert robustness.verdicts == ()
    assert not robustness.is_clear


def test_what_users_left_out_stays_out_of_the_draws() -> None:
    found = compared({"A": (0.5, 0.9), "B": (0.6, 0.0)}, {"a": 1, "b": 0})
    robustness = measure_robustness(found, 100)
    assert robustness is not None
    assert robustness.everywhere.first_share.to_dict() == {"B": 1.0, "A": 0.0}


# Settings


def of_values(*rows: float | None) -> Comparison:
    return compared({"A": (rows[0],), "B": (rows[1],)}, {"a": 1})


def test_in_how_many_settings_the_first_stays_first() -> None:
    found = order_over_settings(
        {
            "400 meter": of_values(0.9, 0.1),
            "800 meter": of_values(0.8, 0.2),
            "1.200 meter": of_values(0.3, 0.4),
            "per wijk": of_values(None, None),
            "gelijk": of_values(0.5, 0.5),
        }
    )
    assert (found.base, found.same_count, len(found.known)) == ("400 meter", 2, 4)
    assert found.changed == ("1.200 meter", "gelijk")
    # Of the four that are known A is first in three (once shared), B in two.
    assert found.shares.to_dict("index") == {"A": {1: 0.75, 2: 0.25}, "B": {1: 0.5, 2: 0.5}}
    assert settings_sentence(found, pd.Series({"A": "De Linde", "B": "Het Veld"}), whole) == (
        "In 2 van de 4 instellingen staat De Linde op de eerste plaats. Anders is het bij 1.200 "
        "meter Het Veld en bij gelijk De Linde en Het Veld. Niet te berekenen bij per wijk."
    )


def test_without_a_total_in_the_chosen_setting_nothing_is_said() -> None:
    found = order_over_settings({"nu": of_values(None, None), "anders": of_values(0.1, 0.2)})
    assert settings_sentence(found, pd.Series({"A": "A", "B": "B"}), whole).startswith("Niet te")


def test_settings_of_other_candidates_are_refused() -> None:
    other = compared({"C": (0.1,)}, {"a": 1})
    with pytest.raises(InputError):
        order_over_settings({"een": of_values(0.1, 0.2), "twee": other})
    with pytest.raises(InputError):
        order_over_settings({})


# The smallest change of weights


def slow_distance(leads: Sequence[float], weights: Sequence[float]) -> float | None:
    """Points to move until a pair is equal, the cheapest first: each from where it costs most."""
    target = leads.index(max(leads))
    behind = -sum(lead * weight for lead, weight in zip(leads, weights, strict=True))
    moved = 0.0
    for source in sorted(range(len(leads)), key=lambda number: leads[number]):
        gain = leads[target] - leads[source]
        if gain <= 0:
            return None
        step = min(weights[source], behind / gain)
        moved, behind = moved + step, behind - step * gain
        if behind <= 1e-12:
            return 100 * moved
    return None


@given(tables())
def test_the_turning_point_of_a_pair_is_its_closed_form(raw: dict[str, tuple[float, ...]]) -> None:
    pair = {name: raw[name] for name in ("s0", "s1")}
    found = compared(pair, points_for(pair))
    first, second = found.ranked
    point = turning_point(found)
    if (
        found.totals["rank"].max() == 1
        or found.values.loc[second].le(found.values.loc[first]).all()
    ):
        assert point is None
        return
    leads = (found.values.loc[second] - found.values.loc[first]).tolist()
    assert point is not None
    assert point.points_moved == pytest.approx(
        slow_distance(leads, found.weights.tolist()), abs=1e-6
    )


@given(tables(least=3))
@settings(max_examples=30)
def test_at_its_turning_point_a_candidate_shares_the_first_place_and_further_has_it_alone(
    raw: dict[str, tuple[float, ...]],
) -> None:
    found = compared(raw, points_for(raw))
    for point in turning_points(found):
        there = compare(found.facts, point.weights / point.weights.sum()).totals["total"]
        assert there[point.candidate] == pytest.approx(there.max(), abs=1e-6)
        moved = 50 * float((point.weights - found.weights).abs().sum())
        assert moved == pytest.approx(point.points_moved, abs=1e-9)
        nearer = found.weights + 0.98 * (point.weights - found.weights)
        before = compare(found.facts, nearer / nearer.sum()).totals
        assert before["rank"][point.candidate] > 1


def test_no_weighting_of_a_fine_grid_turns_the_order_with_less() -> None:
    rows = {"A": (0.9, 0.2, 0.5), "B": (0.3, 1.0, 0.4), "D": (0.6, 0.5, 0.7)}
    found = compared(rows, POINTS)
    cuts = 200
    nearest: dict[str, float] = {}
    for one, two in itertools.product(range(cuts + 1), repeat=2):
        if one + two > cuts:
            continue
        weights = np.array([one, two, cuts - one - two]) / cuts
        totals = found.values.to_numpy() @ weights
        first = str(found.values.index[int(np.argmax(totals))])
        moved = 50 * float(np.abs(weights - found.weights.to_numpy()).sum())
        nearest[first] = min(moved, nearest.get(first, 100.0))
    for point in turning_points(found):
        assert point.points_moved <= nearest[point.candidate] + 1e-9
        assert point.points_moved == pytest.approx(nearest[point.candidate], abs=1.5)
    assert {point.candidate for point in turning_points(found)} == set(nearest) - {"A"}


def test_a_dominated_candidate_has_no_turning_point() -> None:
    found = compared(BY_HAND, POINTS)
    assert point_of(found, "C") is None
    assert [point.candidate for point in turning_points(found)] == ["B"]


def test_a_candidate_between_two_others_may_never_come_first() -> None:
    # M is dominated by nobody, and yet always below A or B.
    found = compared({"A": (1.0, 0.0), "B": (0.0, 1.0), "M": (0.4, 0.4)}, {"a": 60, "b": 40})
    assert point_of(found, "M") is None


def test_a_turning_point_is_told_with_old_and_new_points() -> None:
    found = compared({"A": (1.0, 0.0), "B": (0.0, 1.0)}, {"a": 60, "b": 40})
    assert turning_sentence(found, whole) == (
        "B komt vooraan als u ongeveer 10 van de 100 punten verschuift: b van 40 naar 50 en a van "
        "60 naar 50."
    )


def test_without_a_turning_point_that_is_said() -> None:
    above = compared({"A": (1.0, 1.0), "B": (0.0, 1.0)}, {"a": 60, "b": 40})
    assert turning_point(above) is None
    assert turning_sentence(above, whole).startswith("Met geen enkele weging")
    alone = compared({"A": (1.0, 1.0), "B": (None, 1.0)}, {"a": 60, "b": 40})
    assert turning_sentence(alone, whole) == "Er zijn geen twee kandidaten met een totaal."
    with pytest.raises(InputError):
        point_of(alone, "B")


def test_points_are_only_moved_between_what_weighs() -> None:
    found = compared({"A": (1.0, 0.0, 0.0), "B": (0.0, 0.5, 1.0)}, {"a": 60, "b": 40, "c": 0})
    point = turning_point(found)
    assert point is not None
    assert point.weights["c"] == 0
    assert point.weights["a"] == pytest.approx(1 / 3)


# What differs most


def sentence(rows: Rows, points: dict[str, float]) -> str:
    found = compared(rows, points)
    return difference_sentence(found, measure_robustness(found, 2_000), whole)


def test_a_clear_difference_is_told_with_what_makes_it_and_what_goes_against_it() -> None:
    rows = {"A": (1.0, 0.3, 0.9), "B": (0.1, 0.4, 0.1)}
    assert sentence(rows, POINTS) == (
        "A staat boven B, vooral door nabij (45 punten meer); B heeft meer punten op rust (3 meer)."
    )


def test_a_small_difference_is_told_as_none() -> None:
    rows = {"A": (0.9, 0.2), "B": (0.3, 1.0)}
    assert sentence(rows, {"a": 60, "b": 40}) == (
        "Tussen A en B is geen duidelijk verschil; het meest verschilt a (A 54 punten, B 18)."
    )


def test_of_more_candidates_the_widest_gap_is_told_as_well() -> None:
    rows = {"A": (1.0, 0.9), "B": (0.7, 0.5), "C": (0.2, 0.4)}
    told = sentence(rows, {"a": 60, "b": 40})
    assert told.endswith("van alle kandidaten samen verschilt het meest a (A 60 punten, C 12).")
    assert "beste" not in told


def test_nothing_that_differs_is_said() -> None:
    assert sentence({"A": (0.5,), "B": (0.5,)}, {"a": 1}) == NOTHING_DIFFERS


def test_without_totals_the_widest_known_gap_is_told() -> None:
    told = sentence({"A": (0.9, None), "B": (0.1, 0.5)}, {"a": 50, "b": 50})
    assert told == (
        "Nog geen volgorde: van A is het totaal niet te berekenen. Het grootste verschil dat al "
        "bekend is, is a (A 45 punten, B 5)."
    )
    nothing = sentence({"A": (None,), "B": (0.5,)}, {"a": 1})
    assert nothing == "Nog geen volgorde: van A is het totaal niet te berekenen."


def test_the_sentence_is_for_two_to_four() -> None:
    five: Rows = dict.fromkeys("ABCDE", (0.1,))
    one: Rows = {"A": (0.1,)}
    for rows in (five, one):
        with pytest.raises(InputError):
            sentence(rows, {"a": 1})


def test_gaps_are_the_widest_first() -> None:
    found = gaps(compared(BY_HAND, POINTS))
    assert [gap.criterion.key for gap in found] == ["nabij", "rust", "geld"]
    assert [round(gap.points, 9) for gap in found] == [30.0, 27.0, 2.0]
