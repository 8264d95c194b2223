"""Hoover index: the share of the places that stand elsewhere than an even spread would put them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis import method
from analysis.spreading.counts import Floats, checked_pair
from analysis.spreading.holdings import Holdings, spread_of

if TYPE_CHECKING:
    from analysis.spreading.overview import Spreading


def hoover_index(capacity_count: pd.Series, weights: pd.Series) -> float:
    """Share of the places that would have to move for a spread in proportion to the base.

    H = 1/2 × Σ |c_a / C - w_a / W|

    from 0 (in proportion) to below 1 (all in one small area); a share, without unit. Times C it
    is the number of places to move. Areas with an unknown value are left out; NaN when there are
    no places, no weight, or fewer than two areas.

    It depends on the areas: finer areas never lower it. With few places even the best spread in
    whole places is above 0. It does not say which area is above or below, nor where to move.

    Source: Hoover (1936), Review of Economics and Statistics 18; Hoover (1941).
    """
    counts, bases = checked_pair(capacity_count, weights)
    known = np.isfinite(counts)
    spread = spread_of(counts[known], bases[known])
    return float("nan") if spread is None else float(hoover_of(spread)[0])


def hoover_of(holdings: Holdings) -> Floats:
    """The Hoover index of each draw, as the sum of what areas hold above their share.

    Both shares add up to 1, so what is above is as much as what is below: half of all gaps.
    """
    above = np.maximum(0.0, holdings.capacity_share - holdings.weight_share)
    return holdings.sum_by_draw(above)


def _example(
    spreading: Spreading, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    if spreading.hoover_index is None or spreading.hoover_places_count is None:
        return None
    return (
        f"De index is {number(spreading.hoover_index)}. Van de "
        f"{number(spreading.totals.capacity_count)} {wording.places} zouden er ongeveer "
        f"{number(round(spreading.hoover_places_count))} in een ander gebied moeten liggen."
    )


MEASURE = method.Measure(
    key="hooverindex",
    label="Hoover-index",
    group=method.SPREADING,
    explanation=(
        "Welk deel van de plekken zou moeten verhuizen om alles gelijk te verdelen naar inwoners. "
        "0 is helemaal gelijk verdeeld. 0,17 betekent: 17 van de 100 plekken."
    ),
    formula_words=(
        "tel per gebied het verschil op tussen het deel van de plekken en het deel van de "
        "inwoners, zonder min, en neem daarvan de helft"
    ),
    formula="H = 1/2 × Σ |c_a / C - w_a / W|",
    symbols=(
        ("H", "de Hoover-index, van 0 tot 1"),
        method.AREA,
        method.CAPACITY,
        method.CAPACITY_TOTAL,
        method.WEIGHT,
        method.WEIGHT_TOTAL,
    ),
    unit="deel van de plekken (0 tot 1)",
    example=_example,
    limits=(
        "Met weinig plekken kan de index niet 0 worden, ook niet bij de beste verdeling in hele "
        "plekken.",
        "Met kleinere gebieden wordt de index nooit lager. Vergelijk daarom geen gemeenten met "
        "wijken.",
        "De index zegt niet welk gebied meer of minder heeft. Hij zegt ook niet dat mensen "
        "moeten verhuizen.",
        method.WHAT_FAIR_IS,
        method.UNKNOWN_IS_LEFT_OUT,
    ),
    sources=(
        "E.M. Hoover (1936), The Measurement of Industrial Localization, Review of Economics and "
        "Statistics 18, p. 162-171.",
        "E.M. Hoover (1941), Interstate Redistribution of Population, Journal of Economic "
        "History 1, p. 199-205.",
    ),
    function=hoover_index,
)
