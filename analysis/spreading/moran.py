"""Moran's I: whether areas with many places for their residents lie beside others like them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array

from analysis import method
from analysis.errors import InputError
from analysis.spreading.counts import Floats, checked_pair, floats
from analysis.spreading.local_moran import (
    DEVIATIONS,
    local_key,
    local_moran,
    local_p_values,
)
from analysis.spreading.outcome import (
    DRAW_COUNT,
    FEWEST_AREAS_COUNT,
    REASONS,
    SEED,
    Outcome,
    Reason,
    to_band,
)

if TYPE_CHECKING:
    from analysis.spreading.clustering import Clustering

Pairs = npt.NDArray[np.int64]
PER_10000 = 10_000
#: Rates that differ less than this, in standard deviations, are equal but for rounding.
_ALIKE = 1e-9

#: So many draws in one product: they stay in the memory near the processor.
_DRAWS_AT_ONCE = 16


@dataclass(frozen=True, eq=False)
class Moran:
    """Moran's I over areas, and for each area how it relates to its neighbours.

    ``table`` has the index of the areas handed in, with columns ``rate_per_10000``,
    ``standardised_rate`` (empirical Bayes), ``neighbour_count`` (neighbours that count),
    ``local_i``, ``p_value`` (two-sided, 0 to 1), ``key`` (of ``LOCAL_KEYS``, <NA> where there is
    none) and ``reason`` (a Dutch sentence where there is no key, else <NA>). ``compared_count``
    of the areas count; the others have no figure, no residents, or no neighbour that counts.
    """

    outcome: Outcome
    table: pd.DataFrame
    compared_count: int

    @property
    def left_out_count(self) -> int:
        """How many areas do not count."""
        return len(self.table) - self.compared_count


def standardise_rates(capacity_count: pd.Series, weights: pd.Series) -> pd.Series:
    """Rates made comparable between small and large areas, per area (``standardised_rate``).

    e_a = (c_a / w_a - C / W) / √v_a, v_a = s² - (C / W) / (W / n) + (C / W) / w_a

    with s² = Σ w_a (c_a / w_a - C / W)² / W and n the number of areas; where that v_a is not
    above 0, v_a = (C / W) / w_a. Without unit: deviations of the overall rate in units of what is
    usual for an area with that base. In a small area one place more changes the rate much, and
    v_a is large there. NaN where a value is unknown or the base is 0, and everywhere when there
    are no places.

    Source: Assunção & Reis (1999), Statistics in Medicine 18, 2147-2162.
    """
    counts, bases = checked_pair(capacity_count, weights)
    counts, bases = (np.where(bases > 0, numbers, np.nan) for numbers in (counts, bases))
    total, known = np.nansum(bases), np.isfinite(bases).sum()
    values = np.full_like(counts, np.nan)
    if known and np.nansum(counts) > 0:
        rates, overall = counts / bases, np.nansum(counts) / total
        spread = np.nansum(bases * (rates - overall) ** 2) / total
        variance = spread - overall / (total / known) + overall / bases
        variance = np.where(variance <= 0, overall / bases, variance)
        values = (rates - overall) / np.sqrt(variance)
    return pd.Series(values, capacity_count.index, name="standardised_rate", dtype="float64")


def row_weights(pairs: Pairs, size: int) -> csr_array:
    """Weights between areas, shape (size, size): each row with neighbours adds up to 1.

    ``pairs`` (pairs, 2) are rows of areas, each pair once.
    """
    both = np.concatenate([pairs, pairs[:, ::-1]]).reshape(-1, 2)
    counts = np.bincount(both[:, 0], minlength=size)
    return csr_array((1 / counts[both[:, 0]], (both[:, 0], both[:, 1])), shape=(size, size))


def moran_i(values: Floats, weights: csr_array) -> float:
    """Moran's I of the values of areas (areas,) with row weights (areas, areas).

    I = Σ z_a m_a / Σ z_a², z_a = e_a - ē, m_a = Σ z_b / k_a

    with e_a the standardised rate of area a, ē the mean of these, and m_a the mean of z over the
    k_a neighbours b of a. Mostly from -1 to 1, without unit: above 0 neighbours are alike, below
    0 they differ; with n areas at random it is -1 / (n - 1) on average. Every area needs a value
    and a neighbour. NaN when all values are equal.

    It depends on the areas and on who counts as a neighbour. It says that there is a pattern,
    not where, and not why.

    Source: Moran (1950), Biometrika 37; Cliff & Ord, Spatial Processes (1981); for rates:
    Assunção & Reis (1999), Statistics in Medicine 18.
    """
    z = values - values.mean()
    squares = float(z @ z)
    return float(z @ (weights @ z)) / squares if squares > 0 else float("nan")


def draw_moran_i(
    values: Floats, weights: csr_array, seed: int = SEED, draw_count: int = DRAW_COUNT
) -> Floats:
    """Moran's I when the same values are put on the areas in random order, for every draw.

    Source: Cliff & Ord, Spatial Processes (1981), section 2.4.
    """
    rng = np.random.default_rng(seed)
    z = values - values.mean()
    drawn = np.empty(draw_count)
    for start in range(0, draw_count, _DRAWS_AT_ONCE):
        some = slice(start, min(start + _DRAWS_AT_ONCE, draw_count))
        rows = np.tile(z, (some.stop - some.start, 1))
        # A column a draw, and one row of all draws after another: quick for a sparse product.
        shuffled = np.ascontiguousarray(rng.permuted(rows, axis=1).T)
        drawn[some] = np.einsum("ad,ad->d", shuffled, weights @ shuffled)
    return drawn / float(z @ z)


def measure_moran(
    capacity_count: pd.Series,
    weights: pd.Series,
    neighbours: pd.DataFrame,
    seed: int = SEED,
    draw_count: int = DRAW_COUNT,
    reason: Reason | None = None,
) -> Moran:
    """Moran's I of places per resident over areas (index: area code, unique), and its parts.

    ``neighbours`` has columns ``area`` and ``neighbour`` (area codes, each pair once); pairs with
    an area that is not on the index are skipped. An area counts when both its numbers are known,
    its base is above 0, and at least one neighbour counts; areas without (islands) are left out
    of the mean too. Without number: ``no_places``, ``too_few_areas_to_compare`` below
    ``FEWEST_AREAS_COUNT`` areas with a rate, ``no_neighbours`` when fewer of them than that, or
    fewer than half, have a neighbour, and ``all_alike`` when every rate is the same. With a
    ``reason`` known beforehand there is none either, and nothing is drawn.
    """
    pairs = _to_rows(neighbours, capacity_count.index)
    counts, bases = checked_pair(capacity_count, weights)
    has_rate = np.isfinite(counts) & (np.nan_to_num(bases) > 0)
    pairs = pairs[has_rate[pairs].all(axis=1)]
    neighbour_count = np.bincount(pairs.ravel(), minlength=len(counts))
    compared = has_rate & (neighbour_count > 0)
    table = _table(capacity_count, weights, compared, neighbour_count)
    reason = reason or _reason(np.where(has_rate, counts, 0.0), has_rate, compared)
    values = floats(table["standardised_rate"])[compared]
    if reason is None and np.ptp(values) < _ALIKE:
        reason = REASONS["all_alike"]
    if reason is not None:
        table["reason"] = table["reason"].fillna(reason.label)
        return Moran(Outcome(None, reason), table, int(compared.sum()))
    matrix = row_weights(_renumbered(pairs, compared), len(values))
    _fill_local(table, compared, values, matrix, seed)
    band = to_band(draw_moran_i(values, matrix, seed, draw_count), seed)
    return Moran(Outcome(moran_i(values, matrix), band=band), table, len(values))


def _to_rows(neighbours: pd.DataFrame, index: pd.Index) -> Pairs:
    """The pairs as rows of the index; InputError when a pair is there twice or is no pair."""
    ends = [index.get_indexer(pd.Index(neighbours[name])) for name in ("area", "neighbour")]
    pairs = np.sort(np.column_stack(ends).astype(np.int64), axis=1)
    pairs = pairs[(pairs >= 0).all(axis=1)]
    if (pairs[:, 0] == pairs[:, 1]).any() or len(np.unique(pairs, axis=0)) != len(pairs):
        raise InputError("neighbours", ["an area is its own neighbour, or a pair is there twice"])
    return pairs


def _renumbered(pairs: Pairs, kept: npt.NDArray[np.bool_]) -> Pairs:
    """The pairs as rows of the areas that are kept."""
    return np.asarray((np.cumsum(kept) - 1)[pairs], dtype=np.int64)


def _reason(
    counts: Floats, has_rate: npt.NDArray[np.bool_], compared: npt.NDArray[np.bool_]
) -> Reason | None:
    tests = {
        "too_few_areas_to_compare": has_rate.sum() < FEWEST_AREAS_COUNT,
        "no_places": counts.sum() == 0,
        "no_neighbours": compared.sum() < max(FEWEST_AREAS_COUNT, has_rate.sum() / 2),
        "all_alike": counts[compared].sum() == 0,
    }
    return next((REASONS[key] for key, is_so in tests.items() if is_so), None)


def _table(
    capacity_count: pd.Series,
    weights: pd.Series,
    compared: npt.NDArray[np.bool_],
    neighbour_count: npt.NDArray[np.int64],
) -> pd.DataFrame:
    counts, bases = floats(capacity_count), floats(weights)
    rates = np.divide(counts, bases, out=np.full_like(bases, np.nan), where=bases > 0)
    table = pd.DataFrame({"rate_per_10000": rates * PER_10000}, index=capacity_count.index)
    kept = capacity_count.where(compared)
    table["standardised_rate"] = standardise_rates(kept, weights)
    table["neighbour_count"] = neighbour_count
    table["local_i"] = np.nan
    table["p_value"] = np.nan
    table["key"] = pd.Series(pd.NA, index=table.index, dtype="object")
    why = {
        "is_island": ~compared,
        "weight_zero": bases == 0,
        "capacity_unknown": np.isnan(counts),
        "weight_unknown": np.isnan(bases),
    }
    table["reason"] = pd.Series(pd.NA, index=table.index, dtype="object")
    for key, rows in why.items():
        table.loc[rows, "reason"] = REASONS[key].label
    return table


def _fill_local(
    table: pd.DataFrame,
    compared: npt.NDArray[np.bool_],
    values: Floats,
    matrix: csr_array,
    seed: int,
) -> None:
    z = values - values.mean()
    p_values = local_p_values(values, matrix, seed)
    table.loc[compared, "local_i"] = local_moran(values, matrix)
    table.loc[compared, "p_value"] = p_values
    table.loc[compared, "key"] = local_key(z, matrix @ z, p_values)


def _example(
    clustering: Clustering, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    found = clustering.moran.outcome
    if found.value is None or found.band is None:
        return None
    return (
        f"Over {number(clustering.moran.compared_count)} wijken is de index "
        f"{number(found.value)}. Leggen wij dezelfde cijfers {number(found.band.draw_count)} keer "
        f"door loting op de wijken, dan ligt hij 95 van de 100 keer tussen "
        f"{number(found.band.low)} en {number(found.band.high)}."
    )


MEASURE = method.Measure(
    key="moran_i",
    label="Lijken wijken op hun buren? (Moran's I)",
    group=method.CLUSTERING,
    explanation=(
        "Of wijken met veel plekken voor hun inwoners naast andere wijken met veel plekken liggen. "
        "Boven de marge lijken buren op elkaar. Onder de marge verschillen zij juist."
    ),
    formula_words=(
        "neem per wijk het aantal plekken per inwoner, min het gemiddelde, en deel dat door wat "
        "in een wijk van die grootte gewoon is. Vermenigvuldig dat met het gemiddelde van de "
        "buren, tel alles op, en deel door de som van de kwadraten"
    ),
    formula="I = Σ z_a m_a / Σ z_a², z_a = e_a - ē, m_a = Σ z_b / k_a",
    symbols=(
        ("I", "de index, meestal tussen -1 en 1"),
        *DEVIATIONS,
    ),
    unit="zonder eenheid",
    example=_example,
    limits=(
        "De index hangt af van de grenzen van de wijken. Met andere gebieden komt er iets anders "
        "uit.",
        "Wijken zijn buren als zij een stuk grens of een hoek delen. Buren buiten de regio tellen "
        "niet mee.",
        "Plekken komen met meer tegelijk: een locatie heeft er vaak tien of meer. Eén grote "
        "locatie kan een wijk al doen afwijken.",
        f"Met minder dan {FEWEST_AREAS_COUNT} gebieden geven wij geen antwoord.",
        method.WHAT_FAIR_IS,
        method.UNKNOWN_IS_LEFT_OUT,
    ),
    sources=(
        "P.A.P. Moran (1950), Notes on Continuous Stochastic Phenomena, Biometrika 37, p. 17-23.",
        "R.M. Assunção en E.A. Reis (1999), A New Proposal to Adjust Moran's I for Population "
        "Density, Statistics in Medicine 18, p. 2147-2162.",
        "A.D. Cliff en J.K. Ord (1981), Spatial Processes: Models and Applications.",
    ),
    function=moran_i,
)
