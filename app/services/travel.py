"""How far daily life is from a point or from the sites, along the streets, and the way there.

Distances run over the streets in use, in the direction of travel, from the point to the
amenity; the straight bits between a point and its node count at both ends. Where there is
no answer over the streets, the reason is said, and the CBS distance of the buurt stands beside
it under its own name: an average over the road by car. As long as no streets are loaded, that is
all there is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from analysis.access.modes import BANDS_MIN, TravelMode
from analysis.access.profiles import HOMES
from analysis.amenity_categories import AMENITY_CATEGORIES, AmenityCategory
from analysis.domain import SITE_STATUSES
from analysis.facility_types import FACILITY_TYPES, FacilityType
from app.services.area_list import SHOWN_TYPES
from app.services.lists import SourceLine
from app.services.spreading import QuestionError
from app.services.street_store import NO_STREETS
from app.services.travel_cbs import CbsDistance, CbsDistances, cbs_distances
from app.services.travel_places import NO_WAY, Place, TravelPlaces, travel_places
from app.services.travel_point import OUTSIDE, TravelPoint, far_from_street, read_point
from app.services.travel_route import RouteLine, route_line
from data.queries.places import AreaOfPlace
from data.queries.releases import Release, area_release, release
from data.queries.sites import sites_on
from data.queries.streets import NoStreets
from geo.frames import Level
from geo.network.arrays import MM_PER_M, UNREACHED, Int32s, to_mm
from geo.network.snap import Stops
from geo.network.swept import sweep_matrix
from geo.units import M_PER_KM

__all__ = [
    "AccessFrames",
    "CategoryAccess",
    "Place",
    "PointAccess",
    "RouteLine",
    "SiteAccess",
    "access_frames",
    "minutes_frame",
    "point_access",
    "points_access",
    "route_line",
    "sites_access",
]

Basis = Literal["straten", "cbs"]

NOT_IN_DATA = "Er staan geen {plural} in de gegevens."
ALL_FAR = "De {plural} in de gegevens liggen te ver van een straat."
FEW = "Er zijn maar {count} {plural} te bereiken."
ONE = "Er is maar 1 {label} te bereiken."
NO_HOMES_REACHED = "Er is {mode} geen weg over de straten naar woningen."


@dataclass(frozen=True)
class CategoryAccess:
    """The amenities of one category from a point.

    ``third`` is the third nearest other place, ``counts`` how many there are within 5, 10 and 15
    minutes. Without an answer over the streets ``nearest`` is None, ``counts`` is empty and
    ``reason`` says why; ``cbs_km`` is then the average of an area in ``cbs_year`` by CBS, or None
    with a reason.
    """

    category: AmenityCategory
    nearest: Place | None
    third: Place | None
    counts: dict[int, int]
    reason: str | None = None
    third_reason: str | None = None
    cbs_km: float | None = None
    cbs_level: Level | None = None
    cbs_name: str | None = None
    cbs_year: int | None = None
    cbs_reason: str | None = None

    @property
    def basis(self) -> Basis:
        """What the distance to quote is: over the streets, or that of CBS in its place."""
        return "straten" if self.cbs_km is None else "cbs"

    @property
    def cbs_words(self) -> str | None:
        """The area and the year whose average stands in: ``buurt Centrum (2024)``."""
        if self.cbs_km is None:
            return None
        return f"{self.cbs_level} {self.cbs_name} ({self.cbs_year})"


@dataclass(frozen=True)
class PointAccess:
    """How far daily life is from one point.

    ``distance_to_street_m`` is as the crow flies to the nearest node; ``is_far`` when that is
    too much to measure over the streets. It is None when no streets are loaded: then nothing is
    measured. ``homes_m`` is the way to the nearest point where people live; None, with the reason,
    when that is not known.
    """

    x_m: float
    y_m: float
    lon: float
    lat: float
    areas: tuple[AreaOfPlace, ...]
    mode: TravelMode
    distance_to_street_m: float | None
    is_far: bool
    categories: tuple[CategoryAccess, ...]
    homes_m: float | None
    homes_reason: str | None
    sources: tuple[SourceLine, ...]

    @property
    def is_example(self) -> bool:
        """Whether anything that it rests on is marked as example."""
        return any(line.release.is_example for line in self.sources)

    @property
    def has_streets(self) -> bool:
        """Whether there are streets at all to measure over."""
        return self.distance_to_street_m is not None

    @property
    def homes_minutes(self) -> float | None:
        """Minutes to the nearest point where people live."""
        return None if self.homes_m is None else self.mode.minutes(self.homes_m)

    def of(self, category: str) -> CategoryAccess:
        """What is said of one category, by its key."""
        return next(entry for entry in self.categories if entry.category.key == category)


@dataclass(frozen=True)
class SiteAccess:
    """A public site, how far daily life is from it, and where the site itself comes from."""

    site_id: int
    site_code: str
    name: str
    type: FacilityType
    access: PointAccess
    source: SourceLine


class AccessFrames(NamedTuple):
    """Minutes, basis and reasons by point, a column per criterion, as ``measure_access`` asks."""

    minutes: pd.DataFrame
    basis: pd.DataFrame
    reasons: pd.DataFrame


def point_access(
    connection: Connection, home: Path, x_m: float, y_m: float, mode: TravelMode
) -> PointAccess:
    """How far daily life is from a point in RD (metres).

    QuestionError, with field "x" or "y", when the point is no place in or near the region;
    NotFound when there are no areas yet. Without streets there are no minutes, and the distances
    of CBS stand in.
    """
    areas, places = _areas_and_places(connection, home, mode)
    point = read_point(connection, areas.id, x_m, y_m)
    (access,) = _measure(connection, areas, places, mode, [point])
    if point.is_in_water and (access.is_far or not access.has_streets):
        raise QuestionError("x", OUTSIDE)
    return access


def points_access(
    connection: Connection, home: Path, points: Sequence[TravelPoint], mode: TravelMode
) -> list[PointAccess]:
    """How far daily life is from each of these points, measured all at once."""
    areas, places = _areas_and_places(connection, home, mode)
    return _measure(connection, areas, places, mode, points)


def sites_access(
    connection: Connection,
    home: Path,
    types: Collection[str] | None,
    on: dt.date,
    mode: TravelMode,
) -> tuple[SiteAccess, ...]:
    """How far daily life is from every public site of these types (all when None) on a date.

    Only sites whose place is public, and that are not ended or given up.
    """
    areas, places = _areas_and_places(connection, home, mode)
    sites = sites_on(
        connection,
        areas.id,
        on,
        types=[key for key in SHOWN_TYPES if types is None or key in types],
        statuses=[status.key for status in SITE_STATUSES if status.group.key != "ended"],
    )
    rows: list[dict[Any, Any]] = sites.reset_index().to_dict("records")
    points = [
        TravelPoint(row["x_m"], row["y_m"], row["lon"], row["lat"], tuple(_areas_of(row)))
        for row in rows
    ]
    releases = {number: release(connection, number) for number in sites["release_id"].unique()}
    return tuple(
        SiteAccess(
            row["site_id"],
            row["site_code"],
            row["name"],
            FACILITY_TYPES[row["type"]],
            access,
            SourceLine("locaties", "Locaties", releases[row["release_id"]]),
        )
        for row, access in zip(rows, _measure(connection, areas, places, mode, points), strict=True)
    )


def access_frames(accesses: Mapping[Any, PointAccess]) -> AccessFrames:
    """What is known of these points, by their key, for the scores of ``analysis.access``."""
    told = [dict(_criteria(access)) for access in accesses.values()]
    index = pd.Index(list(accesses), name="point", dtype="object")
    minutes, basis, reasons = (
        pd.DataFrame(
            [{key: cell[at] for key, cell in row.items()} for row in told],
            index=index,
            dtype="object",
        )
        for at in range(3)
    )
    return AccessFrames(minutes.astype("float64"), basis, reasons)


def minutes_frame(accesses: Mapping[Any, PointAccess]) -> pd.DataFrame:
    """The minutes of ``access_frames`` alone."""
    return access_frames(accesses).minutes


def _areas_and_places(
    connection: Connection, home: Path, mode: TravelMode
) -> tuple[Release, TravelPlaces | None]:
    """The areas in use, and what can be reached; None as long as no streets are loaded."""
    try:
        places = travel_places(connection, home, mode)
    except NoStreets:
        return area_release(connection), None
    return places.areas, places


def _measure(
    connection: Connection,
    areas: Release,
    places: TravelPlaces | None,
    mode: TravelMode,
    points: Sequence[TravelPoint],
) -> list[PointAccess]:
    """What is near each point, with the distances of CBS where nothing could be measured."""
    if places is None:
        found = [_without_streets(areas, mode, point) for point in points]
    else:
        found = _measure_over_streets(places, mode, points)
    unknown = (
        point
        for point, access in zip(points, found, strict=True)
        if any(entry.nearest is None for entry in access.categories)
    )
    cbs = cbs_distances(connection, areas.id, unknown)
    return [
        replace(
            access,
            categories=tuple(_with_cbs(entry, areas, point, cbs) for entry in access.categories),
        )
        for point, access in zip(points, found, strict=True)
    ]


def _without_streets(areas: Release, mode: TravelMode, point: TravelPoint) -> PointAccess:
    return PointAccess(
        point.x_m,
        point.y_m,
        point.lon,
        point.lat,
        point.areas,
        mode,
        distance_to_street_m=None,
        is_far=False,
        categories=tuple(
            CategoryAccess(entry, None, None, {}, NO_STREETS) for entry in AMENITY_CATEGORIES
        ),
        homes_m=None,
        homes_reason=NO_STREETS,
        sources=(SourceLine("gebieden", "Gebieden en afstanden van het CBS", areas),),
    )


def _measure_over_streets(
    places: TravelPlaces, mode: TravelMode, points: Sequence[TravelPoint]
) -> list[PointAccess]:
    """One matrix from all points to all amenities, and from each row what it says."""
    x_m, y_m = ([getattr(point, name) for point in points] for name in ("x_m", "y_m"))
    origins = places.streets.snapper.snap(x_m, y_m)
    matrix = sweep_matrix(places.streets.hierarchy, origins, places.stops)
    each = [origins.part(slice(row, row + 1)) for row in range(len(points))]
    return [
        PointAccess(
            point.x_m,
            point.y_m,
            point.lon,
            point.lat,
            point.areas,
            mode,
            float(origins.distance_m[row]),
            bool(origins.is_far[row]),
            tuple(
                _over_streets(places, mode, origin, matrix[row], entry)
                for entry in AMENITY_CATEGORIES
            ),
            *_homes(places, mode, origin),
            places.sources,
        )
        for row, (point, origin) in enumerate(zip(points, each, strict=True))
    ]


def _over_streets(
    places: TravelPlaces,
    mode: TravelMode,
    origin: Stops,
    distance_mm: Int32s,
    category: AmenityCategory,
) -> CategoryAccess:
    """What the distances from one point say of one category."""
    rows = places.rows[category.key]
    reached = rows[distance_mm[rows] < UNREACHED]
    if not len(reached):
        return CategoryAccess(category, None, None, {}, _reason(places, mode, origin, category))
    own_mm = distance_mm[reached]
    first = np.argsort(own_mm, kind="stable")[:3]
    nearest = [places.place(int(reached[at]), int(own_mm[at]), mode) for at in first]
    limits = to_mm([mode.reach_m(minutes) for minutes in BANDS_MIN])
    return CategoryAccess(
        category,
        nearest[0],
        nearest[2] if len(nearest) > 2 else None,
        {
            minutes: int((own_mm <= limit).sum())
            for minutes, limit in zip(BANDS_MIN, limits, strict=True)
        },
        third_reason=None if len(nearest) > 2 else _too_few(category, len(nearest)),
    )


def _too_few(category: AmenityCategory, count: int) -> str:
    if count == 1:
        return ONE.format(label=category.label.lower())
    return FEW.format(count=count, plural=category.plural)


def _reason(
    places: TravelPlaces, mode: TravelMode, origin: Stops, category: AmenityCategory
) -> str:
    rows = places.rows[category.key]
    if not len(rows):
        return NOT_IN_DATA.format(plural=category.plural)
    if origin.is_far[0]:
        return far_from_street(float(origin.distance_m[0]))
    if places.stops.is_far[rows].all():
        return ALL_FAR.format(plural=category.plural)
    return NO_WAY.format(mode=mode.label, plural=category.plural)


def _homes(
    places: TravelPlaces, mode: TravelMode, origin: Stops
) -> tuple[float | None, str | None]:
    """Metres to the nearest home, or why they are not known."""
    if places.homes_mm is None:
        return None, places.homes_reason
    if origin.is_far[0]:
        return None, far_from_street(float(origin.distance_m[0]))
    from_node_mm = int(places.homes_mm[origin.node[0]])
    if from_node_mm >= UNREACHED:
        return None, NO_HOMES_REACHED.format(mode=mode.label)
    return (from_node_mm + int(origin.offset_mm[0])) / MM_PER_M, None


def _areas_of(site: Mapping[Any, Any]) -> Iterator[AreaOfPlace]:
    """The areas of a site, the smallest first."""
    levels: tuple[Level, ...] = ("buurt", "wijk", "gemeente")
    for level in levels:
        if isinstance(code := site[f"{level}_code"], str):
            yield AreaOfPlace(code, level, str(site[f"{level}_name"]), is_water=False)


def _with_cbs(
    entry: CategoryAccess, release: Release, point: TravelPoint, cbs: CbsDistances
) -> CategoryAccess:
    """The same with the CBS distance of the smallest area that has one, where it is needed."""
    if entry.nearest is not None:
        return entry
    found = cbs.of(entry.category, point.areas)
    if not isinstance(found, CbsDistance):
        return replace(entry, cbs_reason=found)
    return replace(
        entry,
        cbs_km=found.km,
        cbs_level=found.area.level,
        cbs_name=found.area.name,
        cbs_year=release.year,
    )


def _criteria(access: PointAccess) -> Iterator[tuple[str, tuple[float, str | None, str | None]]]:
    """Minutes, basis and reason of every criterion that can be asked."""
    for entry in access.categories:
        key = entry.category.key
        if entry.nearest is not None:
            yield key, (entry.nearest.minutes, "straten", None)
        elif entry.cbs_km is not None:
            yield key, (access.mode.minutes(entry.cbs_km * M_PER_KM), "cbs", None)
        else:
            yield key, (np.nan, None, f"{entry.reason} {entry.cbs_reason}")
    minutes = access.homes_minutes
    known = (np.nan, None, access.homes_reason) if minutes is None else (minutes, "straten", None)
    yield HOMES, known
