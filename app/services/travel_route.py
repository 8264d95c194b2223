"""The way from a point to an amenity, over the real lines of the streets."""

from __future__ import annotations

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
    places = travel_places(connection, home, mode)
    read_point(connection, places.areas.id, x_m, y_m)
    if amenity_code not in places.amenities.index:
        raise NotFound("Deze voorziening is er niet, of staat niet meer in de gegevens.")
    row = int(places.amenities.index.get_indexer([amenity_code])[0])
    origin = places.streets.snapper.snap([x_m], [y_m])
    if origin.is_far[0]:
        raise NotFound(far_from_street(float(origin.distance_m[0])))
    route = find_route(places.streets.network, origin, places.stops.part(slice(row, row + 1)))
    if route is None:
        category = AMENITY_CATEGORIES[places.amenities["category"].iloc[row]]
        raise NotFound(NO_WAY.format(mode=mode.label, plural=f"deze {category.label.lower()}"))
    place = places.place(row, route.distance_mm, mode)
    line = _line(connection, places, (x_m, y_m), route, (place.x_m, place.y_m))
    lonlat = gpd.GeoSeries([line], crs=RD).to_crs(WGS84).iloc[0]
    return RouteLine(place, line, lonlat, place.distance_m, place.minutes, mode, places.sources)


def _line(
    connection: Connection,
    places: TravelPlaces,
    start: tuple[float, float],
    route: Route,
    stop: tuple[float, float],
) -> shapely.LineString:
    """The lines of the streets on the way, each in its direction, and the straight bits."""
    network = places.streets.network
    edge_ids = network.edge_ids[network.forward.edge[route.arcs]]
    lines = edge_lines(connection, places.streets.release.id, edge_ids.tolist())
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
    """The points of a street from one of its crossings to the other."""
    points = [(x, y) for x, y, *_ in line.coords]
    return points if _apart(points[0], begin) <= _apart(points[0], end) else points[::-1]


def _apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))
