"""Interval: how far the location quotient could be off by chance alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import betaincinv

from analysis import method
from analysis.errors import InputError
from analysis.spreading.counts import Floats, checked_pair, shares

if TYPE_CHECKING:
    from analysis.spreading.overview import Spreading

CONFIDENCE = 0.95


def location_quotient_interval(
    capacity_count: pd.Series, weights: pd.Series, confidence: float = CONFIDENCE
) -> pd.DataFrame:
    """Exact interval around the location quotient, per area.

    [B(α/2; c_a, C - c_a + 1), B(1 - α/2; c_a + 1, C - c_a)] / (w_a / W)

    with B the quantile of the beta distribution and α = 1 - confidence: Clopper-Pearson for c_a
    out of C, put on the scale of the location quotient. Columns ``location_quotient_low`` and
    ``location_quotient_high``, same index, NaN where the quotient is NaN. The lower end is 0
    when the area has no places.

    It asks: if every place fell in an area with a chance equal to the share of residents, and
    fell there *independently of the other places*, which shares fit what we see? Places do not
    fall independently: they come in sites of several places. The true uncertainty is therefore
    larger than the interval says, most of all where a few large sites hold nearly everything.
    It is about chance, not about whether a share is right, and each area is judged by itself:
    of twenty areas in proportion about one falls outside its interval by chance at most.

    Source: Clopper & Pearson, Biometrika 26 (1934), 404-413.
    """
    if not 0 < confidence < 1:
        raise InputError("location_quotient_interval", ["the confidence is not between 0 and 1"])
    counts, bases = checked_pair(capacity_count, weights)
    low, high = _clopper_pearson(counts, confidence)
    base_shares = shares(bases)
    base_shares[~(base_shares > 0)] = np.nan
    return pd.DataFrame(
        {"location_quotient_low": low / base_shares, "location_quotient_high": high / base_shares},
        index=capacity_count.index,
    )


def _clopper_pearson(counts: Floats, confidence: float) -> tuple[Floats, Floats]:
    total, tail = np.nansum(counts), (1 - confidence) / 2
    if total == 0:
        return np.full_like(counts, np.nan), np.full_like(counts, np.nan)
    low = betaincinv(counts, total - counts + 1, tail)
    high = betaincinv(counts + 1, total - counts, 1 - tail)
    return np.where(counts == 0, 0.0, low), np.where(counts == total, 1.0, high)


def _example(
    spreading: Spreading, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    row = spreading.example_row()
    if row is None:
        return None
    return (
        f"In {row['name']} is de verhouding {number(row['location_quotient'])}. De marge loopt "
        f"van {number(row['location_quotient_low'])} tot {number(row['location_quotient_high'])}."
    )


MEASURE = method.Measure(
    key="marge",
    label="Marge om de verhouding",
    group=method.SPREADING,
    explanation=(
        "Met weinig plekken kan een verhouding hoog of laag zijn door toeval. De marge laat zien "
        "tussen welke getallen de verhouding dan nog kan liggen. Ligt 1 in de marge, dan zien "
        "wij geen duidelijk verschil."
    ),
    formula_words=(
        "de exacte marge van 95% om het deel van de plekken in het gebied, gedeeld door het deel "
        "van de inwoners in het gebied"
    ),
    formula="[B(α/2; c_a, C - c_a + 1), B(1 - α/2; c_a + 1, C - c_a)] / (w_a / W)",
    symbols=(
        ("B(p; x, y)", "het p-kwantiel van de bètaverdeling met x en y"),
        ("α", "de kans die erbuiten valt: 0,05"),
        method.CAPACITY,
        method.CAPACITY_TOTAL,
        method.WEIGHT,
        method.WEIGHT_TOTAL,
    ),
    unit="zonder eenheid",
    example=_example,
    limits=(
        "De marge doet alsof elke plek los van de andere ergens terechtkomt. In werkelijkheid "
        "komen plekken samen in één locatie. De echte onzekerheid is daarom groter dan de marge, "
        "vooral als een paar grote locaties bijna alle plekken hebben.",
        "De marge gaat over toeval, niet over de vraag of een verdeling goed is.",
        "Bij veel gebieden tegelijk valt er altijd wel een door toeval buiten de marge: tot "
        "ongeveer 1 op de 20.",
    ),
    sources=("Clopper en Pearson (1934), Biometrika 26, p. 404-413.",),
    function=location_quotient_interval,
)
