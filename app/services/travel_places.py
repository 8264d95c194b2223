"""What can be reached over the streets in use: amenities and homes, each at its node.

Kept in this process until any delivery in the database is another: a question from a page then
costs no more than one search.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection

from analysis.access.modes import ModeKey, TravelMode
from analysis.amenity_categories import AMENITY_CATEGORIES
from app.services.lists import SourceLine
from app.services.residents import residents_on_streets
from app.services.street_store import TravelStreets, travel_streets
from data.queries.amenities import amenities_in_use, amenity_releases
from data.queries.releases import Release, all_releases, area_release
from geo.network.arrays import MM_PER_M, Int32s
from geo.network.snap import Stops
from geo.network.swept import sweep_nearest

NO_WAY = "Er is {mode} geen weg over de straten naar {plural}."
NO_HOMES = "Er is niet bekend waar mensen wonen."
HOMES_PER_BUURT = "Waar de woningen precies staan is niet bekend: er is maar één punt per buurt."
#: What the database holds: id, checksum and moment of every delivery.
State = tuple[tuple[object, ...], ...]


@dataclass(frozen=True)
class Place:
    """An amenity as seen from a point; metres along the streets, minutes with the mode."""

    amenity_code: str
    name: str | None
    category: str
    x_m: float
    y_m: float
    lon: float
    lat: float
    distance_m: float
    minutes: float


@dataclass(frozen=True, eq=False)
class TravelPlaces:
    """The amenities for one way of travelling, and how far homes are.

    ``rows`` has the rows of ``amenities`` by category, ``stops`` the node of each row.
    ``homes_mm`` is the way from each node to the nearest point where people live; None, with
    the reason, where that is not known.
    """

    streets: TravelStreets
    areas: Release
    amenities: gpd.GeoDataFrame
    stops: Stops
    rows: dict[str, npt.NDArray[np.intp]]
    homes_mm: Int32s | None
    homes_reason: str | None
    sources: tuple[SourceLine, ...]

    def place(self, row: int, distance_mm: int, mode: TravelMode) -> Place:
        """The amenity of this row, at this distance."""
        distance_m = distance_mm / MM_PER_M
        return Place(*self._facts[row], distance_m, mode.minutes(distance_m))

    @cached_property
    def _facts(self) -> list[tuple[str, str | None, str, float, float, float, float]]:
        """What is always the same of a ``Place``, by row: a question asks for dozens of them."""
        names = [None if pd.isna(name) else str(name) for name in self.amenities["name"]]
        columns = (
            self.amenities.index.astype(str),
            names,
            self.amenities["category"].astype(str),
            *(self.amenities.geometry.x, self.amenities.geometry.y),
            *(self.amenities["lon"], self.amenities["lat"]),
        )
        return list(zip(*(list(column) for column in columns), strict=True))


_kept: dict[tuple[Path, ModeKey], tuple[State, TravelPlaces]] = {}
_keeping = Lock()


def travel_places(connection: Connection, home: Path, mode: TravelMode) -> TravelPlaces:
    """What can be reached this way; NotFound without areas, NoStreets without streets."""
    place, state = (home, mode.key), _state(connection)
    kept = _kept.get(place)
    if kept is None or kept[0] != state:
        with _keeping:
            kept = _kept.get(place)
            if kept is None or kept[0] != state:
                kept = _kept[place] = state, _read(connection, home, mode)
    return kept[1]


def _state(connection: Connection) -> State:
    """Changes with every import; the address tells two databases with one home apart."""
    releases = all_releases(connection)
    marks = [(entry.id, entry.sha256, entry.imported_at) for entry in releases]
    return (str(connection.engine.url),), *marks


def _read(connection: Connection, home: Path, mode: TravelMode) -> TravelPlaces:
    streets = travel_streets(connection, home, mode.key)
    areas = area_release(connection)
    amenities = amenities_in_use(connection)
    categories = amenities["category"].to_numpy(dtype=object)
    homes_mm, homes_reason, of_homes = _homes(connection, home, areas, mode)
    sources = (
        SourceLine("straten", "Straten", streets.release),
        *(
            SourceLine("voorzieningen", "Voorzieningen", entry)
            for entry in amenity_releases(connection)
        ),
        *of_homes,
        SourceLine("gebieden", "Gebieden", areas),
    )
    return TravelPlaces(
        streets,
        areas,
        amenities,
        stops=streets.snapper.snap(amenities.geometry.x, amenities.geometry.y),
        rows={key: np.flatnonzero(categories == key) for key in AMENITY_CATEGORIES.keys},
        homes_mm=homes_mm,
        homes_reason=homes_reason,
        sources=sources,
    )


def _homes(
    connection: Connection, home: Path, areas: Release, mode: TravelMode
) -> tuple[Int32s | None, str | None, tuple[SourceLine, ...]]:
    """The way to the nearest home from every node; or why that is not known."""
    residents = residents_on_streets(connection, home, areas.id, mode)
    if residents.population.basis == "buurtpunten":
        return None, HOMES_PER_BUURT, ()
    if residents.stops.is_far.all():
        return None, NO_HOMES, ()
    (nearest_mm,) = sweep_nearest(residents.streets.hierarchy, [residents.stops])
    line = SourceLine("inwoners", "Waar mensen wonen", residents.population.release)
    return nearest_mm, None, (line,)
