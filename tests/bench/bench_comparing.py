"""How long weighing candidates takes, beside a plain loop and scipy in the same run.

``python -m tests.bench.bench_comparing``: 10,000 draws over 60 candidates and 9 criteria, and
the smallest change of weights for each of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from analysis.comparing.criteria import CRITERIA, PRESETS
from analysis.comparing.draws import DRAW_COUNT, NearWeighting, draw_weights
from analysis.comparing.facts import CandidateFacts
from analysis.comparing.model import Comparison, compare, weights_of
from analysis.comparing.order import measure_robustness
from analysis.comparing.robustness import rank_acceptability
from analysis.comparing.turning_point import turning_points
from tests.bench.bench_spreading import report, seconds

CANDIDATES = 60
#: The loop is timed on a part of the draws.
LOOP_DRAWS = 500


def made_comparison(rng: np.random.Generator) -> Comparison:
    """Candidates with figures anywhere on the scale of each criterion."""
    index = pd.RangeIndex(CANDIDATES, name="candidate")
    figures = {
        entry.key: entry.bad + rng.random(CANDIDATES) * (entry.good - entry.bad)
        for entry in CRITERIA
    }
    words = pd.DataFrame(index=index, columns=list(CRITERIA.keys), dtype="object")
    names = pd.Series([f"Plek {number}" for number in index], index)
    raw = pd.DataFrame(figures, index)
    facts = CandidateFacts(CRITERIA.entries, names, raw, words, words, {})
    return compare(facts, weights_of(PRESETS["start"].points))


def loop_shares(values: list[list[float]], drawn: list[list[float]]) -> list[list[int]]:
    """How often each candidate comes at each place, one number at a time."""
    counts = [[0] * len(values) for _ in values]
    for weights in drawn:
        totals = [sum(u * v for u, v in zip(weights, row, strict=True)) for row in values]
        for number, own in enumerate(totals):
            counts[number][sum(other > own for other in totals)] += 1
    return counts


def scipy_all(values: pd.DataFrame, drawn: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Shares of places with scipy, and who is above whom in one comparison of all with all."""
    totals = drawn.to_numpy() @ values.to_numpy().T
    above = (totals[:, :, None] > totals[:, None, :]).mean(axis=0)
    return scipy_shares(values, drawn), above


def scipy_shares(values: pd.DataFrame, drawn: pd.DataFrame) -> np.ndarray:
    """The same with scipy: totals as a product of matrices, and a rank for each row."""
    totals = drawn.to_numpy() @ values.to_numpy().T
    ranks = rankdata(-totals, method="min", axis=1).astype(int)
    return np.stack(
        [np.bincount(column - 1, minlength=len(values)) / len(drawn) for column in ranks.T]
    )


def bench_ranks(found: Comparison) -> None:
    """Shares of places, and who is above whom; ours also has the central weights."""
    values = found.ranked_values
    ours_s, shares = seconds(lambda: rank_acceptability(values))
    drawn = draw_weights(values.columns, DRAW_COUNT)
    theirs_s, (peer, above) = seconds(lambda: scipy_all(values, drawn), 3)
    np.testing.assert_allclose(shares.shares, peer)
    np.testing.assert_allclose(shares.above, above)
    name = f"SMAA, {DRAW_COUNT} draws, {CANDIDATES} candidates"
    report(name, ours_s, theirs_s, "scipy.stats.rankdata")
    some = drawn.iloc[:LOOP_DRAWS]
    theirs_s, counts = seconds(
        lambda: loop_shares(values.to_numpy().tolist(), some.to_numpy().tolist()), 1
    )
    np.testing.assert_allclose(np.array(counts) / LOOP_DRAWS, scipy_shares(values, some))
    report(name, ours_s, theirs_s, "a plain loop", LOOP_DRAWS / DRAW_COUNT)


def only_ours(name: str, work: Callable[[], object]) -> None:
    """One line without a peer."""
    print(f"{name:44}{seconds(work, 3)[0]:10.4f} s")


def main() -> None:
    """Measure everything, one after the other."""
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    print(f"{'':44}{'ours':>12}{'theirs':>13}")
    found = made_comparison(np.random.default_rng(7))
    bench_ranks(found)
    near = NearWeighting(found.ranked_weights)
    only_ours(
        "SMAA within half of each weight",
        partial(rank_acceptability, found.ranked_values, within=near),
    )
    only_ours("does the order hold, both sets", partial(measure_robustness, found))
    only_ours(f"turning points of {CANDIDATES - 1}", partial(turning_points, found))
    only_ours("totals and order", partial(compare, found.facts, found.weights))


if __name__ == "__main__":
    main()
