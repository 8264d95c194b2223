"""How far the residents of the region are from places, along the streets.

Where people live and how far daily life is changes only with a delivery, so both are kept in
this process until one of the deliveries behind them is another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection

from analysis.access.modes import TravelMode
from analysis.amenity_categories import AMENITY_CATEGORIES
from app.services.shelf import Shelf, content_key
from app.services.street_store import TravelStreets, travel_streets
from data.queries.amenities import amenities_in_use, amenity_deliveries, amenity_releases
from data.queries.population import Population, population_points, population_source
from data.queries.releases import Release
from geo.network.arrays import MM_PER_M, UNREACHED
from geo.network.snap import Stops
from geo.network.swept import sweep_nearest

Floats = npt.NDArray[np.float64]
#: Two ways of travelling, for a change of delivery while pages of the former one are made.
_MOST_KEPT = 8
_shelf = Shelf(_MOST_KEPT)


@dataclass(frozen=True, eq=False)
class Residents:
    """The points with residents, and the node of each for one way of travelling."""

    population: Population
    streets: TravelStreets
    stops: Stops

    @property
    def points(self) -> gpd.GeoDataFrame:
        """Every point, with its residents and areas."""
        return self.population.points

    def snap(self, x_m: pd.Series, y_m: pd.Series) -> Stops:
        """The nodes of places (RD); those too far from the streets count nowhere."""
        return self.streets.snapper.snap(x_m, y_m)

    def measure_nearest(self, groups: Sequence[Stops]) -> Floats:
        """Metres from each point to the nearest place of each group: (group, point).

        The way to the street counts at both ends. NaN where a point is too far from the streets,
        infinite where no way leads to a place of the group.
        """
        near = np.flatnonzero(~self.stops.is_far)
        metres = np.full((len(groups), len(self.stops)), np.nan)
        from_node_mm = sweep_nearest(self.streets.hierarchy, groups)[:, self.stops.node[near]]
        whole_mm = from_node_mm.astype(np.int64) + self.stops.offset_mm[near]
        metres[:, near] = np.where(from_node_mm < UNREACHED, whole_mm / MM_PER_M, np.inf)
        return metres


@dataclass(frozen=True, eq=False)
class DailyLife:
    """Metres from each point with residents to the nearest amenity of each category.

    ``distance_m`` has a row a point and a column a category. ``place_counts`` tells how many
    amenities of each there are at all, ``far_counts`` how many of them are too far from a street,
    and ``release_of`` which delivery has them.
    """

    residents: Residents
    distance_m: pd.DataFrame
    place_counts: dict[str, int]
    far_counts: dict[str, int]
    release_of: dict[str, Release]


def residents_on_streets(
    connection: Connection, home: Path, area_release_id: int, mode: TravelMode
) -> Residents:
    """The residents for a way of travelling; NotFound when there are no streets."""
    streets = travel_streets(connection, home, mode.key)
    source = population_source(connection, area_release_id)
    key = content_key(
        connection, "residents", mode.key, area_release_id, streets.release, source.release
    )

    def make() -> Residents:
        population = population_points(connection, area_release_id)
        places = population.points.geometry
        return Residents(population, streets, streets.snapper.snap(places.x, places.y))

    return _shelf.keep(key, make)


def daily_life(
    connection: Connection, home: Path, area_release_id: int, mode: TravelMode
) -> DailyLife:
    """How far every amenity category is from the residents; NotFound without streets."""
    residents = residents_on_streets(connection, home, area_release_id, mode)
    of_amenities = amenity_deliveries(connection)
    key = content_key(
        connection,
        "daily life",
        mode.key,
        area_release_id,
        residents.streets.release,
        residents.population.release,
        *of_amenities,
    )
    return _shelf.keep(key, lambda: _measure_daily_life(connection, residents))


def _measure_daily_life(connection: Connection, residents: Residents) -> DailyLife:
    amenities = amenities_in_use(connection)
    stops = residents.snap(amenities.geometry.x, amenities.geometry.y)
    rows = {
        key: np.flatnonzero((amenities["category"] == key).to_numpy())
        for key in AMENITY_CATEGORIES.keys
    }
    groups = {key: stops.part(which) for key, which in rows.items()}
    metres = residents.measure_nearest(list(groups.values()))
    by_id = {release.id: release for release in amenity_releases(connection)}
    first = amenities.groupby("category")["release_id"].first()
    return DailyLife(
        residents,
        pd.DataFrame(metres.T, index=residents.points.index, columns=list(groups)),
        place_counts={key: len(group) for key, group in groups.items()},
        far_counts={key: int(group.is_far.sum()) for key, group in groups.items()},
        release_of={str(key): by_id[int(number)] for key, number in first.items()},
    )
