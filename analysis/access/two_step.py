"""Places within reach, shared with all who can reach them: enhanced two-step catchment (E2SFCA).

A place is divided over everybody who can reach it, near ones first; a resident then adds up the
parts of all places within reach. So borders play no role, and busy places count for less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis import method
from analysis.access.facts import TRAVEL_LIMITS, AccessFacts
from analysis.access.modes import BANDS_MIN
from analysis.access.residents import (
    Floats,
    Rows,
    added_up,
    points_by_area,
    reasons_of,
    warnings_of,
)
from analysis.errors import InputError

PER_RESIDENTS = 10_000
#: Weights of the zones from near to far: the slower of the two Gaussian decays of the paper,
#: which uses zones of 10 minutes by car. Our zones are the bands of 5 minutes.
ZONE_WEIGHTS = (1.0, 0.68, 0.22)


@dataclass(frozen=True, eq=False)
class PlacesWithinReach:
    """What each population point can reach, and how each site is shared.

    ``per_10000`` is the places per 10,000 residents of each point (0 where nothing is in reach,
    NaN where the travel times are unknown). ``sites`` has ``place_count``,
    ``sharing_resident_count`` (residents who share it, weighted by zone) and ``reaches_anyone``.
    """

    per_10000: pd.Series
    sites: pd.DataFrame

    @property
    def left_out_place_count(self) -> float:
        """Places of the sites that reach nobody; they are in nobody's figure."""
        return float(self.sites.loc[~self.sites["reaches_anyone"], "place_count"].sum())


def zone_weights(
    minutes: Floats,
    bands_min: Sequence[float] = BANDS_MIN,
    weights: Sequence[float] = ZONE_WEIGHTS,
) -> Floats:
    """The weight of each travel time: that of its zone, the upper end included; 0 beyond."""
    zone = np.searchsorted(np.asarray(bands_min, dtype="float64"), minutes, side="left")
    return np.append(np.asarray(weights, dtype="float64"), 0.0)[zone]


def places_within_reach(
    place_count: pd.Series,
    residents: pd.Series,
    travel: pd.DataFrame,
    *,
    unmeasured: pd.Index | None = None,
    bands_min: Sequence[float] = BANDS_MIN,
    weights: Sequence[float] = ZONE_WEIGHTS,
) -> PlacesWithinReach:
    """Places per 10,000 residents within reach of each population point.

    R_j = S_j / Σ r_k × W(t_kj); A_i = 10000 × Σ R_j × W(t_ij)

    with S_j the places of site j (``place_count``, index: site), r_k the residents of point k
    (``residents``, index: point) and W the weight of the zone of a travel time. ``travel`` has a
    row for each pair within reach, with columns ``point``, ``site`` and ``minutes``; a pair that
    is absent is out of reach. ``unmeasured`` are the points whose travel times are unknown: they
    get NaN and share nothing.

    Summed over the residents, what they can reach is what there is: Σ r_i × A_i / 10000 equals
    the places of all sites that reach anyone. The zones and weights are a choice, and a place
    that is taken counts as one that is free.

    Source: Luo & Qi (2009), An enhanced two-step floating catchment area (E2SFCA) method for
    measuring spatial accessibility to primary care physicians, Health & Place 15, 1100-1107.
    """
    _check_zones(bands_min, weights)
    point, site, minutes = _check(place_count, residents, travel)
    people = residents.to_numpy(dtype="float64").copy()
    dark = np.zeros(len(people), dtype=bool)
    if unmeasured is not None:
        dark = residents.index.isin(unmeasured)
        people[dark] = 0.0
    weight = zone_weights(minutes, bands_min, weights)
    sharing = added_up(site, people[point] * weight, len(place_count))
    places = place_count.to_numpy(dtype="float64")
    part = np.divide(places, sharing, out=np.zeros_like(places), where=sharing > 0)
    found = added_up(point, part[site] * weight, len(people))
    found[dark] = np.nan
    return PlacesWithinReach(
        per_10000=pd.Series(PER_RESIDENTS * found, index=residents.index, name="places_per_10000"),
        sites=pd.DataFrame(
            {
                "place_count": places,
                "sharing_resident_count": sharing,
                "reaches_anyone": sharing > 0,
            },
            index=place_count.index,
        ),
    )


def places_per_area(
    per_10000: pd.Series,
    residents: pd.Series,
    areas: pd.Series,
    *,
    area_codes: Sequence[str] | None = None,
) -> pd.DataFrame:
    """The places within reach of the mean resident of each area (``places_per_10000``).

    The mean over the points of the area, weighted by residents; points with an unknown figure
    are counted in ``unknown_count`` and left out. Columns as in ``share_within``.
    """
    points = points_by_area(per_10000, residents, areas, area_codes)
    table = points.counts()
    summed = points.sums(np.nan_to_num(points.values) * points.residents)
    table["places_per_10000"] = summed / table["measured_count"].where(table["measured_count"] > 0)
    return table.assign(reason=reasons_of(table), warning=warnings_of(table))


def _check_zones(bands_min: Sequence[float], weights: Sequence[float]) -> None:
    breaches = []
    if len(bands_min) != len(weights) or not len(weights):
        breaches.append("there is not one weight for each zone")
    if any(later <= earlier for earlier, later in pairwise(bands_min)):
        breaches.append("the zones do not run from near to far")
    if any(not 0 < weight <= 1 for weight in weights):
        breaches.append("a weight is not above 0 and at most 1")
    if breaches:
        raise InputError("places_within_reach", breaches)


def _check(
    place_count: pd.Series, residents: pd.Series, travel: pd.DataFrame
) -> tuple[Rows, Rows, Floats]:
    """The rows of the pairs; InputError with every breach."""
    point = residents.index.get_indexer(pd.Index(travel["point"]))
    site = place_count.index.get_indexer(pd.Index(travel["site"]))
    minutes = travel["minutes"].to_numpy(dtype="float64")
    numbers = (("places", place_count), ("residents", residents))
    tests = {
        "a point of a pair has no residents given": (point < 0).any(),
        "a site of a pair has no places given": (site < 0).any(),
        "a travel time is negative or not known": not (minutes >= 0).all(),
        "a pair occurs twice": pd.Series(point * max(1, len(place_count)) + site)
        .duplicated()
        .any(),
    }
    breaches = [text for text, is_so in tests.items() if is_so]
    for name, values in numbers:
        known = values.to_numpy(dtype="float64", na_value=np.nan)
        if not (np.isfinite(known) & (known >= 0)).all():
            breaches.append(f"a number of {name} is negative or not known")
    if breaches:
        raise InputError("places_within_reach", breaches)
    return point, site, minutes


def _example(
    facts: AccessFacts, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    found = facts.shared
    if found is None or np.isnan(found.row["places_per_10000"]):
        return None
    return (
        f"Een inwoner van {found.name} deelt {found.target} met iedereen die er binnen "
        f"{number(BANDS_MIN[-1])} minuten {found.mode.verb} kan zijn. Gemiddeld komt dat neer op "
        f"{number(found.row['places_per_10000'])} {wording.places} per 10.000 inwoners."
    )


MEASURE = method.Measure(
    key="plekken_binnen_bereik",
    label="Plekken binnen bereik",
    group=method.ACCESS,
    explanation=(
        "Hoeveel plekken er binnen bereik zijn, per 10.000 inwoners die ze samen delen. Een plek "
        "telt voor iedereen die er kan komen, ook over de gemeentegrens."
    ),
    formula_words=(
        "verdeel de plekken van elke locatie over iedereen die er binnen 15 minuten is, en tel "
        "per inwoner de delen op van alle locaties binnen 15 minuten; wie dichterbij woont, telt "
        "zwaarder"
    ),
    formula="R_j = S_j / Σ r_k × W(t_kj); A_i = 10000 × Σ R_j × W(t_ij)",
    symbols=(
        ("A_i", "de plekken binnen bereik van punt i, per 10.000 inwoners"),
        ("R_j", "de plekken van locatie j per inwoner die haar deelt"),
        ("S_j", "het aantal plekken van locatie j"),
        ("r_k", "het aantal inwoners van punt k"),
        ("t_kj, t_ij", "de reistijd in minuten van punt k, of van punt i, naar locatie j"),
        (
            "W",
            "het gewicht van de reistijd: 1 tot en met 5 minuten, 0,68 tot en met 10 minuten, "
            "0,22 tot en met 15 minuten, en daarna 0",
        ),
    ),
    unit="plekken per 10.000 inwoners",
    example=_example,
    limits=(
        "De grenzen en gewichten zijn een keuze. Ze komen uit onderzoek naar huisartsen, met "
        "zones van 10 minuten met de auto. Onze zones zijn 5 minuten lang.",
        "Een bezette plek telt even zwaar als een vrije plek.",
        "Niet iedereen heeft een plek nodig. De maat deelt de plekken over alle inwoners.",
        "Locaties waarvan het aantal plekken niet bekend is, tellen niet mee. Afgeschermde "
        "locaties ook niet.",
        "Inwoners van wie wij de reistijd niet weten, tellen niet mee.",
        *TRAVEL_LIMITS,
    ),
    sources=(
        "W. Luo en Y. Qi (2009), An enhanced two-step floating catchment area (E2SFCA) method for "
        "measuring spatial accessibility to primary care physicians, Health & Place 15, "
        "p. 1100-1107.",
    ),
    function=places_within_reach,
)
