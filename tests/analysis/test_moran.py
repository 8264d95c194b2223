"""Moran's I against PySAL, on the real wijken and on boards that can be done by hand."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from libpysal.weights import W

from analysis.errors import InputError
from analysis.spreading.local_moran import (
    LOCAL_KEYS,
    false_discovery_limit,
    local_key,
    local_moran,
    local_p_values,
)
from analysis.spreading.moran import (
    Moran,
    draw_moran_i,
    measure_moran,
    moran_i,
    row_weights,
    standardise_rates,
)
from analysis.spreading.outcome import SEED
from data.sources.cbs_wijken_buurten import REGION_CODES
from geo.neighbours import find_neighbours

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import esda

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Case:
    """Areas with made-up places and real residents, their neighbours, and the same for PySAL."""

    counts: pd.Series
    residents: pd.Series
    neighbours: pd.DataFrame

    @property
    def pysal(self) -> W:
        index = self.counts.index
        beside: dict[Any, list[Any]] = {code: [] for code in index}
        for one, other in self.neighbours.itertuples(index=False, name=None):
            beside[one].append(other)
            beside[other].append(one)
        return W(beside, id_order=list(index), silence_warnings=True)

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        ends = [
            self.counts.index.get_indexer(pd.Index(self.neighbours[end])) for end in self.neighbours
        ]
        return np.column_stack(ends).astype(np.int64)


@pytest.fixture(scope="module")
def real(shared_data: Path) -> Case:
    """The wijken of the region with residents, and made-up places: most of them around Haarlem."""
    file = shared_data / "cbs" / "wijkenbuurten_2024_regio.gpkg"
    areas = gpd.read_file(file, layer="wijken").set_index("wijkcode")
    areas = areas[areas["gemeentecode"].isin(REGION_CODES) & (areas["aantal_inwoners"] > 0)]
    rng = np.random.default_rng(8)
    middle = areas.geometry.centroid
    near = np.hypot(middle.x - 104_000, middle.y - 487_000) < 5_000
    places = rng.poisson(areas["aantal_inwoners"] * np.where(near, 0.002, 0.0004))
    counts = pd.Series(places, areas.index)
    return Case(counts, areas["aantal_inwoners"].astype(float), find_neighbours(areas))


def board(columns: int, rows: int) -> pd.DataFrame:
    """Neighbours on a board of squares that share a side, called by number, row by row."""
    squares = np.arange(columns * rows).reshape(rows, columns)
    right = np.column_stack([squares[:, :-1].ravel(), squares[:, 1:].ravel()])
    up = np.column_stack([squares[:-1].ravel(), squares[1:].ravel()])
    return pd.DataFrame(np.concatenate([right, up]), columns=["area", "neighbour"])


def measured(case: Case, seed: int = SEED) -> Moran:
    return measure_moran(case.counts, case.residents, case.neighbours, seed)


def with_esda(case: Case, local: bool) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        np.random.seed(3)
        counts, residents = case.counts.to_numpy(), case.residents.to_numpy()
        if local:
            return esda.Moran_Local_Rate(counts, residents, case.pysal, permutations=9999, seed=3)
        return esda.Moran_Rate(counts, residents, case.pysal, permutations=9999)


def test_the_index_equals_that_of_pysal(real: Case) -> None:
    theirs, ours = with_esda(real, local=False), measured(real)
    assert ours.outcome.value == pytest.approx(theirs.I, abs=1e-10)
    rates = standardise_rates(real.counts, real.residents)
    assert np.allclose(rates, theirs.y, rtol=0, atol=1e-10)
    assert ours.table["standardised_rate"].equals(rates)
    assert ours.left_out_count == 0


def test_chance_gives_what_it_gives_in_pysal(real: Case) -> None:
    theirs = with_esda(real, local=False)
    values = standardise_rates(real.counts, real.residents).to_numpy()
    matrix = row_weights(real.rows, len(values))
    drawn = draw_moran_i(values, matrix, draw_count=9999)
    # The mean of 9,999 draws is known to 1% of their standard deviation.
    assert drawn.mean() == pytest.approx(theirs.EI, abs=4 * theirs.seI_sim / 100)
    assert drawn.std() == pytest.approx(theirs.seI_sim, rel=0.05)
    for share in (0.025, 0.5, 0.975):
        assert np.quantile(drawn, share) == pytest.approx(
            np.quantile(theirs.sim, share), abs=0.08 * theirs.seI_sim
        )


def test_each_area_has_the_local_index_of_pysal(real: Case) -> None:
    theirs, ours = with_esda(real, local=True), measured(real)
    assert np.allclose(ours.table["local_i"], theirs.Is, rtol=0, atol=1e-10)
    # Theirs is one-sided; both are shares of 9,999 draws.
    one_sided = np.asarray(ours.table["p_value"]) / 2
    error = np.sqrt(theirs.p_sim * (1 - theirs.p_sim) / 9999)
    assert (np.abs(one_sided - theirs.p_sim) <= 5 * error + 2e-4).all()


def test_areas_are_pointed_out_as_pysal_would(real: Case) -> None:
    theirs, table = with_esda(real, local=True), measured(real).table
    limit = esda.fdr(np.asarray(table["p_value"]), 0.05)
    words = {1: "hoog_bij_hoog", 2: "laag_bij_hoog", 3: "laag_bij_laag", 4: "hoog_bij_laag"}
    for key, p_value, quarter in zip(table["key"], table["p_value"], theirs.q, strict=True):
        assert key == (words[quarter] if p_value < limit else "geen_duidelijk_verschil")
    assert set(table["key"]) <= set(LOCAL_KEYS.keys)
    assert "hoog_bij_hoog" in set(table["key"])


@given(arrays(np.float64, st.integers(1, 60), elements=st.floats(0.0001, 1)))
def test_the_false_discovery_limit_equals_that_of_pysal(p_values: Floats) -> None:
    assert false_discovery_limit(p_values) == pytest.approx(esda.fdr(p_values, 0.05), rel=1e-12)


def test_of_areas_without_any_pattern_few_are_pointed_out() -> None:
    rng, matrix = np.random.default_rng(1), row_weights(board(10, 10).to_numpy(), 100)
    pointed_out = 0
    for turn in range(40):
        values = rng.normal(size=100)
        z = values - values.mean()
        keys = local_key(z, matrix @ z, local_p_values(values, matrix, turn, draw_count=1999))
        pointed_out += (keys != "geen_duidelijk_verschil").any()
    # In at most 5% of the maps any area is pointed out; 6 or more of 40 has a chance of 1%.
    assert pointed_out <= 6


def test_a_checkerboard_is_minus_one() -> None:
    values = (np.indices((6, 6)).sum(axis=0) % 2).ravel().astype(float)
    matrix = row_weights(board(6, 6).to_numpy(), 36)
    assert moran_i(values, matrix) == pytest.approx(-1)
    assert np.allclose(local_moran(values, matrix), -35 / 36)


def test_a_board_of_nine_by_hand() -> None:
    # 9 in one corner, 0 elsewhere: the mean is 1, so z is 8 there and -1 elsewhere. Around it
    # both neighbours have -1; the two beside it have (8 - 1 - 1) / 3 = 2; all others -1.
    values = np.array([9.0] + [0.0] * 8)
    matrix = row_weights(board(3, 3).to_numpy(), 9)
    expected = Fraction(8 * -1 + 2 * (-1 * 2) + 6 * (-1 * -1), 64 + 8)
    assert moran_i(values, matrix) == pytest.approx(float(expected))
    local = local_moran(values, matrix)
    assert local[0] == pytest.approx(8 * 8 * -1 / 72)
    assert local[1] == pytest.approx(8 * -1 * 2 / 72)


def test_two_halves_are_alike() -> None:
    values = np.repeat([0.0, 1.0], 50)
    matrix = row_weights(board(10, 10).to_numpy(), 100)
    # Of 100 squares, 80 have only their like around them. On the border 4 at the edge have one
    # other of three, 16 one of four. With z = 1/2: (80 / 4 + 4 / 12 + 16 / 8) / (100 / 4).
    assert moran_i(values, matrix) == pytest.approx(67 / 75)
    assert draw_moran_i(values, matrix).max() < 0.5


def made_up(size: int = 30) -> Case:
    rng = np.random.default_rng(5)
    index = pd.Index(range(size), name="area_code")
    counts = pd.Series(rng.integers(0, 9, size), index, dtype="Int64")
    return Case(counts, pd.Series(rng.integers(500, 9000, size), index), board(5, size // 5))


def test_the_same_seed_gives_the_same_answer_and_another_nearly() -> None:
    case = made_up()
    one, same, other = (measured(case, s) for s in (SEED, SEED, 7))
    assert one.outcome == same.outcome
    pd.testing.assert_frame_equal(one.table, same.table)
    assert one.outcome.value == other.outcome.value
    assert one.outcome.band != other.outcome.band


def test_areas_without_a_figure_residents_or_neighbours_are_left_out_with_the_reason() -> None:
    case = made_up()
    counts = case.counts.mask(case.counts.index == 3)
    residents = case.residents.mask(case.residents.index == 7)
    residents[11] = 0
    beside = case.neighbours[~case.neighbours.isin([29]).any(axis=1)]
    found = measure_moran(counts, residents, beside)
    reasons = found.table["reason"]
    assert reasons[3] == "Het aantal plekken is hier niet bekend."
    assert reasons[7] == "Het aantal waarnaar wij verdelen is hier niet bekend."
    assert reasons[11] == "Hier is niets om naar te verdelen: het aantal is 0."
    assert reasons[29] == "Dit gebied grenst niet aan een gebied met cijfers."
    assert found.left_out_count == 4
    assert found.table["key"].isna().sum() == reasons.notna().sum() == 4
    kept = counts.index.difference([3, 7, 11, 29])
    alone = beside[beside.isin(kept).all(axis=1)]
    again = measure_moran(counts[kept], residents[kept], alone)
    assert found.outcome == again.outcome


@pytest.mark.parametrize(
    ("counts", "neighbours", "reason"),
    [
        ([1, 2] * 9, board(6, 3), "too_few_areas_to_compare"),
        ([0] * 30, board(6, 5), "no_places"),
        ([3] * 30, board(6, 5), "all_alike"),
        ([1, 2, 3] * 10, board(6, 5).iloc[:2], "no_neighbours"),
        ([0] * 29 + [4], board(6, 5).query("neighbour != 29"), "all_alike"),
    ],
)
def test_without_an_answer_there_is_a_reason(
    counts: list[int], neighbours: pd.DataFrame, reason: str
) -> None:
    found = measure_moran(pd.Series(counts), pd.Series([100] * len(counts)), neighbours)
    assert found.outcome.value is None
    assert found.outcome.reason is not None
    assert found.outcome.reason.key == reason
    assert found.table["reason"].notna().all()
    assert found.table["key"].isna().all()


def test_neighbours_outside_the_areas_do_not_count() -> None:
    case = made_up()
    outside = pd.DataFrame({"area": [0, 99], "neighbour": [98, 97]})
    more = pd.concat([case.neighbours, outside])
    found = measure_moran(case.counts, case.residents, more)
    assert found.outcome == measured(case).outcome


@pytest.mark.parametrize("pair", [(4, 4), (1, 0)])
def test_a_pair_that_is_none_or_is_there_twice_is_refused(pair: tuple[int, int]) -> None:
    case = made_up()
    more = pd.concat([case.neighbours, pd.DataFrame([pair], columns=["area", "neighbour"])])
    with pytest.raises(InputError, match="neighbours"):
        measure_moran(case.counts, case.residents, more)


@given(st.integers(2, 1000), st.integers(0, 2**32 - 1))
def test_the_index_does_not_depend_on_the_unit(factor: int, seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=12)
    matrix = row_weights(board(4, 3).to_numpy(), 12)
    assert moran_i(values * factor + 5, matrix) == pytest.approx(moran_i(values, matrix))
    assert local_moran(values, matrix).sum() == pytest.approx(11 * moran_i(values, matrix))


def test_the_chance_of_each_area_equals_that_over_all_ways_to_pick_neighbours() -> None:
    """Eight areas are few enough to try every set of neighbours that an area could have had."""
    values = np.array([9.0, 7.5, 1.0, 0.0, 0.5, 2.0, 6.0, 2.0])
    pairs = np.array([[0, 1], [1, 2], [2, 3], [3, 4], [4, 5], [5, 6], [6, 7], [0, 7], [0, 2]])
    weights = row_weights(pairs, len(values))
    drawn = local_p_values(values, weights, draw_count=200_000)
    observed = local_moran(values, weights)
    z = values - values.mean()
    for area, found in enumerate(drawn):
        count = int(np.diff(weights.indptr)[area])
        others = np.delete(z, area)
        sets = combinations(range(len(others)), count)
        means = np.array([others[list(some)].mean() for some in sets])
        could_be = (len(z) - 1) / (z @ z) * z[area] * means
        high = (could_be >= observed[area] - 1e-9).mean()
        low = (could_be <= observed[area] + 1e-9).mean()
        # Four standard errors of a share in 200,000 draws, twice.
        assert found == pytest.approx(min(1.0, 2 * min(high, low)), abs=0.01)
