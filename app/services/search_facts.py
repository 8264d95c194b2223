"""What is known of every square of the region: its ground, the way to daily life, places near.

All of it rests on deliveries and is kept in this process until one of them is another. What
differs by type or condition is made from it in a moment (``app.services.search_areas``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sqlalchemy import Connection

from analysis.access.modes import TRAVEL_MODES, TravelMode
from analysis.access.profiles import HOMES
from analysis.amenity_categories import AMENITY_CATEGORIES, AmenityCategory
from analysis.domain import PlanScope
from analysis.search_areas.assessment import NEAR_M
from analysis.search_areas.grid import cells_in
from analysis.search_areas.ground import Ground, measure_ground
from analysis.spreading.exposure import places_near
from app.numbers import to_dutch
from app.services.area_list import SHOWN_TYPES
from app.services.lists import SourceLine
from app.services.shelf import Shelf, content_key
from app.services.street_store import travel_streets
from app.services.travel import ALL_FAR, NO_HOMES_REACHED, NOT_IN_DATA
from app.services.travel_places import NO_WAY, TravelPlaces, travel_places
from data.queries.amenities import amenity_deliveries
from data.queries.areas import geometries
from data.queries.land_use import land_in_use, land_use_deliveries, land_use_releases
from data.queries.population import population_source
from data.queries.releases import Release
from data.queries.sites import sites_on
from geo.crs import RD
from geo.frames import LEVELS
from geo.network.arrays import MM_PER_M, UNREACHED, Int32s
from geo.network.snap import SNAP_LIMIT_M, Stops
from geo.network.swept import sweep_nearest

WALK: TravelMode = TRAVEL_MODES["walk"]
TOO_FAR = (
    f"Het midden van dit vakje ligt meer dan {to_dutch(SNAP_LIMIT_M)} meter van een straat: te ver "
    "om over de straten te meten."
)
#: What the areas of CBS call water is ground as well.
WATER = "water"
#: So many sites are measured at once.
_SITES_AT_ONCE = 16
_ground_shelf, _minutes_shelf, _near_shelf = Shelf(2), Shelf(4), Shelf(4)
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RegionGround:
    """The squares of the region with their ground, what their areas are called, and the uses.

    ``names`` has for every gemeente and wijk of the region: name, gemeente_code, gemeente_name.
    ``uses`` are the pieces of ground in use (kind, name and shape in RD), water of CBS among them.
    """

    ground: Ground
    names: pd.DataFrame
    uses: gpd.GeoDataFrame
    region: shapely.Geometry
    releases: tuple[Release, ...]
    key: Hashable

    @property
    def cells(self) -> pd.DataFrame:
        """The squares."""
        return self.ground.cells

    @property
    def sources(self) -> tuple[SourceLine, ...]:
        """Where the uses of the ground come from."""
        return tuple(SourceLine("grond", "Gebruik van de grond", entry) for entry in self.releases)


@dataclass(frozen=True, eq=False)
class CellTravel:
    """Minutes from every square to everything that a type can ask, and why some are unknown."""

    minutes: pd.DataFrame
    reasons: pd.DataFrame
    is_far: npt.NDArray[np.bool_]
    sources: tuple[SourceLine, ...]
    key: Hashable


@dataclass(frozen=True, eq=False)
class CellPlaces:
    """The places of all types on the map that every square has near, on foot."""

    place_count: pd.Series
    unknown_site_count: pd.Series
    key: Hashable


def region_ground(connection: Connection, areas: Release) -> RegionGround:
    """The squares of the region and what their ground is."""
    deliveries = land_use_deliveries(connection)
    key = content_key(connection, "ground", areas, *deliveries)
    return _ground_shelf.keep(key, lambda: _read_ground(connection, areas, key))


def cell_travel(connection: Connection, home: Path, areas: Release, mode: TravelMode) -> CellTravel:
    """The way from every square to the nearest of each kind; NoStreets without streets."""
    streets = travel_streets(connection, home, mode.key)
    key = content_key(
        connection,
        "travel",
        mode.key,
        areas,
        streets.release,
        population_source(connection, areas.id).release,
        *amenity_deliveries(connection),
    )

    def make() -> CellTravel:
        cells = region_ground(connection, areas).cells
        return _measure_travel(travel_places(connection, home, mode), cells, mode, key)

    return _minutes_shelf.keep(key, make)


def cell_places(
    connection: Connection, home: Path, areas: Release, on: dt.date, scope: PlanScope
) -> CellPlaces:
    """The places within ``NEAR_M`` on foot; only sites whose place is public count."""
    sites = _counted(connection, areas, on, scope)
    streets = travel_streets(connection, home, WALK.key)
    key = content_key(connection, "near", areas, streets.release, sites)

    def make() -> CellPlaces:
        cells = region_ground(connection, areas).cells
        return CellPlaces(*_measure_places(connection, home, cells, sites), key)

    return _near_shelf.keep(key, make)


def places_around(
    connection: Connection,
    home: Path,
    areas: Release,
    on: dt.date,
    scope: PlanScope,
    points: pd.DataFrame,
) -> tuple[pd.Series, pd.Series]:
    """``cell_places`` of some points of one's own (``x_m`` and ``y_m``), which are not kept.

    Places near, and sites near of which the number of places is not known.
    """
    sites = _counted(connection, areas, on, scope)
    return _measure_places(connection, home, points, sites)


def _counted(connection: Connection, areas: Release, on: dt.date, scope: PlanScope) -> pd.DataFrame:
    sites = sites_on(connection, areas.id, on, SHOWN_TYPES, scope.statuses)
    has_places = ~sites["capacity_count"].eq(0).fillna(False)
    return sites.loc[has_places, ["x_m", "y_m", "capacity_count"]]


def _read_ground(connection: Connection, areas: Release, key: Hashable) -> RegionGround:
    levels = {level: geometries(connection, areas.id, level, region_only=True) for level in LEVELS}
    on_land = {level: frame[~frame["is_water"]] for level, frame in levels.items()}
    water = pd.concat([frame[frame["is_water"]] for frame in levels.values()])
    uses = pd.concat([_with_kind(water), land_in_use(connection)[["kind", "name", "geometry"]]])
    uses = gpd.GeoDataFrame(uses, geometry="geometry", crs=RD)
    gemeenten, wijken = on_land["gemeente"], on_land["wijk"]
    region = shapely.union_all(gemeenten.geometry.array)
    return RegionGround(
        measure_ground(cells_in(gemeenten, wijken), uses, region),
        names=pd.concat([gemeenten, wijken])[["name", "gemeente_code", "gemeente_name"]],
        uses=uses,
        region=region,
        releases=land_use_releases(connection),
        key=key,
    )


def _with_kind(water: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return water.assign(kind=WATER)[["kind", "name", "geometry"]]


def _measure_travel(
    places: TravelPlaces, cells: pd.DataFrame, mode: TravelMode, key: Hashable
) -> CellTravel:
    stops = places.streets.snapper.snap(cells["x_m"], cells["y_m"])
    groups = [places.stops.part(places.rows[key]) for key in AMENITY_CATEGORIES.keys]
    nearest_mm = sweep_nearest(places.streets.hierarchy, groups)
    reasons = {
        entry.key: _reason(places, mode, entry, group)
        for entry, group in zip(AMENITY_CATEGORIES, groups, strict=True)
    }
    from_node = dict(zip(AMENITY_CATEGORIES.keys, nearest_mm, strict=True))
    if places.homes_mm is not None:
        from_node[HOMES] = places.homes_mm
    else:
        from_node[HOMES] = np.full(nearest_mm.shape[1], UNREACHED)
    reasons[HOMES] = places.homes_reason or NO_HOMES_REACHED.format(mode=mode.label)
    minutes = pd.DataFrame(
        {key: mode.minutes(_metres(stops, way)) for key, way in from_node.items()},
        index=cells.index,
    )
    words = pd.DataFrame(
        {key: np.where(stops.is_far, TOO_FAR, reason) for key, reason in reasons.items()},
        index=cells.index,
        dtype="object",
    )
    return CellTravel(minutes, words.mask(minutes.notna()), stops.is_far, places.sources, key)


def _metres(stops: Stops, from_node_mm: Int32s) -> Floats:
    """Metres from each square to the nearest; NaN where it is too far from a street, or no way."""
    metres = np.full(len(stops), np.nan)
    near = np.flatnonzero(~stops.is_far)
    way_mm = from_node_mm[stops.node[near]]
    whole_mm = way_mm.astype(np.int64) + stops.offset_mm[near]
    metres[near] = np.where(way_mm < UNREACHED, whole_mm / MM_PER_M, np.nan)
    return metres


def _reason(places: TravelPlaces, mode: TravelMode, category: AmenityCategory, group: Stops) -> str:
    """Why a square near a street has no way to a category."""
    if not len(group):
        return NOT_IN_DATA.format(plural=category.plural)
    if group.is_far.all():
        return ALL_FAR.format(plural=category.plural)
    return NO_WAY.format(mode=mode.label, plural=category.plural)


def _measure_places(
    connection: Connection, home: Path, cells: pd.DataFrame, sites: pd.DataFrame
) -> tuple[pd.Series, pd.Series]:
    streets = travel_streets(connection, home, WALK.key)
    stops = streets.snapper.snap(cells["x_m"], cells["y_m"])
    of_sites = streets.snapper.snap(sites["x_m"], sites["y_m"])
    dark = cells.index[stops.is_far]
    place_count = pd.Series(0.0, index=cells.index).mask(stops.is_far)
    unknown_count = place_count.copy()
    for first in range(0, len(sites), _SITES_AT_ONCE):
        some = sites.iloc[first : first + _SITES_AT_ONCE]
        groups = [of_sites.part(slice(at, at + 1)) for at in range(first, first + len(some))]
        metres = _metres_to(stops, sweep_nearest(streets.hierarchy, groups, NEAR_M))
        frame = pd.DataFrame(metres, index=some.index, columns=cells.index)
        near = places_near(frame, some["capacity_count"], (NEAR_M,), unmeasured=dark)
        place_count += near.place_count[NEAR_M]
        unknown_count += near.unknown_site_count[NEAR_M]
    return place_count, unknown_count


def _metres_to(stops: Stops, from_node_mm: Int32s) -> Floats:
    """A row a site: metres from each square, infinite where there is no way within the limit."""
    rows = [_metres(stops, way) for way in from_node_mm]
    metres = np.array(rows).reshape(len(rows), len(stops))
    return np.where(np.isnan(metres) & ~stops.is_far, np.inf, metres)
