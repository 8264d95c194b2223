"""The way from a point to an amenity, over the real lines of the streets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from sqlalchemy import Connection

from analysis.access.modes import TravelMode
from analysis.amenity_categories import AMENITY_CATEGORIES
from app.services.lists import SourceLine
from app.services.travel_places import NO_WAY, Place, TravelPlaces, travel_places
from app.services.travel_point import far_from_street, read_point
from data.errors import NotFound
from data.queries.streets import edge_lines
from geo.crs import RD, WGS84
from geo.network.routes import Route, find_route
from geo.network.snap import Stops


@dataclass(frozen=True)
class RouteLine:
    """The way from a point to an amenity, over the real lines of the streets.

    ``line`` (RD) starts at the point and ends at the amenity, with the straight bits to and from
    the streets; ``lonlat`` is the same in degrees.
    """

    place: Place
    line: shapely.LineString
    lonlat: shapely.LineString
    distance_m: float
    minutes: float
    mode: TravelMode
    sources: tuple[SourceLine, ...]

    @property
    def geojson(self) -> dict[str, Any]:
        """The line as a GeoJSON geometry, in degrees with 6 decimals (a decimetre)."""
        rounded = shapely.transform(self.lonlat, lambda xy: np.round(xy, 6))
        return dict(shapely.geometry.mapping(rounded))


def route_line(
    connection: Connection,
    home: Path,
    x_m: float,
    y_m: float,
    amenity_code: str,
    mode: TravelMode,
) -> RouteLine:
    """The shortest way from a point in RD to an amenity.

    QuestionError as ``point_access``; NotFound when there is no such amenity, or no way to it.
    """
    (line,) = route_lines(connection, home, x_m, y_m, [amenity_code], mode)
    return line


def route_lines(
    connection: Connection,
    home: Path,
    x_m: float,
    y_m: float,
    amenity_codes: Sequence[str],
    mode: TravelMode,
) -> list[RouteLine]:
    """The shortest ways from a point in RD to some amenities, in their order.

    The lines of all streets are asked at once. Raises as ``route_line``, for any of them.
    """
    places = travel_places(connection, home, mode)
    read_point(connection, places.areas.id, x_m, y_m)
    rows = places.amenities.index.get_indexer(list(amenity_codes))
    if (rows < 0).any():
        raise NotFound("Deze voorziening is er niet, of staat niet meer in de gegevens.")
    origin = places.streets.snapper.snap([x_m], [y_m])
    if origin.is_far[0]:
        raise NotFound(far_from_street(float(origin.distance_m[0])))
    routes = [_route(places, origin, int(row), mode) for row in rows]
    found = [
        places.place(int(row), route.distance_mm, mode)
        for row, route in zip(rows, routes, strict=True)
    ]
    stops = [(place.x_m, place.y_m) for place in found]
    lines = gpd.GeoSeries(_lines(connection, places, (x_m, y_m), routes, stops), crs=RD)
    return [
        RouteLine(place, line, lonlat, place.distance_m, place.minutes, mode, places.sources)
        for place, line, lonlat in zip(found, lines, lines.to_crs(WGS84), strict=True)
    ]


def _route(places: TravelPlaces, origin: Stops, row: int, mode: TravelMode) -> Route:
    route = find_route(places.streets.network, origin, places.stops.part(slice(row, row + 1)))
    if route is None:
        category = AMENITY_CATEGORIES[places.amenities["category"].iloc[row]]
        raise NotFound(NO_WAY.format(mode=mode.label, plural=f"deze {category.label.lower()}"))
    return route


def _lines(
    connection: Connection,
    places: TravelPlaces,
    start: tuple[float, float],
    routes: Sequence[Route],
    stops: Sequence[tuple[float, float]],
) -> list[shapely.LineString]:
    """Each way over the lines of its streets."""
    network = places.streets.network
    edge_ids = [network.edge_ids[network.forward.edge[route.arcs]] for route in routes]
    all_ids = [int(edge_id) for ids in edge_ids for edge_id in ids]
    lines = iter(edge_lines(connection, places.streets.release.id, all_ids))
    return [
        _line(places, start, route, [next(lines) for _ in ids], stop)
        for route, ids, stop in zip(routes, edge_ids, stops, strict=True)
    ]


def _line(
    places: TravelPlaces,
    start: tuple[float, float],
    route: Route,
    lines: Sequence[shapely.LineString],
    stop: tuple[float, float],
) -> shapely.LineString:
    """The lines of the streets on the way, each in its direction, and the straight bits."""
    network = places.streets.network
    here = [(float(network.x_m[node]), float(network.y_m[node])) for node in route.nodes]
    points = [start, here[0]]
    for line, begin, end in zip(lines, here, here[1:], strict=False):
        points += _directed(line, begin, end)[1:]
    points.append(stop)
    kept = [point for at, point in enumerate(points) if at == 0 or point != points[at - 1]]
    return shapely.LineString(kept if len(kept) > 1 else [start, stop])


def _directed(
    line: shapely.LineString, begin: tuple[float, float], end: tuple[float, float]
) -> list[tuple[float, float]]:
    """The points of a street from one of its ends to the other."""
    points = [(x, y) for x, y, *_ in line.coords]
    return points if _apart(points[0], begin) <= _apart(points[0], end) else points[::-1]


def _apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))
