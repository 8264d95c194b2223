"""Gini index and Lorenz curve: how uneven the places are divided over the residents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis import method
from analysis.spreading.counts import Floats, checked_pair
from analysis.spreading.holdings import Holdings, spread_of

if TYPE_CHECKING:
    from analysis.spreading.overview import Spreading


def gini_index(capacity_count: pd.Series, weights: pd.Series) -> float:
    """Gini index of the places per resident, each area counting by its residents.

    G = 1 - Σ p_a × (L_a + L_b)

    with the areas from the fewest to the most places per resident, p_a = w_a / W, L_a the share
    of the places in area a and all areas before it, and L_b the same up to the area just before
    a (0 for the first). That is twice the area between the Lorenz curve and the straight line of
    an even spread. From 0 (in proportion) to 1 - p_a when area a holds all: of n equal areas at
    most 1 - 1/n. Without unit.

    Areas without residents (weight 0) are left out with the places in them; so are areas with an
    unknown value. NaN when there are no places, no weight, or fewer than two areas with weight.
    It is near 1 by construction where most areas hold nothing, and finer areas never lower it.

    Source: Gini (1914), Atti del Reale Istituto Veneto 73; Lorenz (1905), Publications of the
    American Statistical Association 9.
    """
    counts, bases = checked_pair(capacity_count, weights)
    takes_part = bases > 0
    spread = spread_of(counts[takes_part], bases[takes_part])
    return float("nan") if spread is None else float(gini_of(spread)[0])


def gini_of(holdings: Holdings) -> Floats:
    """The Gini index of each draw; the areas that hold nothing come first and add nothing."""
    held = holdings.capacity_share
    # Grows with the rate s / p and stays below 1, so that one sort keeps the draws apart.
    place_in_draw = held / (held + holdings.weight_share) / 2
    order = np.argsort(holdings.draw + place_in_draw)
    held = held[order]
    # Every draw before this one added exactly 1 to the running sum.
    up_to_here = np.cumsum(held) - holdings.draw
    doubled = holdings.weight_share[order] * (2 * up_to_here - held)
    return np.maximum(0.0, 1 - holdings.sum_by_draw(doubled))


def lorenz_curve(capacity_count: pd.Series, weights: pd.Series) -> pd.DataFrame:
    """The Lorenz curve: which share of the residents has which share of the places.

    Columns ``area_code`` (the label in the index), ``weight_share`` and ``capacity_share``: the
    shares (0 to 1) of this area and all before it, from the fewest to the most places per
    resident; areas with equal rates by code. The first row is (<NA>, 0, 0), the last ends at
    (1, 1). Leaves out what ``gini_index`` leaves out; no rows where that is NaN.

    Source: Lorenz (1905), Publications of the American Statistical Association 9.
    """
    counts, bases = checked_pair(capacity_count, weights)
    of_areas = pd.DataFrame({"count": counts, "base": bases}, index=capacity_count.index)
    of_areas = of_areas[of_areas["base"] > 0].sort_index()
    if len(of_areas) < 2 or not of_areas["count"].sum() > 0:
        return _curve([], np.array([]), np.array([]))
    rate = (of_areas["count"] / of_areas["base"]).to_numpy()
    ordered = of_areas.iloc[np.argsort(rate, kind="stable")]
    return _curve(
        [pd.NA, *ordered.index],
        _running_share(ordered["base"].to_numpy()),
        _running_share(ordered["count"].to_numpy()),
    )


def _running_share(numbers: Floats) -> Floats:
    running: Floats = np.concatenate(([0.0], np.cumsum(numbers)))
    running /= running[-1]
    return running


def _curve(codes: list[object], weight_share: Floats, capacity_share: Floats) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area_code": pd.Series(codes, dtype="object"),
            "weight_share": weight_share,
            "capacity_share": capacity_share,
        }
    )


def _example(
    spreading: Spreading, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    outcome = spreading.evenness.gini
    if outcome.value is None:
        return None
    curve = spreading.evenness.lorenz
    held = np.interp(0.5, curve["weight_share"], curve["capacity_share"])
    return (
        f"De index is {number(outcome.value)}. Neem de {wording.areas} met naar verhouding de "
        f"minste {wording.places}, samen goed voor de helft van de {wording.base}. Daar is "
        f"{number(100 * held)}% van de {wording.places}."
    )


MEASURE = method.Measure(
    key="gini_index",
    label="Gini-index",
    group=method.SPREADING,
    explanation=(
        "Hoe ongelijk de plekken zijn verdeeld over de inwoners. Zet de gebieden op volgorde, van "
        "de minste naar de meeste plekken per inwoner. Tel dan steeds op welk deel van de plekken "
        "bij welk deel van de inwoners hoort: dat is de Lorenz-kromme. 0 is helemaal gelijk "
        "verdeeld. Dicht bij 1 heeft een klein deel van de inwoners bijna alle plekken in zijn "
        "gebied."
    ),
    formula_words=(
        "twee keer de ruimte tussen de rechte lijn van een gelijke verdeling en de Lorenz-kromme"
    ),
    formula="G = 1 - Σ p_a × (L_a + L_b)",
    symbols=(
        ("G", "de Gini-index, van 0 tot 1"),
        ("p_a", "het deel van de inwoners dat in gebied a woont"),
        ("L_a", "het deel van de plekken in gebied a en alle gebieden ervoor in de volgorde"),
        ("L_b", "hetzelfde deel tot en met het gebied vlak voor gebied a; 0 voor het eerste"),
    ),
    unit="zonder eenheid (0 tot 1)",
    example=_example,
    limits=(
        "Zijn in meer dan de helft van de gebieden geen plekken, dan is de index altijd hoog. "
        "Dan tonen wij hem niet, en zeggen wij waarom.",
        "Liggen alle plekken in één gebied, dan zegt de index niets meer dan dat. Dan tonen wij "
        "hem ook niet.",
        "Met kleinere gebieden wordt de index nooit lager. Vergelijk daarom geen gemeenten met "
        "wijken.",
        "Met weinig locaties is de index ook bij toeval hoog. Kijk daarom naar de band: tussen die "
        "getallen valt de index als dezelfde locaties op andere plekken komen, door loting naar "
        "inwoners.",
        "Gebieden zonder inwoners tellen niet mee.",
        method.WHAT_FAIR_IS,
        method.UNKNOWN_IS_LEFT_OUT,
    ),
    sources=(
        "C. Gini (1912), Variabilità e mutabilità.",
        "C. Gini (1914), Sulla misura della concentrazione e della variabilità dei caratteri, "
        "Atti del Reale Istituto Veneto di Scienze, Lettere ed Arti 73, p. 1203-1248.",
        "M.O. Lorenz (1905), Methods of Measuring the Concentration of Wealth, Publications of "
        "the American Statistical Association 9, p. 209-219.",
    ),
    function=gini_index,
)
