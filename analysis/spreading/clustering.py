"""Whether sites lie closer together than chance would put them: three measures at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.method import NumberFormat
from analysis.spreading.moran import Moran, measure_moran
from analysis.spreading.nearest_neighbour import (
    Pool,
    Walks,
    measure_nearest_neighbour,
    nearest_m,
)
from analysis.spreading.outcome import (
    DRAW_COUNT,
    FEWEST_SITES_COUNT,
    REASONS,
    SEED,
    Outcome,
    Position,
    Reason,
)
from analysis.spreading.ripley import Ripley, measure_ripley

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SiteCounts:
    """How many sites there are, and how many of them have no place that can be measured from.

    ``public_count`` have a public place in the region, ``far_count`` of them too far from a
    street to walk to another. ``protected_count`` only count per area.
    """

    public_count: int
    far_count: int
    protected_count: int


@dataclass(frozen=True, eq=False)
class OnFoot:
    """The walks between the sites, and the pool of points where as many are put by chance."""

    sites: Walks
    pool: Pool


@dataclass(frozen=True, eq=False)
class Homes:
    """Where people live: points (points, 2) in RD, metres, and the residents of each."""

    places_m: Floats
    resident_count: Floats


@dataclass(frozen=True, eq=False)
class Clustering:
    """Three answers to one question, each with its band from random draws or its reason.

    ``nearest_neighbour`` is in metres on foot ("lager" is closer together), ``moran`` over the
    areas ("hoger" is: neighbours are alike), ``ripley`` as the crow flies ("hoger" is closer
    together). ``walked_site_count`` is the number of sites behind the first.
    """

    nearest_neighbour: Outcome
    moran: Moran
    ripley: Ripley
    counts: SiteCounts
    walked_site_count: int
    seed: int

    @property
    def site_count(self) -> int:
        """The sites with a public place in the region."""
        return self.counts.public_count

    def reason_of(self, measure_key: str) -> Reason | None:
        """Why the measure with this key has no answer; None when it has one."""
        return {
            "afstand_tot_volgende": self.nearest_neighbour,
            "ripley_l": self.ripley.outcome,
            "moran_i": self.moran.outcome,
            "moran_lokaal": self.moran.outcome,
        }[measure_key].reason


def measure_clustering(
    *,
    places_m: Floats,
    counts: SiteCounts,
    on_foot: OnFoot | None,
    homes: Homes | None,
    areas: pd.DataFrame,
    neighbours: pd.DataFrame,
    area_m2: float,
    seed: int = SEED,
    draw_count: int = DRAW_COUNT,
) -> Clustering:
    """Measure how close together the sites are.

    ``places_m`` (sites, 2) are the public places in RD, metres. ``on_foot`` is None without
    streets, ``homes`` None when it is not known where people live. ``areas`` (index: area code)
    has columns ``name``, ``weight``, ``capacity_count``; ``neighbours`` has ``area`` and
    ``neighbour``; ``area_m2`` is the surface of all areas together. Each answer has its own
    reason when there is none; below ``FEWEST_SITES_COUNT`` sites no answer has a number.
    """
    counted = counts.public_count + counts.protected_count
    return Clustering(
        nearest_neighbour=_nearest_neighbour(places_m, on_foot, homes, seed, draw_count),
        moran=_moran(areas, neighbours, counted, seed, draw_count),
        ripley=_ripley(places_m, homes, area_m2, seed, draw_count),
        counts=counts,
        walked_site_count=_walked_count(on_foot),
        seed=seed,
    )


def _walked_count(on_foot: OnFoot | None) -> int:
    return 0 if on_foot is None else int(np.isfinite(nearest_m(on_foot.sites)).sum())


def _nearest_neighbour(
    places_m: Floats, on_foot: OnFoot | None, homes: Homes | None, seed: int, draw_count: int
) -> Outcome:
    if len(places_m) < FEWEST_SITES_COUNT:
        return Outcome.without("too_few_sites")
    if on_foot is None:
        return Outcome.without("no_streets")
    if homes is None:
        return Outcome.without("no_residents")
    return measure_nearest_neighbour(on_foot.sites, on_foot.pool, seed, draw_count)


def _ripley(
    places_m: Floats, homes: Homes | None, area_m2: float, seed: int, draw_count: int
) -> Ripley:
    if homes is None:
        homes = Homes(np.empty((0, 2)), np.empty(0))
    return measure_ripley(places_m, homes.places_m, homes.resident_count, area_m2, seed, draw_count)


def _moran(
    areas: pd.DataFrame, neighbours: pd.DataFrame, site_count: int, seed: int, draw_count: int
) -> Moran:
    too_few = REASONS["too_few_sites"] if site_count < FEWEST_SITES_COUNT else None
    found = measure_moran(
        areas["capacity_count"], areas["weight"], neighbours, seed, draw_count, too_few
    )
    found.table.insert(0, "name", areas["name"])
    return found


_NEAREST: dict[Position, str] = {
    "lager": "Zij liggen dichter bij elkaar dan toeval geeft.",
    "hoger": "Zij liggen verder uit elkaar dan toeval geeft.",
    "geen_duidelijk_verschil": "geen duidelijk verschil",
}
_MORAN: dict[Position, str] = {
    "hoger": "Wijken met veel plekken liggen vaker naast elkaar dan toeval geeft.",
    "lager": "Wijken met veel plekken liggen minder vaak naast elkaar dan toeval geeft.",
    "geen_duidelijk_verschil": (
        "Of wijken met veel plekken vaker naast elkaar liggen dan toeval geeft: geen duidelijk "
        "verschil."
    ),
}
_RIPLEY: dict[Position, str] = {
    "hoger": "liggen meer locaties dan toeval geeft.",
    "lager": "liggen minder locaties dan toeval geeft.",
    "geen_duidelijk_verschil": "",
}


def clustering_headline(found: Clustering, number: NumberFormat) -> str:
    """How far the sites are from each other, in plain Dutch; the reason when that is not known."""
    outcome, count = found.nearest_neighbour, number(found.walked_site_count)
    if outcome.value is None or outcome.band is None or outcome.position is None:
        return outcome.reason.label if outcome.reason else ""
    low, high = (number(round(edge)) for edge in (outcome.band.low, outcome.band.high))
    said = _NEAREST[outcome.position]
    is_clear = outcome.position != "geen_duidelijk_verschil"
    return (
        f"De {count} locaties liggen gemiddeld {number(round(outcome.value))} meter lopen van de "
        f"dichtstbijzijnde andere. Bij toeval zou dat tussen {low} en {high} meter zijn"
        f"{'. ' + said if is_clear else ': ' + said + '.'}"
    )


def moran_sentence(found: Clustering) -> str:
    """Whether wijken with many places lie side by side, or why that is not known."""
    outcome = found.moran.outcome
    if outcome.position is None:
        return outcome.reason.label if outcome.reason else ""
    return _MORAN[outcome.position]


def ripley_sentence(found: Clustering, number: NumberFormat) -> str:
    """Whether more sites lie within a distance than by chance, or why that is not known."""
    outcome, radius_m = found.ripley.outcome, found.ripley.radius_m
    if outcome.position is None or radius_m is None:
        return outcome.reason.label if outcome.reason else ""
    if outcome.position == "geen_duidelijk_verschil":
        return (
            "Op geen enkele afstand tussen 250 meter en 5 kilometer liggen er duidelijk meer of "
            "minder locaties bij elkaar dan toeval geeft."
        )
    return f"Binnen {number(radius_m)} meter van een locatie {_RIPLEY[outcome.position]}"
