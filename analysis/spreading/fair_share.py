"""Fair share: the places an area would have if all were divided in proportion to a base."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis import method
from analysis.errors import InputError
from analysis.spreading.counts import checked_weights, shares

if TYPE_CHECKING:
    from analysis.spreading.overview import Spreading


def fair_share(capacity_count_total: int, weights: pd.Series) -> pd.Series:
    """Places per area in proportion to its weight, as a real number (``fair_share_count``).

    f_a = C × w_a / W

    with C all places, w_a the weight of the area (residents by default) and W the sum of the
    known weights. Range 0 to C; the sum over known areas is C. NaN where the weight is unknown,
    everywhere when W is 0. It says what *in proportion* would be, not what is needed.

    Source: proportional allocation; with whole numbers see ``whole_fair_share``.
    """
    if capacity_count_total < 0:
        raise InputError("fair_share", ["the total number of places is negative"])
    values = capacity_count_total * shares(checked_weights(weights))
    return pd.Series(values, index=weights.index, name="fair_share_count", dtype=np.float64)


def _example(
    spreading: Spreading, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    row, totals = spreading.example_row(), spreading.totals
    if row is None:
        return None
    return (
        f"Er zijn {number(totals.capacity_count)} {wording.places}. {row['name']} telt "
        f"{number(row['weight'])} van de {number(totals.weight)} {wording.base_unit}. "
        f"Evenredig aandeel: {number(totals.capacity_count)} × {number(row['weight'])} / "
        f"{number(totals.weight)} = {number(row['fair_share_count'])}."
    )


MEASURE = method.Measure(
    key="evenredig_aandeel",
    label="Evenredig aandeel",
    group=method.SPREADING,
    explanation=(
        "Het aantal plekken dat een gebied zou hebben als alle plekken naar inwoners verdeeld "
        "waren. Heeft een gemeente 10 van de 100 inwoners, dan hoort daar 10 van de 100 plekken "
        "bij."
    ),
    formula_words="alle plekken × inwoners van het gebied ÷ inwoners van alle gebieden samen",
    formula="f_a = C × w_a / W",
    symbols=(
        ("f_a", "het evenredig aandeel van gebied a"),
        method.CAPACITY_TOTAL,
        method.WEIGHT,
        method.WEIGHT_TOTAL,
    ),
    unit="plekken",
    example=_example,
    limits=(method.WHAT_FAIR_IS, method.UNKNOWN_IS_LEFT_OUT),
    sources=("Evenredige verdeling; zie Balinski en Young, Fair Representation (1982/2001).",),
    function=fair_share,
)
