"""Theil index: unevenness that falls apart exactly in between and within larger areas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis import method
from analysis.errors import InputError
from analysis.spreading.counts import Floats, checked_pair
from analysis.spreading.holdings import Holdings, Ints, spread_of

if TYPE_CHECKING:
    from analysis.spreading.overview import Spreading


@dataclass(frozen=True)
class Theil:
    """The Theil index with its two parts, which add up to ``total``; NaN what is not known."""

    total: float
    between: float
    within: float


@dataclass(frozen=True, eq=False)
class Grouping:
    """The row number of the group of each area, and the share of the base of each group."""

    group: Ints
    weight_share: Floats


def theil_index(
    capacity_count: pd.Series, weights: pd.Series, groups: pd.Series | None = None
) -> Theil:
    """Theil's T of the places against the residents, with its parts between and within groups.

    T = Σ s_a × ln(s_a / p_a); T_tussen = Σ s_g × ln(s_g / p_g); T_binnen = Σ s_g × T_g

    with s_a = c_a / C and p_a = w_a / W of an area, s_g and p_g the same of the areas of group g
    together, and T_g the index over the areas of group g alone. T = T_tussen + T_binnen. From 0
    (in proportion) to ln(1 / p_a) when area a holds all; without unit. An area without places
    adds 0.

    ``groups`` names the larger area (gemeente) of each area, on the same index; InputError when
    that of a counted area is unknown. Without it the parts are NaN. Areas with an unknown value
    are left out, and so are empty areas without residents (weight 0). When an area with weight 0
    does hold places all three are NaN, because the index has no bound there; and also when there
    are no places, no weight, or fewer than two areas with weight.

    Source: Theil, Economics and Information Theory (1967), chapter 4; Shorrocks (1980),
    Econometrica 48, for the parts.
    """
    counts, bases = checked_pair(capacity_count, weights)
    takes_part = (bases > 0) | (counts > 0)
    if (bases[takes_part] == 0).any():
        return Theil(np.nan, np.nan, np.nan)
    spread = spread_of(counts[takes_part], bases[takes_part])
    if spread is None:
        return Theil(np.nan, np.nan, np.nan)
    if groups is None:
        return Theil(float(theil_of(spread)[0]), np.nan, np.nan)
    if not groups.index.equals(capacity_count.index):
        raise InputError("theil_index", ["the groups are not on the same index"])
    grouping = to_grouping(groups[takes_part], bases[takes_part])
    total, between = theil_of(spread)[0], theil_between_of(spread, grouping)[0]
    return Theil(float(total), float(between), float(max(0.0, total - between)))


def theil_of(holdings: Holdings) -> Floats:
    """The Theil index of each draw."""
    held = holdings.capacity_share
    terms = held * np.log(held / holdings.weight_share)
    return np.maximum(0.0, holdings.sum_by_draw(terms))


def theil_between_of(holdings: Holdings, grouping: Grouping) -> Floats:
    """The part between groups of each draw: the index of the groups as if they were areas."""
    return theil_of(holdings.by_group(grouping.group, grouping.weight_share))


def to_grouping(groups: pd.Series, bases: Floats) -> Grouping:
    """The groups as row numbers with their share of the bases; InputError when one is unknown."""
    if groups.isna().any():
        raise InputError("groups", [f"{int(groups.isna().sum())} areas have no group"])
    numbers = np.asarray(pd.factorize(groups)[0], dtype="int64")
    return Grouping(numbers, np.bincount(numbers, bases) / bases.sum())


def _example(
    spreading: Spreading, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    evenness = spreading.evenness
    if evenness.theil.value is None:
        return None
    sentence = f"De index is {number(evenness.theil.value)}."
    between, within = evenness.theil_between.value, evenness.theil_within.value
    if between is None or within is None:
        return f"{sentence} Dat is het verschil tussen de {wording.areas}."
    return (
        f"{sentence} Daarvan is {number(between)} verschil tussen gemeenten en {number(within)} "
        "verschil binnen gemeenten."
    )


MEASURE = method.Measure(
    key="theil_index",
    label="Theil-index",
    group=method.SPREADING,
    explanation=(
        "Hoe ongelijk de plekken zijn verdeeld over de inwoners, in een getal dat precies in "
        "tweeën gaat: het verschil tussen gemeenten, en het verschil tussen wijken binnen een "
        "gemeente. 0 is helemaal gelijk verdeeld."
    ),
    formula_words=(
        "tel per gebied op: het deel van de plekken × de logaritme van (het deel van de plekken ÷ "
        "het deel van de inwoners)"
    ),
    formula=("T = Σ s_a × ln(s_a / p_a); T_tussen = Σ s_g × ln(s_g / p_g); T_binnen = Σ s_g × T_g"),
    symbols=(
        ("T", "de Theil-index: T_tussen en T_binnen samen"),
        ("s_a", "het deel van de plekken in gebied a"),
        ("p_a", "het deel van de inwoners in gebied a"),
        ("s_g", "het deel van de plekken in gemeente g"),
        ("p_g", "het deel van de inwoners in gemeente g"),
        ("T_g", "de Theil-index over alleen de gebieden van gemeente g"),
        ("ln", "de natuurlijke logaritme"),
    ),
    unit="zonder eenheid (0 of meer)",
    example=_example,
    limits=(
        "De index heeft geen vaste bovengrens. Vergelijk hem alleen met dezelfde gebieden en met "
        "hetzelfde aantal, bijvoorbeeld inwoners.",
        "Tussen en binnen zijn er alleen bij wijken. Gemeenten liggen hier niet samen in grotere "
        "gebieden.",
        "Zijn er plekken in een gebied zonder inwoners, dan is de index niet te berekenen.",
        "Zijn in meer dan de helft van de gebieden geen plekken, of liggen alle plekken in één "
        "gebied, dan tonen wij de index niet, en zeggen wij waarom.",
        "Met weinig locaties is de index ook bij toeval hoog. Kijk daarom naar de band: tussen die "
        "getallen valt de index als dezelfde locaties op andere plekken komen, door loting naar "
        "inwoners.",
        method.WHAT_FAIR_IS,
        method.UNKNOWN_IS_LEFT_OUT,
    ),
    sources=(
        "H. Theil (1967), Economics and Information Theory, hoofdstuk 4.",
        "A.F. Shorrocks (1980), The Class of Additively Decomposable Inequality Measures, "
        "Econometrica 48, p. 613-625.",
    ),
    function=theil_index,
)
