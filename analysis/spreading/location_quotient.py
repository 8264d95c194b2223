"""Location quotient: the share of the places against the share of the residents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis import method
from analysis.spreading.counts import checked_pair, shares

if TYPE_CHECKING:
    from analysis.spreading.overview import Spreading


def location_quotient(capacity_count: pd.Series, weights: pd.Series) -> pd.Series:
    """Share of the places over share of the base, per area (``location_quotient``).

    LQ_a = (c_a / C) / (w_a / W)

    without unit, 0 or more; 1 is exactly in proportion, 2 is twice its share. NaN where a value
    is unknown, where the weight is 0, and everywhere when there are no places. In a small area
    one place more or less changes it much: read it with its interval.

    Source: Florence (1929, 1939); Isard, Methods of Regional Analysis (1960).
    """
    counts, bases = checked_pair(capacity_count, weights)
    base_shares = shares(bases)
    values = np.full_like(counts, np.nan)
    np.divide(shares(counts), base_shares, out=values, where=base_shares > 0)
    return pd.Series(values, index=capacity_count.index, name="location_quotient", dtype="float64")


def _example(
    spreading: Spreading, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    row = spreading.example_row()
    if row is None:
        return None
    return (
        f"In {row['name']} is {number(100 * row['capacity_share'])}% van de {wording.places} en "
        f"{number(100 * row['weight_share'])}% van de {wording.base}. De verhouding is "
        f"{number(row['location_quotient'])}."
    )


MEASURE = method.Measure(
    key="verhouding",
    label="Verhouding (locatiequotiënt)",
    group=method.SPREADING,
    explanation=(
        "Hoe groot het aandeel in de plekken is, vergeleken met het aandeel in de inwoners. "
        "1 is precies naar verhouding. 2 is twee keer zo veel. 0,5 is half zo veel."
    ),
    formula_words=(
        "(plekken in het gebied ÷ alle plekken) ÷ (inwoners van het gebied ÷ alle inwoners)"
    ),
    formula="LQ_a = (c_a / C) / (w_a / W)",
    symbols=(
        ("LQ_a", "de verhouding in gebied a"),
        method.CAPACITY,
        method.CAPACITY_TOTAL,
        method.WEIGHT,
        method.WEIGHT_TOTAL,
    ),
    unit="zonder eenheid",
    example=_example,
    limits=(
        "In een klein gebied maakt één plek veel verschil. Kijk daarom altijd ook naar de marge.",
        "Wonen ergens geen mensen, dan is de verhouding niet te berekenen.",
        method.WHAT_FAIR_IS,
    ),
    sources=(
        "P. Sargant Florence (1939), Report on the Location of Industry.",
        "W. Isard (1960), Methods of Regional Analysis, hoofdstuk 5.",
    ),
    function=location_quotient,
)
