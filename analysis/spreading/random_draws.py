"""Random draws: the same sites in other places, to see what chance alone gives.

Places do not fall one by one: they come in sites. A draw therefore moves whole sites ("dezelfde
locaties op andere plekken"): each keeps its places, and falls in an area with a chance equal to
the share of the residents (or of another base), whatever the other sites do. Drawing single
places would call nearly every real spread uneven, because one site of thirty places is already
more than chance would put together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis import method
from analysis.errors import InputError
from analysis.spreading.counts import Floats, checked_counts, checked_weights, shares
from analysis.spreading.gini import gini_of
from analysis.spreading.holdings import Holdings, Ints, to_holdings
from analysis.spreading.hoover import hoover_of
from analysis.spreading.outcome import DRAW_COUNT, FEWEST_SITES_COUNT, POSITIONS, SEED
from analysis.spreading.theil import theil_between_of, theil_of, to_grouping

if TYPE_CHECKING:
    from analysis.spreading.overview import Spreading

#: Slots for each area, at least: with this many, most chances lie in the area of their slot.
_SLOTS = 8


def draw_evenness(
    site_capacity_count: pd.Series,
    weights: pd.Series,
    groups: pd.Series | None = None,
    draw_count: int = DRAW_COUNT,
    seed: int = SEED,
) -> pd.DataFrame:
    """Hoover, Gini and Theil of random draws of the same sites: a row a draw, a column a measure.

    P(j in a) = w_a / W

    for each site j by itself. ``site_capacity_count`` has the places of each site (its index does
    not matter; sites of 0 or unknown places take no part); ``weights`` and ``groups`` are by area.
    Areas of weight 0 or unknown weight are never drawn. Columns ``hoover``, ``gini``, ``theil``,
    ``theil_between``, ``theil_within`` (the last two NaN without groups): each equal to what the
    function of that name gives for the counts of that draw. The same seed gives the same draws,
    in whatever order sites and areas come. InputError without sites, weight or draws.

    Work and memory grow with sites × draws, not with the number of areas.

    Source: Davison & Hinkley, Bootstrap Methods and their Application (1997), section 4.2.
    """
    bases = weights.sort_index()
    bases = bases[checked_weights(bases) > 0]
    holdings = draw_holdings(site_capacity_count, bases, draw_count, seed)
    drawn = pd.DataFrame(
        {"hoover": hoover_of(holdings), "gini": gini_of(holdings), "theil": theil_of(holdings)}
    )
    drawn["theil_between"] = _between(holdings, bases, groups)
    drawn["theil_within"] = (drawn["theil"] - drawn["theil_between"]).clip(lower=0)
    return drawn


def draw_holdings(
    site_capacity_count: pd.Series, weights: pd.Series, draw_count: int, seed: int
) -> Holdings:
    """What the areas hold in each draw; ``area`` is the row number in ``weights``."""
    sizes = checked_counts(site_capacity_count.reset_index(drop=True))
    sizes = np.sort(sizes[sizes > 0])
    of_areas = shares(checked_weights(weights))
    if not len(sizes) or draw_count < 1 or not np.nansum(of_areas) > 0:
        raise InputError("draw_holdings", ["sites, draws and a weight are needed"])
    # Right of the equal ones, so that an area without weight is skipped.
    ends = np.cumsum(np.nan_to_num(of_areas))
    chances = np.random.default_rng(seed).random(draw_count * len(sizes))
    area = _find_area(ends / ends[-1], chances)
    draw = np.repeat(np.arange(draw_count), len(sizes))
    return to_holdings(draw, area, np.tile(sizes, draw_count), of_areas, draw_count)


def _find_area(ends: Floats, chances: Floats) -> Ints:
    """The first area that ends above each chance: ``searchsorted`` with side right, but quicker.

    A table of slots tells where to begin; few chances then have to go further.

    Source: Chen & Asau (1974), On generating random variates from an empirical distribution, AIIE
    Transactions 6, 163-166.
    """
    # A power of two, so that no slot begins beside its place by rounding.
    slot_count = 1 << (_SLOTS * len(ends)).bit_length()
    slots = np.searchsorted(ends, np.arange(slot_count) / slot_count, side="right")
    area = slots[(chances * slot_count).astype(np.int64)]
    late = np.flatnonzero(ends[area] <= chances)
    while len(late):
        area[late] += 1
        late = late[ends[area[late]] <= chances[late]]
    return area


def _between(holdings: Holdings, weights: pd.Series, groups: pd.Series | None) -> Floats | float:
    if groups is None:
        return float("nan")
    grouping = to_grouping(groups.reindex(weights.index), checked_weights(weights))
    return theil_between_of(holdings, grouping)


def _example(
    spreading: Spreading, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    evenness = spreading.evenness
    value, band = evenness.hoover.value, evenness.hoover.band
    if value is None or band is None:
        return None
    return (
        f"Er zijn {number(evenness.site_count or 0)} locaties. In {number(band.draw_count)} "
        f"lotingen met startgetal {band.seed} ligt de Hoover-index meestal tussen "
        f"{number(band.low)} en {number(band.high)}. De index van nu is {number(value)}: "
        f"{POSITIONS[band.position(value)]}."
    )


MEASURE = method.Measure(
    key="band_door_toeval",
    label="Band door toeval",
    group=method.SPREADING,
    explanation=(
        "Ook als niemand stuurt, is een verdeling nooit helemaal gelijk. Daarom loten wij "
        f"{DRAW_COUNT} keer: dezelfde locaties op andere plekken. Elke locatie houdt haar plekken "
        "bij elkaar en komt in een gebied terecht met een kans die bij het aantal inwoners hoort. "
        "Van elke loting rekenen wij de Hoover-index, de Gini-index en de Theil-index uit. In de "
        "band liggen 95 van de 100 lotingen. Ligt de index van nu in de band, dan zien wij geen "
        "duidelijk verschil met toeval."
    ),
    formula_words=(
        "de kans dat een locatie in een gebied komt is het deel van de inwoners dat daar woont; de "
        "band loopt van de 25e tot de 975e van 999 uitkomsten op volgorde"
    ),
    formula="P(j in a) = w_a / W",
    symbols=(
        ("P(j in a)", "de kans dat locatie j in gebied a terechtkomt"),
        method.WEIGHT,
        method.WEIGHT_TOTAL,
    ),
    unit="dezelfde eenheid als de index",
    example=_example,
    limits=(
        f"Met minder dan {FEWEST_SITES_COUNT} locaties maken wij geen band. Er is dan te weinig om "
        "toeval van een patroon te onderscheiden.",
        "De loting weet niet waar een locatie echt zou kunnen staan. Zij gebruikt alleen het "
        "aantal inwoners (of het andere gekozen aantal).",
        "Hoger dan de band betekent niet dat iemand iets verkeerd deed. Het betekent dat toeval "
        "alleen dit bijna nooit geeft.",
        "Met hetzelfde startgetal komt er altijd hetzelfde uit. Met een ander startgetal "
        "verschuiven de grenzen een klein beetje.",
    ),
    sources=(
        "A.C. Davison en D.V. Hinkley (1997), Bootstrap Methods and their Application, "
        "paragraaf 4.2.",
        "Eigen keuze: hele locaties loten, en niet losse plekken, omdat plekken samen in een "
        "locatie komen.",
    ),
    function=draw_evenness,
)
