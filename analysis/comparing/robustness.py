"""Robustness: how often each candidate comes at each place when the weights are not agreed on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis import method
from analysis.comparing.draws import DRAW_COUNT, SEED, AllWeightings, WeightSet, draw_weights
from analysis.comparing.model import SAME_TOTAL, Candidate, Comparison, listed
from analysis.errors import InputError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class RankAcceptability:
    """How often each candidate came at each place, over weightings drawn evenly from a set.

    ``shares`` has a row per candidate and a column per place (1, 2 ...): the share of the draws.
    ``standard_error`` has the same shape. ``above`` has candidates in rows and columns: the share
    of the draws in which the one of the row is strictly above the one of the column.
    ``central_weights`` has a row per candidate: the mean of the weightings in which it came
    first, NaN when it never did. Equal totals share a place. ``left_out`` are the candidates with
    an unknown value; nothing is filled in for them.
    """

    label: str
    draw_count: int
    seed: int
    shares: pd.DataFrame
    standard_error: pd.DataFrame
    above: pd.DataFrame
    central_weights: pd.DataFrame
    left_out: tuple[Candidate, ...]

    @property
    def first_share(self) -> pd.Series:
        """How often each candidate came first."""
        return self.shares[1].rename("first_share")


def rank_acceptability(
    values: pd.DataFrame,
    draws: int = DRAW_COUNT,
    seed: int = SEED,
    within: WeightSet | None = None,
) -> RankAcceptability:
    """The share of weightings in which each candidate comes at each place.

    b_sr = (aantal trekkingen waarin s op plaats r komt) / N

    over ``draws`` weightings drawn evenly from ``within``, or from all weightings: uniform on the
    simplex, Dirichlet(1). ``values`` has candidates in rows and the criteria that weigh in
    columns, from 0 to 1. A candidate with an unknown value is left out and named. The standard
    error of a share b is the root of b × (1 - b) / N.

    Source: Lahdelma, Hokkanen & Salminen (1998), SMAA, EJOR 106; Lahdelma & Salminen (2001),
    SMAA-2, Operations Research 49; Leskinen et al. (2006) for the share of above.
    """
    known = values[values.notna().all(axis=1)]
    if known.empty or not values.index.is_unique:
        raise InputError("rank_acceptability", ["no candidates with all values, or one twice"])
    weights = draw_weights(values.columns, draws, seed, within)
    totals = _totals(known, weights)
    ranks = _ranks(totals)
    shares = _shares(ranks, known.index)
    return RankAcceptability(
        label=(within or AllWeightings()).label,
        draw_count=draws,
        seed=seed,
        shares=shares,
        standard_error=(shares * (1 - shares) / draws) ** 0.5,
        above=_above(totals, known.index),
        central_weights=_central_weights(ranks == 1, weights, known.index),
        left_out=tuple(values.index.difference(known.index, sort=False)),
    )


def _totals(known: pd.DataFrame, weights: pd.DataFrame) -> Floats:
    """Totals by draw (rows) and candidate, rounded so that equal ones are equal."""
    names = sorted(known.columns)
    totals = 100.0 * weights[names].to_numpy() @ known[names].to_numpy(dtype="float64").T
    return np.asarray(np.round(totals / SAME_TOTAL) * SAME_TOTAL, dtype="float64")


def _ranks(totals: Floats) -> Ints:
    """The place of each candidate in each draw: the number that is higher, and one."""
    order = np.argsort(-totals, axis=1, kind="stable")
    falling = np.take_along_axis(totals, order, axis=1)
    place = np.arange(totals.shape[1])
    starts = np.ones(totals.shape, dtype=bool)
    starts[:, 1:] = falling[:, 1:] < falling[:, :-1]
    shared = np.maximum.accumulate(np.where(starts, place, 0), axis=1) + 1
    ranks = np.empty(totals.shape, dtype="int64")
    np.put_along_axis(ranks, order, shared, axis=1)
    return ranks


def _shares(ranks: Ints, candidates: pd.Index) -> pd.DataFrame:
    draw_count, count = ranks.shape
    cells = (ranks - 1) + np.arange(count) * count
    counts = np.bincount(cells.ravel(), minlength=count * count).reshape(count, count)
    places = pd.RangeIndex(1, count + 1, name="place")
    return pd.DataFrame(counts / draw_count, candidates, places)


def _above(totals: Floats, candidates: pd.Index) -> pd.DataFrame:
    by_candidate = np.ascontiguousarray(totals.T)
    shares = [(own > by_candidate).mean(axis=1) for own in by_candidate]
    return pd.DataFrame(np.array(shares), candidates, candidates)


def _central_weights(
    is_first: npt.NDArray[np.bool_], weights: pd.DataFrame, candidates: pd.Index
) -> pd.DataFrame:
    counts = is_first.sum(axis=0).astype("float64")
    sums = is_first.T.astype("float64") @ weights.to_numpy()
    counts[counts == 0] = np.nan
    return pd.DataFrame(sums / counts[:, None], candidates, weights.columns)


def _example(
    comparison: Comparison, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    if len(comparison.ranked) < 2:
        return None
    found = rank_acceptability(comparison.ranked_values)
    told = [
        f"{comparison.name_of(candidate)} in {number(_whole(float(share)))}"
        for candidate, share in found.first_share.nlargest(3).items()
    ]
    return (
        f"Van {number(100)} wegingen komt op de eerste plaats: {listed(told)}. Dat is geschat met "
        f"{number(found.draw_count)} trekkingen uit {found.label}; de standaardfout is hoogstens "
        f"{number(100 * float(found.standard_error[1].max()))} op de 100."
    )


def _whole(share: float) -> float:
    return float(round(100 * share))


MEASURE = method.Measure(
    key="kans_op_een_plaats",
    label="Houdt de volgorde stand?",
    group=method.COMPARING,
    explanation=(
        "Hoe vaak een kandidaat op de eerste plaats komt als de weging niet vaststaat. Wij loten "
        "10.000 wegingen, elke even waarschijnlijk, en tellen hoe vaak elke kandidaat op welke "
        "plaats komt."
    ),
    formula_words=(
        "tel in hoeveel trekkingen de kandidaat op die plaats komt, en deel door het aantal "
        "trekkingen"
    ),
    formula="b_sr = (aantal trekkingen waarin s op plaats r komt) / N",
    symbols=(
        ("b_sr", "hoe vaak kandidaat s op plaats r komt, van 0 tot 1"),
        ("s", "een kandidaat"),
        ("r", "een plaats in de volgorde; 1 is het hoogste totaal"),
        ("N", "het aantal trekkingen"),
    ),
    unit="deel van de trekkingen (0 tot 1)",
    example=_example,
    limits=(
        "Dit zegt hoe zeker de volgorde is als u het over de weging niet eens bent. Of de cijfers "
        "zelf kloppen, zegt het niet.",
        "Elke weging even waarschijnlijk is ook een keuze. Daarom kijken wij ook alleen naar "
        "wegingen dicht bij die van u.",
        "Het zijn trekkingen: bij elk deel hoort een standaardfout, de wortel uit b × (1 - b) / N. "
        "Met 10.000 trekkingen is die hoogstens een half op de 100.",
        "Een kandidaat met een onbekend cijfer doet niet mee. Wij vullen niets in.",
        "Een kandidaat die bijna nooit op de eerste plaats komt, kan toch een goede plek zijn.",
    ),
    sources=(
        "R. Lahdelma, J. Hokkanen en P. Salminen (1998), SMAA: Stochastic multiobjective "
        "acceptability analysis, European Journal of Operational Research 106, p. 137-143.",
        "R. Lahdelma en P. Salminen (2001), SMAA-2, Operations Research 49, p. 444-454.",
        "P. Leskinen, J. Viitanen, A. Kangas en J. Kangas (2006), Alternatives to incorporate "
        "uncertainty and risk attitude in multicriteria evaluation of forest plans, Forest "
        "Science 52, p. 304-312: hoe vaak de ene kandidaat boven de andere komt.",
    ),
    function=rank_acceptability,
)
