"""The additive model: values, weights, totals, order, and who dominates whom."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.comparing.criteria import CRITERIA, PRESETS, criteria_of
from analysis.comparing.dominance import dominance_sentences, dominated_in, dominators
from analysis.comparing.draws import draw_weights
from analysis.comparing.model import Comparison, compare, total_of, weights_of
from analysis.comparing.values import to_values, value_of
from analysis.errors import InputError
from analysis.facility_types import FACILITY_TYPES
from tests.analysis.comparing_cases import BY_HAND, POINTS, a_criterion, compared, facts_of

#: Values on a grid: sums of fractions then hide no tie, and no tie is made by rounding.
TENTHS = st.integers(0, 10).map(lambda tenths: tenths / 10)


@st.composite
def tables(draw: st.DrawFn, least: int = 2) -> dict[str, tuple[float, ...]]:
    """Candidates by name with their values on some criteria."""
    criterion_count = draw(st.integers(1, 5))
    rows = draw(st.lists(st.tuples(*[TENTHS] * criterion_count), min_size=least, max_size=6))
    return {f"s{number}": row for number, row in enumerate(rows)}


def points_for(raw: dict[str, tuple[float, ...]], seed: int = 3) -> dict[str, float]:
    """Points for as many criteria as the table has."""
    count = len(next(iter(raw.values())))
    drawn = np.random.default_rng(seed).integers(1, 50, count)
    return {f"k{number}": float(points) for number, points in enumerate(drawn)}


# Values


def test_a_figure_is_worth_one_at_good_and_nothing_at_bad() -> None:
    raw = pd.Series([0.0, 25.0, 50.0, 100.0, 120.0, -5.0, np.nan])
    low_is_good = value_of(raw, a_criterion("k", good=0.0, bad=100.0))
    assert low_is_good.tolist()[:6] == [1.0, 0.75, 0.5, 0.0, 0.0, 1.0]
    assert np.isnan(low_is_good.iloc[6])
    high_is_good = value_of(raw, a_criterion("k", good=100.0, bad=0.0))
    assert high_is_good.tolist()[:6] == [0.0, 0.25, 0.5, 1.0, 1.0, 0.0]


def test_a_scale_may_lie_around_zero() -> None:
    values = value_of(pd.Series([-100.0, 0.0, 30.0]), CRITERIA["verdeling"])
    assert values.tolist() == [0.0, 0.5, 0.65]


def test_an_infinite_figure_is_refused() -> None:
    with pytest.raises(InputError, match="infinite"):
        value_of(pd.Series([np.inf]), a_criterion("k"))


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda entry: entry.key)
def test_every_criterion_has_values_from_nothing_to_one(criterion: object) -> None:
    entry = CRITERIA[criterion.key]  # type: ignore[attr-defined]
    ends = value_of(pd.Series([entry.bad, (entry.bad + entry.good) / 2, entry.good]), entry)
    assert ends.tolist() == [0.0, 0.5, 1.0]


# Weights


def test_points_become_shares_that_add_up_to_one() -> None:
    weights = weights_of({"a": 30, "b": 15, "c": 0, "d": 15})
    assert weights.to_dict() == {"a": 0.5, "b": 0.25, "c": 0.0, "d": 0.25}


@pytest.mark.parametrize(
    "points", [{}, {"a": 0.0}, {"a": -1.0, "b": 2.0}, {"a": float("nan")}, {"a": float("inf")}]
)
def test_points_that_weigh_nothing_are_refused(points: dict[str, float]) -> None:
    with pytest.raises(InputError):
        weights_of(points)


def test_the_smallest_of_points_still_become_shares() -> None:
    assert weights_of({"a": 5e-324, "b": 5e-324}).tolist() == [0.5, 0.5]
    assert weights_of({"a": 1.7e308, "b": 1.7e308}).tolist() == [0.5, 0.5]


@pytest.mark.parametrize("preset", PRESETS, ids=lambda entry: entry.key)
@pytest.mark.parametrize("kind", ["beschut_wonen", "skaeve_huse", "respijt"])
def test_every_preset_weighs_the_criteria_of_a_type(preset: object, kind: str) -> None:
    entry, of_type = PRESETS[preset.key], FACILITY_TYPES[kind]  # type: ignore[attr-defined]
    weights = weights_of(entry.points_of(of_type))
    assert list(weights.index) == [criterion.key for criterion in criteria_of(of_type)]
    assert weights.sum() == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("weights", "breach"),
    [
        ({"nabij": 1.0}, "same criteria"),
        ({"nabij": 0.5, "rust": 0.3, "geld": 0.3}, "add up"),
        ({"nabij": 1.5, "rust": -0.3, "geld": -0.2}, "below 0"),
    ],
)
def test_weights_that_are_none_are_refused(weights: dict[str, float], breach: str) -> None:
    facts = facts_of(BY_HAND, [a_criterion(key) for key in POINTS])
    with pytest.raises(InputError, match=breach):
        compare(facts, pd.Series(weights))


# Totals


def test_totals_and_parts_checked_by_hand() -> None:
    found = compared(BY_HAND, POINTS)
    # A: 45 + 6 + 10; B: 15 + 30 + 8; C: 45 + 3 + 10.
    assert found.totals["total"].round(9).to_dict() == {"A": 61.0, "B": 53.0, "C": 58.0}
    assert found.totals["rank"].tolist() == [1, 3, 2]
    assert found.parts_of("B")["part"].round(9).to_dict() == {"nabij": 15, "rust": 30, "geld": 8}
    assert found.totals["at_least"].equals(found.totals["total"].rename("at_least"))
    assert found.totals["reason"].isna().all()
    assert list(found.ranked) == ["A", "C", "B"]


@given(tables())
def test_totals_are_those_of_exact_fractions(raw: dict[str, tuple[float, ...]]) -> None:
    points = points_for(raw)
    found = compared(raw, points)
    whole = sum(Fraction(int(value)) for value in points.values())
    exact = {
        name: sum(
            Fraction(int(weight)) / whole * Fraction(round(10 * value), 10) * 100
            for weight, value in zip(points.values(), row, strict=True)
        )
        for name, row in raw.items()
    }
    for name, total in exact.items():
        assert found.totals.at[name, "total"] == pytest.approx(float(total), abs=1e-9)
        assert found.totals.at[name, "rank"] == 1 + sum(other > total for other in exact.values())


def test_an_unknown_value_with_weight_leaves_no_total_and_says_between_what() -> None:
    found = compared({**BY_HAND, "D": (0.5, None, None)}, POINTS)
    row = found.totals.loc["D"]
    assert pd.isna(row["total"])
    assert pd.isna(row["rank"])
    assert (row["at_least"], row["at_most"]) == (25.0, 75.0)
    assert row["reason"] == "Niet te berekenen. Nog niet bekend: rust en geld."
    assert found.totals["rank"].tolist()[:3] == [1, 3, 2]
    parts = found.parts_of("D")
    assert parts["part"].isna().tolist() == [False, True, True]
    assert parts["reason"].dropna().unique().tolist() == ["Nog niet onderzocht."]


def test_what_has_no_weight_makes_nothing_unknown() -> None:
    found = compared({**BY_HAND, "D": (0.5, 0.5, None)}, {**POINTS, "geld": 0.0})
    assert found.totals["total"].notna().all()
    assert found.totals["reason"].isna().all()
    assert found.parts_of("D")["part"]["geld"] == 0
    assert [entry.key for entry in found.weighing] == ["nabij", "rust"]


def test_equal_totals_share_a_rank_and_the_next_one_is_skipped() -> None:
    # 0.1 + 0.2 is not 0.3 in floating point, and yet these two are equal.
    found = compared(
        {"A": (0.1, 0.2, 0.0), "B": (0.3, 0.0, 0.0), "C": (0.0, 0.0, 0.0)},
        {"a": 1, "b": 1, "c": 1},
    )
    assert found.totals["rank"].tolist() == [1, 1, 3]


def test_without_any_total_there_is_no_order() -> None:
    found = compared({"A": (None, 0.1), "B": (None, 0.2)}, {"a": 1, "b": 1})
    assert found.ranked.empty
    assert found.totals["rank"].isna().all()
    assert found.totals["at_most"].tolist() == [55.0, 60.0]


@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_criteria_changes_nothing(
    raw: dict[str, tuple[float, ...]], rng: object
) -> None:
    points = points_for(raw)
    keys = list(points)
    shuffled = keys[:]
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    other = {name: tuple(row[keys.index(key)] for key in shuffled) for name, row in raw.items()}
    one = compared(raw, points)
    two = compared(other, {key: points[key] for key in shuffled})
    pd.testing.assert_frame_equal(one.totals, two.totals, check_exact=True)


@given(tables(least=3))
def test_adding_a_candidate_never_turns_the_order_of_two_others(
    raw: dict[str, tuple[float, ...]],
) -> None:
    points = points_for(raw)
    fewer = {name: row for name, row in raw.items() if name != "s2"}
    ranks_of_all = compared(raw, points).totals["rank"]
    ranks_of_fewer = compared(fewer, points).totals["rank"]
    for one in fewer:
        for two in fewer:
            assert (ranks_of_all[one] < ranks_of_all[two]) == (
                ranks_of_fewer[one] < ranks_of_fewer[two]
            )


def test_values_keep_the_shape_of_the_figures() -> None:
    facts = facts_of({"A": (None, 5.0)}, [a_criterion("a"), a_criterion("b", 10.0, 0.0)])
    values = to_values(facts)
    assert values.loc["A", "b"] == 0.5
    assert values.isna().equals(facts.unknown)


# Dominance


def slowly_dominated(rows: dict[str, tuple[float | None, ...]]) -> dict[str, set[str]]:
    """The definition, a pair and a criterion at a time."""
    found: dict[str, set[str]] = {}
    for name, own in rows.items():
        for other, their in rows.items():
            pairs = list(zip(own, their, strict=True))
            if any(a is None or b is None for a, b in pairs):
                continue
            if all(b >= a for a, b in pairs) and any(b > a for a, b in pairs):  # type: ignore[operator]
                found.setdefault(name, set()).add(other)
    return found


def test_who_is_nowhere_better_is_named_with_those_above() -> None:
    found = compared(BY_HAND, POINTS)
    assert dominated_in(found) == {"C": ("A",)}
    assert dominance_sentences(found) == (
        "C doet het op geen enkel criterium dat meetelt beter dan A, en op minstens één minder "
        "goed.",
    )


def test_what_has_no_weight_dominates_nobody() -> None:
    found = compared(BY_HAND, {"nabij": 0, "rust": 1, "geld": 0})
    assert dominated_in(found) == {"A": ("B",), "C": ("A", "B")}


@given(st.lists(st.tuples(*[st.one_of(st.none(), TENTHS)] * 3), min_size=1, max_size=7))
def test_dominance_is_its_definition(rows: list[tuple[float | None, ...]]) -> None:
    named = {f"s{number}": row for number, row in enumerate(rows)}
    frame = pd.DataFrame(rows, index=list(named), columns=list("abc"), dtype="float64")
    found = {key: set(others) for key, others in dominators(frame).items() if others}
    assert found == slowly_dominated(named)


@given(tables(), st.integers(0, 9))
def test_a_dominated_candidate_never_comes_first_alone_under_any_weighting(
    raw: dict[str, tuple[float, ...]], seed: int
) -> None:
    found = compared(raw, points_for(raw))
    dominated = dominated_in(found)
    corners = pd.DataFrame(np.eye(found.values.shape[1]), columns=found.values.columns)
    drawn = draw_weights(found.values.columns, 50, seed)
    for _, weights in pd.concat([drawn, corners]).iterrows():
        totals = total_of(found.values, weights)
        for candidate, others in dominated.items():
            assert all(totals[other] >= totals[candidate] - 1e-9 for other in others)


def test_a_comparison_knows_its_names() -> None:
    found: Comparison = compared(BY_HAND, POINTS)
    assert found.name_of("A") == "A"
    assert found.ranked_values.index.tolist() == ["A", "C", "B"]
    assert found.ranked_weights.tolist() == [0.5, 0.3, 0.2]
