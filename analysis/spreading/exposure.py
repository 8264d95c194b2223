"""Exposure: how many places people have near their homes, along the streets, across borders.

Distances are metres on foot from every point with residents to every site. NaN is a point too
far from the streets to measure, infinity a site to which no way leads. A site whose number of
places is unknown counts as a site; what is known of the points near it is then *at least* so
many places, never exactly, and never 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis import method
from analysis.access.residents import Floats, added_up, points_by_area, reasons_of, warnings_of
from analysis.errors import InputError
from analysis.registry import Registry
from analysis.spreading.exposure_facts import EXPOSURE_LIMITS, ExposureFacts

#: A few minutes, ten minutes and a quarter of an hour on foot, at 80 metres a minute.
LIMITS_M = (400.0, 800.0, 1200.0)


@dataclass(frozen=True)
class PlacesClass:
    """So many places near home, both ends included; ``label`` is Dutch."""

    key: str
    label: str
    most_count: float


PLACES_CLASSES = Registry(
    "class of places near",
    (
        PlacesClass("0", "0", 0),
        PlacesClass("1_5", "1 t/m 5", 5),
        PlacesClass("6_10", "6 t/m 10", 10),
        PlacesClass("11_20", "11 t/m 20", 20),
        PlacesClass("21_50", "21 t/m 50", 50),
        PlacesClass("51_", "meer dan 50", inf),
    ),
)
#: For residents near a site whose number of places is unknown: in none of the classes for sure.
UNKNOWN_CLASS = PlacesClass("niet_bekend", "niet precies bekend", inf)


@dataclass(frozen=True, eq=False)
class Nearby:
    """What every point has near, one column a limit in metres; NaN where not measured.

    ``place_count`` sums the known places, ``site_count`` counts all sites and
    ``unknown_site_count`` those without a known number of places: where it is above 0 there are
    at least ``place_count`` places. ``nearest_m`` is the distance to the nearest site, infinite
    where no way leads to one.
    """

    place_count: pd.DataFrame
    site_count: pd.DataFrame
    unknown_site_count: pd.DataFrame
    nearest_m: pd.Series

    @property
    def limits_m(self) -> tuple[float, ...]:
        """The limits, from near to far."""
        return tuple(float(limit) for limit in self.place_count.columns)

    @property
    def is_measured(self) -> pd.Series:
        """Which points could be measured."""
        return self.nearest_m.notna().rename("is_measured")

    def part(self, points: pd.Series) -> Nearby:
        """Only the points for which this is True, on the same index."""
        return Nearby(
            self.place_count[points],
            self.site_count[points],
            self.unknown_site_count[points],
            self.nearest_m[points],
        )

    def has_any(self, limit_m: float) -> pd.Series:
        """Which points have a place near, or a site of which that is not known."""
        return (self.place_count[limit_m] > 0) | (self.unknown_site_count[limit_m] > 0)


@dataclass(frozen=True, eq=False)
class ResidentsByPlaces:
    """Residents by the number of places near them.

    ``counts`` has a row a class (the keys of ``PLACES_CLASSES``, then ``UNKNOWN_CLASS``) and a
    column a limit; every column adds up to ``measured_count``.
    """

    counts: pd.DataFrame
    measured_count: float
    unmeasured_count: float

    @property
    def shares(self) -> pd.DataFrame:
        """The counts as parts of the measured residents (0 to 1); NaN when there are none."""
        return self.counts / (self.measured_count or np.nan)

    def with_any_count(self, limit_m: float) -> float:
        """How many measured residents have a place near."""
        return float(self.counts[limit_m].drop("0").sum())

    def with_any_share(self, limit_m: float) -> float:
        """Which part of them that is; NaN when nobody is measured."""
        return self.with_any_count(limit_m) / (self.measured_count or np.nan)


def places_near(
    distance_m: pd.DataFrame,
    capacity_count: pd.Series,
    limits_m: Sequence[float] = LIMITS_M,
    *,
    unmeasured: pd.Index | None = None,
) -> Nearby:
    """The places and the sites within each limit of every point.

    P_i = Σ c_j × [d_ij ≤ D]

    with c_j the places of site j (``capacity_count``, index: site, NaN unknown) and d_ij the
    metres from point i to site j (``distance_m``: a row a site, a column a point; infinite
    without a way, NaN where the point can't be measured). Limits in metres, from near to far;
    exactly at the limit is within it. ``unmeasured`` names points that can't be measured, also
    when there are no sites. A site with an unknown number of places adds nothing to P_i and is
    counted beside it. Whole numbers of places give exact sums.

    InputError when the sites differ, a number is negative or a point is measured in part.

    Source: own definition (METHODS section 1); the cumulative opportunity measure of Wachs &
    Kumagai (1973), Socio-Economic Planning Sciences 7, over the street network.
    """
    metres, dark = _checked(distance_m, capacity_count, limits_m, unmeasured)
    capacity = _floats(capacity_count)
    is_unknown = np.isnan(capacity)
    site, point = np.nonzero(metres <= max(limits_m))
    apart_m = metres[site, point]
    points, columns = distance_m.columns, pd.Index([float(limit) for limit in limits_m])

    def summed(numbers: Floats) -> pd.DataFrame:
        found = np.empty((len(points), len(columns)))
        for column, limit in enumerate(limits_m):
            within = apart_m <= limit
            found[:, column] = added_up(point[within], numbers[site[within]], len(points))
        found[dark] = np.nan
        return pd.DataFrame(found, index=points, columns=columns)

    nearest = np.where(dark, np.nan, metres.min(axis=0, initial=np.inf))
    return Nearby(
        summed(np.where(is_unknown, 0.0, capacity)),
        summed(np.ones(len(capacity))),
        summed(is_unknown.astype("float64")),
        pd.Series(nearest, index=points, name="nearest_m"),
    )


def residents_by_places(near: Nearby, residents: pd.Series) -> ResidentsByPlaces:
    """How many residents have 0, 1 to 5, ... places near, for each limit of ``near``.

    ``residents`` is on the index of the points. Residents near a site whose places are unknown
    are in ``UNKNOWN_CLASS``: their number is known from below only. Residents of points that
    are not measured are counted apart, in ``unmeasured_count``.
    """
    people = checked_residents(near, residents)
    measured = near.is_measured.to_numpy()
    edges = [entry.most_count for entry in PLACES_CLASSES]
    counts = {}
    for limit in near.limits_m:
        row = np.searchsorted(edges, near.place_count[limit].to_numpy()[measured], side="left")
        row[near.unknown_site_count[limit].to_numpy()[measured] > 0] = len(edges)
        counts[limit] = np.bincount(row, people[measured], len(edges) + 1)
    keys = pd.Index([*PLACES_CLASSES.keys, UNKNOWN_CLASS.key], name="class")
    table = pd.DataFrame(counts, index=keys, dtype="float64")
    table.columns = near.place_count.columns
    return ResidentsByPlaces(table, float(people[measured].sum()), float(people[~measured].sum()))


def exposure_by_area(
    near: Nearby,
    limit_m: float,
    residents: pd.Series,
    areas: pd.Series,
    *,
    area_codes: Sequence[str] | None = None,
) -> pd.DataFrame:
    """The highest and the mean number of places within a limit of the homes in each area.

    X_a = max P_i; G_a = Σ r_i × P_i / Σ r_i

    over the measured points i of area a with residents r_i and P_i places near. One row an
    area: ``resident_count``, ``measured_count``, ``unknown_count`` (not measured),
    ``near_count`` (residents with any place near), ``near_share`` (0 to 1, of the measured),
    ``most_place_count``, ``mean_place_count``, ``is_at_least`` (a point has a site whose places
    are unknown: both numbers are then at least so high), ``reason`` (a Dutch sentence where
    nothing is measured) and ``warning`` (few residents, or many unknown).

    Source: own definition (METHODS section 1): the maximum and the population-weighted mean of
    a cumulative opportunity measure; Geurs & van Wee (2004), Journal of Transport Geography 12.
    """
    checked_residents(near, residents)
    points = points_by_area(near.place_count[limit_m], residents, areas, area_codes)
    unknown_sites = near.unknown_site_count[limit_m].to_numpy()[areas.isin(points.area_codes)]
    table = points.counts()
    some = table["measured_count"].where(table["measured_count"] > 0)
    counts_here = ~np.isnan(points.values) & (points.residents > 0)
    any_near = counts_here & ((points.values > 0) | (unknown_sites > 0))
    table["near_count"] = points.sums(np.where(any_near, points.residents, 0.0))
    table["near_share"] = table["near_count"] / some
    highest = np.full(len(table), -np.inf)
    np.maximum.at(highest, points.row[counts_here], points.values[counts_here])
    table["most_place_count"] = np.where(np.isinf(highest), np.nan, highest)
    table["mean_place_count"] = points.sums(np.nan_to_num(points.values) * points.residents) / some
    is_vague = counts_here & (unknown_sites > 0)
    table["is_at_least"] = np.bincount(points.row[is_vague], minlength=len(table)) > 0
    return table.assign(reason=reasons_of(table), warning=warnings_of(table))


def checked_residents(near: Nearby, residents: pd.Series) -> Floats:
    """The residents of the points; InputError when they are others, negative or not known."""
    breaches = []
    if not residents.index.equals(near.nearest_m.index):
        breaches.append("the residents are not on the index of the points")
    people = _floats(residents)
    if not (np.isfinite(people) & (people >= 0)).all():
        breaches.append("a number of residents is negative or not known")
    if breaches:
        raise InputError("exposure", breaches)
    return people


def _checked(
    distance_m: pd.DataFrame,
    capacity_count: pd.Series,
    limits_m: Sequence[float],
    unmeasured: pd.Index | None,
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    metres = distance_m.to_numpy(dtype="float64")
    is_unknown = np.isnan(metres)
    dark = is_unknown.all(axis=0) & (len(metres) > 0)
    if unmeasured is not None:
        dark = dark | distance_m.columns.isin(unmeasured)
    limits, capacity = [*limits_m], _floats(capacity_count)
    tests = {
        "the sites of the distances are not those of the places": not distance_m.index.equals(
            capacity_count.index
        ),
        "a site or a point occurs twice": not (
            distance_m.index.is_unique and distance_m.columns.is_unique
        ),
        "a distance is negative": (metres < 0).any(),
        "a point is measured to some of the sites only": is_unknown[:, ~dark].any(),
        "a number of places is negative or infinite": ((capacity < 0) | np.isinf(capacity)).any(),
        "the limits do not run from near to far, above 0": not limits
        or limits[0] <= 0
        or any(later <= earlier for earlier, later in pairwise(limits)),
    }
    breaches = [text for text, is_so in tests.items() if is_so]
    if breaches:
        raise InputError("places_near", breaches)
    return metres, dark


def _floats(values: pd.Series) -> Floats:
    return cast(Floats, values.to_numpy(dtype="float64", na_value=np.nan))


def _places_example(
    facts: ExposureFacts, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    found = facts.point
    if found is None or not found.site_capacity_counts:
        return None
    counts = found.site_capacity_counts
    total = sum(counts)
    start = (
        f"In de buurt {found.buurt_name} is een punt waar {number(found.resident_count)} mensen "
        f"wonen. Binnen {number(found.limit_m)} meter lopen"
    )
    places = wording.place if total == 1 else wording.places
    if len(counts) == 1:
        return f"{start} ligt 1 locatie, met {number(total)} {places}."
    summed = " + ".join(number(count) for count in counts)
    return f"{start} liggen {len(counts)} locaties. Samen: {summed} = {number(total)} {places}."


def _area_example(
    facts: ExposureFacts, wording: method.Wording, number: method.NumberFormat
) -> str | None:
    found = facts.area
    if found is None or np.isnan(found.row["most_place_count"]):
        return None
    row, least = found.row, "minstens " if found.row["is_at_least"] else ""
    return (
        f"In {found.name} wonen {number(row['measured_count'])} mensen van wie wij weten wat er "
        f"dichtbij is. Het hoogste aantal {wording.places} binnen {number(found.limit_m)} meter "
        f"lopen is {least}{number(row['most_place_count'])}. Gemiddeld zijn het er "
        f"{least}{number(round(row['mean_place_count'], 2))}."
    )


PLACES = method.Measure(
    key="plekken_dichtbij",
    label="Plekken dicht bij huis",
    group=method.EXPOSURE,
    explanation=(
        "Hoeveel plekken mensen binnen 400, 800 en 1.200 meter lopen van hun huis hebben. In "
        "onderzoek heet veel plekken dicht bij elkaar ook wel stapeling."
    ),
    formula_words="tel de plekken op van alle locaties die hoogstens zo ver lopen zijn",
    formula="P_i = Σ c_j × [d_ij ≤ D]",
    symbols=(
        ("P_i", "het aantal plekken dicht bij punt i"),
        ("i", "een punt waar mensen wonen"),
        ("c_j", "het aantal plekken van locatie j"),
        ("d_ij", "de afstand in meters van punt i naar locatie j, lopend over straten en paden"),
        ("[d_ij ≤ D]", "1 als de afstand hoogstens D is, anders 0"),
        ("D", "de grens: 400, 800 of 1.200 meter"),
    ),
    unit="plekken",
    example=_places_example,
    limits=EXPOSURE_LIMITS,
    sources=(
        "Eigen definitie van dit project.",
        "De maat telt wat binnen een afstand over het wegennet ligt: M. Wachs en T.G. Kumagai "
        "(1973), Physical accessibility as a social indicator, Socio-Economic Planning Sciences "
        "7, p. 437-456.",
    ),
    function=places_near,
)

BY_AREA = method.Measure(
    key="plekken_dichtbij_per_gebied",
    label="Plekken dicht bij huis, per gebied",
    group=method.EXPOSURE,
    explanation=(
        "Het hoogste aantal plekken dat iemand in een gebied dicht bij huis heeft, en het "
        "gemiddelde voor alle inwoners van het gebied. Ook plekken in een ander gebied tellen mee."
    ),
    formula_words=(
        "het hoogste aantal van alle punten; en: de inwoners maal hun aantal plekken, opgeteld, "
        "gedeeld door alle inwoners"
    ),
    formula="X_a = max P_i; G_a = Σ r_i × P_i / Σ r_i",
    symbols=(
        ("X_a", "het hoogste aantal plekken dicht bij huis in gebied a"),
        ("G_a", "het gemiddelde aantal plekken dicht bij huis in gebied a"),
        ("i", "een punt in gebied a waar mensen wonen en waarvan wij de afstand weten"),
        ("r_i", "het aantal inwoners van punt i"),
        ("P_i", "het aantal plekken dicht bij punt i"),
    ),
    unit="plekken",
    example=_area_example,
    limits=(
        "Het hoogste aantal kan voor één straat gelden. Kijk daarom ook naar het gemiddelde.",
        "In een gebied met minder dan 500 inwoners zegt het gemiddelde weinig.",
        *EXPOSURE_LIMITS,
    ),
    sources=(
        "Eigen definitie van dit project.",
        "K.T. Geurs en B. van Wee (2004), Accessibility evaluation of land-use and transport "
        "strategies, Journal of Transport Geography 12, p. 127-140.",
    ),
    function=exposure_by_area,
)
