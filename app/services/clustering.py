"""Whether sites lie closer together than chance would put them, in the region as it is stored.

Only sites whose place is public have a distance. Protected sites count per wijk, as everywhere.
Sites outside the region, where the database has any, are not counted themselves; but one of
them can be the nearest to a site in the region, and stays where it is in every random draw.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection

from analysis.access.modes import TRAVEL_MODES
from analysis.domain import SPREADING_BASES, SpreadingBase
from analysis.method import Wording
from analysis.spreading.clustering import (
    Clustering,
    Homes,
    OnFoot,
    SiteCounts,
    clustering_headline,
    measure_clustering,
    moran_sentence,
    ripley_sentence,
)
from analysis.spreading.nearest_neighbour import Pool, Walks, choose_pool
from analysis.spreading.outcome import SEED
from app.numbers import to_dutch_significant
from app.services.area_minutes import sources_of
from app.services.lists import SourceLine
from app.services.residents import Residents, residents_on_streets
from app.services.shelf import Shelf, content_key
from app.services.spreading import SpreadingQuestion
from data.errors import NotFound
from data.queries.areas import figure_values, geometries
from data.queries.counts import site_releases
from data.queries.population import (
    Population,
    PopulationBasis,
    PopulationSource,
    population_points,
    population_source,
)
from data.queries.releases import Release, area_release
from data.queries.sites import capacity_by_area, site_places_on
from geo.frames import Level
from geo.neighbours import find_neighbours
from geo.network.arrays import MM_PER_M, UNREACHED
from geo.network.hierarchy import Hierarchy
from geo.network.snap import Stops
from geo.network.swept import sweep_matrix

Floats = npt.NDArray[np.float64]
#: Rates are compared between these areas, whatever the level of the question: gemeenten are
#: too few, and most buurten hold no places.
LEVEL: Level = "wijk"
_WALK = TRAVEL_MODES["walk"]
_answers, _grounds = Shelf(most=32), Shelf(most=8)


@dataclass(frozen=True, eq=False)
class ClusteringAnswer:
    """How close together the sites are, and whose data that rests on.

    ``outside_count`` public sites lie outside the region. ``population_basis`` says what stands
    for the residents that the draws follow.
    """

    question: SpreadingQuestion
    clustering: Clustering
    outside_count: int
    population_basis: PopulationBasis
    sources: tuple[SourceLine, ...]

    @property
    def is_example(self) -> bool:
        """Whether anything that it rests on is marked as example."""
        return any(line.release.is_example for line in self.sources)

    @property
    def wording(self) -> Wording:
        """The nouns for sentences about this answer."""
        base = _base_of(self.question)
        return replace(
            self.question.wording,
            base=base.noun,
            base_unit=base.unit,
            base_amount=base.amount,
            area="wijk",
            areas="wijken",
        )

    @property
    def headline(self) -> str:
        """How far the sites are from each other, in one or two sentences."""
        return clustering_headline(self.clustering, to_dutch_significant)

    @property
    def sentences(self) -> tuple[str, str]:
        """What the distances in a straight line say, and what the wijken say."""
        found = self.clustering
        return ripley_sentence(found, to_dutch_significant), moran_sentence(found)


@dataclass(frozen=True, eq=False)
class _Ground:
    """What does not change with the question: the wijken, where people live, and the pool."""

    neighbours: pd.DataFrame
    area_m2: float
    population: Population
    homes: Homes | None
    residents: Residents | None
    pool_stops: Stops | None
    pool_m: Floats
    pool_weights: Floats


def clustering_of(
    connection: Connection, home: Path, question: SpreadingQuestion, seed: int = SEED
) -> ClusteringAnswer:
    """How close together the public sites of the region are, for the question that is asked.

    The level of the question plays no part. Without streets the distance on foot has a reason,
    and without residents all that draws from where people live. The same seed gives the same
    draws. NotFound without areas.
    """
    release = area_release(connection)
    ground, ground_key = _ground_of(connection, home, release, seed)
    asked = [entry.key for entry in question.types], question.plan_scope.statuses
    sites = site_places_on(connection, release.id, question.on, *asked)
    counts = capacity_by_area(connection, release.id, LEVEL, question.on, *asked)
    areas = _to_measure(
        figure_values(connection, release.id, LEVEL, _base_of(question).key, region_only=True),
        counts,
    )
    protected_count = int(counts["protected_site_count"].sum())
    key = content_key(connection, ground_key, sites, areas, protected_count, seed)
    return ClusteringAnswer(
        question,
        _answers.keep(key, lambda: _measure(ground, sites, areas, protected_count, seed)),
        outside_count=int((~sites["in_region"]).sum()),
        population_basis=ground.population.basis,
        sources=_sources(connection, release, ground),
    )


def _base_of(question: SpreadingQuestion) -> SpreadingBase:
    """The base of the rates per wijk; residents where the asked one is not known per wijk."""
    asked = question.base
    return asked if asked.only_level in (None, LEVEL) else SPREADING_BASES["inwoners"]


def _to_measure(figures: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    counts = counts.reindex(figures.index)
    unknown = counts["unknown_capacity_site_count"] > 0
    return pd.DataFrame(
        {
            "name": figures["name"],
            "weight": figures["value"],
            "capacity_count": counts["capacity_count"].astype("Int64").mask(unknown),
        }
    )


def _sources(connection: Connection, release: Release, ground: _Ground) -> tuple[SourceLine, ...]:
    of_homes = (
        (SourceLine("inwoners", "Waar mensen wonen", ground.population.release),)
        if ground.residents is None
        else sources_of(ground.residents)
    )
    return (
        SourceLine("gebieden", "Gebieden en inwoners", release),
        *of_homes,
        *(
            SourceLine("locaties", "Locaties en plekken", entry)
            for entry in site_releases(connection, release.id)
        ),
    )


def _measure(
    ground: _Ground, sites: pd.DataFrame, areas: pd.DataFrame, protected_count: int, seed: int
) -> Clustering:
    inside, outside = sites[sites["in_region"]], sites[~sites["in_region"]]
    far_count, on_foot = 0, None
    if ground.residents is not None and ground.pool_stops is not None:
        stops = ground.residents.snap(inside["x_m"], inside["y_m"])
        beside = ground.residents.snap(outside["x_m"], outside["y_m"])
        far_count = int(stops.is_far.sum())
        on_foot = _on_foot(ground, ground.residents, inside, stops, beside)
    return measure_clustering(
        places_m=_places_m(inside),
        counts=SiteCounts(len(inside), far_count, protected_count),
        on_foot=on_foot,
        homes=ground.homes,
        areas=areas,
        neighbours=ground.neighbours,
        area_m2=ground.area_m2,
        seed=seed,
    )


def _places_m(sites: pd.DataFrame) -> Floats:
    return sites[["x_m", "y_m"]].to_numpy(dtype=np.float64)


def _on_foot(
    ground: _Ground, residents: Residents, inside: pd.DataFrame, stops: Stops, beside: Stops
) -> OnFoot:
    hierarchy = residents.streets.hierarchy
    metres = _metres(hierarchy, stops, stops)
    places_m = _places_m(inside)
    is_same = (places_m[:, None] == places_m[None, :]).all(axis=2)
    # Who is in the same building need not go out into the street.
    metres[is_same & ~np.isnan(metres)] = 0
    sites = Walks(metres, _nearest_beside(hierarchy, stops, beside))
    assert ground.pool_stops is not None
    pool = Walks(ground.pool_m, _nearest_beside(hierarchy, ground.pool_stops, beside))
    return OnFoot(sites, Pool(pool, ground.pool_weights))


def _metres(hierarchy: Hierarchy, origins: Stops, destinations: Stops) -> Floats:
    """From each origin to each destination; NaN from or to a place too far from the streets."""
    whole_mm = sweep_matrix(hierarchy, origins, destinations)
    metres = np.where(whole_mm < UNREACHED, whole_mm / MM_PER_M, np.inf)
    metres[origins.is_far] = np.nan
    metres[:, destinations.is_far] = np.nan
    return metres


def _nearest_beside(hierarchy: Hierarchy, origins: Stops, beside: Stops) -> Floats:
    near = beside.part(~beside.is_far)
    nearest: Floats = _metres(hierarchy, origins, near).min(axis=1, initial=np.inf)
    return nearest


def _ground_of(
    connection: Connection, home: Path, release: Release, seed: int
) -> tuple[_Ground, object]:
    """The ground, and what it rests on."""
    source: Population | PopulationSource
    try:
        residents = residents_on_streets(connection, home, release.id, _WALK)
        of_streets, source = residents.streets.release, residents.population
    except NotFound:
        residents, of_streets, source = None, None, population_source(connection, release.id)
    key = content_key(connection, release, of_streets, source.basis, source.release, seed)
    return _grounds.keep(key, lambda: _lay_ground(connection, release, residents, seed)), key


def _lay_ground(
    connection: Connection, release: Release, residents: Residents | None, seed: int
) -> _Ground:
    areas = geometries(connection, release.id, LEVEL, region_only=True)
    population = (
        population_points(connection, release.id) if residents is None else residents.population
    )
    in_region = population.points["in_region"].to_numpy()
    stops, pool_m, weights = None, np.empty((0, 0)), np.empty(0)
    if residents is not None:
        stops, pool_m, weights = _lay_pool(residents, in_region, seed)
    return _Ground(
        neighbours=find_neighbours(areas),
        area_m2=float(areas.area.sum()),
        population=population,
        homes=_homes(population, in_region),
        residents=residents,
        pool_stops=stops,
        pool_m=pool_m,
        pool_weights=weights,
    )


def _lay_pool(
    residents: Residents, in_region: npt.NDArray[np.bool_], seed: int
) -> tuple[Stops, Floats, Floats]:
    """Points of the region near a street where sites are drawn: stops, distances, weights."""
    usable = np.flatnonzero(in_region & ~residents.stops.is_far)
    counts = residents.points["resident_count"].to_numpy(dtype=np.float64)
    rows, weights = choose_pool(counts[usable], seed)
    stops = residents.stops.part(usable[rows])
    return stops, _metres(residents.streets.hierarchy, stops, stops), weights


def _homes(population: Population, in_region: npt.NDArray[np.bool_]) -> Homes | None:
    """Where the residents of the region live; None when that is not known."""
    points = population.points[in_region]
    if not (points["resident_count"] > 0).any():
        return None
    places_m = np.column_stack([points.geometry.x, points.geometry.y])
    return Homes(places_m, points["resident_count"].to_numpy(dtype=np.float64))
