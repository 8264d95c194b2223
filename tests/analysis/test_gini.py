"""The Gini index and the Lorenz curve, against PySAL, exact fractions and closed forms."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from inequality.gini import Gini
from segregation.singlegroup import Dissim

from analysis.errors import InputError
from analysis.spreading.fair_share import fair_share
from analysis.spreading.gini import gini_index, lorenz_curve
from analysis.spreading.hoover import hoover_index
from tests.analysis.spreading_cases import EXAMPLE_PLACES, region, two_columns
from tests.analysis.unit_cases import small_columns, to_units


def exact_gini(counts: list[int], weights: list[int]) -> Fraction:
    """Half the mean difference between two residents, over the mean: another formula."""
    places, people = sum(counts), sum(weights)
    pairs = list(zip(counts, weights, strict=True))
    # |c/w - d/v| × w × v = |c v - d w|
    gaps = sum(abs(c * v - d * w) for c, w in pairs for d, v in pairs)
    return Fraction(gaps, 2 * places * people)


@given(columns=two_columns())
def test_gini_equals_the_mean_difference_in_exact_fractions(
    columns: tuple[pd.Series, pd.Series],
) -> None:
    counts, weights = columns
    exact = exact_gini(counts.tolist(), weights.tolist())
    assert gini_index(counts, weights) == pytest.approx(float(exact), abs=1e-12)


@given(columns=small_columns())
def test_gini_equals_pysal_on_single_residents(columns: tuple[pd.Series, pd.Series]) -> None:
    counts, weights = columns
    rates, _ = to_units(counts, weights)
    assert gini_index(counts, weights) == pytest.approx(Gini(rates).g, abs=1e-12)


@given(columns=two_columns())
def test_gini_of_equal_areas_equals_pysal(columns: tuple[pd.Series, pd.Series]) -> None:
    counts = columns[0]
    weights = pd.Series(7, counts.index)
    assert gini_index(counts, weights) == pytest.approx(
        Gini(counts.to_numpy(dtype="float64")).g, abs=1e-12
    )


def test_gini_of_a_hand_case() -> None:
    # Rates 1/50, 3/30, 6/20: the curve passes (0.5, 0.1) and (0.8, 0.4).
    counts, weights = pd.Series([6, 3, 1], list("abc")), pd.Series([20, 30, 50], list("abc"))
    assert gini_index(counts, weights) == pytest.approx(1 - 0.5 * 0.1 - 0.3 * 0.5 - 0.2 * 1.4)
    assert lorenz_curve(counts, weights).to_dict("list") == {
        "area_code": [None, "c", "b", "a"],
        "weight_share": [0.0, 0.5, 0.8, 1.0],
        "capacity_share": [0.0, 0.1, 0.4, 1.0],
    }


@given(size=st.integers(2, 40), places=st.integers(1, 50))
def test_an_even_spread_gives_0_and_one_holder_of_n_equal_areas_1_minus_1_over_n(
    size: int, places: int
) -> None:
    weights = pd.Series(1000, range(size))
    assert gini_index(pd.Series(places, range(size)), weights) == pytest.approx(0, abs=1e-12)
    one = pd.Series([places] + [0] * (size - 1))
    assert gini_index(one, weights) == pytest.approx(1 - 1 / size)


@given(columns=two_columns())
def test_one_holder_gives_1_minus_its_share(columns: tuple[pd.Series, pd.Series]) -> None:
    weights = columns[1]
    counts = pd.Series([9] + [0] * (len(weights) - 1), weights.index)
    assert gini_index(counts, weights) == pytest.approx(1 - weights.iloc[0] / weights.sum())


@given(columns=two_columns())
def test_gini_is_twice_the_area_between_the_curve_and_the_diagonal(
    columns: tuple[pd.Series, pd.Series],
) -> None:
    curve = lorenz_curve(*columns)
    below = np.trapezoid(curve["capacity_share"], curve["weight_share"])
    assert gini_index(*columns) == pytest.approx(1 - 2 * below, abs=1e-12)


@given(columns=two_columns())
def test_the_lorenz_curve_runs_from_0_to_1_and_never_bends_down(
    columns: tuple[pd.Series, pd.Series],
) -> None:
    curve = lorenz_curve(*columns)
    shares = curve[["weight_share", "capacity_share"]].to_numpy()
    assert shares[0].tolist() == [0, 0]
    assert shares[-1].tolist() == [1, 1]
    assert (np.diff(shares, axis=0) >= 0).all()
    assert (shares[:, 1] <= shares[:, 0] + 1e-12).all()
    slopes = np.diff(shares[:, 1]) / np.diff(shares[:, 0])
    assert (np.diff(slopes) >= -1e-9 * (1 + slopes[1:])).all()
    assert sorted(curve["area_code"].iloc[1:]) == columns[0].index.tolist()


@given(columns=two_columns())
def test_the_largest_gap_under_the_lorenz_curve_is_the_hoover_index(
    columns: tuple[pd.Series, pd.Series],
) -> None:
    curve = lorenz_curve(*columns)
    gap = (curve["weight_share"] - curve["capacity_share"]).max()
    assert gap == pytest.approx(hoover_index(*columns), abs=1e-12)
    assert hoover_index(*columns) <= gini_index(*columns) + 1e-12


@given(columns=two_columns(), more=st.integers(2, 9), bigger=st.integers(2, 1000))
def test_gini_stays_when_all_places_or_all_residents_are_multiplied(
    columns: tuple[pd.Series, pd.Series], more: int, bigger: int
) -> None:
    counts, weights = columns
    assert gini_index(counts * more, weights * bigger) == pytest.approx(
        gini_index(counts, weights), abs=1e-12
    )


@given(columns=two_columns(), seed=st.integers(0, 99))
def test_the_order_of_the_rows_changes_no_gini_and_no_curve(
    columns: tuple[pd.Series, pd.Series], seed: int
) -> None:
    counts, weights = columns
    order = counts.sample(frac=1, random_state=seed).index
    assert gini_index(counts[order], weights[order]) == pytest.approx(
        gini_index(counts, weights), abs=1e-12
    )
    pd.testing.assert_frame_equal(
        lorenz_curve(counts[order], weights[order]), lorenz_curve(counts, weights)
    )


@given(columns=two_columns(), parts=st.integers(2, 5))
def test_gini_stays_when_areas_with_an_equal_rate_are_merged(
    columns: tuple[pd.Series, pd.Series], parts: int
) -> None:
    cut = [
        pd.concat([numbers, pd.Series([numbers.iloc[0]] * parts, list("vwxyz")[:parts])])
        for numbers in columns
    ]
    merged = [numbers.copy() for numbers in columns]
    for numbers in merged:
        numbers.iloc[0] *= parts + 1
    assert gini_index(*cut) == pytest.approx(gini_index(*merged), abs=1e-12)


@given(columns=two_columns())
def test_gini_falls_when_a_place_moves_from_above_its_share_to_below(
    columns: tuple[pd.Series, pd.Series],
) -> None:
    counts, weights = columns
    gaps = counts - fair_share(int(counts.sum()), weights)
    giver, taker = str(gaps.idxmax()), str(gaps.idxmin())
    assume(gaps[giver] >= 1 and gaps[taker] <= -1)
    moved = counts.copy()
    moved[giver] -= 1
    moved[taker] += 1
    assert gini_index(moved, weights) < gini_index(counts, weights)


@given(columns=two_columns())
def test_gini_never_rises_when_two_areas_are_merged(columns: tuple[pd.Series, pd.Series]) -> None:
    assume(len(columns[0]) > 2)
    merged = [numbers.groupby([0, 0, *range(1, len(numbers) - 1)]).sum() for numbers in columns]
    assert 0 <= gini_index(*merged) <= gini_index(*columns) + 1e-12 < 1


def test_areas_without_residents_and_unknown_areas_are_left_out() -> None:
    counts = pd.Series([6, 3, 1, 5, 8, np.nan], list("abcdef"))
    weights = pd.Series([20, 30, 50, 0, np.nan, 9], list("abcdef"))
    assert gini_index(counts, weights) == pytest.approx(0.52)
    assert lorenz_curve(counts, weights)["area_code"].iloc[1:].tolist() == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("counts", "weights"),
    [([5], [100]), ([0, 0], [100, 50]), ([5, 1], [0, 0]), ([5, 1], [9, 0]), ([], [])],
)
def test_gini_needs_places_and_two_areas_with_residents(
    counts: list[int], weights: list[int]
) -> None:
    columns = pd.Series(counts, dtype="float64"), pd.Series(weights, dtype="float64")
    assert np.isnan(gini_index(*columns))
    assert lorenz_curve(*columns).empty


def test_places_and_residents_of_other_areas_are_refused() -> None:
    for measure in (gini_index, lorenz_curve):
        with pytest.raises(InputError, match="same index"):
            measure(pd.Series([1, 2], list("ab")), pd.Series([1, 2], list("ba")))


def test_the_gini_of_the_region_equals_exact_fractions() -> None:
    areas = region(EXAMPLE_PLACES)
    exact = exact_gini(list(EXAMPLE_PLACES.values()), areas["weight"].tolist())
    assert gini_index(areas["capacity_count"], areas["weight"]) == pytest.approx(float(exact))


@pytest.mark.parametrize("layer", ["gemeenten", "wijken", "buurten"])
def test_the_hoover_index_of_real_areas_equals_the_dissimilarity_of_pysal(
    shared_data: Path, layer: str
) -> None:
    areas = gpd.read_file(shared_data / "cbs" / "wijkenbuurten_2024_regio.gpkg", layer=layer)
    areas = areas[areas["aantal_inwoners"] > 0]
    weights = areas["aantal_inwoners"].astype("float64")
    counts = pd.Series(np.random.default_rng(3).poisson(weights / 2000), areas.index)
    groups = gpd.GeoDataFrame(
        {"places": counts, "all": counts + weights}, geometry=areas.geometry, crs=areas.crs
    )
    theirs = Dissim(groups, group_pop_var="places", total_pop_var="all").statistic
    assert len(areas) > 7
    assert hoover_index(counts, weights) == pytest.approx(theirs, abs=1e-12)
    assert gini_index(counts, weights) == pytest.approx(
        float(exact_gini(counts.tolist(), weights.astype(int).tolist()))
    )
