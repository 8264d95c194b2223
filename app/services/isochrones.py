"""What can be reached from a point within some minutes, as areas that follow the streets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from sqlalchemy import Connection

from analysis.access.modes import BANDS_MIN, TravelMode
from app.numbers import to_dutch
from app.services.lists import SourceLine
from app.services.spreading import QuestionError
from app.services.street_store import travel_streets
from app.services.travel_point import TravelPoint, far_from_street, read_point
from data.errors import NotFound
from data.queries.releases import area_release
from data.queries.streets import edge_lines
from geo.crs import RD, WGS84
from geo.network.isochrones import draw_isochrone, edges_around

#: The page that tells how travel times are measured.
METHOD = "/methode/reistijd"
#: More than this is asked for no place of daily life, and covers the whole region.
MOST_MIN = 60
#: Decimals of a degree: 6 is a decimetre.
_DEGREE_DECIMALS = 6


@dataclass(frozen=True, eq=False)
class Zone:
    """Where one gets within ``minutes``; ``area`` in RD, ``lonlat`` the same in degrees."""

    minutes: float
    area: shapely.MultiPolygon
    lonlat: shapely.MultiPolygon


@dataclass(frozen=True, eq=False)
class Isochrones:
    """The zones around a point, the smallest first."""

    point: TravelPoint
    mode: TravelMode
    distance_to_street_m: float
    zones: tuple[Zone, ...]
    sources: tuple[SourceLine, ...]

    @property
    def is_example(self) -> bool:
        """Whether the streets are those of an example."""
        return any(line.release.is_example for line in self.sources)

    @property
    def geojson(self) -> dict[str, Any]:
        """A FeatureCollection in degrees, a feature a zone, each with its source and method."""
        release = self.sources[0].release
        return {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {
                        "minutes": zone.minutes,
                        "mode": self.mode.key,
                        "speed_km_per_h": self.mode.speed_km_per_h,
                        "x_m": self.point.x_m,
                        "y_m": self.point.y_m,
                        "area_m2": round(zone.area.area),
                        "source": release.attribution,
                        "year": release.year,
                        "version": release.version,
                        "is_example": self.is_example,
                        "method": METHOD,
                    },
                    "geometry": shapely.geometry.mapping(zone.lonlat),
                }
                for zone in self.zones
            ],
        }


def isochrones(
    connection: Connection,
    home: Path,
    x_m: float,
    y_m: float,
    mode: TravelMode,
    minutes: Sequence[float] = BANDS_MIN,
) -> Isochrones:
    """Where one gets from a point in RD (metres) within each of these minutes.

    QuestionError, with its field, for minutes or a point that can't be; NotFound without streets
    or areas, and for a point that is too far from a street.
    """
    wanted = sorted(set(minutes))
    if not wanted or not all(isfinite(one) and 0 < one <= MOST_MIN for one in wanted):
        raise QuestionError("minuten", f"Kies een aantal minuten boven 0, tot en met {MOST_MIN}.")
    point = read_point(connection, area_release(connection).id, x_m, y_m)
    streets = travel_streets(connection, home, mode.key)
    network, stop = streets.network, streets.snapper.snap([x_m], [y_m])
    if stop.is_far[0]:
        raise NotFound(far_from_street(float(stop.distance_m[0])))
    at_m = (x_m, y_m)
    edge_ids = edges_around(network, stop, mode.reach_m(wanted[-1]), at_m=at_m)
    lines = edge_lines(connection, streets.release.id, edge_ids.tolist())
    areas = gpd.GeoSeries(
        [draw_isochrone(network, lines, stop, mode.reach_m(one), at_m=at_m) for one in wanted],
        crs=RD,
    )
    zones = tuple(
        Zone(one, area, _rounded(lonlat))
        for one, area, lonlat in zip(wanted, areas, areas.to_crs(WGS84), strict=True)
    )
    sources = (SourceLine("straten", "Straten", streets.release),)
    return Isochrones(point, mode, float(stop.distance_m[0]), zones, sources)


def _rounded(lonlat: shapely.MultiPolygon) -> shapely.MultiPolygon:
    """With fewer decimals and still valid, rings turning as GeoJSON asks (RFC 7946)."""
    coarse = shapely.set_precision(lonlat, 10.0**-_DEGREE_DECIMALS)
    turned = shapely.orient_polygons(coarse)
    clean = shapely.transform(turned, lambda xy: np.round(xy, _DEGREE_DECIMALS))
    return shapely.MultiPolygon(shapely.get_parts(clean).tolist())


def describe(found: Isochrones) -> str:
    """What was drawn, in a sentence."""
    told = ", ".join(to_dutch(zone.minutes, 1) for zone in found.zones)
    return (
        f"Wat {found.mode.label} te bereiken is binnen {told} minuten, met "
        f"{to_dutch(found.mode.speed_km_per_h, 1)} km per uur."
    )
