"""The Theil index and its parts, against PySAL and closed forms."""

from __future__ import annotations

from math import log
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from inequality.gini import Gini
from inequality.theil import Theil as PysalTheil
from inequality.theil import TheilD

from analysis.errors import InputError
from analysis.spreading.fair_share import fair_share
from analysis.spreading.gini import gini_index
from analysis.spreading.theil import theil_index
from tests.analysis.spreading_cases import two_columns
from tests.analysis.unit_cases import small_columns, to_units

#: PySAL adds this little to a 0, which has no logarithm.
ABOUT = 1e-9


@st.composite
def grouped(draw: st.DrawFn) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Places, a few residents and the group of 2 to 8 areas."""
    counts, weights = draw(small_columns())
    size = len(counts)
    names = draw(st.lists(st.sampled_from(["GM1", "GM2", "GM3"]), min_size=size, max_size=size))
    return counts, weights, pd.Series(names, counts.index)


@given(columns=small_columns())
def test_theil_equals_pysal_on_single_residents(columns: tuple[pd.Series, pd.Series]) -> None:
    rates, _ = to_units(*columns)
    assert theil_index(*columns).total == pytest.approx(float(PysalTheil(rates).T), abs=ABOUT)


@given(columns=two_columns())
def test_theil_of_equal_areas_equals_pysal(columns: tuple[pd.Series, pd.Series]) -> None:
    counts = columns[0]
    ours = theil_index(counts, pd.Series(3, counts.index)).total
    theirs = float(PysalTheil(counts.to_numpy(dtype="float64")).T)
    assert ours == pytest.approx(theirs, abs=ABOUT)


@given(columns=grouped())
def test_the_parts_equal_those_of_pysal_on_single_residents(
    columns: tuple[pd.Series, pd.Series, pd.Series],
) -> None:
    counts, weights, groups = columns
    rates, area = to_units(counts, weights)
    theirs = TheilD(rates, groups.reindex(area).to_numpy(dtype="object"))
    ours = theil_index(counts, weights, groups)
    assert ours.between == pytest.approx(float(np.squeeze(theirs.bg)), abs=ABOUT)
    assert ours.within == pytest.approx(float(np.squeeze(theirs.wg)), abs=ABOUT)


@given(columns=grouped())
def test_the_parts_add_up_and_within_is_the_mean_of_the_groups_by_their_places(
    columns: tuple[pd.Series, pd.Series, pd.Series],
) -> None:
    counts, weights, groups = columns
    ours = theil_index(counts, weights, groups)
    assert ours.total == theil_index(counts, weights).total
    assert ours.between + ours.within == pytest.approx(ours.total, abs=1e-15)
    within = 0.0
    for name in groups.unique():
        inside = groups == name
        held = counts[inside].sum() / counts.sum()
        if held > 0 and inside.sum() > 1:
            within += held * theil_index(counts[inside], weights[inside]).total
    assert ours.within == pytest.approx(within, abs=1e-12)
    by_group = [numbers.groupby(groups).sum() for numbers in (counts, weights)]
    if len(by_group[0]) > 1:
        assert ours.between == pytest.approx(theil_index(*by_group).total, abs=1e-12)


def test_theil_of_a_hand_case() -> None:
    index = ["WK1", "WK2", "WK3", "WK4"]
    counts, weights = pd.Series([4, 2, 1, 1], index), pd.Series([100, 100, 100, 100], index)
    groups = pd.Series(["GM1", "GM1", "GM2", "GM2"], index)
    found = theil_index(counts, weights, groups)
    # Shares 1/2, 1/4, 1/8, 1/8 against 1/4 each; gemeenten 3/4 and 1/4 against 1/2 each.
    assert found.total == pytest.approx(0.5 * log(2) + 0.25 * log(0.5))
    assert found.between == pytest.approx(0.75 * log(1.5) + 0.25 * log(0.5))
    # Within the second gemeente all is even; within the first 2/3 and 1/3 against 1/2 each.
    assert found.within == pytest.approx(0.75 * (2 / 3 * log(4 / 3) + 1 / 3 * log(2 / 3)))


@given(columns=two_columns())
def test_one_holder_gives_the_logarithm_of_its_share(columns: tuple[pd.Series, pd.Series]) -> None:
    weights = columns[1]
    counts = pd.Series([9] + [0] * (len(weights) - 1), weights.index)
    share = weights.iloc[0] / weights.sum()
    assert theil_index(counts, weights).total == pytest.approx(log(1 / share))


@given(columns=two_columns())
def test_theil_is_0_in_proportion_and_never_above_its_bound(
    columns: tuple[pd.Series, pd.Series],
) -> None:
    counts, weights = columns
    assert theil_index(weights, weights).total == pytest.approx(0, abs=1e-12)
    bound = log(weights.sum() / weights.min())
    assert 0 <= theil_index(counts, weights).total <= bound + 1e-12


@given(columns=grouped(), more=st.integers(2, 9), seed=st.integers(0, 99))
def test_scale_and_order_change_nothing(
    columns: tuple[pd.Series, pd.Series, pd.Series], more: int, seed: int
) -> None:
    counts, weights, groups = columns
    order = counts.sample(frac=1, random_state=seed).index
    again = theil_index(counts[order] * more, weights[order] * 7, groups[order])
    before = theil_index(counts, weights, groups)
    for part in ("total", "between", "within"):
        assert getattr(again, part) == pytest.approx(getattr(before, part), abs=1e-12)


@given(columns=two_columns(), parts=st.integers(2, 5))
def test_theil_stays_when_areas_with_an_equal_rate_are_merged(
    columns: tuple[pd.Series, pd.Series], parts: int
) -> None:
    cut = [
        pd.concat([numbers, pd.Series([numbers.iloc[0]] * parts, list("vwxyz")[:parts])])
        for numbers in columns
    ]
    merged = [numbers.copy() for numbers in columns]
    for numbers in merged:
        numbers.iloc[0] *= parts + 1
    assert theil_index(*cut).total == pytest.approx(theil_index(*merged).total, abs=1e-12)


@given(columns=two_columns())
def test_theil_falls_when_a_place_moves_from_above_its_share_to_below(
    columns: tuple[pd.Series, pd.Series],
) -> None:
    counts, weights = columns
    gaps = counts - fair_share(int(counts.sum()), weights)
    giver, taker = str(gaps.idxmax()), str(gaps.idxmin())
    assume(gaps[giver] >= 1 and gaps[taker] <= -1)
    moved = counts.copy()
    moved[giver] -= 1
    moved[taker] += 1
    assert theil_index(moved, weights).total < theil_index(counts, weights).total


def test_an_empty_area_without_residents_is_left_out_and_a_holder_without_them_has_no_index() -> (
    None
):
    weights = pd.Series([30.0, 70.0, 0.0, np.nan])
    groups = pd.Series(["a", "b", None, None])
    found = theil_index(pd.Series([5, 5, 0, 2]), weights, groups)
    assert found.total == pytest.approx(0.5 * log(5 / 3) + 0.5 * log(5 / 7))
    assert found.within == 0
    holder = theil_index(pd.Series([5, 5, 1, 2]), weights, groups)
    assert np.isnan([holder.total, holder.between, holder.within]).all()


@pytest.mark.parametrize(
    ("counts", "weights"), [([5], [100]), ([0, 0], [100, 50]), ([5, 1], [0, 0]), ([5, 0], [9, 0])]
)
def test_theil_needs_places_and_two_areas_with_residents(
    counts: list[int], weights: list[int]
) -> None:
    assert np.isnan(theil_index(pd.Series(counts), pd.Series(weights)).total)


def test_without_groups_there_are_no_parts() -> None:
    found = theil_index(pd.Series([1, 2]), pd.Series([1, 1]))
    assert np.isnan([found.between, found.within]).all()


def test_an_area_without_a_known_group_is_refused() -> None:
    counts = pd.Series([1, 2], list("ab"))
    with pytest.raises(InputError, match="1 areas have no group"):
        theil_index(counts, counts, pd.Series(["GM1", None], list("ab")))
    with pytest.raises(InputError, match="same index"):
        theil_index(counts, counts, pd.Series(["GM1", "GM1"], list("ba")))


def test_theil_and_gini_of_the_real_wijken_equal_pysal_on_fives_of_residents(
    shared_data: Path,
) -> None:
    wijken = gpd.read_file(shared_data / "cbs" / "wijkenbuurten_2024_regio.gpkg", layer="wijken")
    wijken = wijken[wijken["aantal_inwoners"] > 0].set_index("wijkcode")
    # CBS rounds residents to fives.
    weights = wijken["aantal_inwoners"].astype("int64")
    assert (weights % 5 == 0).all()
    counts = pd.Series(np.random.default_rng(4).poisson(weights / 900), weights.index)
    groups = wijken["gemeentecode"]
    rates, area = to_units(counts, weights // 5)
    theirs = TheilD(rates, groups.reindex(area).to_numpy(dtype="object"))
    ours = theil_index(counts, weights, groups)
    assert ours.total == pytest.approx(float(theirs.T), abs=ABOUT)
    assert ours.between == pytest.approx(float(np.squeeze(theirs.bg)), abs=ABOUT)
    assert ours.within == pytest.approx(float(np.squeeze(theirs.wg)), abs=ABOUT)
    assert gini_index(counts, weights) == pytest.approx(Gini(rates).g, abs=1e-9)
