"""Random draws of the same sites, against the measures themselves and a plain loop."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inequality.gini import Gini
from inequality.theil import TheilD
from scipy import stats

from analysis.errors import InputError
from analysis.spreading.gini import gini_index
from analysis.spreading.hoover import hoover_index
from analysis.spreading.random_draws import draw_evenness, draw_holdings
from analysis.spreading.theil import theil_index
from tests.analysis.spreading_cases import EXAMPLE_PLACES, region, region_sites

#: Chance of a test by chance failing, were its seed another: less than 1 in 10,000.
RARE = 1e-4
WEIGHTS = pd.Series([4, 1, 3, 2, 6], [f"WK{i}" for i in range(5)], dtype="float64")
GROUPS = pd.Series(["GM1", "GM1", "GM2", "GM2", "GM3"], WEIGHTS.index)
SIZES = pd.Series([8, 5, 5, 3, 2, 2, 1, 1, 1, 1, 1, 12])


@st.composite
def cases(draw: st.DrawFn) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Sites, weights (some 0) and groups of 2 to 9 areas."""
    size = draw(st.integers(2, 9))
    weights = draw(st.lists(st.integers(0, 500), min_size=size, max_size=size))
    groups = draw(st.lists(st.sampled_from(["GM1", "GM2"]), min_size=size, max_size=size))
    index = pd.Index([f"WK{i}" for i in range(size)], name="area_code")
    weights[0], weights[-1] = weights[0] + 1, weights[-1] + 1
    sizes = draw(st.lists(st.integers(1, 40), min_size=1, max_size=30))
    return pd.Series(sizes), pd.Series(weights, index, dtype="float64"), pd.Series(groups, index)


@given(case=cases(), seed=st.integers(0, 999))
def test_each_draw_equals_the_measures_of_its_counts(
    case: tuple[pd.Series, pd.Series, pd.Series], seed: int
) -> None:
    sizes, weights, groups = case
    drawn = draw_evenness(sizes, weights, groups, draw_count=4, seed=seed)
    weighted = weights[weights > 0]
    holdings = draw_holdings(sizes, weighted, 4, seed)
    for number, row in drawn.iterrows():
        here = holdings.draw == number
        counts = pd.Series(0.0, weighted.index)
        counts.iloc[holdings.area[here]] = (holdings.capacity_share[here] * sizes.sum()).round()
        counts = counts.reindex(weights.index, fill_value=0.0)
        assert counts.sum() == sizes.sum()
        theil = theil_index(counts, weights, groups)
        assert row["hoover"] == pytest.approx(hoover_index(counts, weights), abs=1e-12)
        assert row["gini"] == pytest.approx(gini_index(counts, weights), abs=1e-12)
        assert row["theil"] == pytest.approx(theil.total, abs=1e-12)
        assert row["theil_between"] == pytest.approx(theil.between, abs=1e-12)
        assert row["theil_within"] == pytest.approx(theil.within, abs=1e-12)


@given(case=cases(), seed=st.integers(0, 999))
def test_every_draw_keeps_the_sites_whole(
    case: tuple[pd.Series, pd.Series, pd.Series], seed: int
) -> None:
    sizes, weights, _ = case
    holdings = draw_holdings(sizes, weights, 20, seed)
    places = holdings.capacity_share * sizes.sum()
    assert places == pytest.approx(places.round())
    assert holdings.sum_by_draw(places) == pytest.approx(np.full(20, sizes.sum()))
    assert places.min() >= sizes.min() - 1e-9
    assert (weights.to_numpy()[holdings.area] > 0).all()
    assert np.bincount(holdings.draw).max() <= len(sizes)


def plain_draws(count: int) -> pd.DataFrame:
    """The same draws in a plain loop, by another generator, measured by PySAL on units."""
    generator = random.Random(5)
    rows = []
    units = WEIGHTS.astype(int)
    for _ in range(count):
        held: Counter[str] = Counter()
        for size in SIZES.tolist():
            held[generator.choices(list(WEIGHTS.index), WEIGHTS.tolist())[0]] += size
        counts = np.array([held[code] for code in WEIGHTS.index], dtype="float64")
        rates = np.repeat(counts / WEIGHTS.to_numpy(), units)
        theil = TheilD(rates, np.repeat(GROUPS.to_numpy(dtype="object"), units))
        gaps = np.abs(counts / counts.sum() - WEIGHTS.to_numpy() / WEIGHTS.sum())
        rows.append(
            (gaps.sum() / 2, Gini(rates).g, theil.T, np.squeeze(theil.bg), np.squeeze(theil.wg))
        )
    columns = ["hoover", "gini", "theil", "theil_between", "theil_within"]
    return pd.DataFrame(rows, columns=columns, dtype="float64")


def test_the_draws_have_the_distribution_of_a_plain_loop() -> None:
    ours = draw_evenness(SIZES, WEIGHTS, GROUPS, draw_count=3_000, seed=11)
    theirs = plain_draws(3_000)
    for name in theirs.columns:
        found = stats.ks_2samp(ours[name].round(8), theirs[name].round(8))
        assert found.pvalue > RARE, name
        error = (float(ours[name].var() + theirs[name].var()) / 3_000) ** 0.5
        assert abs(ours[name].mean() - theirs[name].mean()) < stats.norm.isf(RARE / 2) * error


def test_sites_fall_where_people_live() -> None:
    holdings = draw_holdings(pd.Series([1]), WEIGHTS, 20_000, 4)
    fell = np.bincount(holdings.area, minlength=len(WEIGHTS))
    expected = WEIGHTS / WEIGHTS.sum() * 20_000
    assert stats.chisquare(fell, expected).pvalue > RARE


def test_real_areas_are_drawn_in_proportion_to_their_residents(shared_data: Path) -> None:
    wijken = gpd.read_file(shared_data / "cbs" / "wijkenbuurten_2024_regio.gpkg", layer="wijken")
    wijken = wijken[wijken["aantal_inwoners"] > 0].set_index("wijkcode")
    weights = wijken["aantal_inwoners"].astype("float64")
    sizes = pd.Series([6] * 60)
    drawn = draw_evenness(sizes, weights, wijken["gemeentecode"])
    assert (drawn["theil_between"] + drawn["theil_within"] - drawn["theil"]).abs().max() < 1e-12
    # 60 sites over this many wijken leave wijken empty, so the Gini index is high by itself.
    assert drawn["gini"].min() > 0.3
    # A count of equal sites is binomial: E|X/60 - p| / 2 is known without any draw.
    share = (weights / weights.sum()).to_numpy()
    gaps = [stats.binom(60, p).expect(lambda x, p=p: abs(x / 60 - p)) / 2 for p in share]
    error = stats.norm.isf(RARE / 2) * drawn["hoover"].sem()
    assert abs(drawn["hoover"].mean() - sum(gaps)) < error


def test_the_same_seed_gives_the_same_draws_in_whatever_order_rows_come() -> None:
    first = draw_evenness(SIZES, WEIGHTS, GROUPS)
    assert len(first) == 999
    shuffled = WEIGHTS.sample(frac=1, random_state=1)
    again = draw_evenness(SIZES.sample(frac=1, random_state=2), shuffled, GROUPS)
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(draw_evenness(SIZES, WEIGHTS, GROUPS, seed=1))


def test_areas_without_a_known_weight_and_sites_without_places_take_no_part() -> None:
    more = pd.concat([WEIGHTS, pd.Series([0.0, np.nan], ["WK7", "WK8"])])
    sizes = pd.concat([SIZES, pd.Series([0, np.nan])])
    pd.testing.assert_frame_equal(draw_evenness(sizes, more), draw_evenness(SIZES, WEIGHTS))


def test_without_groups_there_are_no_parts() -> None:
    drawn = draw_evenness(SIZES, WEIGHTS, draw_count=3)
    assert drawn[["theil_between", "theil_within"]].isna().all(axis=None)
    assert drawn["theil"].notna().all()


@pytest.mark.parametrize(
    ("sizes", "weights", "draw_count"),
    [([], [1.0, 2.0], 9), ([0.0], [1.0, 2.0], 9), ([3.0], [0.0, np.nan], 9), ([3.0], [1.0], 0)],
)
def test_draws_need_sites_and_residents(
    sizes: list[float], weights: list[float], draw_count: int
) -> None:
    with pytest.raises(InputError, match="sites, draws and a weight"):
        draw_evenness(pd.Series(sizes, dtype="float64"), pd.Series(weights), draw_count=draw_count)


def test_sites_come_from_areas_and_not_from_their_order() -> None:
    areas = region(EXAMPLE_PLACES)
    drawn = draw_evenness(region_sites(EXAMPLE_PLACES), areas["weight"])
    assert drawn["hoover"].between(0, 1).all()
    assert drawn["hoover"].nunique() > 500


def test_a_country_of_buurten_is_drawn_without_a_cell_for_every_buurt() -> None:
    generator = np.random.default_rng(1)
    weights = pd.Series(generator.integers(0, 5000, 14_500).astype(float))
    sizes = pd.Series(generator.integers(1, 40, 1_000))
    holdings = draw_holdings(sizes, weights, 999, 1)
    assert len(holdings.area) <= 999 * 1_000
    assert holdings.sum_by_draw(holdings.capacity_share) == pytest.approx(np.ones(999))
    drawn = draw_evenness(sizes, weights)
    assert len(drawn) == 999
    assert drawn["hoover"].between(0.8, 1).all()
    assert drawn["gini"].between(0.8, 1).all()


@given(case=cases(), seed=st.integers(0, 999))
def test_a_site_falls_in_the_first_area_that_ends_above_its_chance(
    case: tuple[pd.Series, pd.Series, pd.Series], seed: int
) -> None:
    sizes, weights, _ = case
    found = draw_holdings(sizes, weights, 5, seed)
    ends = np.cumsum(weights.to_numpy() / weights.sum())
    chances = np.random.default_rng(seed).random(5 * len(sizes))
    area = np.searchsorted(ends / ends[-1], chances, side="right").reshape(5, -1)
    for draw, areas in enumerate(area):
        held = pd.Series(np.sort(sizes.to_numpy())).groupby(areas).sum()
        here = found.draw == draw
        assert found.area[here].tolist() == held.index.tolist()
        assert found.capacity_share[here] == pytest.approx(held.to_numpy() / sizes.sum())
